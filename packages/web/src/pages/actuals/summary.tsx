/** One number and what it stands on. */
import { formatQuantity, formatRange, type QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

export function Summary({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const common = useWords("common");
	const { unit_cost: unitCost, cost, tokens, window, basis, by_tokens: byTokens, idle, use, coverage } = result;
	const basisName = common.named("basis.", basis);
	const facts: readonly (readonly [string, QuantityJson | undefined, string])[] = [
		["cost", cost, say("fact.cost", { days: formatQuantity(window.days, "") })],
		["tokens", tokens.total, say("fact.tokens")],
		["input", byTokens?.input, say("fact.input")],
		["output", byTokens?.output, say("fact.output")],
		["idle", idle, say("fact.idle")],
		["utilisation", use?.utilization, say("fact.utilisation")],
	];
	const { forecast } = result;
	return (
		<section>
			<p className="actuals-sentence">
				{unitCost === undefined
					? say.nodes("sentence.own", {
							cost: <Quantity of={cost} kind="actuals" size="large" showsGrade />,
							tokens: <Quantity of={tokens.total} kind="actuals" />,
							basis: basisName,
						})
					: say.nodes("sentence", {
							unit: <Quantity of={unitCost} kind="actuals" size="large" showsGrade />,
							basis: basisName,
						})}
			</p>
			{"org" in result ? <p className="notice">{say("own.note")}</p> : null}
			<dl className="facts">
				{facts.map(([name, of, text]) =>
					of === undefined ? null : (
						<div key={name} data-fact={name}>
							<dt>
								<Quantity of={of} kind="actuals" showsGrade />
							</dt>
							<dd>{text}</dd>
						</div>
					),
				)}
				<div data-fact="coverage">
					<dt>
						<data value={coverage}>{formatQuantity(coverage, "fraction")}</data>
					</dt>
					<dd>{say("fact.coverage")}</dd>
				</div>
				{forecast === undefined ? null : (
					<div data-fact="forecast">
						<dt>
							<Quantity of={forecast.end} kind="actuals" showsGrade />
						</dt>
						<dd>
							{say("fact.forecast", {
								month: forecast.month,
								range: formatRange(forecast.end.p10 ?? 0, forecast.end.p90 ?? 0, forecast.end.unit),
							})}
						</dd>
					</div>
				)}
			</dl>
		</section>
	);
}
