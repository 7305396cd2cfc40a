import type { PricedResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { UnpricedWay } from "../../shell/unpriced-way.tsx";
import { useWords } from "../../words/words.ts";
import { chanceOf } from "./chance.ts";
import { isAfterLoans } from "./year-columns.ts";

const MEASURES = ["npv", "present_cost", "levelised", "payback_months", "peak_cash"] as const;
const HEADS = ["npv", "present_cost", "levelised", "payback", "peak"] as const;
/** What loans change: told of the cash after them. */
const AFTER_LOANS = { payback: "ways.paybackAfter", peak: "ways.peakAfter" } as const;

/** Every way with what it comes to; a way that cannot be priced stays in sight with the reason. */
export function WaysTable({ years: { result } }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("years");
	const hasLoans = result.strategies.some((way) => way.priced && isAfterLoans(way));
	return (
		<section>
			<h2>{say("ways.title")}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={say("ways.title")}>
				<table>
					<thead>
						<tr>
							<th scope="col">{say("ways.way")}</th>
							<th scope="col" className="number">
								{say("ways.rank")}
							</th>
							{HEADS.map((head) => (
								<th key={head} scope="col" className="number">
									{say(hasLoans && (head === "payback" || head === "peak") ? AFTER_LOANS[head] : `ways.${head}`)}
								</th>
							))}
							<th scope="col" className="number">
								{say("ways.irr")}
							</th>
							<th scope="col" className="number">
								{say("ways.best")}
							</th>
						</tr>
					</thead>
					<tbody>
						{result.strategies.map((way) =>
							way.priced ? (
								<Priced key={way.strategy} way={way} best={chanceOf(result, way.strategy, "best")} />
							) : (
								<tr key={way.strategy}>
									<td>{say.named("strategy.", way.strategy)}</td>
									<td colSpan={8}>
										<UnpricedWay why={way.why} />
									</td>
								</tr>
							),
						)}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function Priced({ way, best }: { readonly way: PricedResult; readonly best: QuantityJson | undefined }): ReactNode {
	const say = useWords("years");
	return (
		<tr>
			<td>{say.named("strategy.", way.strategy)}</td>
			<td className="number">{way.rank ?? "–"}</td>
			{MEASURES.map((measure) => (
				<td key={measure} className="number">
					<Quantity of={way.measures[measure]} kind="years" showsRange={measure === "payback_months"} />
				</td>
			))}
			<td className="number">
				<Quantity of={way.irr?.value} kind="years" />
			</td>
			<td className="number">
				<Quantity of={best} kind="years" />
			</td>
		</tr>
	);
}
