/**
 * WebAssembly modules as bytes: the little of the binary format that loops over pairs of doubles need (WebAssembly Core
 * Specification 2.0, chapter 5, with its vector instructions). One memory, brought by the host.
 */

export type ValueType = "i32" | "f64" | "v128";

export interface FunctionType {
	readonly params: readonly ValueType[];
	readonly results: readonly ValueType[];
}

export interface ImportedFunction extends FunctionType {
	readonly name: string;
}

export interface DefinedFunction extends FunctionType {
	/** Under which the host finds it; absent: only called from within. */
	readonly name?: string;
	readonly locals: readonly ValueType[];
	readonly code: Code;
}

/** Functions are numbered imports first, then definitions, in their order. */
export function wasmModule(
	imports: readonly ImportedFunction[],
	functions: readonly DefinedFunction[],
): Uint8Array<ArrayBuffer> {
	const types = [...imports, ...functions].map(({ params, results }) => [
		0x60,
		...vector(params.map((each) => [TYPE[each]])),
		...vector(results.map((each) => [TYPE[each]])),
	]);
	const imported = [
		...imports.map(({ name }, type) => [...text("host"), ...text(name), 0x00, ...unsigned(type)]),
		[...text("host"), ...text("memory"), 0x02, 0x00, 0x00],
	];
	const exported = functions.flatMap(({ name }, place) =>
		name === undefined ? [] : [[...text(name), 0x00, ...unsigned(imports.length + place)]],
	);
	return Uint8Array.from([
		...MAGIC_AND_VERSION,
		...section(1, vector(types)),
		...section(2, vector(imported)),
		...section(3, vector(functions.map((_, place) => unsigned(imports.length + place)))),
		...section(7, vector(exported)),
		...section(10, vector(functions.map(body))),
	]);
}

/** A local, a number for both lanes, or a vector instruction. */
export type Item = number | Pair | keyof typeof VECTOR;

interface Pair {
	readonly bits: bigint;
}

export interface Pairs {
	/** Address of the first. */
	readonly at: number;
	readonly bits: BigUint64Array;
}

/** The same number in both lanes. */
export function pair(value: number): Pair {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	return { bits: view.getBigUint64(0) };
}

/** The same 64 bits in both lanes. */
export function bitPair(bits: bigint): Pair {
	return { bits };
}

/**
 * Pairs of numbers in memory, from an address on. As text in a loop they would be put together from words every time: V8
 * does not take vectors out of loops.
 */
export class Constants {
	private readonly at: number;
	private readonly places = new Map<bigint, number>();

	constructor(at: number) {
		this.at = at;
	}

	placeOf(bits: bigint): number {
		const known = this.places.get(bits);
		if (known !== undefined) return known;
		const place = this.end();
		this.places.set(bits, place);
		return place;
	}

	/** The address behind the last. */
	end(): number {
		return this.at + 16 * this.places.size;
	}

	/** As they stand in memory. */
	pairs(): Pairs {
		return { at: this.at, bits: BigUint64Array.from([...this.places.keys()].flatMap((bits) => [bits, bits])) };
	}
}

export function fillConstants(memory: WebAssembly.Memory, { at, bits }: Pairs): void {
	new BigUint64Array(memory.buffer, at, bits.length).set(bits);
}

/** Instructions of a function, one after the other: a stack machine. */
export class Code {
	readonly bytes: number[] = [];
	private readonly constants: Constants;

	constructor(constants: Constants) {
		this.constants = constants;
	}

	op(name: keyof typeof PLAIN): this {
		this.bytes.push(PLAIN[name]);
		return this;
	}

	/** Locals by number, numbers for both lanes, and vector instructions by name, in the order in which the stack takes them. */
	put(...items: readonly Item[]): this {
		for (const item of items) {
			if (typeof item === "number") this.bytes.push(0x20, ...unsigned(item));
			else if (typeof item === "string") this.bytes.push(0xfd, ...unsigned(VECTOR[item]));
			else this.i32(0).load(this.constants.placeOf(item.bits));
		}
		return this;
	}

	lane(name: "extract" | "replace", lane: number): this {
		this.bytes.push(0xfd, ...unsigned(name === "extract" ? 0x21 : 0x22), lane);
		return this;
	}

	i32(value: number): this {
		this.bytes.push(0x41, ...signed(value));
		return this;
	}

	f64(value: number): this {
		this.bytes.push(0x44, ...double(value));
		return this;
	}

	set(local: number): this {
		this.bytes.push(0x21, ...unsigned(local));
		return this;
	}

	tee(local: number): this {
		this.bytes.push(0x22, ...unsigned(local));
		return this;
	}

	call(index: number): this {
		this.bytes.push(0x10, ...unsigned(index));
		return this;
	}

	/** Of the pair at the address on the stack plus an offset. */
	load(offset: number): this {
		this.bytes.push(0xfd, 0x00, 3, ...unsigned(offset));
		return this;
	}

	store(offset: number): this {
		this.bytes.push(0xfd, 0x0b, 3, ...unsigned(offset));
		return this;
	}

	/** One number instead of a pair. */
	one(name: keyof typeof SINGLE, offset: number): this {
		this.bytes.push(SINGLE[name], 2, ...unsigned(offset));
		return this;
	}

	/** Does `body` for i = 0, `step`, … below the limit, at least once. */
	loop(
		i: number,
		step: number,
		limit: { readonly local: number } | { readonly value: number },
		body: () => void,
	): this {
		this.i32(0).set(i);
		this.bytes.push(0x03, 0x40);
		body();
		this.put(i).i32(step).op("i32.add").tee(i);
		if ("local" in limit) this.put(limit.local);
		else this.i32(limit.value);
		this.op("i32.lt_s");
		this.bytes.push(0x0d, 0x00, 0x0b);
		return this;
	}

	/** Does `body` again as long as it leaves a number other than 0. */
	repeat(body: () => void): this {
		this.bytes.push(0x03, 0x40);
		body();
		this.bytes.push(0x0d, 0x00, 0x0b);
		return this;
	}

	/** Of the condition on the stack. */
	ifElse(result: ValueType | undefined, then: () => void, otherwise?: () => void): this {
		this.bytes.push(0x04, result === undefined ? 0x40 : TYPE[result]);
		then();
		if (otherwise !== undefined) {
			this.bytes.push(0x05);
			otherwise();
		}
		this.bytes.push(0x0b);
		return this;
	}
}

const MAGIC_AND_VERSION: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

const TYPE: Readonly<Record<ValueType, number>> = { i32: 0x7f, f64: 0x7c, v128: 0x7b };

const PLAIN = {
	"i32.eqz": 0x45,
	"i32.lt_s": 0x48,
	"i32.gt_s": 0x4a,
	"i32.and": 0x71,
	"i32.or": 0x72,
	"i32.add": 0x6a,
	"i32.sub": 0x6b,
	"i32.mul": 0x6c,
	"i32.shl": 0x74,
	"i32.shr_u": 0x76,
	"f64.eq": 0x61,
	"f64.gt": 0x64,
	"f64.le": 0x65,
	"f64.abs": 0x99,
	"f64.sub": 0xa1,
	"i32.trunc_f64_s": 0xaa,
	"f64.min": 0xa4,
	"f64.copysign": 0xa6,
	"f64.convert_i32_s": 0xb7,
	return: 0x0f,
} as const;

const SINGLE = { "i32.load": 0x28, "f64.load": 0x2b, "i32.store": 0x36, "f64.store": 0x39 } as const;

const VECTOR = {
	splat: 0x14,
	eq: 0x47,
	ne: 0x48,
	lt: 0x49,
	gt: 0x4a,
	le: 0x4b,
	ge: 0x4c,
	and: 0x4e,
	or: 0x50,
	/** Bits of the first where the third has ones, else of the second. */
	select: 0x52,
	any: 0x53,
	ceil: 0x74,
	floor: 0x75,
	abs: 0xec,
	neg: 0xed,
	add: 0xf0,
	sub: 0xf1,
	mul: 0xf2,
	div: 0xf3,
	min: 0xf4,
	max: 0xf5,
	/** The second if it is less than the first, else the first: one instruction, but not for NaN and −0. */
	pmin: 0xf6,
	/** The second if the first is less, else the first. */
	pmax: 0xf7,
	/** To whole numbers of 32 bits, and those to 64. */
	truncate: 0xfc,
	extend: 0xc7,
	sqrt: 0xef,
	"i64.shl": 0xcb,
	"i64.shr_u": 0xcd,
	"i64.add": 0xce,
} as const;

function body({ locals, code }: DefinedFunction): number[] {
	const declared = vector(runs(locals).map(([type, count]) => [...unsigned(count), TYPE[type]]));
	const bytes = declared.concat(code.bytes, [0x0b]);
	return unsigned(bytes.length).concat(bytes);
}

/** Neighbours of one type together. */
function runs(types: readonly ValueType[]): [ValueType, number][] {
	const found: [ValueType, number][] = [];
	for (const type of types) {
		const last = found.at(-1);
		if (last !== undefined && last[0] === type) last[1]++;
		else found.push([type, 1]);
	}
	return found;
}

function section(id: number, bytes: readonly number[]): number[] {
	return [id].concat(unsigned(bytes.length), bytes);
}

function vector(items: readonly (readonly number[])[]): number[] {
	return unsigned(items.length).concat(...items);
}

function text(name: string): number[] {
	return vector(Array.from(name, (letter) => [letter.charCodeAt(0)]));
}

/** LEB128. */
function unsigned(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	do {
		const low = rest & 0x7f;
		rest >>>= 7;
		bytes.push(rest === 0 ? low : low | 0x80);
	} while (rest !== 0);
	return bytes;
}

function signed(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	for (;;) {
		const low = rest & 0x7f;
		rest >>= 7;
		const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
		bytes.push(isLast ? low : low | 0x80);
		if (isLast) return bytes;
	}
}

function double(value: number): number[] {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value, true);
	return Array.from({ length: 8 }, (_, i) => view.getUint8(i));
}
