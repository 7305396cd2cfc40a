/**
 * A measured table that a formula may read: knots with the rows they come from, read by monotone interpolation of the
 * value or of its logarithm. Values are in coherent base units.
 */
import { exp, log } from "../numerics/elementary.ts";
import type { Curve } from "../numerics/steffen.ts";
import { curveValue, segmentOf, steffenCurve } from "../numerics/steffen.ts";
import type { Dims } from "../quantity/dimension.ts";
import type { AnyUnit, Unit } from "../quantity/unit.ts";
import { ModelError } from "./model-error.ts";
import type { Grade, Provenance, ValueState } from "./provenance.ts";

export interface AnyTable {
	readonly id: string;
	readonly label: string;
	readonly xUnit: AnyUnit;
	readonly yUnit: AnyUnit;
	/** `log`: the logarithm of y is interpolated. */
	readonly scale: "linear" | "log";
	readonly knots: readonly Knot[];
	readonly curve: Curve;
	/** Grade of a value read between knots. */
	readonly between: Grade;
	/** `first`: below the first knot its value holds (a target that is more than met). Else unreachable. */
	readonly below?: "first";
}

/** A table whose dimensions the compiler knows. */
export interface Table<X extends Dims, Y extends Dims> extends AnyTable {
	readonly xUnit: Unit<X>;
	readonly yUnit: Unit<Y>;
}

/** One measured point of a table. `x` and `y` in coherent base units. */
export interface Knot extends Provenance {
	readonly x: number;
	readonly y: number;
	/** Id of the catalogue row. */
	readonly row: string;
}

export interface TableSpec<X extends Dims, Y extends Dims> {
	readonly id: string;
	readonly label: string;
	readonly xUnit: Unit<X>;
	readonly yUnit: Unit<Y>;
	readonly scale: "linear" | "log";
	readonly knots: readonly Knot[];
	readonly between: Grade;
	readonly below?: "first";
}

/** Throws `bad-table` for no knots, knots that do not rise in x, or y ≤ 0 on a log scale. */
export function table<X extends Dims, Y extends Dims>(spec: TableSpec<X, Y>): Table<X, Y> {
	const { knots, scale, id } = spec;
	if (knots.length === 0) throw new ModelError("bad-table", `table ${id} has no knots`);
	const bad = knots.find(
		(knot) => !Number.isFinite(knot.x) || !Number.isFinite(knot.y) || (scale === "log" && knot.y <= 0),
	);
	if (bad !== undefined)
		throw new ModelError("bad-table", `table ${id}: row ${bad.row} cannot be a knot (${bad.x}, ${bad.y})`);
	const falling = knots.findIndex((knot, i) => i > 0 && !(knot.x > (knots[i - 1] as Knot).x));
	if (falling >= 0)
		throw new ModelError("bad-table", `table ${id}: knots must rise at row ${(knots[falling] as Knot).row}`);
	const x = knots.map((knot) => knot.x);
	const y = knots.map((knot) => (scale === "log" ? log(knot.y) : knot.y));
	return { ...spec, curve: steffenCurve(x, y) };
}

/** Value at `at` in base units; NaN outside the knots (see `below`); a knot's own value at a knot. */
export function tableValue(of: AnyTable, at: number): number {
	const first = of.knots[0] as Knot;
	if (of.below === "first" && at < first.x) return first.y;
	const v = curveValue(of.curve, at);
	if (of.scale === "linear" || Number.isNaN(v)) return v;
	const i = segmentOf(of.curve.x, at);
	return of.curve.x[i] === at ? (of.knots[i] as Knot).y : exp(v);
}

export interface TablePlace {
	readonly state: ValueState;
	readonly below?: Knot;
	readonly above?: Knot;
	readonly nearest: Knot;
}

/** Where `at` lies among the knots. */
export function placeInTable(of: AnyTable, at: number): TablePlace {
	const knots = of.knots;
	const last = knots.length - 1;
	const first = knots[0] as Knot;
	const final = knots[last] as Knot;
	if (at < first.x && of.below === "first") return { state: "clamped", above: first, nearest: first };
	if (!(at >= first.x)) return { state: "unreachable", above: first, nearest: first };
	if (!(at <= final.x)) return { state: "unreachable", below: final, nearest: final };
	const i = segmentOf(of.curve.x, at);
	const below = knots[i] as Knot;
	if (below.x === at) return { state: "measured", below, above: below, nearest: below };
	const above = knots[i + 1] as Knot;
	return { state: "interpolated", below, above, nearest: at - below.x <= above.x - at ? below : above };
}
