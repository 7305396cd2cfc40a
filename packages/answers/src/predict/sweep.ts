/**
 * Configurations that might serve a model, for a modelled frontier: every part and stack that calibrated rows know
 * together, every format the part and the model allow, sizes that divide the heads, and concurrency in steps of two.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { Calibration, PreparedRow, ServingFacts, ServingRow } from "@farthing/engine";
import { prepareRow } from "@farthing/engine";
import { kinOf } from "./body.ts";

export interface SweepQuestion {
	readonly model: string;
	readonly isl: number;
	readonly osl: number;
	/** Mean length over nominal length; 1 where the lengths asked are means. */
	readonly lengthShare: number;
	readonly day: number;
}

const SIZES = [1, 2, 4, 8];
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Configurations that can run, made ready. */
export function sweepRows(
	catalogue: Catalogue,
	known: readonly PreparedRow[],
	facts: ServingFacts,
	question: SweepQuestion,
): PreparedRow[] {
	const model = facts.model(question.model);
	if (model === undefined) return [];
	const pairs = new Map(
		known
			.filter(({ row }) => !row.disaggregated)
			.map(({ row: { hardware, stack } }) => [`${hardware}|${stack}`, { hardware, stack }] as const),
	);
	const rows: PreparedRow[] = [];
	for (const { hardware, stack } of pairs.values()) {
		const kin = kinOf(catalogue, question.model, hardware);
		if (kin === undefined) continue;
		const vendor = catalogue.hardware.find(({ id }) => id === hardware)?.vendor;
		const stored = facts.stored(question.model);
		for (const { id: precision } of catalogue.precisions) {
			if (!isServed(precision, stored, vendor)) continue;
			for (const tp of SIZES) {
				for (const ep of model.experts === undefined || tp === 1 ? [1] : [1, tp]) {
					for (const concurrency of CONCURRENCIES) {
						const row: ServingRow = {
							id: `modelled.${hardware}.${stack}.${precision}.tp${tp}.ep${ep}.c${concurrency}`,
							...question,
							...kin,
							hardware,
							stack,
							precision,
							speculative: "none",
							disaggregated: false,
							concurrency,
							decode: { tp, pp: 1, ep, dpAttention: false },
							gpus: tp,
							measured: {},
							source: "modelled",
						};
						const prepared = prepareRow(row, facts);
						if (prepared.possible) rows.push(prepared.prepared);
					}
				}
			}
		}
	}
	return rows;
}

export interface SweptPoint {
	readonly prepared: PreparedRow;
	readonly interactivityTokensPerSecond: number;
	readonly tokensPerGpuSecond: number;
}

/** Speed and throughput of many configurations: the law and the mean of the field, without intervals. */
export function sweep(calibration: Calibration, rows: readonly PreparedRow[]): SweptPoint[] {
	return rows.flatMap((prepared) => {
		const means = calibration.means(prepared, ["tpot", "throughput"]);
		if (means.tpot === undefined || means.throughput === undefined) return [];
		return [{ prepared, interactivityTokensPerSecond: 1 / means.tpot, tokensPerGpuSecond: means.throughput }];
	});
}

/** Points that no other beats in both, by rising speed. */
export function sweptFrontier(points: readonly SweptPoint[]): SweptPoint[] {
	const sorted = [...points].sort(
		(a, b) =>
			b.interactivityTokensPerSecond - a.interactivityTokensPerSecond || b.tokensPerGpuSecond - a.tokensPerGpuSecond,
	);
	let best = 0;
	return sorted
		.filter(({ tokensPerGpuSecond: rate }) => {
			const isBetter = rate > best;
			if (isBetter) best = rate;
			return isBetter;
		})
		.reverse();
}

/** Formats that a checkpoint of the model exists in for the vendor, by the rules of `chosenFormat`. */
export function isServed(precision: string, stored: readonly string[], vendor: string | undefined): boolean {
	if (stored.length > 0 && stored.includes(precision)) return true;
	if (precision === "bf16" || precision === "fp8") return !stored.includes("mxfp4");
	if (precision === "nvfp4") return vendor === "nvidia" && !stored.includes("mxfp4");
	return precision === "mxfp4" && vendor === "amd";
}
