import type { DecisionSensitivity, Envelope, InputSensitivity, SensitivityResult, Share } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { counted, shown } from "./words.ts";

export function sensitivityText(
	result: SensitivityResult,
	{ id, catalogue, as_of }: Pick<Envelope<unknown>, "id" | "catalogue" | "as_of">,
	top: number,
): string {
	const { inputs, label, value, of, decision } = result;
	const left = inputs.length > top ? [dim(`… ${inputs.length - top} more inputs: --top ${inputs.length}`)] : [];
	return [
		bold(`${label} [${of}]: ${shown(value)}`),
		"",
		tornadoTable(inputs.slice(0, top), value),
		...left,
		dim(
			`first: share of the variance that would go if the input were known; total: that would stay if all others were (95% confidence). Inputs acting together: ${percent(Math.max(0, result.together))}. ${counted(result.evaluations, "evaluation")}, inputs independent.`,
		),
		...(decision === undefined ? [] : ["", ...decisionLines(decision, top)]),
		dim(`result ${id} · catalogue ${catalogue} · as of ${as_of}`),
	].join("\n");
}

function tornadoTable(inputs: readonly InputSensitivity[], value: QuantityJson): string {
	const widest = Math.max(...inputs.map(({ at_low: a, at_high: b }) => swing(a, b)));
	const rows = inputs.map((each) => [
		each.label,
		`${shown(each.low)} – ${shown(each.high)}`,
		shown(each.at_low),
		shown(each.at_high),
		bars(swing(each.at_low, each.at_high), widest),
		share(each.first),
		share(each.total),
		each.grade,
		dim(each.input),
	]);
	return textTable(
		[
			`input, all others in the middle`,
			"P5 – P95",
			"at P5",
			"at P95",
			`swing of ${shown(value)}`,
			"first",
			"total",
			"grade",
			"",
		],
		rows,
		[2, 3, 5, 6],
	);
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
		const where = `${shown(central)} → ${shown(value)} (${percent(quantile ?? 0)} of its range)`;
		return state === "flips"
			? `  ${label}: ${where}: ${to} is better`
			: `  ${label}: ${where}: there is no value beyond`;
	});
	const worth = learning.inputs.filter(({ value }) => (value.value ?? 0) > (learning.noise.value ?? 0)).slice(0, top);
	return [
		bold(
			`The decision: ${best?.name} (${shown(best?.value)}) before ${second?.name} (${shown(second?.value)}), ${choose === "most" ? "the most" : "the least"} is best`,
		),
		...(lines.length === 0
			? ["No input alone flips it within its range."]
			: ["What flips it, nearest first:", ...lines]),
		...(never === 0 || lines.length === 0 ? [] : [dim(`  ${counted(never, "input")} cannot flip it alone`)]),
		`To know everything first is worth ${shown(learning.everything)}${learning.choice === best?.name ? "" : `; on average over the draws ${learning.choice} is the best`}.`,
		...worth.map(
			({ label, value, changes }) =>
				`  to know ${label}: ${shown(value)}, changes the choice in ${formatQuantity(changes, "fraction")} of the draws`,
		),
		...(worth.length === 0 ? ["  no single input is worth learning more of"] : []),
	];
}
