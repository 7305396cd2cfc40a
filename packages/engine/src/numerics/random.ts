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
}

export function uniformStream(seed: number, name: string): UniformStream {
	const digest = sha256Hex(`${seed}\u0000${name}`);
	let a = Number.parseInt(digest.slice(0, 8), 16) | 0;
	let b = Number.parseInt(digest.slice(8, 16), 16) | 0;
	let c = Number.parseInt(digest.slice(16, 24), 16) | 0;
	let d = Number.parseInt(digest.slice(24, 32), 16) | 0;
	const word = (): number => {
		const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
		const t = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = rotate(d, 11);
		return scrambled;
	};
	return {
		next(): number {
			const high = word() >>> 6;
			const low = word() >>> 6;
			return (high * 67108864 + low + 0.5) / 4503599627370496;
		},
	};
}

function rotate(x: number, n: number): number {
	return (x << n) | (x >>> (32 - n));
}
