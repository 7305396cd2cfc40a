/**
 * Canonical JSON (RFC 8785) and SHA-256 (FIPS 180-4), synchronous and without the host's crypto, so that a hash is the
 * same in Node, in a browser and in a notebook.
 */

/** Canonical JSON text: members sorted by UTF-16 code units, ECMAScript number text, no white space. */
export function canonicalJson(value: unknown): string {
	if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`no JSON for ${value}`);
	if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	const entries = Object.entries(value).filter(([, member]) => member !== undefined);
	entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
	return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

/** SHA-256 of the UTF-8 bytes of `text`, 64 hex digits. */
export function sha256Hex(text: string): string {
	const padded = pad(UTF8.encode(text));
	const state = Int32Array.from(INITIAL);
	for (let offset = 0; offset < padded.length; offset += 64) compress(state, padded, offset);
	return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

const UTF8 = new TextEncoder();
/** Of one block at a time. Whole numbers with a sign, as the operators on bits give them, so that none is boxed. */
const SCHEDULE: Int32Array = new Int32Array(64);
const PRIMES: readonly number[] = firstPrimes(64);
/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL: readonly number[] = PRIMES.slice(0, 8).map((p) => fractionBits(Math.sqrt(p)));
/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUNDS: Int32Array = Int32Array.from(PRIMES, (p) => fractionBits(cubeRoot(p)));

function firstPrimes(count: number): number[] {
	const primes: number[] = [];
	for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
	return primes;
}

function fractionBits(x: number): number {
	return Math.floor((x - Math.floor(x)) * 4294967296);
}

function cubeRoot(n: number): number {
	let x = n;
	for (let i = 0; i < 60; i++) x -= (x * x * x - n) / (3 * x * x);
	return x;
}

function pad(bytes: Uint8Array): Uint8Array {
	const length = Math.ceil((bytes.length + 9) / 64) * 64;
	const padded = new Uint8Array(length);
	padded.set(bytes);
	padded[bytes.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
	view.setUint32(length - 4, (bytes.length * 8) >>> 0);
	return padded;
}

function compress(state: Int32Array, block: Uint8Array, offset: number): void {
	const w = SCHEDULE;
	const byte = (at: number): number => block[offset + at] as number;
	for (let i = 0; i < 64; i += 4) w[i / 4] = (byte(i) << 24) | (byte(i + 1) << 16) | (byte(i + 2) << 8) | byte(i + 3);
	for (let i = 16; i < 64; i++) {
		const a = w[i - 15] as number;
		const b = w[i - 2] as number;
		const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
		const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
		w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
	}
	const at = (i: number): number => state[i] as number;
	let [a, b, c, d] = [at(0), at(1), at(2), at(3)];
	let [e, f, g, h] = [at(4), at(5), at(6), at(7)];
	for (let i = 0; i < 64; i++) {
		const choose = (e & f) ^ (~e & g);
		const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		const t1 = (h + s1 + choose + (ROUNDS[i] as number) + (w[i] as number)) | 0;
		const majority = (a & b) ^ (a & c) ^ (b & c);
		const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
		h = g;
		g = f;
		f = e;
		e = (d + t1) | 0;
		d = c;
		c = b;
		b = a;
		a = (t1 + t2) | 0;
	}
	const next = [a, b, c, d, e, f, g, h];
	for (let i = 0; i < 8; i++) state[i] = ((state[i] as number) + (next[i] as number)) | 0;
}

function rotate(x: number, n: number): number {
	return (x >>> n) | (x << (32 - n));
}
