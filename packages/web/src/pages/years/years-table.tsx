import type { PricedResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";
import { yearColumns } from "./year-columns.ts";

/** One way year by year; 0 is the opening. */
export function YearsTable({ way }: { readonly way: PricedResult }): ReactNode {
	const say = useWords("years");
	const title = say("table.title", { strategy: say.named("strategy.", way.strategy) });
	const columns = yearColumns(way);
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="years">
					<thead>
						<tr>
							<th scope="col" className="number">
								{say("table.year")}
							</th>
							{columns.map(({ head }) => (
								<th key={head} scope="col" className="number">
									{say(head)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{way.years.map((year) => (
							<tr key={year.year}>
								<td className="number">{year.year}</td>
								{columns.map(({ head, of }) => (
									<td key={head} className="number">
										<Quantity of={of(year)} kind="years" />
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<p className="chart-note">{say("table.note")}</p>
		</section>
	);
}
