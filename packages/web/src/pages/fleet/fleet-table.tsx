import type { ReactNode } from "react";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { NameOf } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

const HEADS = [
	"replicas",
	"gpus",
	"spare",
	"hosts",
	"headroom",
	"utilisation",
	"it",
	"meter",
	"share",
	"bill",
] as const;

export function FleetTable({
	plan: {
		result: { fleets, options, limits },
	},
	names,
}: {
	readonly plan: PlanAnswer;
	readonly names: NameOf;
}): ReactNode {
	const say = useWords("fleet");
	const isLimited = limits?.power !== undefined;
	const heads = HEADS.filter((head) => head !== "share" || isLimited);
	return (
		<section>
			<h2>{say("table.title")}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={say("table.title")}>
				<table>
					<thead>
						<tr>
							<th scope="col" className="number">
								{say("table.rank")}
							</th>
							<th scope="col">{say("table.hardware")}</th>
							{heads.map((head) => (
								<th key={head} scope="col" className="number">
									{say(`table.${head}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{fleets.map((fleet) => {
							const option = options.find(({ id }) => id === fleet.option);
							const cells = {
								replicas: fleet.replicas,
								gpus: fleet.gpus,
								spare: fleet.parts.find(({ part }) => part === "spare")?.gpus,
								hosts: fleet.hosts,
								headroom: fleet.headroom,
								utilisation: option?.utilization,
								it: fleet.it_power,
								meter: fleet.meter_power,
								share: fleet.site_share,
								bill: option?.bill.per_day,
							};
							return (
								<tr key={fleet.option}>
									<td className="number">{option?.rank}</td>
									<td>
										{names("hardware", fleet.hardware)}
										{fleet.host === undefined ? null : <small> {fleet.host}</small>}
									</td>
									{heads.map((head) => (
										<td key={head} className="number">
											<Quantity of={cells[head]} />
										</td>
									))}
								</tr>
							);
						})}
					</tbody>
				</table>
			</div>
		</section>
	);
}
