/**
 * What would change a decision: for each ranged input, alone and with all others central, the value nearest to its
 * central one at which an option changes places with another. `never` is an answer.
 */
import { quantileFunction } from "./distribution.ts";
import type { Distribution } from "./distribution.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { rangedInputs } from "./input-draws.ts";
import { sample } from "./sample.ts";
import { subModel } from "./sub-model.ts";

export interface FlipOptions {
	/** Ids of scalars of one unit: that of the option in question, and those that it is held against. */
	readonly options: readonly [string, string, ...string[]];
	readonly months?: number;
	/** Range of an input that is searched, as quantiles: 0.05 to 0.95 unless told. */
	readonly within?: readonly [number, number];
}

export interface Flip {
	readonly input: string;
	/** Central value of the input, base units. */
	readonly central: number;
	/** The option that the one in question changes places with first. */
	readonly against: string;
	readonly below: Turn;
	readonly above: Turn;
	/** The nearer of the two, in quantiles. */
	readonly nearest: Turn;
}

/** What happens on the way from the central value to the end of the range. */
export type Turn =
	| { readonly kind: "never" }
	/** From `value` on, the other option is better, or both are equal. */
	| { readonly kind: "flips"; readonly value: number; readonly quantile: number }
	/** From `value` on, an option has no value, and there is no ranking. */
	| { readonly kind: "unreachable"; readonly value: number; readonly quantile: number; readonly option: string };

/**
 * For every ranged input that one of the options depends on, the nearest flip first. Flips that lie between two of 64
 * values of a range and undo each other may be overlooked. Throws what `sample` throws.
 */
export function flips(model: Model, { options, months, within = [0.05, 0.95] }: FlipOptions): Flip[] {
	const part = subModel(model, options);
	const inputs = rangedInputs(part);
	const probe = new Probe(part, options, inputs, months);
	const [own, ...others] = options;
	const dependent = others.map((other) => ({ other, ids: idsOf(rangedInputs(subModel(part, [own, other]))) }));
	const found = inputs.map((node): Flip => {
		const against = dependent.filter(({ ids }) => ids.has(node.id as string));
		return against
			.map(({ other }) => flipOf(probe, node, [own, other], within))
			.reduce((first, next) => (distance(next.nearest) < distance(first.nearest) ? next : first));
	});
	return found.sort((a, b) => distance(a.nearest) - distance(b.nearest) || (a.input < b.input ? -1 : 1));
}

function flipOf(
	probe: Probe,
	node: FlatNode,
	pair: readonly [string, string],
	within: readonly [number, number],
): Flip {
	const below = turnOf(probe, node, pair, within[0]);
	const above = turnOf(probe, node, pair, within[1]);
	const nearest = distance(above) < distance(below) ? above : below;
	return { input: node.id as string, central: valueAt(node, CENTRE), against: pair[1], below, above, nearest };
}

function idsOf(nodes: readonly FlatNode[]): ReadonlySet<string> {
	return new Set(nodes.map(({ id }) => id as string));
}

const CENTRE = 0.5;
const STEPS = 64;
/** Quantiles nearer than this are one. */
const DIGITS = 1e-14;

/** Which option leads, where the first unreachable one has none. */
type Ranking = -1 | 0 | 1 | { readonly missing: string };
type Values = ReadonlyMap<string, Float64Array>;

class Probe {
	private readonly model: Model;
	private readonly options: readonly string[];
	private readonly centres: ReadonlyMap<string, Float64Array>;
	private readonly months: { readonly months?: number };
	private readonly known = new Map<string, Values>();

	constructor(model: Model, options: readonly string[], inputs: readonly FlatNode[], months: number | undefined) {
		this.model = model;
		this.options = options;
		this.months = months === undefined ? {} : { months };
		this.centres = new Map(inputs.map(({ id }) => [id as string, new Float64Array(STEPS + 1).fill(CENTRE)]));
	}

	/** Rankings of two options at STEPS + 1 quantiles of one input. */
	rankings(input: string, quantiles: Float64Array, pair: readonly [string, string]): Ranking[] {
		const values = this.values(input, quantiles);
		const [a, b] = pair.map((id) => values.get(id) as Float64Array) as [Float64Array, Float64Array];
		return Array.from(a, (x, i): Ranking => {
			const y = b[i] as number;
			if (Number.isNaN(x)) return { missing: pair[0] };
			if (Number.isNaN(y)) return { missing: pair[1] };
			return Math.sign(x - y) as -1 | 0 | 1;
		});
	}

	/** The first look at each end is the same for every pair. */
	private values(input: string, quantiles: Float64Array): Values {
		const key = JSON.stringify([input, quantiles[0], quantiles.at(-1)]);
		const known = this.known.get(key);
		if (known !== undefined) return known;
		const uniforms = new Map([...this.centres, [input, quantiles]]);
		const draws = quantiles.length;
		// The loop of the options is made once, for all probes.
		const how = { draws, seed: 0, uniforms, keep: this.options, backend: "compiled" } as const;
		const { values } = sample(this.model, { ...how, ...this.months });
		this.known.set(key, values);
		return values;
	}
}

/** Narrows the first change on the way from the centre to `end` down to neighbouring quantiles. */
function turnOf(probe: Probe, node: FlatNode, pair: readonly [string, string], end: number): Turn {
	let from = CENTRE;
	let to = end;
	let first: Ranking | undefined;
	for (;;) {
		const quantiles = Float64Array.from({ length: STEPS + 1 }, (_, i) => from + ((to - from) * i) / STEPS);
		const rankings = probe.rankings(node.id as string, quantiles, pair);
		first ??= rankings[0] as Ranking;
		if (typeof first === "object") return { kind: "unreachable", ...place(node, CENTRE), option: first.missing };
		const changed = rankings.findIndex((ranking) => ranking !== first);
		if (changed < 0) return { kind: "never" };
		to = quantiles[changed] as number;
		from = quantiles[Math.max(changed - 1, 0)] as number;
		if (changed > 0 && Math.abs(to - from) > DIGITS) continue;
		const other = rankings[changed] as Ranking;
		if (typeof other === "object") return { kind: "unreachable", ...place(node, to), option: other.missing };
		return { kind: "flips", ...place(node, to) };
	}
}

function place(node: FlatNode, quantile: number): { value: number; quantile: number } {
	return { value: valueAt(node, quantile), quantile };
}

function valueAt(node: FlatNode, quantile: number): number {
	return quantileFunction(node.spec?.value as Distribution)(quantile);
}

function distance(turn: Turn): number {
	return turn.kind === "never" ? Number.POSITIVE_INFINITY : Math.abs(turn.quantile - CENTRE);
}
