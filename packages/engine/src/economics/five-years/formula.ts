/**
 * Formulas over many units read better without their types: units are checked as each expression is built, and again
 * where it gets its name and unit.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import {
	add,
	ceilTo,
	constant,
	define,
	divide,
	everyMonth,
	floorTo,
	maximum,
	minimum,
	multiply,
	subtract,
	when,
} from "../../model/expression.ts";
import type { Comparison } from "../../model/expression.ts";
import type { Dimensionless, Dims } from "../../quantity/dimension.ts";
import type { Unit } from "../../quantity/unit.ts";
import { month, one } from "../../quantity/unit.ts";

export interface Naming {
	readonly label: string;
	readonly formula?: string;
	readonly note?: string;
	readonly tags?: Readonly<Record<string, string>>;
}

/** A node. Throws `unit-mismatch`. */
export function named<D extends Dims>(id: string, unit: Unit<D>, of: AnyExpr, naming: Naming): Expr<D> {
	return define(id, unit, of as Expr<D>, naming);
}

/** A node that holds one number a month, also where its formula is the same every month. */
export function monthly<D extends Dims>(id: string, unit: Unit<D>, of: AnyExpr, naming: Naming): Expr<D> {
	return define(id, unit, everyMonth(of as Expr<D>), naming);
}

export function plus(...terms: readonly AnyExpr[]): AnyExpr {
	return terms.length === 1 ? (terms[0] as AnyExpr) : add(...(terms as unknown as [Expr<Dims>]));
}

export function minus(a: AnyExpr, b: AnyExpr): AnyExpr {
	return subtract(a as Expr<Dims>, b as Expr<Dims>);
}

export function times(first: AnyExpr, ...rest: readonly AnyExpr[]): AnyExpr {
	return rest.reduce((product, factor) => multiply(product as Expr<Dims>, factor as Expr<Dims>), first);
}

export function over(a: AnyExpr, b: AnyExpr): AnyExpr {
	return divide(a as Expr<Dims>, b as Expr<Dims>);
}

export function least(...terms: readonly AnyExpr[]): AnyExpr {
	return minimum(...(terms as unknown as [Expr<Dims>]));
}

export function most(...terms: readonly AnyExpr[]): AnyExpr {
	return maximum(...(terms as unknown as [Expr<Dims>]));
}

export function upTo(a: AnyExpr, step: AnyExpr): AnyExpr {
	return ceilTo(a as Expr<Dims>, step as Expr<Dims>);
}

export function downTo(a: AnyExpr, step: AnyExpr): AnyExpr {
	return floorTo(a as Expr<Dims>, step as Expr<Dims>);
}

export function choose(
	left: AnyExpr,
	comparison: Comparison,
	right: AnyExpr,
	then: AnyExpr,
	otherwise: AnyExpr,
): AnyExpr {
	return when(left as Expr<Dims>, comparison, right as Expr<Dims>, then as Expr<Dims>, otherwise as Expr<Dims>);
}

/** `a ÷ b`, and 0 where `b` is 0: nothing asked, nothing spent. */
export function shareOf(a: AnyExpr, b: AnyExpr): AnyExpr {
	const ratio = over(a, choose(b, ">", zeroOf(b), b, oneOf(b)));
	return choose(b, ">", zeroOf(b), ratio, zeroOf(ratio));
}

export function oneOf(of: AnyExpr): AnyExpr {
	return constant(1, { symbol: "", dims: of.dims, factor: 1 });
}

/** Not less than 0. */
export function positive(a: AnyExpr): AnyExpr {
	return most(a, zeroOf(a));
}

export function zeroOf(of: AnyExpr): AnyExpr {
	return constant(0, { symbol: "", dims: of.dims, factor: 1 });
}

export function number(value: number): Expr<Dimensionless> {
	return constant(value, one);
}

export const ONE_MONTH: AnyExpr = constant(1, month);
