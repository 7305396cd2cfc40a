/** One number and what it stands on. */
import { formatQuantity, type QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { moneyInCents } from "../../quantity/money-in-cents.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useAppState } from "../../state/store.ts";
import { type Say, useWords } from "../../words/words.ts";

export function Summary({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const common = useWords("common");
	const { display } = useAppState();
	const { unit_cost: unitCost, cost, tokens, window, basis, by_tokens: byTokens, idle, use, coverage } = result;
	const basisName = common.named("basis.", basis);
	const known = result.days?.filter((day) => day.cost.value !== undefined).length;
	const facts: readonly (readonly [string, QuantityJson | undefined, string])[] = [
		["cost", cost, costWords(say, window.days, known, result.days?.length)],
		["tokens", tokens.total, say("fact.tokens")],
		["input", byTokens?.input, say("fact.input")],
		["output", byTokens?.output, say("fact.output")],
		["idle", idle, say(basis === "reserved" ? "fact.idle.reserved" : "fact.idle", { basis: basisName })],
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
					: say.nodes(tokens.priced?.value === 0 ? "sentence.whole" : "sentence", {
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
								<Quantity of={of} kind="actuals" showsGrade {...(isMoney(of) ? { cents: "shown" as const } : {})} />
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
							<Quantity of={forecast.end} kind="actuals" showsGrade cents="shown" />
						</dt>
						<dd>
							{say("fact.forecast", {
								month: forecast.month,
								range: `${moneyInCents(forecast.end.p10 ?? 0, forecast.end.unit, display)}–${moneyInCents(forecast.end.p90 ?? 0, forecast.end.unit, display)}`,
							})}
						</dd>
					</div>
				)}
			</dl>
		</section>
	);
}

/** Days of the window, and how many of them have a cost on record where that is not all. */
function costWords(say: Say<"actuals">, days: number, known: number | undefined, all: number | undefined): string {
	if (known !== undefined && all !== undefined && known < all) {
		return say(known === 1 ? "fact.cost.someOne" : "fact.cost.some", { known, all });
	}
	return days === 1 ? say("fact.cost.one") : say("fact.cost", { days: formatQuantity(days, "") });
}

function isMoney({ unit }: QuantityJson): boolean {
	return /^[A-Z]{3}$/.test(unit);
}
