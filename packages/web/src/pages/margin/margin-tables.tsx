import type { MonthSeries } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { UnpricedWay } from "../../shell/unpriced-way.tsx";
import { useWords } from "../../words/words.ts";
import { type EarningWay, yearEnds } from "./month-lines.ts";

const COLUMNS = [
	"price_floor",
	"price_room",
	"gross_margin",
	"gross_margin_share",
	"revenue_per_gpu_hour",
	"book_cost_per_gpu_hour",
	"gpu_hour",
	"revenue_per_megawatt",
	"profit_per_megawatt",
] as const;

/** A way that cannot be priced stays in sight with the reason. */
export function PriceTable({ years: { result } }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("margin");
	const title = say("table.title");
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="margin">
					<thead>
						<tr>
							<th scope="col">{say("table.way")}</th>
							{COLUMNS.map((measure) => (
								<th key={measure} scope="col" className="number">
									{say(`table.${measure}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{result.strategies.map((way) => (
							<tr key={way.strategy}>
								<th scope="row">{say.named("strategy.", way.strategy)}</th>
								{way.priced ? (
									COLUMNS.map((measure) => (
										<td key={measure} className="number">
											<Quantity of={way.measures[measure]} kind="years" />
										</td>
									))
								) : (
									<td colSpan={COLUMNS.length}>
										<UnpricedWay why={way.why} />
									</td>
								)}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<p className="margin-note">{say("table.note")}</p>
			{result.strategies.map((way) =>
				way.priced && way.no_price_floor !== undefined ? (
					<p key={way.strategy} className="margin-note">
						{say("table.noFloor", {
							strategy: say.named("strategy.", way.strategy),
							reason: say.told("noFloor.", way.no_price_floor),
						})}
					</p>
				) : null,
			)}
		</section>
	);
}

/** Months that end a year, each number with the tree of its month. */
export function YearEndTable({ way, months }: { readonly way: EarningWay; readonly months: number }): ReactNode {
	const say = useWords("margin");
	const title = say("year.title", { strategy: say.named("strategy.", way.strategy) });
	const { tokens, earned, book_cost: book, margin, unit_cost: cost } = way.by_month;
	const columns = [
		["tokens", tokens],
		["earned", earned],
		["book", book],
		["margin", margin],
		["cost", cost],
	] as const;
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="year-ends">
					<thead>
						<tr>
							<th scope="col" className="number">
								{say("year.month")}
							</th>
							{columns.map(([name]) => (
								<th key={name} scope="col" className="number">
									{say(`year.${name}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{yearEnds(months).map((month) => (
							<tr key={month}>
								<td className="number">{month}</td>
								{columns.map(([name, series]) => (
									<td key={name} className="number">
										<Quantity of={inMonth(series, month)} kind="years" month={month} />
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<p className="margin-note">{say("year.note")}</p>
		</section>
	);
}

function inMonth({ node, unit, values }: MonthSeries, month: number): QuantityJson | undefined {
	const value = values[month];
	return value === null || value === undefined ? undefined : { value, unit, node };
}
