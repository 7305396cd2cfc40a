/** What was measured: models with the lengths of their benchmark rows, most rows first, and the days of the rows. */
import type { Host } from "../host.ts";

export interface MeasuredLengths {
	readonly isl: number;
	readonly osl: number;
	readonly rows: number;
}

export interface MeasuredModel {
	readonly model: string;
	readonly lengths: readonly MeasuredLengths[];
	/** First and last day that a row was measured on; none where all are medians over a period. */
	readonly days?: { readonly first: string; readonly last: string };
}

export async function answer(_words: null, host: Host): Promise<readonly MeasuredModel[]> {
	const { benchmarks } = await host.catalogue({ benchmarks: "all" });
	const models = new Map<string, { days: string[]; lengths: Map<string, MeasuredLengths> }>();
	for (const { model, isl, osl, measuredOn } of benchmarks) {
		const of = models.get(model) ?? { days: [], lengths: new Map<string, MeasuredLengths>() };
		models.set(model, of);
		if (measuredOn !== undefined) of.days.push(measuredOn);
		const key = `${isl}/${osl}`;
		of.lengths.set(key, { isl, osl, rows: (of.lengths.get(key)?.rows ?? 0) + 1 });
	}
	return [...models]
		.map(([model, { days, lengths }]) => {
			const sorted = [...lengths.values()].sort((a, b) => b.rows - a.rows);
			if (days.length === 0) return { model, lengths: sorted };
			const [first, last] = [days.reduce((a, b) => (b < a ? b : a)), days.reduce((a, b) => (b > a ? b : a))];
			return { model, lengths: sorted, days: { first, last } };
		})
		.sort((a, b) => rowsOf(b) - rowsOf(a));
}

function rowsOf({ lengths }: MeasuredModel): number {
	return lengths.reduce((sum, { rows }) => sum + rows, 0);
}
