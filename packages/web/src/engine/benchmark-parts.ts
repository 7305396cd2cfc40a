/**
 * Benchmark rows are kept in one part per model, each row with its place in the whole, so that rows of some models stand
 * in the order of the catalogue.
 */
import type { BenchmarkPoint } from "@farthing/engine";

export interface BenchmarkPart {
	readonly places: readonly number[];
	readonly rows: readonly BenchmarkPoint[];
}

export function benchmarkParts(rows: readonly BenchmarkPoint[]): Map<string, BenchmarkPart> {
	const parts = new Map<string, { places: number[]; rows: BenchmarkPoint[] }>();
	rows.forEach((row, place) => {
		const part = parts.get(row.model) ?? { places: [], rows: [] };
		part.places.push(place);
		part.rows.push(row);
		parts.set(row.model, part);
	});
	return parts;
}

export function joinedRows(parts: readonly BenchmarkPart[]): BenchmarkPoint[] {
	return parts
		.flatMap(({ places, rows }) => rows.map((row, i) => ({ row, place: places[i] as number })))
		.sort((a, b) => a.place - b.place)
		.map(({ row }) => row);
}
