import type { PricedResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

/** One way year by year; 0 is the opening. */
export function YearsTable({ way }: { readonly way: PricedResult }): ReactNode {
	const say = useWords("years");
	const title = say("table.title", { strategy: say.named("strategy.", way.strategy) });
	const columns = ["tokens", "cost", "revenue", "tax", "cash", "unit", "gpus", "util"] as const;
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table>
					<thead>
						<tr>
							<th scope="col" className="number">
								{say("table.year")}
							</th>
							{columns.map((column) => (
								<th key={column} scope="col" className="number">
									{say(`table.${column}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{way.years.map((year) => (
							<tr key={year.year}>
								<td className="number">{year.year}</td>
								{[
									["tokens", year.tokens],
									["cost", year.cost],
									["revenue", year.revenue],
									["tax", year.tax],
									["cash", year.cash],
									["unit", year.unit_cost],
									["gpus", year.gpus],
									["util", year.utilisation],
								].map(([key, of]) => (
									<td key={key as string} className="number">
										<Quantity of={of as PricedResult["years"][number]["cash"] | undefined} kind="years" />
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
