import type { Currency, Dimensionless, Dims, Product, Quotient, TokenKind } from "./dimension.ts";
import { dimsText, productDims, sameDims } from "./dimension.ts";
import { QuantityError } from "./quantity-error.ts";

/**
 * A unit: a symbol to show, its dimension, and how many coherent base units it holds. Base units are second, joule,
 * byte, FLOP, gram, one token of a kind, one GPU, one request, one user, one unit of a currency.
 */
export interface AnyUnit {
	readonly symbol: string;
	readonly dims: Dims;
	readonly factor: number;
}

/** A unit whose dimension the compiler knows. */
export interface Unit<D extends Dims> extends AnyUnit {
	readonly dims: D;
	/** Never set: makes units of different dimensions unassignable to each other. */
	readonly __dims?: (dims: D) => D;
}

/** A number with its dimension. `base` counts coherent base units; read it through {@link inUnit}. */
export interface AnyQuantity {
	readonly base: number;
	readonly dims: Dims;
}

/** A quantity whose dimension the compiler knows. */
export interface Quantity<D extends Dims> extends AnyQuantity {
	readonly dims: D;
	readonly __dims?: (dims: D) => D;
}

export function unit<const D extends Dims>(symbol: string, dims: D, factor: number): Unit<D> {
	return { symbol, dims, factor };
}

/** `n` of a unit, as a quantity. Throws `not-finite` for NaN and infinities. */
export function quantity<D extends Dims>(n: number, of: Unit<D>): Quantity<D> {
	if (!Number.isFinite(n)) throw new QuantityError("not-finite", `a quantity in ${of.symbol} must be finite`, n);
	return { base: n * of.factor, dims: of.dims };
}

/** The number of `target` units in a quantity. Throws `dimension-mismatch` where types could not tell. */
export function inUnit<D extends Dims>(q: Quantity<D>, target: Unit<D>): number {
	if (!sameDims(q.dims, target.dims)) {
		throw new QuantityError(
			"dimension-mismatch",
			`cannot read a quantity of ${dimsText(q.dims)} in ${target.symbol} (${dimsText(target.dims)})`,
			q.base,
		);
	}
	return q.base / target.factor;
}

export function addQuantities<D extends Dims>(a: Quantity<D>, b: Quantity<D>): Quantity<D> {
	return { base: a.base + sameBase(a, b, "add"), dims: a.dims };
}

export function subtractQuantities<D extends Dims>(a: Quantity<D>, b: Quantity<D>): Quantity<D> {
	return { base: a.base - sameBase(a, b, "subtract"), dims: a.dims };
}

export function multiplyQuantities<A extends Dims, B extends Dims>(
	a: Quantity<A>,
	b: Quantity<B>,
): Quantity<Product<A, B>> {
	return { base: a.base * b.base, dims: productDims(a.dims, b.dims) as Product<A, B> };
}

export function divideQuantities<A extends Dims, B extends Dims>(
	a: Quantity<A>,
	b: Quantity<B>,
): Quantity<Quotient<A, B>> {
	if (b.base === 0) throw new QuantityError("division-by-zero", "cannot divide by a quantity of zero", a.base);
	return { base: a.base / b.base, dims: productDims(a.dims, b.dims, -1) as Quotient<A, B> };
}

/** A unit made of two: `per(usd, mtok("total"))` is USD/Mtok. */
export function per<A extends Dims, B extends Dims>(over: Unit<A>, under: Unit<B>): Unit<Quotient<A, B>> {
	return {
		symbol: `${over.symbol}/${under.symbol}`,
		dims: productDims(over.dims, under.dims, -1) as Quotient<A, B>,
		factor: over.factor / under.factor,
	};
}

/** The product of two units: `times(gpu, hour)` is GPU-hr. */
export function unitTimes<A extends Dims, B extends Dims>(a: Unit<A>, b: Unit<B>): Unit<Product<A, B>> {
	return {
		symbol: `${a.symbol}-${b.symbol}`,
		dims: productDims(a.dims, b.dims) as Product<A, B>,
		factor: a.factor * b.factor,
	};
}

export const one: Unit<Dimensionless> = unit("", {}, 1);
export const fraction: Unit<Dimensionless> = unit("fraction", {}, 1);
export const percent: Unit<Dimensionless> = unit("%", {}, 0.01);
export const ratio: Unit<Dimensionless> = unit("x", {}, 1);

export type Time = { readonly s: 1 };
export const second: Unit<Time> = unit("s", { s: 1 }, 1);
export const millisecond: Unit<Time> = unit("ms", { s: 1 }, 1e-3);
export const minute: Unit<Time> = unit("min", { s: 1 }, 60);
export const hour: Unit<Time> = unit("hr", { s: 1 }, 3600);
export const day: Unit<Time> = unit("day", { s: 1 }, 86_400);
/** The month of a finance model: a twelfth of {@link year}. */
export const month: Unit<Time> = unit("month", { s: 1 }, 2_628_000);
/** 8,760 hours, the year of every cost formula here. */
export const year: Unit<Time> = unit("year", { s: 1 }, 31_536_000);

export type Gpus = { readonly gpu: 1 };
export const gpu: Unit<Gpus> = unit("GPU", { gpu: 1 }, 1);
export const gpuHour: Unit<{ readonly gpu: 1; readonly s: 1 }> = unit("GPU-hr", { gpu: 1, s: 1 }, 3600);
export type Requests = { readonly req: 1 };
export const request: Unit<Requests> = unit("request", { req: 1 }, 1);
export type Users = { readonly user: 1 };
export const user: Unit<Users> = unit("user", { user: 1 }, 1);
export type Replicas = { readonly replica: 1 };
export const replica: Unit<Replicas> = unit("replica", { replica: 1 }, 1);
export type Hosts = { readonly host: 1 };
export const host: Unit<Hosts> = unit("host", { host: 1 }, 1);

export type Money<C extends Currency = Currency> = { readonly [K in C]: 1 };
export const usd: Unit<{ readonly USD: 1 }> = unit("USD", { USD: 1 }, 1);
export function currency<C extends Currency>(code: C): Unit<Money<C>> {
	return unit(code, { [code]: 1 } as Money<C>, 1);
}

export type Energy = { readonly J: 1 };
export const joule: Unit<Energy> = unit("J", { J: 1 }, 1);
export const wattHour: Unit<Energy> = unit("Wh", { J: 1 }, 3600);
export const kilowattHour: Unit<Energy> = unit("kWh", { J: 1 }, 3.6e6);
export const megawattHour: Unit<Energy> = unit("MWh", { J: 1 }, 3.6e9);
export type Power = { readonly J: 1; readonly s: -1 };
export const watt: Unit<Power> = unit("W", { J: 1, s: -1 }, 1);
export const kilowatt: Unit<Power> = unit("kW", { J: 1, s: -1 }, 1e3);
export const megawatt: Unit<Power> = unit("MW", { J: 1, s: -1 }, 1e6);

export type Bytes = { readonly B: 1 };
export const byte: Unit<Bytes> = unit("B", { B: 1 }, 1);
export const gigabyte: Unit<Bytes> = unit("GB", { B: 1 }, 1e9);
export type Flop = { readonly FLOP: 1 };
export const flop: Unit<Flop> = unit("FLOP", { FLOP: 1 }, 1);
export const teraflop: Unit<Flop> = unit("TFLOP", { FLOP: 1 }, 1e12);
export type Mass = { readonly g: 1 };
export const gram: Unit<Mass> = unit("gCO2", { g: 1 }, 1);

export type Tokens<K extends TokenKind> = { readonly [P in `tok:${K}`]: 1 };

export function token<K extends TokenKind>(kind: K): Unit<Tokens<K>> {
	return unit("tok", { [`tok:${kind}`]: 1 } as Tokens<K>, 1);
}
export function megatoken<K extends TokenKind>(kind: K): Unit<Tokens<K>> {
	return unit("Mtok", { [`tok:${kind}`]: 1 } as Tokens<K>, 1e6);
}

export type UsdPerGpuHour = { readonly USD: 1; readonly gpu: -1; readonly s: -1 };
export const usdPerGpuHour: Unit<UsdPerGpuHour> = per(usd, gpuHour);
export type UsdPerToken<K extends TokenKind> = Quotient<{ readonly USD: 1 }, Tokens<K>>;
export function usdPerMtok<K extends TokenKind>(kind: K): Unit<UsdPerToken<K>> {
	return per(usd, megatoken(kind)) as unknown as Unit<UsdPerToken<K>>;
}
export type TokensPerGpuSecond<K extends TokenKind> = Product<Tokens<K>, { readonly gpu: -1; readonly s: -1 }>;
export function tokensPerGpuSecond<K extends TokenKind>(kind: K): Unit<TokensPerGpuSecond<K>> {
	return {
		symbol: "tok/s/GPU",
		dims: { [`tok:${kind}`]: 1, gpu: -1, s: -1 } as unknown as TokensPerGpuSecond<K>,
		factor: 1,
	};
}
export type TokensPerSecond<K extends TokenKind> = Quotient<Tokens<K>, Time>;
export function tokensPerDay<K extends TokenKind>(kind: K): Unit<TokensPerSecond<K>> {
	return { ...per(token(kind), day), symbol: "tok/day" };
}
export function tokensPerSecond<K extends TokenKind>(kind: K): Unit<TokensPerSecond<K>> {
	return { ...per(token(kind), second), symbol: "tok/s" };
}
export type Interactivity = { readonly "tok:output": 1; readonly s: -1; readonly user: -1 };
/** Output tokens a second that one user sees: 1 / TPOT. */
export const interactivity: Unit<Interactivity> = unit("tok/s/user", { "tok:output": 1, s: -1, user: -1 }, 1);

function sameBase(a: AnyQuantity, b: AnyQuantity, verb: string): number {
	if (!sameDims(a.dims, b.dims)) {
		throw new QuantityError("dimension-mismatch", `cannot ${verb} ${dimsText(a.dims)} and ${dimsText(b.dims)}`, b.base);
	}
	return b.base;
}
