/**
 * What each ranged input alone does to a number: from its low to its high quantile with all others central. The reach of
 * an input, not its share of the spread: for that, and for inputs that only act together, see the Sobol indices.
 */
import { quantileFunction } from "./distribution.ts";
import type { Distribution } from "./distribution.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { Model } from "./flatten.ts";
import { rangedInputs } from "./input-draws.ts";
import { subModel } from "./sub-model.ts";

export interface TornadoOptions {
	readonly months?: number;
	/** Values of inputs instead of their own; such an input does not move. */
	readonly inputs?: ReadonlyMap<string, number | readonly number[]>;
	/** Quantile of the low end; the high end mirrors it. 0.05 unless told, the ends of a range as written. */
	readonly tail?: number;
}

export interface TornadoBar {
	readonly input: string;
	/** Values of the input at its ends, base units. */
	readonly low: number;
	readonly high: number;
	/** The number there; NaN: unreachable. */
	readonly atLow: number;
	readonly atHigh: number;
	/** Distance of the two; NaN where one of them is unreachable. */
	readonly swing: number;
}

export interface Tornado {
	readonly node: string;
	/** The number with every input central. */
	readonly central: number;
	/** Inputs that can make the number unreachable first, then the widest swing first. */
	readonly bars: readonly TornadoBar[];
}

/** Of a named scalar. Throws what `evaluate` throws. */
export function tornado(model: Model, id: string, options: TornadoOptions = {}): Tornado {
	const { months, inputs = new Map<string, number | readonly number[]>(), tail = 0.05 } = options;
	const part = subModel(model, [id]);
	const given = new Map([...inputs].filter(([input]) => part.byId.has(input)));
	const valueWith = (moved: ReadonlyMap<string, number | readonly number[]>): number =>
		scalarOf(evaluate(part, { ...(months === undefined ? {} : { months }), inputs: moved }), id);
	const bars = rangedInputs(part)
		.filter((node) => !given.has(node.id as string))
		.map((node) => {
			const input = node.id as string;
			const at = quantileFunction(node.spec?.value as Distribution);
			const [low, high] = [at(tail), at(1 - tail)];
			const [atLow, atHigh] = [low, high].map((value) => valueWith(new Map([...given, [input, value]])));
			return { input, low, high, atLow, atHigh, swing: Math.abs((atHigh as number) - (atLow as number)) } as TornadoBar;
		});
	return { node: id, central: valueWith(given), bars: bars.sort(byReach) };
}

function byReach(a: TornadoBar, b: TornadoBar): number {
	const [x, y] = [a, b].map(({ swing }) => (Number.isNaN(swing) ? Number.POSITIVE_INFINITY : swing)) as [
		number,
		number,
	];
	if (x !== y) return x > y ? -1 : 1;
	return a.input < b.input ? -1 : 1;
}
