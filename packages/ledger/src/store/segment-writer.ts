import type { CapacitySample } from "../records/capacity.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { PriceRecord } from "../records/price.ts";
import type { UsageRecord } from "../records/usage.ts";
import { BatchBuilder } from "./column-batch.ts";
import { capacityEncoder, chargeEncoder, priceEncoder } from "./encode-others.ts";
import { usageEncoder } from "./encode-usage.ts";
import type { LedgerStore } from "./store.ts";
import type { TableName } from "./table.ts";

/** Any record that the ledger keeps. */
export type LedgerRecord =
	| { readonly kind: "usage"; readonly record: UsageRecord }
	| { readonly kind: "capacity"; readonly record: CapacitySample }
	| { readonly kind: "price"; readonly record: PriceRecord }
	| { readonly kind: "charge"; readonly record: ChargeRecord };

export interface WriterOrigin {
	/** Shown where someone asks where rows come from: the file's name. */
	readonly name: string;
	/** The same for the same content read in the same way: hash of the file, importer and its version. */
	readonly id: string;
}

export interface Written {
	readonly stored: number;
	/** Records that the store had already, from an earlier run over the same content. */
	readonly repeated: number;
}

/** Records to a segment. Part of the idempotency: the same records in the same order make the same segments. */
const SEGMENT_RECORDS = 20_480;

/**
 * Writes the records of one origin to a store, a segment at a time. Running again over the same content stores nothing
 * twice, also where the first run was killed: whole segments are known by their place.
 */
export class SegmentWriter {
	private readonly store: LedgerStore;
	private readonly origin: WriterOrigin;
	private readonly builders: ReadonlyMap<TableName, BatchBuilder>;
	private readonly encode: (record: LedgerRecord) => void;
	private inSegment = 0;
	private segment = 0;
	private stored = 0;
	private repeated = 0;

	constructor(store: LedgerStore, origin: WriterOrigin) {
		this.store = store;
		this.origin = origin;
		this.builders = new Map(TABLE_NAMES.map((name) => [name, new BatchBuilder(name)]));
		this.encode = encoderFor(this.builders);
	}

	/** Takes one record; resolves at once save where a segment is full and is written. */
	async add(record: LedgerRecord): Promise<void> {
		this.encode(record);
		this.inSegment++;
		if (this.inSegment === SEGMENT_RECORDS) await this.writeSegment();
	}

	/** Writes what is left, and makes it safe in the store's own file. */
	async finish(): Promise<Written> {
		if (this.inSegment > 0) await this.writeSegment();
		await this.store.checkpoint();
		return { stored: this.stored, repeated: this.repeated };
	}

	private async writeSegment(): Promise<void> {
		const batches = [...this.builders.values()].filter(({ rows }) => rows > 0).map((builder) => builder.take());
		const { isNew } = await this.store.load(`${this.origin.id}:${this.segment}`, [{ batches }], {
			name: this.origin.name,
			bytes: 0,
		});
		if (isNew) this.stored += this.inSegment;
		else this.repeated += this.inSegment;
		this.segment++;
		this.inSegment = 0;
	}
}

const TABLE_NAMES: readonly TableName[] = ["usage_request", "usage_window", "capacity", "price", "charge"];

function encoderFor(builders: ReadonlyMap<TableName, BatchBuilder>): (record: LedgerRecord) => void {
	const builder = (name: TableName): BatchBuilder => builders.get(name) as BatchBuilder;
	const usage = usageEncoder(builder("usage_request"), builder("usage_window"));
	const capacity = capacityEncoder(builder("capacity"));
	const price = priceEncoder(builder("price"));
	const charge = chargeEncoder(builder("charge"));
	return (given) => {
		switch (given.kind) {
			case "usage":
				return usage(given.record);
			case "capacity":
				return capacity(given.record);
			case "price":
				return price(given.record);
			case "charge":
				return charge(given.record);
		}
	};
}
