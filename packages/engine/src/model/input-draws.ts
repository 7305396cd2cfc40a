/**
 * Draws of the inputs that have a range. Each comes from a stream of its own name, so that all who refer to it, in this
 * model or in one compared with it, see the same draws.
 */
import type { UniformStream } from "../numerics/random.ts";
import { uniformStream } from "../numerics/random.ts";
import type { Correlation, FillColumn } from "./correlation.ts";
import { correlatedUniforms } from "./correlation.ts";
import type { Distribution } from "./distribution.ts";
import { isRanged, quantileEach, quantileFill } from "./distribution.ts";
import type { FlatNode, Model } from "./flatten.ts";

export interface InputDraws {
	readonly id: string;
	/** The draws from number `from` on, to the front of a column. Blocks must be asked for in their order. */
	fill(column: Float64Array, from: number, count: number): void;
}

export interface InputDrawsOptions {
	readonly seed: number;
	/** Quantiles to use instead of the stream's, by id. */
	readonly uniforms?: ReadonlyMap<string, Float64Array>;
	/** Draws of the streams to pass over: a share of a run, as it would be within the whole. */
	readonly first?: number;
	readonly correlations?: readonly Correlation[];
}

export function rangedInputs(model: Model): readonly FlatNode[] {
	return model.nodes.filter(({ spec }) => spec !== undefined && isRanged(spec.value));
}

/** In the order of `inputs`, each of which must have a range. Throws `bad-correlation`. */
export function inputDraws(inputs: readonly FlatNode[], options: InputDrawsOptions): readonly InputDraws[] {
	const uniformsOf = uniformColumns(options);
	return inputs.map((node) => {
		const id = node.id as string;
		const fillWith = options.uniforms?.has(id) === true ? quantileEach : quantileFill;
		const quantiles = fillWith(node.spec?.value as Distribution);
		const uniforms = uniformsOf(id);
		return {
			id,
			fill(column, from, count) {
				uniforms(column, from, count);
				quantiles(column, count);
			},
		};
	});
}

/** Quantiles of the inputs, by id. */
export function uniformColumns(options: InputDrawsOptions): (id: string) => FillColumn {
	const independent = (id: string): FillColumn => uniformColumn(id, options);
	const correlated = correlatedUniforms(options.correlations ?? [], independent);
	return (id) => correlated.get(id) ?? independent(id);
}

function uniformColumn(id: string, { seed, uniforms, first = 0 }: InputDrawsOptions): FillColumn {
	const given = uniforms?.get(id);
	if (given !== undefined) return (column, from, count) => column.set(given.subarray(from, from + count));
	const stream = uniformStream(seed, id);
	passOver(stream, first);
	return (column, _, count) => stream.fill(column, count);
}

function passOver(stream: UniformStream, count: number): void {
	if (count === 0) return;
	const scratch = new Float64Array(Math.min(count, 512));
	for (let left = count; left > 0; left -= scratch.length) stream.fill(scratch, Math.min(left, scratch.length));
}
