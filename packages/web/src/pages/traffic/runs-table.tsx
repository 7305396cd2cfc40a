/** What many runs say together: the mean of each figure, how well it is known, and what single runs had. */
import type { ReactNode } from "react";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { isUnitCost, shownNumber, timeText } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

/** The figures that are asked about most, as the command shows them; all stand in its JSON. */
const FIGURES = [
	"ttft.p50",
	"ttft.p99",
	"tpot.p50",
	"tpot.p99",
	"good_share",
	"load_share",
	"utilization",
	"unit_cost.total",
	"unit_cost_goodput",
] as const;
const COLUMNS = ["mean", "low", "high", "least", "largest"] as const;
type Column = (typeof COLUMNS)[number];
const OTHER_END: Readonly<Record<Column, Column>> = {
	mean: "mean",
	low: "high",
	high: "low",
	least: "largest",
	largest: "least",
};

export function RunsTable({ answer: { result } }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const { display } = useAppState();
	const { runs } = result;
	if (runs === undefined) return null;
	const { count, first_seed: first, saturated, figures } = runs;
	const shown = (value: number, unit: string): string =>
		unit === "s" ? timeText(value) : shownNumber(value, unit === "" ? "fraction" : unit, display);
	// Tokens for a dollar are fewest where a token costs most.
	const columnOf = (column: Column, unit: string): Column =>
		isUnitCost({ unit }) && display.isPerDollar ? OTHER_END[column] : column;
	const rows = FIGURES.flatMap((name) => {
		const of = figures.find(({ figure }) => figure === name);
		return of === undefined ? [] : [{ name, of }];
	});
	return (
		<section>
			<h2 id="traffic-runs">{say("runs.title", { count })}</h2>
			<p className="chart-note">
				{say("runs.note", { first, last: first + count - 1 })}{" "}
				{saturated === 0 ? say("runs.calm") : say("runs.saturated", { count: saturated })}
			</p>
			<div className="scroll" tabIndex={0} role="region" aria-labelledby="traffic-runs">
				<table data-table="runs">
					<thead>
						<tr>
							<th scope="col">{say("runs.figure")}</th>
							{COLUMNS.map((column) => (
								<th key={column} scope="col" className="number">
									{say(`runs.${column}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map(({ name, of }) => (
							<tr key={name} data-figure={name}>
								<th scope="row">{say(`figure.${name}`)}</th>
								{COLUMNS.map((column) => {
									const value = of[columnOf(column, of.unit)];
									return (
										<td key={column} className="number">
											<data value={value}>{shown(value, of.unit)}</data>
										</td>
									);
								})}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
