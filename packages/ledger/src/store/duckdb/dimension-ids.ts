import type { ColumnBatch } from "../column-batch.ts";
import { reducedKey } from "../reduced-key.ts";
import { DIMENSIONS, KEY_SEPARATOR, type DimensionName } from "../table.ts";
import { rowsOf, run, textOf, type Cell, type DuckDBConnection } from "./connection.ts";

interface FreshId {
	readonly dimension: DimensionName;
	readonly key: string;
	readonly id: number;
	/** Number of the same key without what roll-ups drop. */
	readonly reduced: number;
}

/**
 * The store's number for each combination of labels. One process writes a DuckDB file, so the numbers are given out in
 * memory; new ones are written in the transaction of the events that use them, and forgotten where it fails.
 */
export class DimensionIds {
	private readonly known = new Map<DimensionName, Map<string, number>>();
	private fresh: FreshId[] = [];
	private readonly translated = new WeakMap<ColumnBatch, Map<string, Int32Array>>();

	async load(connection: DuckDBConnection): Promise<void> {
		for (const [name, members] of Object.entries(DIMENSIONS)) {
			const columns = members.map((member) => `coalesce("${member}", '')`).join(", ");
			const rows = await rowsOf(connection, `SELECT id, ${columns} FROM dim_${name} ORDER BY id`);
			const ids = rows.map(([id, ...key]): [string, number] => [key.map(textOf).join(KEY_SEPARATOR), Number(id)]);
			this.known.set(name as DimensionName, new Map(ids));
		}
	}

	/** The store's number for each code of a batch. */
	ofBatch(batch: ColumnBatch, dimension: string): Int32Array {
		const cached = this.translated.get(batch)?.get(dimension);
		if (cached !== undefined) return cached;
		const name = dimension as DimensionName;
		const ids = Int32Array.from(batch.dimensions.get(name) ?? [], (key) => this.idOf(name, key));
		const forBatch = this.translated.get(batch) ?? new Map<string, Int32Array>();
		this.translated.set(batch, forBatch.set(dimension, ids));
		return ids;
	}

	/** Writes the new numbers; call within the transaction of the events. */
	async writeFresh(connection: DuckDBConnection): Promise<void> {
		for (const name of Object.keys(DIMENSIONS) as DimensionName[]) {
			const rows = this.fresh.filter(({ dimension }) => dimension === name);
			for (let from = 0; from < rows.length; from += 500) {
				const some = rows.slice(from, from + 500);
				const width = DIMENSIONS[name].length + 2;
				const places = some.map(
					(_, i) => `(${Array.from({ length: width }, (__, j) => `$${i * width + j + 1}`).join(", ")})`,
				);
				const values = some.flatMap(({ id, key, reduced }): Cell[] => [
					id,
					reduced,
					...key.split(KEY_SEPARATOR).map((member) => (member === "" ? null : member)),
				]);
				await run(connection, `INSERT INTO dim_${name} VALUES ${places.join(", ")}`, values);
			}
		}
	}

	committed(): void {
		this.fresh = [];
	}

	rolledBack(): void {
		for (const { dimension, key } of this.fresh) this.known.get(dimension)?.delete(key);
		this.fresh = [];
	}

	private idOf(dimension: DimensionName, key: string): number {
		const ids = this.known.get(dimension) ?? new Map<string, number>();
		this.known.set(dimension, ids);
		const found = ids.get(key);
		if (found !== undefined) return found;
		// Numbers that a failed transaction gave out come free again from the end, so the size is the next one.
		const id = ids.size;
		ids.set(key, id);
		const reduced = reducedKey(dimension, key);
		const place = this.fresh.length;
		this.fresh.push({ dimension, key, id, reduced: id });
		if (reduced === key) return id;
		this.fresh[place] = { dimension, key, id, reduced: this.idOf(dimension, reduced) };
		return id;
	}
}
