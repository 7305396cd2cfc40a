import { type Grouped, toldName } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";
import type { Dimension } from "./dimension.ts";
import { shownNumber } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";

export function GroupTable({
	grouped: { groups },
	dimension,
	nameOf,
}: {
	readonly grouped: Grouped;
	readonly dimension: Dimension;
	readonly nameOf: (id: string) => string;
}): ReactNode {
	const say = useWords("compare");
	const { display } = useAppState();
	const title = say("table.title");
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="groups">
					<thead>
						<tr>
							<th scope="col">{say(`by.${dimension}`)}</th>
							<th scope="col">{say("table.layout")}</th>
							{(["delivered", "ratio", "headline", "gpus", "utilisation", "options"] as const).map((head) => (
								<th key={head} scope="col" className="number">
									{say(`table.${head}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{groups.map((group) => (
							<tr key={group.name}>
								<th scope="row">{nameOf(group.name)}</th>
								<td>{group.deployment}</td>
								<td className="number">
									<Quantity of={group.delivered} kind="compare" showsGrade />
								</td>
								<td className="number">
									<Quantity
										of={{ value: group.ratio, unit: "x", node: toldName.ratio(dimension, group.name) }}
										kind="compare"
									/>
								</td>
								<td className="number">
									<Quantity of={group.headline} kind="compare" />
								</td>
								<td className="number">{shownNumber(group.gpus, "GPU", display)}</td>
								<td className="number">
									<Quantity of={group.utilization} kind="compare" />
								</td>
								<td className="number">{group.options}</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
