/** Random graphs for property tests: every operator, shared sub-expressions, recurrences, and inputs of every kind. */
import fc from "fast-check";
import type { Distribution } from "../src/model/distribution.ts";
import type { Evaluation } from "../src/model/evaluate.ts";
import { evaluate } from "../src/model/evaluate.ts";
import type { Comparison, Expr } from "../src/model/expression.ts";
import * as e from "../src/model/expression.ts";
import { buildModel } from "../src/model/flatten.ts";
import { ModelError } from "../src/model/model-error.ts";
import type { Provenance } from "../src/model/provenance.ts";
import type { AnyTable, Table } from "../src/model/table.ts";
import { table } from "../src/model/table.ts";
import type { Dimensionless, Dims } from "../src/quantity/dimension.ts";
import { dimsText, isDimensionless, sameDims } from "../src/quantity/dimension.ts";
import type { AnyUnit, Unit } from "../src/quantity/unit.ts";
import { one, percent, second, unit, usd } from "../src/quantity/unit.ts";

export type AnyNode = Expr<Dims>;
type Bare = Expr<Dimensionless>;

export interface RandomGraph {
	/** Named; some scalars, some series. */
	readonly outputs: readonly AnyNode[];
	readonly months: number;
	/** Ids of the inputs, whether they are in the graph or not. */
	readonly inputs: readonly string[];
}

export interface RandomGraphOptions {
	/** Month series, lags, recurrences and aggregates too; on unless told. */
	readonly series?: boolean;
	/** Operators at most; 40 unless told. */
	readonly size?: number;
}

export const evidence: Provenance = { source: "a test", asOf: "2026-05-01", grade: "B" };

/** A number as an input in plain numbers. */
export function numberInput(id: string, value: number, more: Partial<Provenance> = {}): Bare {
	return e.input(id, one, { ...evidence, ...more, label: id, value: { kind: "point", value } });
}

export function rangeInput(id: string, value: Distribution, more: Partial<Provenance> = {}): Bare {
	return e.input(id, one, { ...evidence, ...more, label: id, value });
}

export function plain(n: number): Bare {
	return e.constant(n, one);
}

/** Undefined where the graph divides by zero or the like. */
export function evaluated({ outputs, months }: RandomGraph): Evaluation | undefined {
	try {
		return evaluate(buildModel(outputs), { months });
	} catch (error) {
		if (error instanceof ModelError && error.code === "not-finite") return undefined;
		throw error;
	}
}

export function randomGraph({ series = true, size = 40 }: RandomGraphOptions = {}): fc.Arbitrary<RandomGraph> {
	const operator = fc.constantFrom(...Object.keys(series ? { ...SCALAR, ...SERIES } : SCALAR));
	const step = fc.record({
		operator,
		picks: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
		number: fc.double({ min: -3, max: 3, noNaN: true }),
	});
	return fc
		.record({
			months: fc.integer({ min: 1, max: 6 }),
			inputs: fc.array(fc.record({ distribution: distribution(), unit: fc.nat() }), { minLength: 2, maxLength: 6 }),
			paths: fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 }), {
				maxLength: 2,
			}),
			steps: fc.array(step, { minLength: 1, maxLength: size, size: "max" }),
		})
		.map(({ months, inputs, paths, steps }) => {
			const growing = new Growing(months);
			inputs.forEach((each, i) => growing.addInput(`in${i}`, each.distribution, each.unit));
			if (series) for (const [i, path] of paths.entries()) growing.addPath(`path${i}`, path.slice(0, months));
			for (const each of steps) growing.grow(each);
			return growing.graph();
		});
}

interface Step {
	readonly operator: string;
	readonly picks: readonly [number, number, number, number];
	readonly number: number;
}

type Operator = (g: Growing, step: Step) => AnyNode;

function distribution(): fc.Arbitrary<Distribution> {
	const positive = fc.double({ min: 0.01, max: 10, noNaN: true });
	const width = fc.double({ min: 1.01, max: 5, noNaN: true });
	return fc.oneof(
		fc.double({ min: -5, max: 5, noNaN: true }).map((value) => ({ kind: "point" as const, value })),
		fc.tuple(positive, width).map(([low, by]) => ({ kind: "uniform" as const, low: low - 5, high: low - 5 + by })),
		fc.tuple(positive, width).map(([p5, by]) => ({ kind: "lognormal" as const, p5, p95: p5 * by })),
		fc
			.tuple(fc.double({ min: 0.01, max: 0.6, noNaN: true }), fc.double({ min: 0.01, max: 0.3, noNaN: true }))
			.map(([p5, by]) => ({ kind: "logitnormal" as const, p5, p95: p5 + by })),
	);
}

const UNITS: readonly AnyUnit[] = [one, usd, second, percent];
const COMPARISONS: readonly Comparison[] = ["<", "<=", ">", ">=", "="];

class Growing {
	readonly months: number;
	private readonly pool: AnyNode[] = [];
	private readonly inputs: string[] = [];
	private names = 0;

	constructor(months: number) {
		this.months = months;
	}

	addInput(id: string, value: Distribution, of: number): void {
		const spec = { ...evidence, label: id, value };
		this.inputs.push(id);
		this.pool.push(e.input(id, UNITS[of % UNITS.length] as Unit<Dims>, spec));
	}

	addPath(id: string, values: readonly number[]): void {
		this.inputs.push(id);
		this.pool.push(e.input(id, one, { ...evidence, label: id, value: { kind: "series", values } }) as AnyNode);
	}

	grow(step: Step): void {
		const operator = SCALAR[step.operator] ?? (SERIES[step.operator] as Operator);
		this.pool.push(operator(this, step));
	}

	graph(): RandomGraph {
		const last = this.pool.slice(-5);
		const outputs = last.map((of, i) => e.define(`out${i}`, unitOf(of), of, { label: `output ${i}` }));
		return { outputs, months: this.months, inputs: this.inputs };
	}

	name(): string {
		return `n${this.names++}`;
	}

	any(pick: number): AnyNode {
		return this.pool[pick % this.pool.length] as AnyNode;
	}

	like(of: AnyNode, pick: number): AnyNode {
		const same = this.pool.filter(({ dims }) => sameDims(dims, of.dims));
		return same.length === 0 ? of : (same[pick % same.length] as AnyNode);
	}

	bare(pick: number): Bare {
		const found = this.pool.filter(({ dims }) => isDimensionless(dims));
		return found.length === 0 ? plain(2) : (found[pick % found.length] as Bare);
	}

	monthly(pick: number): AnyNode {
		const found = this.pool.filter(({ shape }) => shape === "series");
		return found.length === 0 ? e.everyMonth(this.any(pick)) : (found[pick % found.length] as AnyNode);
	}

	scalarLike(of: AnyNode, pick: number): AnyNode {
		const same = this.pool.filter(({ dims, shape }) => shape === "scalar" && sameDims(dims, of.dims));
		return same.length === 0 ? number(1.5, of) : (same[pick % same.length] as AnyNode);
	}
}

const SCALAR: Readonly<Record<string, Operator>> = {
	add: (g, { picks: [a, b, c] }) => {
		const first = g.any(a);
		return c % 2 === 0 ? e.add(first, g.like(first, b)) : e.add(first, g.like(first, b), g.like(first, c));
	},
	subtract: (g, { picks: [a, b] }) => e.subtract(g.any(a), g.like(g.any(a), b)),
	multiply: (g, { picks: [a, b] }) => bounded(e.multiply(g.any(a), small(g, b)) as AnyNode),
	multiplyRaw: (g, { picks: [a, b] }) => e.multiply(g.any(a), small(g, b)) as AnyNode,
	divide: (g, { picks: [a, b] }) => e.divide(g.any(a), awayFromZero(small(g, b))) as AnyNode,
	divideSelf: (g, { picks: [a, b] }) => e.divide(g.any(a), awayFromZero(g.like(g.any(a), b))) as AnyNode,
	divideGuarded: (g, { picks: [a, b] }) => {
		const over = g.any(a);
		const under = g.bare(b);
		return e.when(e.absolute(under), ">", plain(0.5), e.divide(over, under) as AnyNode, over);
	},
	divideRaw: (g, { picks: [a, b, c] }) => (c % 3 === 0 ? (e.divide(g.any(a), g.bare(b)) as AnyNode) : g.any(a)),
	negate: (g, { picks: [a] }) => e.negate(g.any(a)),
	absolute: (g, { picks: [a] }) => e.absolute(g.any(a)),
	exponential: (g, { picks: [a] }) => e.exponential(clipped(g.bare(a), -6, 6)) as AnyNode,
	logarithm: (g, { picks: [a] }) => e.logarithm(e.add(e.absolute(g.bare(a)), plain(0.1))) as AnyNode,
	logarithmRaw: (g, { picks: [a, b] }) =>
		(b % 3 === 0 ? e.logarithm(g.bare(a)) : e.logarithm(e.exponential(clipped(g.bare(a), -6, 6)))) as AnyNode,
	power: (g, { picks: [a], number: n }) =>
		e.power(e.add(e.absolute(g.bare(a)), plain(0.1)), clipped(plain(n), -2, 2)) as AnyNode,
	powerWhole: (g, { picks: [a, b] }) => e.power(clipped(g.bare(a), -9, 9), plain(b % 4)) as AnyNode,
	minimum: (g, { picks: [a, b, c] }) => e.minimum(g.any(a), g.like(g.any(a), b), g.like(g.any(a), c)),
	maximum: (g, { picks: [a, b] }) => e.maximum(g.any(a), g.like(g.any(a), b)),
	ceil: (g, step) => e.ceilTo(g.any(step.picks[0]), stepOf(g, step)),
	floor: (g, step) => e.floorTo(g.any(step.picks[0]), stepOf(g, step)),
	round: (g, step) => e.roundTo(g.any(step.picks[0]), stepOf(g, step)),
	when: (g, { picks: [a, b, c, d] }) => {
		const left = g.any(a);
		const then = g.any(c);
		return e.when(left, COMPARISONS[d % 5] as Comparison, g.like(left, b), then, g.like(then, d));
	},
	lookup: (g, step) => e.lookup(someTable(g, step), g.bare(step.picks[0])),
	lookupInside: (g, step) => {
		const read = someTable(g, step);
		const { x } = read.curve;
		return e.lookup(read, clipped(g.bare(step.picks[0]), x[0] as number, x.at(-1) as number));
	},
	lookupAtKnot: (g, step) => {
		const read = someTable(g, step);
		return e.lookup(read, plain(read.curve.x[step.picks[0] % read.curve.x.length] as number));
	},
	constant: (g, { picks: [a], number: n }) => number(n, g.any(a)),
	named: (g, { picks: [a] }) => {
		const id = g.name();
		return e.define(id, unitOf(g.any(a)), g.any(a), { label: id });
	},
};

const SERIES: Readonly<Record<string, Operator>> = {
	month: () => e.monthIndex() as AnyNode,
	everyMonth: (g, { picks: [a] }) => e.everyMonth(g.any(a)),
	previous: (g, { picks: [a, b] }) => e.previous(g.any(a), g.scalarLike(g.any(a), b)),
	lagged: (g, { picks: [a, b, c] }) => e.lagged(g.any(a), 1 + (c % 4), g.scalarLike(g.any(a), b)),
	recurrence: (g, { picks: [a, b, c], number: n }) => {
		const flow = g.monthly(a);
		const id = g.name();
		const before = e.lagged(e.seriesRef(id, unitOf(flow)), 1 + (c % 2), g.scalarLike(flow, b));
		const next = e.add(e.multiply(before, clipped(plain(n), -1, 1)) as AnyNode, flow);
		return e.define(id, unitOf(flow), c % 3 === 0 ? e.maximum(next, number(0, flow)) : next, { label: id });
	},
	mutualRecurrence: (g, { picks: [a, b, c, d] }) => {
		const flow = g.monthly(a);
		const [left, right] = [g.name(), g.name()];
		const half = (of: AnyNode): AnyNode => e.multiply(of, plain(0.5)) as AnyNode;
		const refOf = (id: string): AnyNode => e.previous(e.seriesRef(id, unitOf(flow)), g.scalarLike(flow, c));
		const x = e.define(left, unitOf(flow), e.add(half(refOf(right)), flow), { label: left });
		const y = e.define(right, unitOf(flow), e.subtract(half(refOf(left)), g.like(flow, b)), { label: right });
		return d % 2 === 0 ? e.add(x, y) : e.add(y, e.previous(x, g.scalarLike(flow, d)));
	},
	cumulative: (g, { picks: [a] }) => e.cumulative(g.monthly(a)),
	sum: (g, { picks: [a] }) => e.sumOverMonths(g.monthly(a)),
	first: (g, { picks: [a] }) => e.firstMonth(g.monthly(a)),
	last: (g, { picks: [a] }) => e.lastMonth(g.monthly(a)),
	npv: (g, { picks: [a], number: n }) => e.presentValue(g.monthly(a), e.add(e.absolute(plain(n)), plain(0.01))),
	irr: (g, { picks: [a, b] }) => {
		const flow = g.monthly(a);
		const path = b % 2 === 0 ? flow : e.subtract(e.absolute(flow), paidAtStart(flow));
		return e.internalRateOfReturn(path) as AnyNode;
	},
	firstWhere: (g, { picks: [a, b, c] }) => {
		const left = g.any(a);
		return e.firstMonthWhere(left, COMPARISONS[c % 5] as Comparison, g.like(left, b)) as AnyNode;
	},
};

function unitOf({ dims }: AnyNode): Unit<Dims> {
	return unit(dimsText(dims), dims, isDimensionless(dims) ? 1 : 0.001);
}

function number(n: number, like: AnyNode): AnyNode {
	return e.constant(n, unit(dimsText(like.dims), like.dims, 1));
}

function small(g: Growing, pick: number): AnyNode {
	const found = g.any(pick);
	const fits = Object.values(found.dims).every((exponent) => Math.abs(exponent) <= 1);
	return fits ? found : (g.bare(pick) as AnyNode);
}

function bounded(of: AnyNode): AnyNode {
	return e.minimum(e.maximum(of, number(-1e4, of)), number(1e4, of));
}

function clipped(of: Bare, low: number, high: number): Bare {
	return e.minimum(e.maximum(of, plain(low)), plain(high));
}

function awayFromZero(of: AnyNode): AnyNode {
	return e.maximum(e.absolute(of), number(0.1, of));
}

function stepOf(g: Growing, { picks: [a, b], number: n }: Step): AnyNode {
	const of = g.any(a);
	return b % 4 === 0 ? awayFromZero(g.like(of, b)) : number(0.05 + Math.abs(n), of);
}

/** A large sum in the first month, nothing after it. */
function paidAtStart(flow: AnyNode): AnyNode {
	return e.when(e.monthIndex(), "=", plain(0), number(50, flow), number(0, flow));
}

function someTable(g: Growing, { picks: [a, b, c], number: n }: Step): Table<Dimensionless, Dims> {
	const count = 1 + (b % 5);
	const scale = c % 2 === 0 ? "linear" : "log";
	const ys = Array.from({ length: count }, (_, i) => ((a * 7 + i * 31 + c) % 13) / 3 + 0.2);
	return table({
		id: `table-${g.name()}`,
		label: "a table",
		xUnit: one,
		yUnit: (a % 2 === 0 ? usd : one) as AnyUnit as Unit<Dimensionless>,
		scale,
		between: "C",
		knots: ys.map((y, i) => ({ ...evidence, x: n + i * (0.5 + (b % 3)), y, row: `row ${i}` })),
	}) as AnyTable as Table<Dimensionless, Dims>;
}
