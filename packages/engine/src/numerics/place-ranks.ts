/**
 * Some values of a column where they would stand if it were sorted, without sorting it (Hoare's selection): quantiles of
 * 10,000 draws in 61 months ask for six places in each.
 */

/** Moves values about so that those at `ranks`, rising, are as in the sorted column. No NaN. */
export function placeRanks(values: Float64Array, ranks: readonly number[]): void {
	let from = 0;
	for (const rank of ranks) {
		if (rank >= from) place(values, rank, from);
		from = Math.max(from, rank + 1);
	}
}

/** All before `from` are at most what comes after. */
function place(values: Float64Array, rank: number, from: number): void {
	let low = from;
	let high = values.length - 1;
	while (low < high) {
		const pivot = middle(values[low] as number, values[(low + high) >> 1] as number, values[high] as number);
		let i = low;
		let j = high;
		while (i <= j) {
			while ((values[i] as number) < pivot) i++;
			while ((values[j] as number) > pivot) j--;
			if (i > j) break;
			const moved = values[i] as number;
			values[i] = values[j] as number;
			values[j] = moved;
			i++;
			j--;
		}
		if (rank <= j) high = j;
		else if (rank >= i) low = i;
		else return;
	}
}

function middle(a: number, b: number, c: number): number {
	return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
