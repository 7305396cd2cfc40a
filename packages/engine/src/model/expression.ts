/**
 * The graph of quantities as immutable data. Expressions are built by the functions here, checked for units as they are
 * built, and read by every backend (evaluate, sample, why, bridge). Values inside are in coherent base units, so that a
 * formula needs no conversion factors; units come back where numbers are shown.
 */
import type { Dimensionless, Dims, Product, Quotient } from "../quantity/dimension.ts";
import { dimsText, isDimensionless, productDims, sameDims } from "../quantity/dimension.ts";
import type { AnyUnit, Quantity, Unit } from "../quantity/unit.ts";
import type { Distribution } from "./distribution.ts";
import { distributionProblem } from "./distribution.ts";
import { ModelError } from "./model-error.ts";
import type { Provenance } from "./provenance.ts";
import type { AnyTable, Table } from "./table.ts";

export type Shape = "scalar" | "series";
export type Comparison = "<" | "<=" | ">" | ">=" | "=";

/** What an input holds: a number or range, or one number a month. */
export type InputValue = Distribution | { readonly kind: "series"; readonly values: readonly number[] };

export interface InputSpec extends Provenance {
	readonly label: string;
	readonly value: InputValue;
}

export interface NodeMeta {
	readonly label: string;
	/** Where the formula comes from. */
	readonly formula?: string;
	readonly note?: string;
	/** Words of the domain that the kernel carries but does not read, such as `basis: "delivered"`. */
	readonly tags?: Readonly<Record<string, string>>;
}

export type UnaryOp = "neg" | "abs" | "exp" | "log";
export type VariadicOp = "add" | "min" | "max";
export type BinaryOp = "sub" | "mul" | "div" | "pow";
export type RoundOp = "ceil" | "floor" | "round";
export type AggregateOp = "sum" | "first" | "last" | "npv" | "irr" | "firstWhere";

export type ExprData =
	| { readonly op: "const"; readonly value: number; readonly symbol: string; readonly factor: number }
	| { readonly op: "input"; readonly id: string; readonly unit: AnyUnit; readonly spec: InputSpec }
	| {
			readonly op: "node";
			readonly id: string;
			readonly unit: AnyUnit;
			readonly meta: NodeMeta;
			readonly args: [AnyExpr];
	  }
	| { readonly op: UnaryOp; readonly args: [AnyExpr] }
	| { readonly op: BinaryOp; readonly args: [AnyExpr, AnyExpr] }
	| { readonly op: VariadicOp; readonly args: readonly AnyExpr[] }
	| { readonly op: RoundOp; readonly args: [AnyExpr, AnyExpr] }
	| { readonly op: "if"; readonly comparison: Comparison; readonly args: [AnyExpr, AnyExpr, AnyExpr, AnyExpr] }
	| { readonly op: "lookup"; readonly table: AnyTable; readonly args: [AnyExpr] }
	| { readonly op: "month" }
	| { readonly op: "spread"; readonly args: [AnyExpr] }
	| { readonly op: "lag"; readonly months: number; readonly target: AnyExpr | AnySeriesRef; readonly args: [AnyExpr] }
	| { readonly op: "cumulative"; readonly args: [AnyExpr] }
	| { readonly op: "sum" | "first" | "last" | "irr"; readonly args: [AnyExpr] }
	| { readonly op: "npv"; readonly args: [AnyExpr, AnyExpr] }
	| { readonly op: "firstWhere"; readonly comparison: Comparison; readonly args: [AnyExpr, AnyExpr] };

export interface AnyExpr {
	readonly dims: Dims;
	readonly shape: Shape;
	readonly data: ExprData;
}

/** An expression whose dimension the compiler knows. */
export interface Expr<D extends Dims> extends AnyExpr {
	readonly dims: D;
	readonly __dims?: (dims: D) => D;
}

/** A series that a formula may look back at before it is defined: the handle for recurrences. */
export interface AnySeriesRef {
	readonly ref: string;
	readonly dims: Dims;
}

/** A series handle whose dimension the compiler knows. */
export interface SeriesRef<D extends Dims> extends AnySeriesRef {
	readonly dims: D;
	readonly __dims?: (dims: D) => D;
}

/** A fact from outside, with where it comes from. Throws `bad-distribution`. */
export function input<D extends Dims>(id: string, unit: Unit<D>, spec: InputSpec): Expr<D> {
	if (spec.value.kind === "series") {
		if (!spec.value.values.every(Number.isFinite)) {
			throw new ModelError("bad-distribution", `${id}: every month of a series must be finite`, id);
		}
		return expr(unit.dims, "series", { op: "input", id, unit, spec });
	}
	const problem = distributionProblem(spec.value);
	if (problem !== undefined) throw new ModelError("bad-distribution", `${id}: ${problem}`, id);
	return expr(unit.dims, "scalar", { op: "input", id, unit, spec });
}

/** A constant of a formula (86,400 s in a day), as opposed to a fact, which is an {@link input}. */
export function constant<D extends Dims>(value: number, unit: Unit<D>): Expr<D> {
	if (!Number.isFinite(value)) throw new ModelError("not-finite", `constant ${value} ${unit.symbol}`);
	return expr(unit.dims, "scalar", {
		op: "const",
		// + 0: there is no −0 in JSON
		value: value * unit.factor + 0,
		symbol: unit.symbol,
		factor: unit.factor,
	});
}

/** A constant from a quantity already in hand, shown in `unit`. */
export function constantOf<D extends Dims>(q: Quantity<D>, unit: Unit<D>): Expr<D> {
	return constant(q.base / unit.factor, unit);
}

/** Gives an expression a name, a unit to show and a label. Throws `unit-mismatch` with both units. */
export function define<D extends Dims>(id: string, unit: Unit<D>, of: Expr<D>, meta: NodeMeta): Expr<D> {
	if (!sameDims(unit.dims, of.dims)) {
		throw new ModelError(
			"unit-mismatch",
			`${id} is declared in ${unit.symbol || "plain numbers"} (${dimsText(unit.dims)}), its formula gives ${dimsText(of.dims)}`,
			id,
		);
	}
	return expr(unit.dims, of.shape, { op: "node", id, unit, meta, args: [of] });
}

export function add<D extends Dims>(...terms: readonly [Expr<D>, ...Expr<D>[]]): Expr<D> {
	requireSame("add", terms);
	return expr(terms[0].dims, joint(terms), { op: "add", args: terms });
}

export function subtract<D extends Dims>(a: Expr<D>, b: Expr<D>): Expr<D> {
	requireSame("subtract", [a, b]);
	return expr(a.dims, joint([a, b]), { op: "sub", args: [a, b] });
}

export function multiply<A extends Dims, B extends Dims>(a: Expr<A>, b: Expr<B>): Expr<Product<A, B>> {
	const dims = productDims(a.dims, b.dims) as Product<A, B>;
	return expr(dims, joint([a, b]), { op: "mul", args: [a, b] });
}

export function divide<A extends Dims, B extends Dims>(a: Expr<A>, b: Expr<B>): Expr<Quotient<A, B>> {
	const dims = productDims(a.dims, b.dims, -1) as Quotient<A, B>;
	return expr(dims, joint([a, b]), { op: "div", args: [a, b] });
}

export function negate<D extends Dims>(a: Expr<D>): Expr<D> {
	return expr(a.dims, a.shape, { op: "neg", args: [a] });
}

export function absolute<D extends Dims>(a: Expr<D>): Expr<D> {
	return expr(a.dims, a.shape, { op: "abs", args: [a] });
}

export function exponential(a: Expr<Dimensionless>): Expr<Dimensionless> {
	requireBare("exp", a);
	return expr({}, a.shape, { op: "exp", args: [a] });
}

export function logarithm(a: Expr<Dimensionless>): Expr<Dimensionless> {
	requireBare("log", a);
	return expr({}, a.shape, { op: "log", args: [a] });
}

/** `a` to the power `b`, both dimensionless. */
export function power(a: Expr<Dimensionless>, b: Expr<Dimensionless>): Expr<Dimensionless> {
	requireBare("power", a);
	requireBare("power", b);
	return expr({}, joint([a, b]), { op: "pow", args: [a, b] });
}

export function minimum<D extends Dims>(...terms: readonly [Expr<D>, ...Expr<D>[]]): Expr<D> {
	requireSame("min", terms);
	return expr(terms[0].dims, joint(terms), { op: "min", args: terms });
}

export function maximum<D extends Dims>(...terms: readonly [Expr<D>, ...Expr<D>[]]): Expr<D> {
	requireSame("max", terms);
	return expr(terms[0].dims, joint(terms), { op: "max", args: terms });
}

/** Rounds up to a whole number of `step`s; forgives 1e-9 relative, so that 12.0000000001 is 12. */
export function ceilTo<D extends Dims>(a: Expr<D>, step: Expr<D>): Expr<D> {
	return rounded("ceil", a, step);
}

export function floorTo<D extends Dims>(a: Expr<D>, step: Expr<D>): Expr<D> {
	return rounded("floor", a, step);
}

export function roundTo<D extends Dims>(a: Expr<D>, step: Expr<D>): Expr<D> {
	return rounded("round", a, step);
}

/** `then` where `left comparison right` is true, else `otherwise`; only the branch taken is explained. */
export function when<C extends Dims, D extends Dims>(
	left: Expr<C>,
	comparison: Comparison,
	right: Expr<C>,
	then: Expr<D>,
	otherwise: Expr<D>,
): Expr<D> {
	requireSame("compare", [left, right]);
	requireSame("choose between", [then, otherwise]);
	const args: [AnyExpr, AnyExpr, AnyExpr, AnyExpr] = [left, right, then, otherwise];
	return expr(then.dims, joint(args), { op: "if", comparison, args });
}

/** Monotone interpolation on a table; outside its knots the value is unreachable, never extrapolated. */
export function lookup<Y extends Dims, X extends Dims>(table: Table<X, Y>, at: Expr<X>): Expr<Y> {
	if (!sameDims(table.xUnit.dims, at.dims)) {
		throw new ModelError(
			"unit-mismatch",
			`table ${table.id} is read in ${table.xUnit.symbol} (${dimsText(table.xUnit.dims)}), not in ${dimsText(at.dims)}`,
		);
	}
	return expr(table.yUnit.dims, at.shape, { op: "lookup", table: table, args: [at] });
}

/** Number of the month, from 0. */
export function monthIndex(): Expr<Dimensionless> {
	return expr({}, "series", { op: "month" });
}

/** The same value every month. */
export function everyMonth<D extends Dims>(a: Expr<D>): Expr<D> {
	return a.shape === "series" ? a : expr(a.dims, "series", { op: "spread", args: [a] });
}

/** Handle of a series that is defined later under the same id with {@link define}. */
export function seriesRef<D extends Dims>(id: string, unit: Unit<D>): SeriesRef<D> {
	return { ref: id, dims: unit.dims };
}

/** Value of the month before; `initial` in the first month. */
export function previous<D extends Dims>(of: Expr<D> | SeriesRef<D>, initial: Expr<D>): Expr<D> {
	return lagged(of, 1, initial);
}

/** Value `months` ago; `initial` where there was no such month. */
export function lagged<D extends Dims>(of: Expr<D> | SeriesRef<D>, months: number, initial: Expr<D>): Expr<D> {
	if (!Number.isInteger(months) || months < 1) throw new ModelError("bad-step", `a lag of ${months} months`);
	if (!sameDims(of.dims, initial.dims)) {
		throw new ModelError("unit-mismatch", `lag of ${dimsText(of.dims)} starts with ${dimsText(initial.dims)}`);
	}
	requireScalar("the value before the first month", initial);
	return expr(of.dims, "series", { op: "lag", months, target: of, args: [initial] });
}

export function cumulative<D extends Dims>(a: Expr<D>): Expr<D> {
	requireSeries("cumulative", a);
	return expr(a.dims, "series", { op: "cumulative", args: [a] });
}

export function sumOverMonths<D extends Dims>(a: Expr<D>): Expr<D> {
	requireSeries("sum", a);
	return expr(a.dims, "scalar", { op: "sum", args: [a] });
}

export function firstMonth<D extends Dims>(a: Expr<D>): Expr<D> {
	requireSeries("first", a);
	return expr(a.dims, "scalar", { op: "first", args: [a] });
}

export function lastMonth<D extends Dims>(a: Expr<D>): Expr<D> {
	requireSeries("last", a);
	return expr(a.dims, "scalar", { op: "last", args: [a] });
}

/** Present value: Σ a[t] / (1 + rate)^t, the first month undiscounted. `rate` is per month. */
export function presentValue<D extends Dims>(a: Expr<D>, monthlyRate: Expr<Dimensionless>): Expr<D> {
	requireSeries("npv", a);
	requireBare("npv", monthlyRate);
	requireScalar("the rate of a present value", monthlyRate);
	return expr(a.dims, "scalar", { op: "npv", args: [a, monthlyRate] });
}

/** Monthly rate at which the present value is 0; unreachable where there is none, or more than one. */
export function internalRateOfReturn<D extends Dims>(a: Expr<D>): Expr<Dimensionless> {
	requireSeries("irr", a);
	return expr({}, "scalar", { op: "irr", args: [a] });
}

/** First month in which `left comparison right`; unreachable where it never is. */
export function firstMonthWhere<D extends Dims>(
	left: Expr<D>,
	comparison: Comparison,
	right: Expr<D>,
): Expr<Dimensionless> {
	requireSame("compare", [left, right]);
	return expr({}, "scalar", { op: "firstWhere", comparison, args: [everyMonth(left), everyMonth(right)] });
}

function expr<D extends Dims>(dims: D, shape: Shape, data: ExprData): Expr<D> {
	return { dims, shape, data };
}

function rounded<D extends Dims>(op: RoundOp, a: Expr<D>, step: Expr<D>): Expr<D> {
	requireSame(op, [a, step]);
	return expr(a.dims, joint([a, step]), { op, args: [a, step] });
}

function joint(args: readonly AnyExpr[]): Shape {
	return args.some((arg) => arg.shape === "series") ? "series" : "scalar";
}

function requireSame(verb: string, terms: readonly AnyExpr[]): void {
	const first = terms[0] as AnyExpr;
	for (const term of terms) {
		if (!sameDims(first.dims, term.dims)) {
			throw new ModelError("unit-mismatch", `cannot ${verb} ${dimsText(first.dims)} and ${dimsText(term.dims)}`);
		}
	}
}

function requireBare(verb: string, a: AnyExpr): void {
	if (!isDimensionless(a.dims))
		throw new ModelError("unit-mismatch", `${verb} needs a plain number, not ${dimsText(a.dims)}`);
}

function requireSeries(verb: string, a: AnyExpr): void {
	if (a.shape !== "series") throw new ModelError("series-mismatch", `${verb} needs a month series`);
}

function requireScalar(what: string, a: AnyExpr): void {
	if (a.shape !== "scalar") throw new ModelError("series-mismatch", `${what} must not change by month`);
}
