import { describe, expect, it } from "vitest";
import { backward, factorise, forward, inverseDiagonal } from "./positive-definite.ts";

/** A = M·Mᵀ + I of whole numbers, lower triangle, for sizes that end in and between the fours. */
function matrix(n: number): Float64Array {
	const m = (i: number, k: number) => ((i * 7 + k * k * 3) % 11) - 5;
	return Float64Array.from({ length: n * n }, (_, at) => {
		const [i, j] = [Math.floor(at / n), at % n];
		let sum = i === j ? 1 : 0;
		for (let k = 0; k < n; k++) sum += m(i, k) * m(j, k);
		return sum;
	});
}

const SIZES = [1, 3, 4, 5, 8, 11, 26];

describe("positive definite matrices", () => {
	it("has the factor by hand of a matrix of 2", () => {
		const a = Float64Array.from([4, 0, 2, 5]);
		factorise(a, 2);
		expect([a[0], a[2], a[3]]).toEqual([2, 1, 2]);
		// inverse of [[4, 2], [2, 5]]: [[5, −2], [−2, 4]] / 16
		expect([...inverseDiagonal(a, 2)]).toEqual([5 / 16, 4 / 16]);
	});

	it.each(SIZES)("has the bits of the plain loops, size %i", (n) => {
		const [fast, plain] = [matrix(n), matrix(n)];
		factorise(fast, n);
		for (let i = 0; i < n; i++) {
			for (let j = 0; j <= i; j++) {
				let sum = plain[i * n + j] as number;
				for (let k = 0; k < j; k++) sum -= (plain[i * n + k] as number) * (plain[j * n + k] as number);
				plain[i * n + j] = i === j ? Math.sqrt(sum) : sum / (plain[j * n + j] as number);
			}
		}
		expect(fast).toEqual(plain);
		const b = Float64Array.from({ length: n }, (_, i) => (i % 5) - 1.3);
		const own = b.slice();
		for (let i = 0; i < n; i++) {
			for (let k = 0; k < i; k++) own[i] = (own[i] as number) - (plain[i * n + k] as number) * (own[k] as number);
			own[i] = (own[i] as number) / (plain[i * n + i] as number);
		}
		forward(fast, n, b);
		expect(b).toEqual(own);
	});

	it.each(SIZES)("solves what was multiplied, and inverts, size %i", (n) => {
		const a = matrix(n);
		const factor = a.slice();
		factorise(factor, n);
		const diagonal = inverseDiagonal(factor, n);
		for (let column = 0; column < n; column++) {
			const x = new Float64Array(n);
			x[column] = 1;
			forward(factor, n, x);
			backward(factor, n, x);
			expect(x[column]).toBeCloseTo(diagonal[column] as number, 9);
			for (let i = 0; i < n; i++) {
				let sum = 0;
				for (let k = 0; k < n; k++) sum += (a[i * n + k] as number) * (x[k] as number);
				expect(sum).toBeCloseTo(i === column ? 1 : 0, 6);
			}
		}
	});
});
