import { readFileSync } from "node:fs";
import type { BusyRun, SweepRun } from "../src/performance/busy-law.ts";
import { alikeWork } from "../src/performance/busy-law.ts";

export interface LoadSweepRun extends SweepRun {
	readonly gpu: string;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cachedShare: number;
	readonly meanTtftSeconds: number;
	readonly meanTpotSeconds: number;
}

/** All measured runs, or those of one GPU. */
export function loadSweepRuns(gpu?: string): LoadSweepRun[] {
	const lines = readFileSync(new URL("vllm-load-sweeps.csv", import.meta.url), "utf8")
		.trim()
		.split("\n")
		.slice(1);
	const runs = lines.map((line) => {
		const [part, input, output, cached, , offered, served, ttft, tpot] = line.split(",");
		return {
			gpu: part as string,
			shape: `${part} ${input}/${output} ${cached}`,
			inputTokens: Number(input),
			outputTokens: Number(output),
			cachedShare: Number(cached),
			offeredRequestsPerSecond: Number(offered),
			servedRequestsPerSecond: Number(served),
			meanTtftSeconds: Number(ttft) / 1000,
			meanTpotSeconds: Number(tpot) / 1000,
		};
	});
	return gpu === undefined ? runs : runs.filter((run) => run.gpu === gpu);
}

/** One second of a saturated run on its one GPU. */
export function busyRunOf(run: LoadSweepRun): BusyRun {
	return { id: run.shape, ...alikeWork({ requests: run.servedRequestsPerSecond, ...run }), gpuSeconds: 1 };
}
