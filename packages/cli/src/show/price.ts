import type { PriceResult } from "@farthing/answers";
import { bold, dim, textTable } from "../print.ts";
import { shown, shownRange } from "./words.ts";

export function priceText(result: PriceResult): string {
	const { unit_cost: cost, gpu_hour: rate, tokens_per_gpu_second: speed, utilization: load } = result;
	const lines: string[] = [];
	if (cost !== undefined) {
		const range = shownRange(cost);
		const under = load === undefined ? "at full load" : `at ${shown(load)} load`;
		lines.push(`${bold(shown(cost))} ${cost.tokens} tokens, ${under}${range === "" ? "" : `, P10–P90 ${range}`}, grade ${cost.grade}`);
		const over = load === undefined ? shown(speed) : `(${shown(speed)} × ${shown(load)})`;
		lines.push(dim(`= ${shown(rate)} ÷ ${over}`));
	} else lines.push(`${bold(shown(rate))}, grade ${rate.grade}`);
	for (const [kind, value] of Object.entries(result.by_tokens ?? {})) {
		if (kind !== "total") lines.push(`  all of it over ${kind} tokens alone: ${shown(value)}`);
	}
	if (result.parts !== undefined) {
		const rows = Object.entries(result.parts).map(([part, value]) => [part, shown(value), share(value.value, rate.value)]);
		lines.push("", textTable(["part", "per GPU-hour", "share"], rows, [1, 2]));
	}
	if (cost !== undefined && load === undefined) lines.push(dim("Every public calculator stops here. Delivered cost is this over the utilisation: try --util 45%."));
	return lines.join("\n");
}

function share(part: number | undefined, whole: number | undefined): string {
	return part === undefined || whole === undefined || whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)}%`;
}
