/**
 * A benchmark result of somebody's own as a serving row. A load generator says what was sent and what came back, and little
 * of what served: what it leaves out is that of the question beside it.
 */
import type { Catalogue } from "@farthing/catalogue";
import { dayNumber, findHardware, findPrecisions, findStack, isDay } from "@farthing/catalogue";
import type { ServingRow } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { unknownName } from "../names.ts";
import { kinOf } from "./body.ts";
import { chosenFormat, modelOrVariant } from "./row-layouts.ts";

/** One measured point, as readers of benchmark files give it: seconds, tokens a second and GPU. */
export interface BenchmarkFigures {
	readonly model: string;
	readonly hardware?: string;
	readonly stack?: string;
	readonly precision?: string;
	readonly date?: string;
	readonly gpus?: number;
	readonly isDisaggregated?: boolean;
	readonly speculative?: string;
	readonly isl?: number;
	readonly osl?: number;
	readonly concurrency?: number;
	readonly tokensPerGpuSecond?: number;
	readonly medianTtft?: number;
	readonly medianTpot?: number;
	readonly interactivity?: number;
}

/** What was asked stands in for what a file does not say. */
export type Asked = ServingRow | undefined;

export interface Place {
	readonly file: string;
	readonly index: number;
}

export function rowOfFigures(
	catalogue: Catalogue,
	row: BenchmarkFigures,
	at: Place & { readonly asked: Asked },
): ServingRow {
	const { asked } = at;
	const names = namesOf(catalogue, row, at);
	const gpus = row.gpus ?? asked?.gpus ?? lacking(at, "the number of GPUs", "--tp");
	const layout = asked?.decode ?? { tp: gpus, pp: 1, ep: 1, dpAttention: false };
	if ((row.isDisaggregated ?? false) !== (asked?.disaggregated ?? false)) {
		throw new FarthingError(
			2,
			"contradiction",
			`row ${at.index} of ${at.file} has its roles apart and the question has not, or the other way round`,
			{
				file: at.file,
				field: "--disagg",
				expected: "the question in the layout of the row: a benchmark result does not say the workers of each role",
			},
		);
	}
	const isl = Math.round(row.isl ?? asked?.isl ?? lacking(at, "the input length", "--isl"));
	const osl = Math.round(row.osl ?? asked?.osl ?? lacking(at, "the output length", "--osl"));
	const measured = {
		...(row.medianTtft !== undefined && { ttftMedianSeconds: row.medianTtft }),
		...(tpotOf(row) !== undefined && { tpotSeconds: tpotOf(row) as number }),
		...(row.tokensPerGpuSecond !== undefined && { tokensPerGpuSecond: row.tokensPerGpuSecond }),
	};
	if (Object.keys(measured).length === 0) throw nothingMeasured(`row ${at.index} of ${at.file}`, at);
	const concurrency =
		row.concurrency ?? inFlight(row, gpus, isl, osl) ?? lacking(at, "the concurrency", "a run with --max-concurrency");
	// 20261120-101500 in results of vllm bench serve
	const day = (row.date ?? "").replace(/^(\d{4})(\d\d)(\d\d)-.*/, "$1-$2-$3").slice(0, 10);
	return {
		id: `${at.file}#${at.index}`,
		...names,
		speculative: row.speculative ?? asked?.speculative ?? "none",
		disaggregated: asked?.disaggregated ?? false,
		isl,
		osl,
		lengthShare: 1,
		...(asked?.cachedShare !== undefined && { cachedShare: asked.cachedShare }),
		concurrency: Math.max(1, Math.round(concurrency)),
		decode: layout,
		...(asked?.prefill !== undefined && { prefill: asked.prefill }),
		gpus,
		...(isDay(day) && { day: dayNumber(day) }),
		measured,
		source: "given",
	};
}

function namesOf(
	catalogue: Catalogue,
	row: BenchmarkFigures,
	at: Place & { readonly asked: Asked },
): Pick<ServingRow, "model" | "body" | "hardware" | "family" | "isMixture" | "stack" | "precision"> {
	const { asked } = at;
	// a checkpoint is often served under a name of its own: then the question says which model it is
	const path = row.model.slice(row.model.lastIndexOf("/") + 1);
	const named = [row.model, path].map((name) => modelOrVariant(catalogue, name)).find(({ found }) => found);
	const model = named?.found === true ? named.value.id : asked?.model;
	if (model === undefined) throw unknownName("model", row.model, [], { file: at.file, field: "model" });
	const hardware = pick(row.hardware, (name) => findHardware(catalogue, name)) ?? asked?.hardware;
	const stack = pick(row.stack, (name) => findStack(catalogue, name)) ?? asked?.stack;
	if (hardware === undefined) return lacking(at, "the hardware", "--hardware");
	if (stack === undefined) return lacking(at, "the serving stack", "--stack");
	const formats = row.precision === undefined ? undefined : findPrecisions(catalogue, row.precision);
	const { vendor } = catalogue.hardware.find(({ id }) => id === hardware) as { vendor: string };
	const native = catalogue.models.find(({ id }) => id === model)?.nativePrecision ?? "";
	const precision =
		formats?.found === true
			? chosenFormat(
					formats.value.map(({ id }) => id),
					native,
					vendor,
				)
			: asked?.precision;
	if (precision === undefined) return lacking(at, "the precision", "--precision");
	const kin = kinOf(catalogue, model, hardware);
	if (kin === undefined) return lacking(at, `the architecture of ${model} in the catalogue`, "another model");
	return { model, ...kin, hardware, stack, precision };
}

function pick(
	name: string | undefined,
	find: (name: string) => { found: true; value: { id: string } } | { found: false },
): string | undefined {
	if (name === undefined) return undefined;
	const answer = find(name);
	return answer.found ? answer.value.id : undefined;
}

function tpotOf({ medianTpot, interactivity }: BenchmarkFigures): number | undefined {
	return medianTpot ?? (interactivity === undefined ? undefined : 1 / interactivity);
}

/** Requests in flight of a run that was sent at a rate: Little's law. */
function inFlight(row: BenchmarkFigures, gpus: number, isl: number, osl: number): number | undefined {
	const tpot = tpotOf(row);
	if (row.tokensPerGpuSecond === undefined || row.medianTtft === undefined || tpot === undefined) return undefined;
	return ((row.tokensPerGpuSecond * gpus) / (isl + osl)) * (row.medianTtft + (osl - 1) * tpot);
}

function lacking({ file, index }: Place, what: string, flag: string): never {
	throw new FarthingError(2, "missing-field", `row ${index} of ${file} does not say ${what}`, {
		file,
		field: `rows[${index}]`,
		expected: "a row that says what served it, or a question beside it that does",
		hint: flag,
	});
}

export function nothingMeasured(id: string, { file, index }: Place): FarthingError {
	return new FarthingError(2, "unreadable-row", `${id} holds no measured value to calibrate with`, {
		file,
		field: `rows[${index}]`,
		expected: "TPOT, TTFT or throughput as measured, such as median_tpot in seconds",
	});
}
