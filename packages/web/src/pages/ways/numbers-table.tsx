import type { PricedResult } from "@farthing/answers";
import type { ReactNode } from "react";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { UnpricedWay } from "../../shell/unpriced-way.tsx";
import { useWords } from "../../words/words.ts";
import { chanceOf } from "../years/chance.ts";

const COLUMNS = [
	["npv", "measure.npv"],
	["present_cost", "measure.present_cost"],
	["levelised", "table.per_mtok"],
	["gpu_hour", "table.gpu_hour"],
	["peak_cash", "measure.peak_cash"],
	["payback_months", "table.payback"],
] as const;

/** A way that cannot be priced stays in sight with the reason. */
export function NumbersTable({ years: { result } }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("ways");
	const title = say("table.title");
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="ways">
					<thead>
						<tr>
							<th scope="col">{say("table.way")}</th>
							<th scope="col" className="number">
								{say("table.rank")}
							</th>
							{COLUMNS.map(([measure, head]) => (
								<th key={measure} scope="col" className="number">
									{say(head)}
								</th>
							))}
							<th scope="col" className="number">
								{say("table.irr")}
							</th>
							<th scope="col" className="number">
								{say("table.best")}
							</th>
							<th scope="col" className="number">
								{say("table.loss")}
							</th>
						</tr>
					</thead>
					<tbody>
						{result.strategies.map((way) => (
							<tr key={way.strategy}>
								<th scope="row">{say.named("strategy.", way.strategy)}</th>
								{way.priced ? (
									<>
										<td className="number">{way.rank ?? "–"}</td>
										{COLUMNS.map(([measure]) => (
											<td key={measure} className="number">
												<Quantity of={way.measures[measure]} kind="years" showsRange={measure === "payback_months"} />
											</td>
										))}
										<td className="number">
											<Quantity of={way.irr?.value} kind="years" />
										</td>
										<td className="number">
											<Quantity of={chanceOf(result, way.strategy, "best")} kind="years" />
										</td>
										<td className="number">
											<Quantity of={chanceOf(result, way.strategy, "loss")} kind="years" />
										</td>
									</>
								) : (
									<td colSpan={COLUMNS.length + 4}>
										<UnpricedWay why={way.why} />
									</td>
								)}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{result.strategies.flatMap((way) => (way.priced ? apartFrom(way, say) : []))}
		</section>
	);
}

function apartFrom(
	{ strategy, unranked_because: reason, leaves_out: what }: PricedResult,
	say: ReturnType<typeof useWords<"ways">>,
): ReactNode[] {
	const name = say.named("strategy.", strategy);
	const notes = [
		...(reason === undefined ? [] : [say("table.unranked", { strategy: name, reason })]),
		...(what === undefined ? [] : [say("table.leavesOut", { strategy: name, what })]),
	];
	return notes.map((note) => (
		<p key={note} className="ways-note">
			{note}
		</p>
	));
}
