/**
 * Cholesky's factor L of a positive definite matrix (L·Lᵀ), and what is solved with it. Matrices are squares row by row,
 * of which the lower triangle counts. Four sums run side by side, each in the order in which it would run alone: the bits
 * are those of the plain loops, in about half their time.
 */

/** Lower factor, in place. A pivot that rounding took below 0 becomes 1e-12. */
export function factorise(a: Float64Array, n: number): void {
	for (let i = 0; i < n; i++) {
		const row = i * n;
		let first = 0;
		for (; first + 3 < i; first += 4) {
			const [p, q, r, s] = [first * n, (first + 1) * n, (first + 2) * n, (first + 3) * n];
			let w = a[row + first] as number;
			let x = a[row + first + 1] as number;
			let y = a[row + first + 2] as number;
			let z = a[row + first + 3] as number;
			for (let k = 0; k < first; k++) {
				const value = a[row + k] as number;
				w -= value * (a[p + k] as number);
				x -= value * (a[q + k] as number);
				y -= value * (a[r + k] as number);
				z -= value * (a[s + k] as number);
			}
			w /= a[p + first] as number;
			x = (x - w * (a[q + first] as number)) / (a[q + first + 1] as number);
			y = y - w * (a[r + first] as number) - x * (a[r + first + 1] as number);
			y /= a[r + first + 2] as number;
			z = z - w * (a[s + first] as number) - x * (a[s + first + 1] as number) - y * (a[s + first + 2] as number);
			z /= a[s + first + 3] as number;
			a[row + first] = w;
			a[row + first + 1] = x;
			a[row + first + 2] = y;
			a[row + first + 3] = z;
		}
		for (let j = first; j <= i; j++) {
			const other = j * n;
			let sum = a[row + j] as number;
			for (let k = 0; k < j; k++) sum -= (a[row + k] as number) * (a[other + k] as number);
			a[row + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[other + j] as number);
		}
	}
}

/** b becomes L⁻¹·b. */
export function forward(factor: Float64Array, n: number, b: Float64Array): void {
	let i = 0;
	for (; i + 3 < n; i += 4) {
		const [p, q, r, s] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
		let w = b[i] as number;
		let x = b[i + 1] as number;
		let y = b[i + 2] as number;
		let z = b[i + 3] as number;
		for (let k = 0; k < i; k++) {
			const value = b[k] as number;
			w -= (factor[p + k] as number) * value;
			x -= (factor[q + k] as number) * value;
			y -= (factor[r + k] as number) * value;
			z -= (factor[s + k] as number) * value;
		}
		w /= factor[p + i] as number;
		x = (x - (factor[q + i] as number) * w) / (factor[q + i + 1] as number);
		y = (y - (factor[r + i] as number) * w - (factor[r + i + 1] as number) * x) / (factor[r + i + 2] as number);
		z = z - (factor[s + i] as number) * w - (factor[s + i + 1] as number) * x - (factor[s + i + 2] as number) * y;
		z /= factor[s + i + 3] as number;
		b[i] = w;
		b[i + 1] = x;
		b[i + 2] = y;
		b[i + 3] = z;
	}
	for (; i < n; i++) {
		const row = i * n;
		let sum = b[i] as number;
		for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (b[k] as number);
		b[i] = sum / (factor[row + i] as number);
	}
}

/** b becomes L⁻ᵀ·b. */
export function backward(factor: Float64Array, n: number, b: Float64Array): void {
	for (let i = n - 1; i >= 0; i--) {
		const row = i * n;
		const value = (b[i] as number) / (factor[row + i] as number);
		b[i] = value;
		for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (factor[row + k] as number) * value;
	}
}

/** Diagonal of (L·Lᵀ)⁻¹: squared columns of L⁻¹, which is built row by row. */
export function inverseDiagonal(factor: Float64Array, n: number): Float64Array {
	const diagonal = new Float64Array(n);
	const inverse = zeros(n * n);
	for (let i = 0; i < n; i++) {
		const row = i * n;
		const head = 1 / (factor[row + i] as number);
		let k = 0;
		for (; k + 3 < i; k += 4) {
			const w = -(factor[row + k] as number) * head;
			const x = -(factor[row + k + 1] as number) * head;
			const y = -(factor[row + k + 2] as number) * head;
			const z = -(factor[row + k + 3] as number) * head;
			const [p, q, r, s] = [k * n, (k + 1) * n, (k + 2) * n, (k + 3) * n];
			// beyond its diagonal a row of the inverse is 0
			for (let j = 0; j <= k + 3; j++) {
				let sum = (inverse[row + j] as number) + w * (inverse[p + j] as number);
				sum += x * (inverse[q + j] as number);
				sum += y * (inverse[r + j] as number);
				inverse[row + j] = sum + z * (inverse[s + j] as number);
			}
		}
		for (; k < i; k++) {
			const scale = -(factor[row + k] as number) * head;
			const other = k * n;
			for (let j = 0; j <= k; j++) {
				inverse[row + j] = (inverse[row + j] as number) + scale * (inverse[other + j] as number);
			}
		}
		inverse[row + i] = head;
		for (let j = 0; j <= i; j++) {
			const value = inverse[row + j] as number;
			diagonal[j] = (diagonal[j] as number) + value * value;
		}
	}
	return diagonal;
}

/** Room for one inverse factor, which nobody keeps: half a megabyte anew for each of hundreds of fields is slow. */
let room = new Float64Array(0);

function zeros(length: number): Float64Array {
	if (room.length < length) room = new Float64Array(length);
	return room.fill(0, 0, length);
}
