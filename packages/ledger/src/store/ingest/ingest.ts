import { createHash } from "node:crypto";
import { capacityShape } from "../../records/capacity.ts";
import { chargeShape } from "../../records/charge.ts";
import { priceShape } from "../../records/price.ts";
import { readRecord, type RecordIssue, type RecordShape } from "../../records/record-shape.ts";
import { usageShape, type UsageRecord } from "../../records/usage.ts";
import { BatchBuilder, type ColumnBatch } from "../column-batch.ts";
import { capacityEncoder, chargeEncoder, priceEncoder } from "../encode-others.ts";
import { usageEncoder } from "../encode-usage.ts";
import { encodeFrame } from "../frame.ts";
import type { Spool } from "../spool/spool.ts";
import { StoreError } from "../store-error.ts";
import type { LedgerStore } from "../store.ts";
import { requestJsonEncoder } from "./encode-request-json.ts";

/** Kinds of records that come over the wire, one kind a body. */
export const WIRE_KINDS = ["usage", "capacity", "prices", "charges"] as const;
export type WireKind = (typeof WIRE_KINDS)[number];

export type Accepted =
	| { readonly outcome: "stored" | "repeated"; readonly records: number }
	| { readonly outcome: "refused"; readonly issues: readonly LineIssue[]; readonly faulty: number };

export interface LineIssue extends RecordIssue {
	/** Counted from 1. */
	readonly line: number;
}

/** Issues that an answer lists; the rest is only counted. */
const LISTED_ISSUES = 20;

/**
 * The way in for events: check, write to the spool, acknowledge. A body is taken whole or not at all. Its key, the
 * sender's or its own hash, makes sending it again harmless.
 */
export class Ingest {
	private readonly store: LedgerStore;
	private readonly spool: Spool;
	private readonly underway = new Map<string, { readonly hash: string; readonly done: Promise<number> }>();
	private readonly encoders: Readonly<Record<WireKind, LineEncoder>>;

	constructor(store: LedgerStore, spool: Spool) {
		this.store = store;
		this.spool = spool;
		this.encoders = {
			usage: usageLines(),
			capacity: shapedLines("capacity", capacityShape, capacityEncoder),
			prices: shapedLines("price", priceShape, priceEncoder),
			charges: shapedLines("charge", chargeShape, chargeEncoder),
		};
	}

	/**
	 * Takes a body of JSON lines. Resolves after it is on the disk. Throws StoreError `spool-full`, `disk-full`, and
	 * `body-conflict` where the key came before with another body.
	 */
	async accept(kind: WireKind, body: Uint8Array, key?: string): Promise<Accepted> {
		this.spool.requireRoom(0);
		const hash = createHash("sha256").update(body).digest("base64url");
		const name = key === undefined ? `sha256:${kind}:${hash}` : `key:${key}`;
		const earlier = this.underway.get(name);
		const storedHash = earlier?.hash ?? this.store.bodyHash(name);
		if (storedHash !== undefined) {
			if (storedHash !== hash) throw conflict();
			return { outcome: "repeated", records: (await earlier?.done) ?? 0 };
		}
		const read = this.encoders[kind](decode(body));
		if (read.faulty > 0) return { outcome: "refused", issues: read.issues, faulty: read.faulty };
		const done = this.write(read.batches, name, hash);
		this.underway.set(name, { hash, done });
		try {
			return { outcome: "stored", records: await done };
		} catch (error) {
			this.underway.delete(name);
			throw error;
		}
	}

	/** Forgets the keys that the store has taken over. */
	settle(): void {
		for (const name of this.underway.keys()) if (this.store.bodyHash(name) !== undefined) this.underway.delete(name);
	}

	private async write(batches: readonly ColumnBatch[], bodyKey: string, bodyHash: string): Promise<number> {
		if (batches.length > 0) await this.spool.append(encodeFrame({ batches, bodyKey, bodyHash }));
		return batches.reduce((sum, { rows }) => sum + rows, 0);
	}
}

interface ReadLines {
	readonly batches: readonly ColumnBatch[];
	readonly issues: readonly LineIssue[];
	readonly faulty: number;
}
type LineEncoder = (text: string) => ReadLines;

function usageLines(): LineEncoder {
	const requests = new BatchBuilder("usage_request", 1024);
	const windows = new BatchBuilder("usage_window", 64);
	const fast = requestJsonEncoder(requests);
	const slow = usageEncoder(requests, windows);
	const encode = (value: unknown, report: Report): void => {
		if (fast(value)) return;
		const read = readRecord<UsageRecord>(usageShape, value);
		if (read.ok) slow(read.record);
		else report(read.issues);
	};
	return (text) => readLines(text, encode, [requests, windows]);
}

function shapedLines<T>(
	table: "capacity" | "price" | "charge",
	shape: RecordShape<T>,
	encoder: (batch: BatchBuilder) => (record: T) => void,
): LineEncoder {
	const batch = new BatchBuilder(table, 64);
	const add = encoder(batch);
	const encode = (value: unknown, report: Report): void => {
		const read = readRecord(shape, value);
		if (read.ok) add(read.record);
		else report(read.issues);
	};
	return (text) => readLines(text, encode, [batch]);
}

type Report = (issues: readonly RecordIssue[]) => void;

function readLines(
	text: string,
	encode: (value: unknown, report: Report) => void,
	builders: readonly BatchBuilder[],
): ReadLines {
	const issues: LineIssue[] = [];
	let faulty = 0;
	let line = 0;
	const report: Report = (found) => {
		faulty++;
		for (const issue of found) if (issues.length < LISTED_ISSUES) issues.push({ ...issue, line });
	};
	try {
		for (let start = 0; start < text.length; ) {
			const newline = text.indexOf("\n", start);
			const end = newline < 0 ? text.length : newline;
			line++;
			if (!isBlank(text, start, end)) {
				const value = parse(text.slice(start, end));
				if (value === undefined) report([NOT_JSON]);
				else encode(value, report);
			}
			start = end + 1;
		}
	} catch (error) {
		// Nothing of this body may stay behind in the builders.
		for (const builder of builders) {
			builder.dropRow();
			builder.take();
		}
		throw error;
	}
	const batches = builders.filter(({ rows }) => rows > 0).map((builder) => builder.take());
	return { batches: faulty > 0 ? [] : batches, issues, faulty };
}

const NOT_JSON: RecordIssue = {
	code: "wrong-type",
	path: "",
	message: "the line is no JSON",
	expected: "one JSON object a line",
};

function parse(line: string): unknown {
	try {
		return JSON.parse(line) as unknown;
	} catch {
		return undefined;
	}
}

function isBlank(text: string, start: number, end: number): boolean {
	for (let i = start; i < end; i++) {
		const code = text.charCodeAt(i);
		if (code !== 32 && code !== 9 && code !== 13) return false;
	}
	return true;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decode(body: Uint8Array): string {
	try {
		return UTF8.decode(body);
	} catch (cause) {
		throw new StoreError("not-utf8", "the body is not UTF-8", { hint: "send UTF-8", cause });
	}
}

function conflict(): StoreError {
	return new StoreError("body-conflict", "this idempotency key came before with another body", {
		hint: "give every body a key of its own, and the same body the same key",
	});
}
