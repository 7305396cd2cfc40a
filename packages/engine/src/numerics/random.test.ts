import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { uniformStream } from "./random.ts";

describe("uniformStream", () => {
	it("is xoshiro128** seeded from the SHA-256 of seed and name", () => {
		for (const [seed, name] of [
			[1, "rate"],
			[42, "größe/×"],
			[0, ""],
		] as const) {
			const stream = uniformStream(seed, name);
			const expected = byTheBook(seed, name);
			for (let i = 0; i < 200; i++) expect(stream.next()).toBe(expected());
		}
	});

	it("gives the same draws one by one and many at once", () => {
		const stream = uniformStream(5, "rate");
		const into = new Float64Array(7).fill(-1);
		const first = stream.next();
		stream.fill(into, 4);
		expect([first, ...into.subarray(0, 4), stream.next()]).toEqual(take("rate", 5, 6));
		expect(Array.from(into.subarray(4))).toEqual([-1, -1, -1]);
	});

	it("gives each name and seed a stream of its own, the same each time", () => {
		expect(take("a", 1, 50)).toEqual(take("a", 1, 50));
		expect(take("a", 1, 50)).not.toEqual(take("b", 1, 50));
		expect(take("a", 1, 50)).not.toEqual(take("a", 2, 50));
		expect(take("1\u0000a", 1, 5)).not.toEqual(take("a", 1, 5));
	});

	it("is uniform on the open interval (Kolmogorov and Smirnov's distance, 1% level)", () => {
		for (const name of ["rate", "load", "price"]) {
			const sorted = take(name, 1, 20_000).sort((a, b) => a - b);
			const n = sorted.length;
			const distance = Math.max(...sorted.map((u, i) => Math.max(Math.abs(u - i / n), Math.abs(u - (i + 1) / n))));
			expect(distance).toBeLessThan(1.628 / Math.sqrt(n));
			expect(sorted[0]).toBeGreaterThan(0);
			expect(sorted[n - 1]).toBeLessThan(1);
		}
	});

	it("has streams that do not follow one another", () => {
		const [a, b] = [take("a", 1, 20_000), take("b", 1, 20_000)];
		const mean = a.reduce((sum, u, i) => sum + (u - 0.5) * ((b[i] as number) - 0.5), 0) / a.length;
		expect(Math.abs(mean * 12)).toBeLessThan(3 / Math.sqrt(a.length));
	});
});

function take(name: string, seed: number, count: number): number[] {
	const stream = uniformStream(seed, name);
	return Array.from({ length: count }, () => stream.next());
}

/** The published algorithm in whole numbers: https://prng.di.unimi.it/xoshiro128starstar.c */
function byTheBook(seed: number, name: string): () => number {
	const digest = createHash("sha256").update(`${seed}\u0000${name}`, "utf8").digest();
	const s = [0, 4, 8, 12].map((at) => BigInt(digest.readUInt32BE(at))) as [bigint, bigint, bigint, bigint];
	const mask = 0xffffffffn;
	const turn = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
	const word = (): bigint => {
		const result = (turn((s[1] * 5n) & mask, 7n) * 9n) & mask;
		const t = (s[1] << 9n) & mask;
		s[2] ^= s[0];
		s[3] ^= s[1];
		s[1] ^= s[2];
		s[0] ^= s[3];
		s[2] ^= t;
		s[3] = turn(s[3], 11n);
		return result;
	};
	return () => {
		const cell = ((word() >> 6n) << 26n) | (word() >> 6n);
		return Number(2n * cell + 1n) / 9007199254740992;
	};
}
