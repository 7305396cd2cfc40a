/**
 * Benchmark rows as runs that a law of GPU time can be fitted to: of each model, part and shape the row with the highest throughput,
 * taken to be saturated; one second of one GPU. Prompts of benchmarks are random unless they say otherwise, so that none of
 * their input counts as cached.
 */
import { meanContext } from "@farthing/engine";
import type { Calibration } from "./choose-laws.ts";

export interface SaturatedRow {
	readonly model: string;
	readonly hardware?: string;
	readonly isl?: number;
	readonly osl?: number;
	/** Tokens a second and GPU, input and output together. */
	readonly tokensPerGpuSecond?: number;
}

/** Runs that a model of the engine gives for a model on a part, under the names that the ledger has for both. */
export function modelledCalibration(
	of: {
		readonly model: string;
		readonly hardware: string;
		readonly configuration: string;
		readonly runs: readonly ModelledRun[];
	},
	names: { readonly model: string; readonly hardware: string },
): Calibration | undefined {
	const [made] = calibrationsOf(of.runs.map((run) => ({ ...names, ...run })));
	const words = `the step-time law for ${of.model} on ${of.hardware} (${of.configuration})`;
	return made === undefined ? undefined : { ...made, modelledBy: words };
}

export type ModelledRun = Required<Pick<SaturatedRow, "isl" | "osl" | "tokensPerGpuSecond">>;

export function calibrationsOf(rows: readonly SaturatedRow[]): Calibration[] {
	const best = new Map<string, Required<Omit<SaturatedRow, "hardware">> & SaturatedRow>();
	for (const row of rows) {
		const { model, hardware, isl, osl, tokensPerGpuSecond } = row;
		if (isl === undefined || osl === undefined || tokensPerGpuSecond === undefined) continue;
		const key = JSON.stringify([model, hardware ?? null, isl, osl]);
		const before = best.get(key);
		if (before === undefined || tokensPerGpuSecond > before.tokensPerGpuSecond) {
			best.set(key, { ...row, isl, osl, tokensPerGpuSecond });
		}
	}
	const groups = new Map<
		string,
		{ -readonly [K in keyof Calibration]: Calibration[K] } & { runs: Calibration["runs"][number][] }
	>();
	for (const { model, hardware, isl, osl, tokensPerGpuSecond } of best.values()) {
		const key = JSON.stringify([model, hardware ?? null]);
		const group = groups.get(key) ?? { model, ...(hardware === undefined ? {} : { hardware }), runs: [] };
		const requests = tokensPerGpuSecond / (isl + osl);
		group.runs.push({
			id: `${isl}/${osl}`,
			uncachedInputTokens: requests * isl,
			outputTokens: requests * osl,
			outputContextTokens2: requests * osl * meanContext(isl, osl),
			gpuSeconds: 1,
		});
		groups.set(key, group);
	}
	return [...groups.values()];
}
