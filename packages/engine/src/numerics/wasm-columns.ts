/**
 * exp and the normal quantile of whole columns by WebAssembly, several pairs of values at a time, to the bits of
 * `elementary.ts`. The central part of the quantile is computed for all values, its tails for those that lie there.
 */
import { exp, normalQuantile } from "./elementary.ts";
import type { ExpLane } from "./pair-functions.ts";
import { EXP_HOST, EXP_IMPORT, expSteps, horner, isBeyondExp, logSteps, pairExp } from "./pair-functions.ts";
import type { DefinedFunction, ValueType } from "./wasm-module.ts";
import { Code, Constants, fillConstants, pair, wasmModule } from "./wasm-module.ts";

export interface ColumnFunctions {
	/** Replaces the first `count` values by their exponentials. */
	exp(column: Float64Array, count: number): void;
	/** Replaces the first `count` values, probabilities, by quantiles of the standard normal distribution. */
	normalQuantile(column: Float64Array, count: number): void;
	/** Replaces probabilities by exp(location + scale · quantile). */
	lognormal(column: Float64Array, count: number, location: number, scale: number): void;
}

/** Throws where the host has no vector instructions or forbids modules. */
export function wasmColumns(): ColumnFunctions {
	const memory = new WebAssembly.Memory({ initial: 1 });
	const constants = new Constants(CONSTANTS);
	const makers = [pairExp, expLoop, sortOutLoop, centreLoop, tailLoop, putBackLoop, shiftLoop];
	const functions = makers.map((make) => make(constants));
	fillConstants(memory, constants.pairs());
	const module = new WebAssembly.Module(wasmModule([EXP_IMPORT], functions));
	const { exports } = new WebAssembly.Instance(module, { host: { memory, ...EXP_HOST } });
	return new Columns(memory.buffer, exports as unknown as Exports);
}

/** Values stand at the front of the memory, those in the tails and their places behind; each function gets their bytes. */
interface Exports {
	readonly exp: (bytes: number) => void;
	/** Gathers the tails: bytes of them, or −1 where there is a value that is none for the loops. */
	readonly sortOut: (bytes: number) => number;
	readonly centre: (bytes: number) => void;
	readonly tail: (bytes: number) => void;
	readonly putBack: (bytes: number) => void;
	readonly shift: (bytes: number, location: number, scale: number) => void;
}

const CHUNK = 512;
const TAILS = 8 * CHUNK;
/** Distance from a half, whose sign is that of the quantile. */
const SIDES = 16 * CHUNK;
const PLACES = 24 * CHUNK;
const CONSTANTS = 32 * CHUNK;

class Columns implements ColumnFunctions {
	private readonly values: Float64Array;
	private readonly exports: Exports;

	constructor(buffer: ArrayBuffer, exports: Exports) {
		this.values = new Float64Array(buffer, 0, CHUNK);
		this.exports = exports;
	}

	exp(column: Float64Array, total: number): void {
		this.chunks(column, total, (bytes) => this.exports.exp(bytes));
	}

	normalQuantile(column: Float64Array, total: number): void {
		this.chunks(column, total, (bytes) => this.quantiles(bytes));
	}

	lognormal(column: Float64Array, total: number, location: number, scale: number): void {
		this.chunks(column, total, (bytes) => {
			this.quantiles(bytes);
			this.exports.shift(bytes, location, scale);
			this.exports.exp(bytes);
		});
	}

	private chunks(column: Float64Array, total: number, work: (bytes: number) => void): void {
		for (let from = 0; from < total; from += CHUNK) {
			const chunk = column.subarray(from, Math.min(from + CHUNK, total));
			this.values.set(chunk);
			work(8 * chunk.length);
			chunk.set(chunk.length === CHUNK ? this.values : this.values.subarray(0, chunk.length));
		}
	}

	private quantiles(bytes: number): void {
		const { values, exports } = this;
		const tails = exports.sortOut(bytes);
		if (tails < 0) {
			for (let i = 0; 8 * i < bytes; i++) values[i] = normalQuantile(values[i] as number);
			return;
		}
		exports.centre(bytes);
		if (tails === 0) return;
		exports.tail(tails);
		exports.putBack(tails);
	}
}

/** From here on the square root of −log p is at most 5, with room to spare. */
const NEAREST_TAIL: number = exp(-24.9);
const PAIRS = 4;

function expLoop(constants: Constants): DefinedFunction {
	const [bytes, at] = [0, 1];
	const locals: ValueType[] = ["i32"];
	const lanes: ExpLane[] = Array.from({ length: PAIRS }, () => {
		const first = locals.length + 1;
		locals.push("v128", "v128", "v128", "v128", "v128");
		return { x: first, k: first + 1, high: first + 2, r: first + 3, sum: first + 4 };
	});
	const code = new Code(constants);
	// The last round goes beyond the values asked for; what stands there is nobody's.
	const step = 16 * PAIRS;
	code.loop(at, step, { local: bytes }, () => {
		lanes.forEach(({ x }, i) =>
			code
				.put(at)
				.load(16 * i)
				.set(x),
		);
		isBeyondExp(
			code,
			lanes.map(({ x }) => x),
		);
		code.ifElse(
			undefined,
			() =>
				lanes.forEach(({ x }, i) =>
					code
						.put(at, x)
						.call(1)
						.store(16 * i),
				),
			() => {
				expSteps(code, lanes);
				lanes.forEach(({ sum }, i) => code.put(at, sum).store(16 * i));
			},
		);
	});
	return { name: "exp", params: ["i32"], results: [], locals, code };
}

/** Wichura's AS 241 for |p − 0.5| up to 0.425, as in `elementary.ts`. */
function centreLoop(constants: Constants): DefinedFunction {
	const [bytes, at, q, r] = [0, 1, 2, 3];
	const code = new Code(constants);
	code.loop(at, 16, { local: bytes }, () => {
		code.put(at).load(0).put(pair(0.5), "sub").set(q);
		code.put(pair(0.180625), q, q, "mul", "sub").set(r);
		code.put(at, q);
		horner(code, CENTRE_OVER, r);
		code.put("mul");
		horner(code, CENTRE_UNDER, r);
		code.put("div").store(0);
	});
	return { name: "centre", params: ["i32"], results: [], locals: ["i32", "v128", "v128"], code };
}

/** The same for the smaller of p and 1 − p above e⁻²⁵; the absolute value. */
function tailLoop(constants: Constants): DefinedFunction {
	const [bytes, at, x, exponent, f, s] = [0, 1, 2, 3, 4, 5];
	const code = new Code(constants);
	code.loop(at, 16, { local: bytes }, () => {
		code.put(at);
		code.put(at).load(TAILS).set(x);
		logSteps(code, x, exponent, f, s);
		code.put("neg", "sqrt", pair(1.6), "sub").set(x);
		horner(code, TAIL_OVER, x);
		horner(code, TAIL_UNDER, x);
		code.put("div").store(TAILS);
	});
	return { name: "tail", params: ["i32"], results: [], locals: ["i32", "v128", "v128", "v128", "v128"], code };
}

/** Gathers min(p, 1 − p), side and place of each value in a tail, without a branch: most of them are written in vain. */
function sortOutLoop(constants: Constants): DefinedFunction {
	const [bytes, at, found, odd, p, q, tail] = [0, 1, 2, 3, 4, 5, 6];
	const code = new Code(constants);
	code.loop(at, 8, { local: bytes }, () => {
		code.put(at).one("f64.load", 0).tee(p).f64(0.5).op("f64.sub").set(q);
		code.put(p).f64(1).put(p).op("f64.sub").op("f64.min").set(tail);
		code.put(found, tail).one("f64.store", TAILS);
		code.put(found, q).one("f64.store", SIDES);
		code.put(found, at).one("i32.store", PLACES);
		code.put(found).put(q).op("f64.abs").f64(0.425).op("f64.le").op("i32.eqz").i32(3).op("i32.shl");
		code.op("i32.add").set(found);
		code.put(odd, tail).f64(NEAREST_TAIL).op("f64.gt").op("i32.eqz").op("i32.or").set(odd);
	});
	code.put(odd).ifElse(
		"i32",
		() => code.i32(-1),
		() => code.put(found),
	);
	const locals = ["i32", "i32", "i32", "f64", "f64", "f64"] as const;
	return { name: "sortOut", params: ["i32"], results: ["i32"], locals, code };
}

/** The tails to where they came from, with the sign of their side. */
function putBackLoop(constants: Constants): DefinedFunction {
	const [bytes, at] = [0, 1];
	const code = new Code(constants);
	code.loop(at, 8, { local: bytes }, () => {
		code.put(at).one("i32.load", PLACES);
		code.put(at).one("f64.load", TAILS).put(at).one("f64.load", SIDES).op("f64.copysign");
		code.one("f64.store", 0);
	});
	return { name: "putBack", params: ["i32"], results: [], locals: ["i32"], code };
}

/** location + scale × each value. */
function shiftLoop(constants: Constants): DefinedFunction {
	const [bytes, location, scale, at] = [0, 1, 2, 3];
	const code = new Code(constants);
	code.loop(at, 16, { local: bytes }, () => {
		code.put(at);
		code.put(location, "splat");
		code.put(scale, "splat", at).load(0).put("mul", "add").store(0);
	});
	return { name: "shift", params: ["i32", "f64", "f64"], results: [], locals: ["i32"], code };
}

const CENTRE_OVER = [
	3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
	67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
];
const CENTRE_UNDER = [
	1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
	28729.085735721942674, 5226.495278852545925,
];
const TAIL_OVER = [
	1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
	0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
];
const TAIL_UNDER = [
	1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
	0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
