import { createHash } from "node:crypto";
import type { ColumnBatch } from "../column-batch.ts";
import { reducedKey } from "../reduced-key.ts";
import { KEY_SEPARATOR, type DimensionName } from "../table.ts";

/** A row of `dim_*`: number, number without what roll-ups drop, labels. */
export type DimensionRow = readonly [string, string, ...(string | null)[]];

/**
 * The numbers of combinations of labels: of 64 bits of their hash, so that several servers that write give the same one
 * without asking each other. Among a million combinations two have the same number once in forty million ledgers.
 */
export class DimensionKeys {
	private readonly stored = new Map<DimensionName, Set<string>>();
	private readonly known = new Map<string, bigint>();

	/** Numbers for the codes of a batch, each as its lower and its upper half. */
	ofBatch(batch: ColumnBatch, dimension: string): Uint32Array {
		const keys = batch.dimensions.get(dimension as DimensionName) ?? [];
		return new Uint32Array(BigUint64Array.from(keys, (key) => this.idOf(dimension as DimensionName, key)).buffer);
	}

	/** What must be in the store before the events of these batches are, by dimension. */
	missing(batches: readonly ColumnBatch[]): ReadonlyMap<DimensionName, readonly DimensionRow[]> {
		const rows = new Map<DimensionName, DimensionRow[]>();
		for (const { dimensions } of batches) {
			for (const [name, keys] of dimensions) {
				const stored = this.stored.get(name);
				const fresh = keys.flatMap((key) => [key, reducedKey(name, key)]).filter((key) => stored?.has(key) !== true);
				rows.set(name, [...(rows.get(name) ?? []), ...[...new Set(fresh)].map((key) => this.rowOf(name, key))]);
			}
		}
		return rows;
	}

	/** Remembers that the store has them. */
	isStored(batches: readonly ColumnBatch[]): void {
		for (const { dimensions } of batches) {
			for (const [name, keys] of dimensions) {
				const stored = this.stored.get(name) ?? new Set();
				for (const key of keys) stored.add(key).add(reducedKey(name, key));
				this.stored.set(name, stored);
			}
		}
	}

	private rowOf(name: DimensionName, key: string): DimensionRow {
		const labels = key.split(KEY_SEPARATOR).map((label) => (label === "" ? null : label));
		return [String(this.idOf(name, key)), String(this.idOf(name, reducedKey(name, key))), ...labels];
	}

	private idOf(name: DimensionName, key: string): bigint {
		const place = name + KEY_SEPARATOR + key;
		const known = this.known.get(place) ?? hash64(place);
		this.known.set(place, known);
		return known;
	}
}

/** The first 64 bits of the SHA-256 of a text. */
export function hash64(text: string): bigint {
	return createHash("sha256").update(text).digest().readBigUInt64LE(0);
}
