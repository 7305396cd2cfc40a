/** What a load generator saw of a run, as a benchmark row. What served it, the generator does not know. */
import type { BenchmarkRow } from "./benchmark-row.ts";
import type { ImportItem } from "./import-item.ts";
import { present } from "./json-fields.ts";

export interface ClientRun {
	readonly layout: string;
	readonly model: string | undefined;
	readonly gpus: number | undefined;
	readonly requests: number;
	readonly inputTotal: number | undefined;
	readonly output: number | undefined;
	readonly seconds: number | undefined;
	/** Requests in flight, where the run kept them. */
	readonly concurrency: number | undefined;
	/** Seconds. */
	readonly medianTtft: number | undefined;
	readonly medianTpot: number | undefined;
}

/** No row of a run without a time: it measured nothing that a prediction could learn from. */
export function clientRow(run: ClientRun, line: number): ImportItem[] {
	const { layout, model, gpus, requests, inputTotal, output, seconds, concurrency, medianTtft, medianTpot } = run;
	if (requests === 0 || (medianTtft === undefined && medianTpot === undefined)) return [];
	const perGpu = (tokens: number | undefined): number | undefined =>
		tokens === undefined || gpus === undefined || seconds === undefined || seconds === 0
			? undefined
			: tokens / seconds / gpus;
	const row = present({
		layout,
		model: model ?? "unknown",
		gpus,
		isl: inputTotal === undefined ? undefined : inputTotal / requests,
		osl: output === undefined ? undefined : output / requests,
		concurrency: concurrency !== undefined && concurrency >= 1 ? concurrency : undefined,
		tokensPerGpuSecond: perGpu(inputTotal === undefined || output === undefined ? undefined : inputTotal + output),
		outputPerGpuSecond: perGpu(output),
		medianTtft,
		medianTpot,
		interactivity: medianTpot === undefined || medianTpot === 0 ? undefined : 1 / medianTpot,
	}) as BenchmarkRow;
	return [{ kind: "benchmark", row, line }];
}
