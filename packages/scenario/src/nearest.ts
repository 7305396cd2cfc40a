/** Names that look like `word`, closest first, at most three. */
export function nearestNames(word: string, names: Iterable<string>): string[] {
	const wanted = fold(word);
	if (wanted === "" || wanted.length > 40) return [];
	const limit = Math.max(1, Math.floor(wanted.length / 3));
	const scored: [number, string][] = [];
	for (const name of names) {
		const other = fold(name);
		const distance = editDistance(wanted, other);
		const holds = wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other));
		if (distance <= limit || holds) scored.push([distance, name]);
	}
	scored.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
	return scored.slice(0, 3).map(([, name]) => name);
}

function fold(word: string): string {
	return word.toLowerCase().replace(/[-_ ]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let last: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const cost = a[i - 1] === b[j - 1] ? 0 : 1;
			let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				best = Math.min(best, (before[j - 2] ?? 0) + 1);
			row.push(best);
		}
		before = last;
		last = row;
	}
	return last[b.length] ?? 0;
}
