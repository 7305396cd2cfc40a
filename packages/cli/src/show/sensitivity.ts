import type { DecisionSensitivity, Envelope, InputSensitivity, SensitivityResult, Share } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { frameWords } from "../messages/frame.ts";
import { sensitivityWords as words } from "../messages/sensitivity.ts";
import { bold, dim, textTable } from "../print.ts";
import { told } from "../told.ts";
import { isOne, number, shown } from "./words.ts";

export function sensitivityText(
	result: SensitivityResult,
	{ id, catalogue, as_of }: Pick<Envelope<unknown>, "id" | "catalogue" | "as_of">,
	top: number,
): string {
	const { inputs, label, value, of, decision } = result;
	const left = inputs.length > top ? [dim(words.more(inputs.length - top, inputs.length))] : [];
	return [
		bold(`${told(label)} [${of}]: ${shown(value)}`),
		"",
		tornadoTable(inputs.slice(0, top), value),
		...left,
		dim(words.method(percent(Math.max(0, result.together)), number(result.evaluations), isOne(result.evaluations))),
		...(decision === undefined ? [] : ["", ...decisionLines(decision, top)]),
		dim(frameWords.result(id, catalogue, as_of)),
	].join("\n");
}

function tornadoTable(inputs: readonly InputSensitivity[], value: QuantityJson): string {
	const widest = Math.max(...inputs.map(({ at_low: a, at_high: b }) => swing(a, b)));
	const rows = inputs.map((each) => [
		told(each.label),
		`${shown(each.low)} – ${shown(each.high)}`,
		shown(each.at_low),
		shown(each.at_high),
		bars(swing(each.at_low, each.at_high), widest),
		share(each.first),
		share(each.total),
		each.grade,
		dim(each.input),
	]);
	return textTable(words.columns(shown(value)), rows, [2, 3, 5, 6]);
}

function swing(a: QuantityJson, b: QuantityJson): number {
	return a.value === undefined || b.value === undefined ? 0 : Math.abs(b.value - a.value);
}

const WIDTH = 20;

function bars(of: number, widest: number): string {
	if (of === 0 || !(widest > 0)) return "";
	return "█".repeat(Math.max(1, Math.round((WIDTH * of) / widest)));
}

function share({ value, low, high }: Share): string {
	return `${percent(value)} (${percent(low)}–${percent(high)})`;
}

function percent(of: number): string {
	return `${Math.round(of * 100)}%`;
}

function decisionLines({ choose, options, flips, learning }: DecisionSensitivity, top: number): string[] {
	const [best, second] = options;
	const flipping = flips.filter(({ state }) => state !== "never");
	const never = flips.filter(({ state }) => state === "never").length;
	const lines = flipping.slice(0, top).map(({ label, central, value, quantile, to, state }) => {
		const where = words.where(shown(central), shown(value), percent(quantile ?? 0));
		return state === "flips" ? words.flips(told(label), where, to) : words.noValue(told(label), where);
	});
	const worth = learning.inputs.filter(({ value }) => (value.value ?? 0) > (learning.noise.value ?? 0)).slice(0, top);
	return [
		bold(
			words.decision(
				`${best?.name} (${shown(best?.value)})`,
				`${second?.name} (${shown(second?.value)})`,
				choose === "most",
			),
		),
		...(lines.length === 0 ? [words.noneFlips] : [words.nearest, ...lines]),
		...(never === 0 || lines.length === 0 ? [] : [dim(words.never(number(never), isOne(never)))]),
		words.worth(shown(learning.everything), learning.choice === best?.name ? undefined : learning.choice),
		...worth.map(({ label, value, changes }) =>
			words.learning(label, shown(value), formatQuantity(changes, "fraction")),
		),
		...(worth.length === 0 ? [words.nothing] : []),
	];
}
