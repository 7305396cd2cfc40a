/**
 * Least squares with no coefficient below 0, for a handful of unknowns: the best of the unconstrained solutions over all
 * subsets of the unknowns that is itself not negative. Exact, and quick enough up to about eight unknowns.
 */

/** Coefficients x ≥ 0 that make Σ (rows·x − right)² least. Throws RangeError for more than 10 unknowns. */
export function nonNegativeLeastSquares(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
	const unknowns = rows[0]?.length ?? 0;
	if (unknowns > 10) throw new RangeError(`too many unknowns: ${unknowns}`);
	let best: number[] = new Array<number>(unknowns).fill(0);
	let least = errorOf(rows, right, best);
	for (let subset = 1; subset < 1 << unknowns; subset++) {
		const places = Array.from({ length: unknowns }, (_, i) => i).filter((i) => (subset & (1 << i)) !== 0);
		const found = solved(rows, right, places);
		if (found === undefined || found.some((value) => value < 0)) continue;
		const all = new Array<number>(unknowns).fill(0);
		places.forEach((place, i) => {
			all[place] = found[i] as number;
		});
		const error = errorOf(rows, right, all);
		if (error < least) {
			least = error;
			best = all;
		}
	}
	return best;
}

function errorOf(rows: readonly (readonly number[])[], right: readonly number[], x: readonly number[]): number {
	return rows.reduce((sum, row, r) => {
		const off = row.reduce((total, value, i) => total + value * (x[i] as number), 0) - (right[r] as number);
		return sum + off * off;
	}, 0);
}

/** Normal equations of the chosen columns, each scaled to length 1; undefined where they are not independent. */
function solved(
	rows: readonly (readonly number[])[],
	right: readonly number[],
	places: readonly number[],
): number[] | undefined {
	const lengths = places.map((place) => Math.sqrt(rows.reduce((sum, row) => sum + square(row[place] as number), 0)));
	if (lengths.some((length) => length === 0)) return undefined;
	const n = places.length;
	const matrix = places.map((a, i) => [
		...places.map((b, j) => {
			const product = rows.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0);
			return product / ((lengths[i] as number) * (lengths[j] as number));
		}),
		rows.reduce((sum, row, r) => sum + (row[a] as number) * (right[r] as number), 0) / (lengths[i] as number),
	]);
	for (let i = 0; i < n; i++) {
		const pivotRow = matrix[i] as number[];
		const pivot = pivotRow[i] as number;
		// Columns are of length 1: what is left of one that the others explain is rounding.
		if (pivot < 1e-10) return undefined;
		for (let r = i + 1; r < n; r++) {
			const row = matrix[r] as number[];
			const factor = (row[i] as number) / pivot;
			for (let c = i; c <= n; c++) row[c] = (row[c] as number) - factor * (pivotRow[c] as number);
		}
	}
	const x = new Array<number>(n).fill(0);
	for (let i = n - 1; i >= 0; i--) {
		const row = matrix[i] as number[];
		let sum = row[n] as number;
		for (let c = i + 1; c < n; c++) sum -= (row[c] as number) * (x[c] as number);
		x[i] = sum / (row[i] as number);
	}
	return x.map((value, i) => value / (lengths[i] as number));
}

function square(x: number): number {
	return x * x;
}
