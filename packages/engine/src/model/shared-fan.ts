/**
 * Fans of which another thread has a half: each of the two computes half the draws of all months, they exchange half the
 * months, and each finds the quantiles of its own. Draws of the inputs come from one place, and quantiles do not depend on
 * the order of draws, so that the result has the bits of {@link fans}.
 */
import type { CompiledLoop } from "./compiled-loop.ts";
import { inputsOf, Judge, loopOf } from "./draw-runner.ts";
import { monthsOf } from "./evaluate.ts";
import type { Model } from "./flatten.ts";
import type { Fan, FanOptions } from "./outlook.ts";
import { bandsOf, checkFans, fans, fanSettings } from "./outlook.ts";
import type { WasmProgram } from "./wasm-program.ts";
import { startProgram } from "./wasm-program.ts";

/** The other thread. What is handed to it may be transferred: it is not read any more. */
export interface FanPartner {
	draw(work: FanWork): Promise<HalfDrawn>;
	/** Bands of the months that the work left to it, from the draws of this side. */
	bands(columns: readonly Float64Array[]): Promise<readonly MonthBands[]>;
}

export interface FanWork {
	readonly program: WasmProgram;
	readonly draws: number;
	/** Its draws of the inputs, a column each. */
	readonly inputs: readonly Float64Array[];
	readonly quantiles: readonly number[];
	/** The first of the months whose bands it finds. */
	readonly from: number;
}

export interface HalfDrawn {
	/** Of each series the months before `from`, a column a month, one after the other. */
	readonly columns: readonly Float64Array[];
	/** Draws in which something is not finite are marked; how many there are. */
	readonly suspects: Uint8Array;
	readonly found: number;
}

export type MonthBands = Pick<Fan, "bands" | "coverage">;

/** The partner's side of one fan. */
export interface FanHalf {
	readonly drawn: HalfDrawn;
	bands(columns: readonly Float64Array[]): MonthBands[];
}

/**
 * {@link fans} with the help of `partner`; alone where the model is not compiled to WebAssembly, where quantiles of inputs
 * are given, or where the draws of all months do not fit in `memory`. Rejects with what `fans` throws.
 */
export async function fansWith(
	partner: FanPartner,
	model: Model,
	ids: readonly string[],
	options: FanOptions,
): Promise<Fan[]> {
	checkFans(model, ids, options);
	const { draws, quantiles, memory, backend } = fanSettings(options);
	const months = monthsOf(model, options);
	const isWhole = 8 * draws * months * ids.length <= memory;
	const isPlain = options.uniforms === undefined && backend !== "interpreted" && draws > 1;
	const loop = isWhole && isPlain ? loopOf(model, { months, keep: ids, backend }) : undefined;
	if (loop?.program === undefined) return fans(model, ids, options);

	const columns = inputsOf(model, loop, options).map((input) => {
		const column = new Float64Array(draws);
		input.fill(column, 0, draws);
		return column;
	});
	const own = draws >> 1;
	const from = months >> 1;
	const [mine, theirs] = [columns.map((each) => each.subarray(0, own)), columns.map((each) => each.slice(own))];
	const halfOfPartner = partner.draw({ program: loop.program, draws: draws - own, inputs: theirs, quantiles, from });
	// Its failure is told when it is waited for, not before.
	halfOfPartner.catch(() => undefined);
	const judge = new Judge(model, {
		months,
		keep: ids,
		...(options.first === undefined ? {} : { first: options.first }),
	});
	const half = drawHalf(loop, { draws: own, inputs: mine, months, from });
	if (half.drawn.found > 0) judge.judge(loop.inputs, mine, half.drawn.suspects, 0);
	const later = partner.bands(half.later);
	later.catch(() => undefined);
	const drawn = await halfOfPartner;
	if (drawn.found > 0)
		judge.judge(
			loop.inputs,
			columns.map((each) => each.subarray(own)),
			drawn.suspects,
			own,
		);
	const early = halvesTogether(half.drawn.columns, drawn.columns, from, quantiles);
	const late = await later;
	return ids.map((node, i) => {
		const [first, second] = [early[i] as MonthBands, late[i] as MonthBands];
		const bands = first.bands.map((band, k) => [...band, ...(second.bands[k] as readonly number[])]);
		return { node, quantiles, bands, coverage: [...first.coverage, ...second.coverage] };
	});
}

export function fanHalf({ program, draws, inputs, quantiles, from }: FanWork): FanHalf {
	const { months } = program;
	const loop = { run: startProgram(program), keep: program.layout.outputs };
	const { drawn, later } = drawHalf(loop, { draws, inputs, months, from });
	return { drawn, bands: (columns) => halvesTogether(columns, later, months - from, quantiles) };
}

/** Draws of all months, those before `from` apart from the later ones. */
function drawHalf(
	{ run, keep }: Pick<CompiledLoop, "run"> & { readonly keep: readonly unknown[] },
	{ draws, inputs, months, from }: Pick<FanWork, "draws" | "inputs" | "from"> & { readonly months: number },
): { readonly drawn: HalfDrawn; readonly later: readonly Float64Array[] } {
	const outputs = keep.map(() => new Float64Array(months * draws));
	const suspects = new Uint8Array(draws);
	const found = run(inputs, outputs, suspects, draws, draws);
	const columns = outputs.map((each) => each.slice(0, from * draws));
	return { drawn: { columns, suspects, found }, later: outputs.map((each) => each.slice(from * draws)) };
}

function halvesTogether(
	first: readonly Float64Array[],
	second: readonly Float64Array[],
	months: number,
	quantiles: readonly number[],
): MonthBands[] {
	return first.map((series, i) => {
		const other = second[i] as Float64Array;
		const [count, rest] = [series.length / months, other.length / months];
		const column = new Float64Array(count + rest);
		return bandsOf(
			months,
			(t) => {
				column.set(series.subarray(t * count, (t + 1) * count));
				column.set(other.subarray(t * rest, (t + 1) * rest), count);
				return column;
			},
			quantiles,
		);
	});
}
