/**
 * Configurations that might serve a model, for a modelled frontier: every part and stack that calibrated rows know
 * together, every format the part and the model allow, sizes that divide the heads, and concurrency in steps of two.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { Calibration, PreparedRow, ServedModel, ServingFacts, ServingRow } from "@farthing/engine";
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
	const rows: PreparedRow[] = [];
	for (const { model, served, id } of sweepGroups(catalogue, known, facts, question, false)) {
		for (const { tp, ep } of layoutsOf(model)) {
			for (const concurrency of CONCURRENCIES) {
				const row: ServingRow = {
					...served,
					id: `${id}.tp${tp}.ep${ep}.c${concurrency}`,
					concurrency,
					decode: { tp, pp: 1, ep, dpAttention: false },
					gpus: tp,
				};
				const prepared = prepareRow(row, facts);
				if (prepared.possible) rows.push(prepared.prepared);
			}
		}
	}
	return rows;
}

export interface SweepGroup {
	readonly model: ServedModel;
	/** Start of the ids of its rows. */
	readonly id: string;
	readonly served: Omit<ServingRow, "id" | "concurrency" | "decode" | "gpus">;
}

/** Each part and stack that calibrated rows know together, in each format that the part and the model allow. */
export function sweepGroups(
	catalogue: Catalogue,
	known: readonly PreparedRow[],
	facts: ServingFacts,
	question: SweepQuestion,
	disaggregated: boolean,
): SweepGroup[] {
	const model = facts.model(question.model);
	if (model === undefined) return [];
	const pairs = new Map(
		known
			.filter(({ row }) => row.disaggregated === disaggregated)
			.map(({ row: { hardware, stack } }) => [`${hardware}|${stack}`, { hardware, stack }] as const),
	);
	const stored = facts.stored(question.model);
	return [...pairs.values()].flatMap(({ hardware, stack }) => {
		const kin = kinOf(catalogue, question.model, hardware);
		if (kin === undefined) return [];
		const vendor = catalogue.hardware.find(({ id }) => id === hardware)?.vendor;
		return catalogue.precisions
			.filter(({ id }) => isServed(id, stored, vendor))
			.map(({ id: precision }) => ({
				model,
				id: `modelled.${hardware}.${stack}.${precision}`,
				served: {
					...question,
					...kin,
					hardware,
					stack,
					precision,
					speculative: "none",
					disaggregated,
					measured: {},
					source: "modelled",
				},
			}));
	});
}

/** Sizes of one worker, experts kept whole or spread over all of it. */
export function layoutsOf({ experts }: ServedModel): { readonly tp: number; readonly ep: number }[] {
	return SIZES.flatMap((tp) => (experts === undefined || tp === 1 ? [1] : [1, tp]).map((ep) => ({ tp, ep })));
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

/** What decides between deployments of one group in a plan: one may lose on speed and throughput and still be the fleet to buy. */
export interface PlannedPoint {
	readonly interactivityTokensPerSecond: number;
	readonly tokensPerGpuSecond: number;
	readonly ttftMedianSeconds: number;
	readonly gpus: number;
}

/** As good as another: the law does not know better. */
const ALIKE = 0.05;

/** Points to which no other is as good in speed, throughput, TTFT and GPUs of a replica; of those that are alike the first by throughput. */
export function undominated<P extends PlannedPoint>(points: readonly P[]): P[] {
	const sorted = [...points].sort((a, b) => b.tokensPerGpuSecond - a.tokensPerGpuSecond || a.gpus - b.gpus);
	const kept: P[] = [];
	for (const point of sorted) {
		const isBeaten = kept.some(
			(other) =>
				other.interactivityTokensPerSecond >= point.interactivityTokensPerSecond * (1 - ALIKE) &&
				other.ttftMedianSeconds <= point.ttftMedianSeconds * (1 + ALIKE) &&
				other.gpus <= point.gpus,
		);
		if (!isBeaten) kept.push(point);
	}
	return kept;
}

/** Points that no other beats in both, by rising speed. */
export function sweptFrontier<P extends SweptPoint>(points: readonly P[]): P[] {
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
