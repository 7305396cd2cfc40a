/**
 * Named streams of uniform draws. A stream depends on the seed and its name alone, never on how many other streams
 * there are or in which order they are read: two models that share an input share its draws.
 *
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded from the SHA-256
 * of seed and name.
 */
import { sha256Hex } from "../model/hash.ts";

export interface UniformStream {
	/** Next draw in the open interval (0, 1), 52 bits: the middles of 2⁵² equal cells, of which each is a double. */
	next(): number;
	/** The next `count` draws at once, to the front of `into`. */
	fill(into: Float64Array, count: number): void;
}

export function uniformStream(seed: number, name: string): UniformStream {
	const digest = sha256Hex(`${seed}\u0000${name}`);
	let a = Number.parseInt(digest.slice(0, 8), 16) | 0;
	let b = Number.parseInt(digest.slice(8, 16), 16) | 0;
	let c = Number.parseInt(digest.slice(16, 24), 16) | 0;
	let d = Number.parseInt(digest.slice(24, 32), 16) | 0;
	const fill = (into: Float64Array, count: number): void => {
		// The state in locals: a loop over captured variables is several times slower.
		let [p, q, r, s] = [a, b, c, d];
		for (let i = 0; i < count; i++) {
			const high = scrambled(q) >>> 6;
			let t = q << 9;
			r ^= p;
			s ^= q;
			q ^= r;
			p ^= s;
			r ^= t;
			s = rotate(s, 11);
			const low = scrambled(q) >>> 6;
			t = q << 9;
			r ^= p;
			s ^= q;
			q ^= r;
			p ^= s;
			r ^= t;
			s = rotate(s, 11);
			into[i] = (high * 67108864 + low + 0.5) / 4503599627370496;
		}
		[a, b, c, d] = [p, q, r, s];
	};
	const one = new Float64Array(1);
	const next = (): number => {
		fill(one, 1);
		return one[0] as number;
	};
	return { next, fill };
}

function scrambled(word: number): number {
	return Math.imul(rotate(Math.imul(word, 5), 7), 9);
}

function rotate(x: number, n: number): number {
	return (x << n) | (x >>> (32 - n));
}
