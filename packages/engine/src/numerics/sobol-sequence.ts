/**
 * Sobol's low-discrepancy sequence in Gray code order (I. A. Antonov and V. M. Saleev, USSR Computational Mathematics and
 * Mathematical Physics 19 (1979), 252-256), 32 bits, shifted digit by digit by a seeded random number a dimension, so
 * that every point is uniform and none lies on an end.
 */
import { uniformStream } from "./random.ts";
import { DIRECTIONS } from "./sobol-directions.ts";

/** Dimensions of the sequence; further ones are plain random draws. */
export const SOBOL_DIMENSIONS: number = DIRECTIONS.length + 1;

/** Points 0 to `count` − 1 in the open unit interval, a column a dimension. */
export function sobolColumns(dimensions: number, count: number, seed: number): Float64Array[] {
	return Array.from({ length: dimensions }, (_, dimension) => {
		const stream = uniformStream(seed, `sobol ${dimension}`);
		if (dimension < SOBOL_DIMENSIONS) return sobolColumn(dimension, count, Math.floor(stream.next() * WHOLE));
		const column = new Float64Array(count);
		stream.fill(column, count);
		return column;
	});
}

/** One dimension, from 0; `shift` of 32 bits is added digit by digit. */
export function sobolColumn(dimension: number, count: number, shift: number): Float64Array {
	const directions = directionsOf(dimension);
	const column = new Float64Array(count);
	let x = 0;
	for (let i = 0; i < count; i++) {
		column[i] = (((x ^ shift) >>> 0) + 0.5) / WHOLE;
		x ^= directions[lowestZero(i)] as number;
	}
	return column;
}

const WHOLE = 4294967296;
const BITS = 32;

function directionsOf(dimension: number): Int32Array {
	const directions = new Int32Array(BITS);
	if (dimension === 0) {
		for (let k = 0; k < BITS; k++) directions[k] = 1 << (31 - k);
		return directions;
	}
	const [inner, ...first] = (DIRECTIONS[dimension - 1] as string).split(" ").map(Number) as [number, ...number[]];
	const degree = first.length;
	for (let k = 0; k < BITS; k++) {
		if (k < degree) {
			directions[k] = (first[k] as number) << (31 - k);
			continue;
		}
		const before = directions[k - degree] as number;
		let v = before ^ (before >>> degree);
		for (let j = 1; j < degree; j++) {
			if (((inner >> (degree - 1 - j)) & 1) === 1) v ^= directions[k - j] as number;
		}
		directions[k] = v;
	}
	return directions;
}

/** Place of the lowest bit of i that is 0. */
function lowestZero(i: number): number {
	return 31 - Math.clz32(~i & (i + 1));
}
