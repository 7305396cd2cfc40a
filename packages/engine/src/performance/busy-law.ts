/**
 * GPU time that tokens take: `GPU-s = a · uncached input + b · output + c · output × context`, all in tokens, context being
 * what a token attends to on average, `input + output ÷ 2` of its request. Input read from a cache takes none.
 *
 * Under continuous batching requests overlap, so that request wall time is no GPU time: a decoding request waits beside
 * hundreds. At saturation the GPU is busy throughout, and GPU time is the wall time of the run. The three factors are fitted
 * to saturated runs by least squares on relative errors, none below 0, with Huber weights (k = 1.345, scale from the
 * median absolute error) so that a few runs that thrash do not bend the law. Source of the terms: weights are streamed and
 * multiplied once per token computed, and a decode step reads the cache of every context (roofline of decode attention).
 * Assumes one engine, precision and layout; batch effects below saturation are not in it.
 */

/** Tokens of a request, or sums over many. `outputContextTokens2` is Σ output × mean context, in tokens². */
export interface BusyWork {
	readonly uncachedInputTokens: number;
	readonly outputTokens: number;
	readonly outputContextTokens2: number;
}

/** GPU-seconds per token, and per token and token of context. */
export interface BusyLaw {
	readonly gpuSecondsPerUncachedInputToken: number;
	readonly gpuSecondsPerOutputToken: number;
	readonly gpuSecondsPerOutputContextToken2: number;
}

/** What the GPUs of a saturated run did, and how long they took. */
export interface BusyRun extends BusyWork {
	readonly id: string;
	readonly gpuSeconds: number;
}

export interface BusyFit {
	readonly law: BusyLaw;
	readonly runs: number;
	/** Relative errors of the law on the runs it was fitted to. */
	readonly medianError: number;
	readonly p90Error: number;
}

/** GPU-seconds by what took them. */
export interface BusyTime {
	readonly prefillGpuSeconds: number;
	readonly decodeGpuSeconds: number;
	readonly gpuSeconds: number;
}

export type BusyFitFault = { readonly fitted: false; readonly reason: "too-few-runs"; readonly needed: number };

const FEWEST_RUNS = 6;

/** The law of saturated runs, or why there is none: fewer than six runs that say something cannot carry three factors. */
export function fitBusyLaw(runs: readonly BusyRun[]): (BusyFit & { readonly fitted: true }) | BusyFitFault {
	const usable = runs.filter((run) => run.gpuSeconds > 0 && run.uncachedInputTokens + run.outputTokens > 0);
	if (usable.length < FEWEST_RUNS) return { fitted: false, reason: "too-few-runs", needed: FEWEST_RUNS };
	const rows = usable.map((run) => columnsOf(run).map((column) => column / run.gpuSeconds));
	const factors = robustFactors(rows);
	const errors = residuals(rows, factors)
		.map(Math.abs)
		.sort((a, b) => a - b);
	return {
		fitted: true,
		law: lawOf(factors),
		runs: usable.length,
		medianError: sortedQuantile(errors, 0.5),
		p90Error: sortedQuantile(errors, 0.9),
	};
}

export function busyTime(law: BusyLaw, work: BusyWork): BusyTime {
	const prefillGpuSeconds = law.gpuSecondsPerUncachedInputToken * work.uncachedInputTokens;
	const decodeGpuSeconds =
		law.gpuSecondsPerOutputToken * work.outputTokens + law.gpuSecondsPerOutputContextToken2 * work.outputContextTokens2;
	return { prefillGpuSeconds, decodeGpuSeconds, gpuSeconds: prefillGpuSeconds + decodeGpuSeconds };
}

/** Work of requests that are all alike: of `count` with so much input, of which `cachedShare` is read from a cache. */
export function alikeWork(of: {
	readonly requests: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cachedShare: number;
}): BusyWork {
	const { requests, inputTokens, outputTokens, cachedShare } = of;
	return {
		uncachedInputTokens: requests * inputTokens * (1 - cachedShare),
		outputTokens: requests * outputTokens,
		outputContextTokens2: requests * outputTokens * meanContext(inputTokens, outputTokens),
	};
}

/** What a decoding token attends to on average, in tokens: the whole input and half of the output. */
export function meanContext(inputTokens: number, outputTokens: number): number {
	return inputTokens + outputTokens / 2;
}

/** The same law for GPUs that take `factor` times as long. */
export function scaledLaw(law: BusyLaw, factor: number): BusyLaw {
	return lawOf(factorsOf(law).map((each) => each * factor));
}

/** One run of a load sweep: all runs of a `shape` differ in the offered rate alone. */
export interface SweepRun {
	readonly shape: string;
	readonly offeredRequestsPerSecond: number;
	readonly servedRequestsPerSecond: number;
}

const SERVED_AT_MOST = 0.95;

/** Of each shape the run that served most, where it fell behind what was offered: there the GPU was busy throughout. */
export function saturatedRuns<R extends SweepRun>(runs: readonly R[]): R[] {
	const best = new Map<string, R>();
	for (const run of runs) {
		if (!(run.servedRequestsPerSecond < SERVED_AT_MOST * run.offeredRequestsPerSecond)) continue;
		const before = best.get(run.shape);
		if (before === undefined || run.servedRequestsPerSecond > before.servedRequestsPerSecond) best.set(run.shape, run);
	}
	return [...best.values()];
}

type Factors = readonly number[];

const HUBER = 1.345;
const SCALE_OF_MEDIAN = 1.4826;
const MOST_ROUNDS = 100;

function robustFactors(rows: readonly (readonly number[])[]): Factors {
	let factors = nonNegativeLeastSquares(
		rows,
		rows.map(() => 1),
	);
	for (let round = 0; round < MOST_ROUNDS; round++) {
		const errors = residuals(rows, factors).map(Math.abs);
		const scale =
			SCALE_OF_MEDIAN *
			sortedQuantile(
				[...errors].sort((a, b) => a - b),
				0.5,
			);
		const weights = errors.map((error) => (error <= HUBER * scale ? 1 : (HUBER * scale) / error));
		const next = nonNegativeLeastSquares(rows, weights);
		const moved = Math.max(...next.map((each, i) => Math.abs(each - (factors[i] as number)) / (each || 1)));
		factors = next;
		if (moved < 1e-10) break;
	}
	return factors;
}

/** Minimum of Σ w (row · f − 1)² over f ≥ 0: three columns have seven faces, so each is solved and the best taken. */
function nonNegativeLeastSquares(rows: readonly (readonly number[])[], weights: readonly number[]): Factors {
	const count = rows[0]?.length ?? 0;
	let best: { readonly loss: number; readonly factors: Factors } | undefined;
	for (let face = 1; face < 1 << count; face++) {
		const factors = onFace(rows, weights, face, count);
		if (factors === undefined || factors.some((each) => each < 0)) continue;
		const loss = residuals(rows, factors).reduce((sum, error, i) => sum + (weights[i] as number) * error * error, 0);
		if (best === undefined || loss < best.loss) best = { loss, factors };
	}
	return best?.factors ?? new Array<number>(count).fill(0);
}

function onFace(
	rows: readonly (readonly number[])[],
	weights: readonly number[],
	face: number,
	count: number,
): Factors | undefined {
	const free = Array.from({ length: count }, (_, i) => i).filter((i) => (face & (1 << i)) !== 0);
	const scales = free.map((i) => Math.sqrt(rows.reduce((sum, row) => sum + at(row, i) * at(row, i), 0)));
	if (scales.some((scale) => scale === 0)) return undefined;
	const scaled = rows.map((row) => free.map((i, k) => (row[i] as number) / (scales[k] as number)));
	const weighted = (i: number, of: (row: readonly number[]) => number): number =>
		scaled.reduce((sum, row, k) => sum + (weights[k] as number) * (row[i] as number) * of(row), 0);
	const matrix = free.map((_, i) => free.map((__, j) => weighted(i, (row) => row[j] as number)));
	const solved = solve(
		matrix,
		free.map((_, i) => weighted(i, () => 1)),
	);
	if (solved === undefined) return undefined;
	const factors = new Array<number>(count).fill(0);
	free.forEach((i, k) => (factors[i] = (solved[k] as number) / (scales[k] as number)));
	return factors;
}

/** Gauss with the greatest pivot; nothing where the matrix is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
	const rows = matrix.map((row, i) => [...row, right[i] as number]);
	const size = rows.length;
	for (let i = 0; i < size; i++) {
		const pivot = rows
			.slice(i)
			.reduce((most, row, k) => (Math.abs(at(row, i)) > Math.abs(at(rows[most], i)) ? i + k : most), i);
		[rows[i], rows[pivot]] = [rows[pivot] as number[], rows[i] as number[]];
		const head = rows[i] as number[];
		if (Math.abs(at(head, i)) < 1e-12) return undefined;
		for (const [j, row] of rows.entries()) {
			if (j === i) continue;
			const factor = at(row, i) / at(head, i);
			for (let k = i; k <= size; k++) row[k] = at(row, k) - factor * at(head, k);
		}
	}
	return rows.map((row, i) => at(row, size) / at(row, i));
}

function at(row: readonly number[] | undefined, i: number): number {
	return row?.[i] as number;
}

function residuals(rows: readonly (readonly number[])[], factors: Factors): number[] {
	return rows.map((row) => row.reduce((sum, column, i) => sum + column * (factors[i] as number), -1));
}

function columnsOf(work: BusyWork): Factors {
	return [work.uncachedInputTokens, work.outputTokens, work.outputContextTokens2];
}

function factorsOf(law: BusyLaw): Factors {
	return [law.gpuSecondsPerUncachedInputToken, law.gpuSecondsPerOutputToken, law.gpuSecondsPerOutputContextToken2];
}

function lawOf([input, output, context]: Factors): BusyLaw {
	return {
		gpuSecondsPerUncachedInputToken: input as number,
		gpuSecondsPerOutputToken: output as number,
		gpuSecondsPerOutputContextToken2: context as number,
	};
}

function sortedQuantile(sorted: readonly number[], p: number): number {
	const place = (sorted.length - 1) * p;
	const below = Math.floor(place);
	const low = sorted[below] as number;
	return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
