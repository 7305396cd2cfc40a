import type { PriceResult } from "@farthing/answers";
import { priceWords as words } from "../messages/price.ts";
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
		lines.push(words.rate(bold(shown(rate)), from, rate.grade));
	} else {
		const range = shownRange(cost);
		const under = load === undefined ? words.headline : words.delivered(shown(load));
		const money = bold(shown(cost).replace("/M tok", ""));
		lines.push(words.cost(words.perMillion(money, cost.tokens), under, range, cost.grade));
		const over = load === undefined ? shown(speed) : `(${shown(speed)} × ${shown(load)})`;
		lines.push(
			dim(
				`= ${shown(rate)}${from === "given" ? "" : ` (${from})`} ÷ ${over}${bench === undefined ? "" : ` (${bench})`}`,
			),
		);
	}
	const alone = Object.entries(result.by_tokens ?? {}).filter(([kind]) => kind !== "total");
	if (alone.length > 0) {
		lines.push(words.sameMoney(alone.map(([kind, value]) => words.alone(shown(value), kind))));
	}
	if (result.parts !== undefined) {
		const rows = Object.entries(result.parts).map(([part, value]) => [
			part,
			shown(value),
			share(value.value, rate.value),
		]);
		lines.push("", textTable(words.parts, rows, [1, 2]));
	}
	if (cost !== undefined && load === undefined) lines.push(dim(words.noFleet));
	return lines.join("\n");
}

function share(part: number | undefined, whole: number | undefined): string {
	return part === undefined || whole === undefined || whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)}%`;
}
