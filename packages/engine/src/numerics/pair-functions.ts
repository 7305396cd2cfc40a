/**
 * exp and whole powers of two doubles at once, in WebAssembly: the algorithms of `elementary.ts` step by step, so the same
 * bits. What lies off the common path goes to `elementary.ts` itself, which the module imports.
 */
import { exp, LN2_HIGH, LN2_LOW, LOG2_E, SQRT_HALF } from "./elementary.ts";
import type { Constants, DefinedFunction, ImportedFunction } from "./wasm-module.ts";
import { bitPair, Code, pair } from "./wasm-module.ts";

/** Function 0 of every module that uses pair functions. */
export const EXP_IMPORT: ImportedFunction = { name: "exp", params: ["f64"], results: ["f64"] };
export const EXP_HOST: Readonly<Record<string, unknown>> = { exp };

/** e to the power of each of a pair. */
export function pairExp(constants: Constants): DefinedFunction {
	const [x, k, high, r, sum] = [0, 1, 2, 3, 4];
	const code = new Code(constants);
	isBeyondExp(code, [x]);
	code.ifElse(undefined, () => {
		perLane(code, (lane) => code.put(x).lane("extract", lane).call(0));
		code.op("return");
	});
	expSteps(code, [{ x, k, high, r, sum }]);
	code.put(sum);
	return { params: ["v128"], results: ["v128"], locals: ["v128", "v128", "v128", "v128"], code };
}

/** Locals of one of several exponentials that are worked out together: the argument, and `sum` for the result. */
export interface ExpLane {
	readonly x: number;
	readonly k: number;
	readonly high: number;
	readonly r: number;
	readonly sum: number;
}

/** Leaves whether any of the pairs in locals is NaN or beyond ±700, where an exponent may need a second step. */
export function isBeyondExp(code: Code, locals: readonly number[]): void {
	locals.forEach((x, i) => {
		code.put(x, "abs", pair(700), "gt");
		code.put(x, x, "ne", "or");
		if (i > 0) code.put("or");
	});
	code.put("any");
}

/** Exponentials of several pairs, step by step in turns: each of them alone would wait for its own last step. */
export function expSteps(code: Code, lanes: readonly ExpLane[]): void {
	for (const { x, k, high, r, sum } of lanes) {
		code.put(x, pair(LOG2_E), "mul", pair(0.5), "add", "floor").set(k);
		code.put(x, k, pair(LN2_HIGH), "mul", "sub").tee(high);
		code.put(k, pair(LN2_LOW), "mul", "sub").set(r);
		code.put(pair(EXP_TERMS.at(-1) as number)).set(sum);
	}
	for (const term of EXP_TERMS.slice(0, -1).toReversed()) {
		for (const { r, sum } of lanes) code.put(sum, r, "mul", pair(term), "add").set(sum);
	}
	for (const { k, high, r, sum } of lanes) {
		code.put(pair(1), r);
		code.put(r, r, "mul", sum, "mul");
		code.put(high, r, "sub", k, pair(LN2_LOW), "mul", "sub", "add");
		code.put("add", "add");
		// 2 to the power of k: its exponent field.
		code.put(k, "truncate", "extend", bitPair(1023n), "i64.add").i32(52).put("i64.shl");
		code.put("mul").set(sum);
	}
}

/** Natural logarithm of each of a pair of normal numbers above 0, left in place of the pair in local `x`. */
export function logSteps(code: Code, x: number, exponent: number, f: number, s: number): void {
	// The exponent field as a double: put behind the point of 2⁵².
	code.put(x).i32(52).put("i64.shr_u", bitPair(0x4330000000000000n), "or", pair(4503599627371518), "sub");
	code.set(exponent);
	code.put(x, bitPair(0x000fffffffffffffn), "and", bitPair(0x3fe0000000000000n), "or").set(x);
	const isLow = (): Code => code.put(x, pair(SQRT_HALF), "lt");
	code.put(exponent, pair(1), "sub", exponent);
	isLow().put("select").set(exponent);
	code.put(x, pair(2), "mul", x);
	isLow().put("select").set(x);
	code.put(x, pair(1), "sub").set(f);
	code.put(f, x, pair(1), "add", "div").tee(s).put(s, "mul").set(x);
	code.put(exponent, pair(LN2_HIGH), "mul", f);
	code.put(s, pair(2), x, "mul");
	horner(code, LOG_TERMS, x);
	code.put("mul", f, "sub", "mul");
	code.put(exponent, pair(LN2_LOW), "mul", "add", "add", "add");
}

/** Each of a pair to a power from −1024 to 1024 that both share. */
export function pairPower(constants: Constants): DefinedFunction {
	const [x, y, n, result] = [0, 1, 2, 3];
	const code = new Code(constants);
	code.put(pair(1)).set(result);
	code.put(y).i32(0).op("i32.lt_s");
	code.ifElse(
		"i32",
		() => code.i32(0).put(y).op("i32.sub"),
		() => code.put(y),
	);
	code.tee(n).ifElse(undefined, () => {
		code.repeat(() => {
			code.put(n).i32(1).op("i32.and");
			code.ifElse(undefined, () => code.put(result, x, "mul").set(result));
			code.put(x, x, "mul").set(x);
			code.put(n).i32(1).op("i32.shr_u").tee(n);
		});
	});
	code.put(y).i32(0).op("i32.lt_s");
	code.ifElse(
		"v128",
		() => code.put(pair(1), result, "div"),
		() => code.put(result),
	);
	return { params: ["v128", "i32"], results: ["v128"], locals: ["i32", "v128"], code };
}

/** Leaves the pair of what `value` leaves for each lane. */
export function perLane(code: Code, value: (lane: number) => void): void {
	value(0);
	code.put("splat");
	value(1);
	code.lane("replace", 1);
}

/** Leaves the polynomial in a local, coefficients from the lowest power up. */
export function horner(code: Code, coefficients: readonly number[], x: number): void {
	code.put(pair(coefficients.at(-1) as number));
	for (const each of coefficients.slice(0, -1).toReversed()) code.put(x, "mul", pair(each), "add");
}

/** 1/3, 1/5, … as in `elementary.ts`. */
const LOG_TERMS: readonly number[] = Array.from({ length: 11 }, (_, i) => 1 / (2 * i + 3));

/** 1/2!, 1/3!, … as in `elementary.ts`. */
const EXP_TERMS: readonly number[] = factorialTerms(13);

function factorialTerms(count: number): number[] {
	let factorial = 1;
	return Array.from({ length: count }, (_, i) => 1 / (factorial *= i + 2));
}
