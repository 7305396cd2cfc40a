/**
 * What a model would serve on a part with every GPU busy, at nine lengths: the step-time law with the measured rows that calibrate it,
 * for those who need to know how long a token keeps a GPU at work and have no runs of their own. The configuration is the one that
 * most measured rows of the model on the part have, else of the checkpoint's own format the one that serves most.
 */
import type { Catalogue } from "@farthing/catalogue";
import { dayNumber, findHardware } from "@farthing/catalogue";
import type { PreparedRow } from "@farthing/engine";
import { kinOf } from "./body.ts";
import { calibratedLaw, servingFacts } from "./calibration-rows.ts";
import { modelOrVariant } from "./row-layouts.ts";
import { sweep, type SweptPoint, sweepRows } from "./sweep.ts";

export interface SaturatedRun {
	readonly isl: number;
	readonly osl: number;
	/** Input and output together. */
	readonly tokensPerGpuSecond: number;
}

export interface SaturatedRuns {
	readonly model: string;
	readonly hardware: string;
	/** `vllm, fp8, TP8`. */
	readonly configuration: string;
	readonly runs: readonly SaturatedRun[];
}

/** Asks by any name of model and part; nothing where the catalogue does not know one of them, or nothing fits. */
export type SaturatedRunsOf = (model: string, hardware: string) => SaturatedRuns | undefined;

/** `asOf`: day for which the stacks are predicted. The measured rows are read at the first question. */
export function saturatedRunsOf(catalogue: () => Catalogue, asOf: string): SaturatedRunsOf {
	const answers = new Map<string, SaturatedRuns | undefined>();
	return (model, hardware) => {
		const key = JSON.stringify([model, hardware]);
		if (!answers.has(key)) answers.set(key, runsOf(catalogue(), model, hardware, dayNumber(asOf)));
		return answers.get(key);
	};
}

const INPUTS = [512, 2048, 8192] as const;
const OUTPUTS = [128, 512, 2048] as const;
const DEFAULT_STACK = "vllm";

function runsOf(catalogue: Catalogue, modelName: string, hardwareName: string, day: number): SaturatedRuns | undefined {
	const [model, part] = [modelOrVariant(catalogue, modelName), findHardware(catalogue, hardwareName)];
	if (!model.found || !part.found) return undefined;
	const [id, hardware] = [model.value.id, part.value.id];
	const { known, calibration } = calibratedLaw(catalogue);
	const ofPart = known.filter(({ row }) => row.hardware === hardware);
	const facts = servingFacts(catalogue);
	const candidates = (isl: number, osl: number): PreparedRow[] =>
		sweepRows(catalogue, ofPart, facts, { model: id, isl, osl, lengthShare: 1, day }).filter(
			({ row, decode }) => row.concurrency <= decode.sequences,
		);
	const chosen = configurationOf(catalogue, ofPart, sweep(calibration, candidates(2048, 512)), id, hardware);
	if (chosen === undefined) return undefined;
	const runs = INPUTS.flatMap((isl) =>
		OUTPUTS.flatMap((osl): SaturatedRun[] => {
			const rows = candidates(isl, osl).filter((each) => nameOf(each) === nameOf(chosen));
			const rates = sweep(calibration, rows).map(({ tokensPerGpuSecond }) => tokensPerGpuSecond);
			return rates.length === 0 ? [] : [{ isl, osl, tokensPerGpuSecond: Math.max(...rates) }];
		}),
	);
	return runs.length === 0 ? undefined : { model: id, hardware, configuration: nameOf(chosen), runs };
}

function configurationOf(
	catalogue: Catalogue,
	ofPart: readonly PreparedRow[],
	candidates: readonly SweptPoint[],
	model: string,
	hardware: string,
): PreparedRow | undefined {
	const body = kinOf(catalogue, model, hardware)?.body;
	const measured = new Map<string, number>();
	for (const each of ofPart) {
		if (each.row.body === body) measured.set(nameOf(each), (measured.get(nameOf(each)) ?? 0) + 1);
	}
	const stored = catalogue.models.find(({ id }) => id === model)?.nativePrecision.toLowerCase() ?? "";
	const rank = ({ prepared, tokensPerGpuSecond }: SweptPoint): readonly number[] => [
		-(measured.get(nameOf(prepared)) ?? 0),
		Number(prepared.row.stack !== DEFAULT_STACK),
		Number(!stored.startsWith(prepared.row.precision)),
		-tokensPerGpuSecond,
	];
	return candidates.toSorted((a, b) => firstDifference(rank(a), rank(b)))[0]?.prepared;
}

function nameOf({ row: { stack, precision, decode, speculative } }: PreparedRow): string {
	const { tp, ep } = decode;
	return [
		stack,
		precision,
		`TP${tp}${ep > 1 ? ` EP${ep}` : ""}`,
		...(speculative === "none" ? [] : [speculative]),
	].join(", ");
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
	const place = a.findIndex((each, i) => each !== b[i]);
	return place < 0 ? 0 : (a[place] as number) - (b[place] as number);
}
