/**
 * Inputs that move together: a Gaussian copula, so that each keeps its own distribution (R. T. Clemen and T. Reilly,
 * "Correlations and copulas for decision and risk analysis", Management Science 45 (1999), 208-224). What is given is
 * the rank correlation r (Spearman's), which no change of unit or scale alters; that of the normal scores behind it is
 * 2·sin(π r / 6) (W. H. Kruskal, "Ordinal measures of association", JASA 53 (1958), 814-861).
 */
import { normalQuantileColumn } from "../numerics/columns.ts";
import { normalProbability } from "../numerics/normal.ts";
import { LEAST_QUANTILE, MOST_QUANTILE } from "./loop-bounds.ts";
import { ModelError } from "./model-error.ts";

export interface Correlation {
	/** Ids of two inputs. */
	readonly between: readonly [string, string];
	/** Rank correlation, −1 to 1. */
	readonly rank: number;
}

/** Fills the front of a column with the draws from number `from` on. Blocks must be asked for in their order. */
export type FillColumn = (column: Float64Array, from: number, count: number) => void;

/**
 * Correlated quantiles of the inputs that are named, from the independent ones of `uniformsOf`. They depend on the seed,
 * the names and the correlations alone; an input that is not named keeps its draws, and so does the first of a group by
 * name. Throws `bad-correlation`.
 */
export function correlatedUniforms(
	correlations: readonly Correlation[],
	uniformsOf: (id: string) => FillColumn,
): ReadonlyMap<string, FillColumn> {
	requireSound(correlations);
	const columns = new Map<string, FillColumn>();
	for (const ids of groupsOf(correlations)) {
		const group = new Group(rootOf(ids, correlations), ids.map(uniformsOf));
		ids.forEach((id, place) => columns.set(id, (column, from, count) => group.fill(place, column, from, count)));
	}
	return columns;
}

class Group {
	private readonly root: readonly Float64Array[];
	private readonly sources: readonly FillColumn[];
	private uniforms: readonly Float64Array[] = [];
	private scores: readonly Float64Array[] = [];
	private block = -1;

	constructor(root: readonly Float64Array[], sources: readonly FillColumn[]) {
		this.root = root;
		this.sources = sources;
	}

	fill(place: number, column: Float64Array, from: number, count: number): void {
		if (this.block !== from) this.draw(column.length, from, count);
		const row = this.root[place] as Float64Array;
		if (place === 0) {
			column.set((this.uniforms[0] as Float64Array).subarray(0, count));
			return;
		}
		column.fill(0, 0, count);
		this.scores.forEach((scores, k) => {
			const share = row[k] as number;
			if (share === 0) return;
			for (let i = 0; i < count; i++) column[i] = (column[i] as number) + share * (scores[i] as number);
		});
		for (let i = 0; i < count; i++) {
			const p = normalProbability(column[i] as number);
			column[i] = Math.min(Math.max(p, LEAST_QUANTILE), MOST_QUANTILE);
		}
	}

	private draw(size: number, from: number, count: number): void {
		if ((this.uniforms[0]?.length ?? 0) < size) {
			this.uniforms = this.sources.map(() => new Float64Array(size));
			this.scores = this.sources.map(() => new Float64Array(size));
		}
		this.sources.forEach((source, k) => {
			const uniforms = this.uniforms[k] as Float64Array;
			const scores = this.scores[k] as Float64Array;
			source(uniforms, from, count);
			scores.set(uniforms);
			normalQuantileColumn(scores, count);
		});
		this.block = from;
	}
}

function requireSound(correlations: readonly Correlation[]): void {
	const seen = new Set<string>();
	for (const { between, rank } of correlations) {
		const [a, b] = between;
		if (a === b) throw new ModelError("bad-correlation", `${a} cannot be correlated with itself`, a);
		if (!(rank >= -1 && rank <= 1)) {
			throw new ModelError("bad-correlation", `the correlation of ${a} and ${b} is ${rank}, not within −1 and 1`, a);
		}
		const pair = JSON.stringify(a < b ? [a, b] : [b, a]);
		if (seen.has(pair)) throw new ModelError("bad-correlation", `${a} and ${b} have two correlations`, a);
		seen.add(pair);
	}
}

/** Inputs that hang together, by name in each group. */
function groupsOf(correlations: readonly Correlation[]): string[][] {
	const groups: Set<string>[] = [];
	for (const { between } of correlations) {
		const joined = new Set(between);
		for (const group of groups.filter((each) => between.some((id) => each.has(id)))) {
			for (const id of group) joined.add(id);
			groups.splice(groups.indexOf(group), 1);
		}
		groups.push(joined);
	}
	return groups.map((group) => [...group].sort());
}

/** Lower triangular root of the matrix of normal scores. Throws `bad-correlation` where it has none. */
function rootOf(ids: readonly string[], correlations: readonly Correlation[]): readonly Float64Array[] {
	const own = correlations.filter(({ between }) => ids.includes(between[0]));
	const root = cholesky(matrixOf(ids, own, 1));
	if (root !== undefined) return root;
	let low = 0;
	let high = 1;
	for (let i = 0; i < 40; i++) {
		const middle = (low + high) / 2;
		if (cholesky(matrixOf(ids, own, middle)) === undefined) high = middle;
		else low = middle;
	}
	const shrunk = Math.floor(low * 1000) / 1000;
	const pairs = own.map(({ between: [a, b], rank }) => `${a} and ${b} ${rank}`).join(", ");
	const rest = own.length < (ids.length * (ids.length - 1)) / 2 ? ", all other pairs among them 0" : "";
	throw new ModelError(
		"bad-correlation",
		`these correlations cannot all hold at once: ${pairs}${rest}; all of them times ${shrunk} could`,
		ids[0],
	);
}

function matrixOf(ids: readonly string[], correlations: readonly Correlation[], factor: number): Float64Array[] {
	const matrix = ids.map((_, i) => new Float64Array(ids.length).fill(1, i, i + 1));
	for (const { between, rank } of correlations) {
		const [i, j] = between.map((id) => ids.indexOf(id)) as [number, number];
		const score = scoreCorrelation(rank * factor);
		(matrix[i] as Float64Array)[j] = score;
		(matrix[j] as Float64Array)[i] = score;
	}
	return matrix;
}

/** 2·sin(π r / 6) by its series, which needs no more terms for |r| up to 1; ±1 exactly at the ends. */
function scoreCorrelation(rank: number): number {
	if (Math.abs(rank) === 1) return rank;
	const x = (Math.PI * rank) / 6;
	let term = x;
	let sum = x;
	for (let n = 2; n <= 18; n += 2) {
		term *= (-x * x) / (n * (n + 1));
		sum += term;
	}
	return 2 * sum;
}

/** What rounding may leave of a pivot that is 0: of inputs that move as one. */
const NOTHING = 1e-12;

/** Undefined where the matrix is not positive semidefinite. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] | undefined {
	const n = matrix.length;
	const root = matrix.map(() => new Float64Array(n));
	for (let j = 0; j < n; j++) {
		const own = root[j] as Float64Array;
		const pivot = 1 - product(own, own, j);
		if (pivot < -NOTHING) return undefined;
		own[j] = pivot <= NOTHING ? 0 : Math.sqrt(pivot);
		for (let i = j + 1; i < n; i++) {
			const row = root[i] as Float64Array;
			const rest = ((matrix[i] as Float64Array)[j] as number) - product(row, own, j);
			if (own[j] === 0 && Math.abs(rest) > Math.sqrt(NOTHING)) return undefined;
			row[j] = own[j] === 0 ? 0 : rest / (own[j] as number);
		}
	}
	return root;
}

function product(a: Float64Array, b: Float64Array, count: number): number {
	let sum = 0;
	for (let k = 0; k < count; k++) sum += (a[k] as number) * (b[k] as number);
	return sum;
}
