import type { Grouped } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";
import { type Crossing, crossingSquare } from "./crossings.ts";

/** Every pair; nothing where one alone is there. */
export function CrossingTable({
	grouped,
	nameOf,
}: {
	readonly grouped: Grouped;
	readonly nameOf: (id: string) => string;
}): ReactNode {
	const say = useWords("compare");
	const { groups } = grouped;
	if (groups.length < 2) return null;
	const title = say("cross.title");
	return (
		<section>
			<h2>{title}</h2>
			<p className="field-note">{say("cross.lead")}</p>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="crossings">
					<thead>
						<tr>
							<th scope="col">{say("cross.row")}</th>
							{groups.map(({ name }) => (
								<th key={name} scope="col" className="number">
									{nameOf(name)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{crossingSquare(grouped).map((row, i) => {
							const { name } = groups[i] as (typeof groups)[number];
							return (
								<tr key={name}>
									<th scope="row">{nameOf(name)}</th>
									{row.map((crossing, j) => (
										<td key={groups[j]?.name} className="number">
											<Cell crossing={crossing} />
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

function Cell({ crossing }: { readonly crossing: Crossing }): ReactNode {
	const say = useWords("compare");
	switch (crossing.state) {
		case "same":
			return "–";
		case "always":
			return say("cross.always");
		case "never":
			return say("cross.never");
		case "from":
			return <Quantity of={crossing.volume} kind="compare" />;
		case "unsure":
			return say.nodes("cross.unsure", { volume: <Quantity of={crossing.volume} kind="compare" /> });
	}
}
