/**
 * Draws of the inputs that have a range. Each comes from a stream of its own name, so that all who refer to it, in this
 * model or in one compared with it, see the same draws.
 */
import { uniformStream } from "../numerics/random.ts";
import type { Distribution } from "./distribution.ts";
import { isRanged, quantileFill } from "./distribution.ts";
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
}

export function rangedInputs(model: Model): readonly FlatNode[] {
	return model.nodes.filter(({ spec }) => spec !== undefined && isRanged(spec.value));
}

/** In the order of `inputs`, each of which must have a range. */
export function inputDraws(inputs: readonly FlatNode[], options: InputDrawsOptions): readonly InputDraws[] {
	return inputs.map((node) => {
		const id = node.id as string;
		const quantiles = quantileFill(node.spec?.value as Distribution);
		const uniforms = uniformColumn(id, options);
		return {
			id,
			fill(column, from, count) {
				uniforms(column, from, count);
				quantiles(column, count);
			},
		};
	});
}

export type FillColumn = (column: Float64Array, from: number, count: number) => void;

export function uniformColumn(id: string, { seed, uniforms }: InputDrawsOptions): FillColumn {
	const given = uniforms?.get(id);
	if (given !== undefined) return (column, from, count) => column.set(given.subarray(from, from + count));
	const stream = uniformStream(seed, id);
	return (column, _, count) => stream.fill(column, count);
}
