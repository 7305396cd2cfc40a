/**
 * Some values of a column where they would stand if it were sorted, without sorting it: quantiles of 10,000 draws in 61
 * months ask for six places in each. Floyd and Rivest's selection ("Expected time bounds for selection", 1975): the pivot
 * is found in a small part of the column first, so that it lies next to the place that is looked for.
 */

/** Moves values about so that those at `ranks`, rising, are as in the sorted column. No NaN. */
export function placeRanks(values: Float64Array, ranks: readonly number[]): void {
	placeAmong(values, ranks, 0, values.length - 1);
}

/** The middle one first: each half then holds its own ranks alone. */
function placeAmong(values: Float64Array, ranks: readonly number[], low: number, high: number): void {
	const middle = ranks.length >> 1;
	const rank = ranks[middle];
	if (rank === undefined) return;
	select(values, rank, low, high);
	placeAmong(values, ranks.slice(0, middle), low, rank - 1);
	placeAmong(values, ranks.slice(middle + 1), rank + 1, high);
}

/** In fewer values a pivot is not worth looking for. */
const MANY = 600;

function select(values: Float64Array, rank: number, from: number, to: number): void {
	let low = from;
	let high = to;
	while (low < high) {
		if (rank === low) return leastFirst(values, low, high);
		const count = high - low + 1;
		if (count > MANY) {
			const sampled = 2.3 * Math.sqrt(count);
			const share = (rank - low) / count;
			const aside = 1.5 * Math.sqrt(sampled) * (share < 0.5 ? -1 : 1);
			const first = Math.floor(rank - share * sampled + aside);
			const last = Math.floor(rank + (1 - share) * sampled + aside);
			select(values, rank, Math.max(low, first), Math.min(high, last));
		}
		const pivot = values[rank] as number;
		let i = low;
		let j = high;
		while (i <= j) {
			while ((values[i] as number) < pivot) i++;
			while ((values[j] as number) > pivot) j--;
			if (i > j) break;
			swap(values, i, j);
			i++;
			j--;
		}
		if (rank <= j) high = j;
		else if (rank >= i) low = i;
		else return;
	}
}

function leastFirst(values: Float64Array, low: number, high: number): void {
	let least = low;
	for (let i = low + 1; i <= high; i++) if ((values[i] as number) < (values[least] as number)) least = i;
	swap(values, low, least);
}

function swap(values: Float64Array, i: number, j: number): void {
	const moved = values[i] as number;
	values[i] = values[j] as number;
	values[j] = moved;
}
