import type { PriceResult } from "@farthing/answers";
import { bold, dim, textTable } from "../print.ts";
import { shown, shownRange } from "./words.ts";

export interface PriceOrigin {
	/** Where the price of the GPU-hour is from. */
	readonly rate: string;
	/** The benchmark result that was read, if one was. */
	readonly bench?: string | undefined;
}

export function priceText(result: PriceResult, { rate: from, bench }: PriceOrigin): string {
	const { unit_cost: cost, gpu_hour: rate, tokens_per_gpu_second: speed, utilization: load } = result;
	const lines: string[] = [];
	if (cost === undefined) {
		lines.push(`${bold(shown(rate))}, ${from}, grade ${rate.grade}`);
	} else {
		const range = shownRange(cost);
		const under = load === undefined ? "headline: every GPU always at full load" : `delivered at ${shown(load)} load`;
		const money = `${bold(shown(cost))} per million ${cost.tokens} tokens`.replace("/M tok", "").replace("/Mtok", "");
		const spread = range === "" ? "" : `, P10–P90 ${range}`;
		lines.push(`${money}, ${under}${spread}, grade ${cost.grade}`);
		const over = load === undefined ? shown(speed) : `(${shown(speed)} × ${shown(load)})`;
		lines.push(
			dim(
				`= ${shown(rate)}${from === "given" ? "" : ` (${from})`} ÷ ${over}${bench === undefined ? "" : ` (${bench})`}`,
			),
		);
	}
	const alone = Object.entries(result.by_tokens ?? {}).filter(([kind]) => kind !== "total");
	if (alone.length > 0) {
		const words = alone.map(([kind, value]) => `${shown(value)} if ${kind} tokens pay for everything`);
		lines.push(`The same money: ${words.join(", ")}.`);
	}
	if (result.parts !== undefined) {
		const rows = Object.entries(result.parts).map(([part, value]) => [
			part,
			shown(value),
			share(value.value, rate.value),
		]);
		lines.push("", textTable(["part", "per GPU-hour", "share"], rows, [1, 2]));
	}
	if (cost !== undefined && load === undefined)
		lines.push(
			dim("No fleet runs at full load. --util 45% gives the cost at that load; farthing plan derives the load."),
		);
	return lines.join("\n");
}

function share(part: number | undefined, whole: number | undefined): string {
	return part === undefined || whole === undefined || whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)}%`;
}
