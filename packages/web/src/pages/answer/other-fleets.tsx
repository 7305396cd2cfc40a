import type { ReactNode } from "react";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { NameOf } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

const SHOWN = 6;

/** The cheapest fleet of each kind of hardware and stack, by what they deliver. */
export function OtherFleets({
	plan: { result },
	names,
}: {
	readonly plan: PlanAnswer;
	readonly names: NameOf;
}): ReactNode {
	const say = useWords("answer");
	const seen = new Set<string>();
	const rows = result.options.filter(({ hardware, stack }) => {
		const key = `${hardware} ${stack}`;
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
	return (
		<section>
			<h2>{say("others.title")}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={say("others.title")}>
				<table>
					<thead>
						<tr>
							<th scope="col" className="number">
								{say("others.rank")}
							</th>
							<th scope="col">{say("others.hardware")}</th>
							<th scope="col">{say("others.stack")}</th>
							<th scope="col">{say("others.layout")}</th>
							<th scope="col" className="number">
								{say("others.gpus")}
							</th>
							<th scope="col" className="number">
								{say("others.utilisation")}
							</th>
							<th scope="col" className="number">
								{say("others.headline")}
							</th>
							<th scope="col" className="number">
								{say("others.delivered")}
							</th>
						</tr>
					</thead>
					<tbody>
						{rows.slice(0, SHOWN).map((option) => (
							<tr key={option.id}>
								<td className="number">{option.rank}</td>
								<td>{names("hardware", option.hardware)}</td>
								<td>
									{names("stacks", option.stack)} <small>{names("precisions", option.precision)}</small>
								</td>
								<td>{option.deployment.layout}</td>
								<td className="number">{option.gpus}</td>
								<td className="number">
									<Quantity of={option.utilization} />
								</td>
								<td className="number">
									<Quantity of={option.headline} />
								</td>
								<td className="number">
									<Quantity of={option.delivered} showsGrade />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
