import type { Dialect } from "./dialect.ts";

/**
 * Buckets of latency, from whole microseconds by whole-number steps, so that every store agrees: below 64 each value
 * is its own; above, 64 equal buckets between one power of two and the next.
 *
 *   e = floor(log2 v),  bucket = (e − 6) × 64 + floor(v / 2^(e−6))
 *
 * A bucket is at most 1/64 of its lower bound wide; its middle is off by at most 1/128 = 0.78%. Counts of buckets add
 * up over time, sources and stores. Source: the layout of HdrHistogram (G. Tene), with six bits of mantissa.
 */
const MANTISSA_BITS = 6;
const FIRST = 2 ** MANTISSA_BITS;

export function bucketOf(micros: number): number {
	if (micros < FIRST) return micros;
	const exponent = floorLog2(micros) - MANTISSA_BITS;
	return exponent * FIRST + Math.floor(micros / 2 ** exponent);
}

/** The middle of a bucket in microseconds. */
export function bucketMiddle(bucket: number): number {
	if (bucket < FIRST * 2) return bucket;
	const exponent = Math.floor(bucket / FIRST) - 1;
	const lowest = (bucket - exponent * FIRST) * 2 ** exponent;
	return lowest + (2 ** exponent - 1) / 2;
}

/** The bucket of a whole, known column, as SQL. */
export function bucketSql(column: string, dialect: Dialect): string {
	const exponent = `(${dialect.binaryLogarithm(column)} - ${MANTISSA_BITS})`;
	return `CASE WHEN ${column} < ${FIRST} THEN ${column} ELSE ${exponent} * ${FIRST} + ${dialect.shiftRight(column, exponent)} END`;
}

/**
 * The value below which a share `q` of the observations lies, from counts by bucket; undefined where there are none.
 * The rank is ceil(q × n), as in a sorted list.
 */
export function quantileOfBuckets(counts: ReadonlyMap<number, bigint>, q: number): number | undefined {
	const total = [...counts.values()].reduce((sum, n) => sum + n, 0n);
	if (total === 0n) return undefined;
	const rank = BigInt(Math.max(1, Math.ceil(q * Number(total))));
	let seen = 0n;
	for (const [bucket, n] of [...counts].sort(([a], [b]) => a - b)) {
		seen += n;
		if (seen >= rank) return bucketMiddle(bucket);
	}
	return undefined;
}

function floorLog2(n: number): number {
	const high = Math.floor(n / 4_294_967_296);
	return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(n);
}
