import { isAscii, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { capacityShape } from "../../records/capacity.ts";
import { chargeShape } from "../../records/charge.ts";
import { priceShape } from "../../records/price.ts";
import { readRecord, type RecordIssue, type RecordShape } from "../../records/record-shape.ts";
import { formatInstant, instant, MICROS_PER_HOUR, type Instant } from "../../records/units.ts";
import { usageShape } from "../../records/usage.ts";
import { BatchBuilder, type BatchMark } from "../column-batch.ts";
import { capacityEncoder, chargeEncoder, priceEncoder } from "../encode-others.ts";
import { usageEncoder } from "../encode-usage.ts";
import { encodeFrame, type BodyId } from "../frame.ts";
import type { Spool } from "../spool/spool.ts";
import { StoreError } from "../store-error.ts";
import type { LedgerStore } from "../store.ts";
import { RequestLines } from "./request-lines.ts";

/** Kinds of records that come over the wire, one kind a body. */
export const WIRE_KINDS = ["usage", "capacity", "prices", "charges"] as const;
export type WireKind = (typeof WIRE_KINDS)[number];

export type Accepted =
	/** `records`: of the body; of one that came before they are there already, and none was added. */
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
 * sender's or its own hash, makes sending it again harmless. Bodies that come while others are on their way to the disk
 * share one frame, and one wait for the disk.
 */
export class Ingest {
	private readonly store: LedgerStore;
	private readonly spool: Spool;
	private readonly underway = new Map<string, Underway>();
	private readonly now: () => bigint;
	private readonly inputs: Readonly<Record<WireKind, WireInput>>;
	private waiting: Waiting[] = [];
	private flushing: Promise<void> | undefined;

	/** `now`: microseconds since 1970. */
	constructor(store: LedgerStore, spool: Spool, now: () => bigint = wallClock) {
		this.store = store;
		this.spool = spool;
		this.now = now;
		this.inputs = {
			usage: usageInput(),
			capacity: shapedInput("capacity", capacityShape, capacityEncoder, (record) => record),
			prices: shapedInput("price", priceShape, priceEncoder),
			charges: shapedInput("charge", chargeShape, chargeEncoder),
		};
	}

	/**
	 * Takes a body of JSON lines. Resolves after it is on the disk. Throws StoreError `spool-full`, `disk-full`, and
	 * `body-conflict` where the key came before with another body.
	 *
	 * `org`: whose the body is, known from who sent it. It is written into every usage record, whatever the body says,
	 * and keys of one organisation say nothing of those of another.
	 */
	async accept(kind: WireKind, body: Uint8Array, key?: string, org?: string): Promise<Accepted> {
		const hash = createHash("sha256").update(body).digest("base64url");
		const of = org === undefined ? "" : `org:${org}:`;
		const name = key === undefined ? `${of}sha256:${kind}:${hash}` : `${of}key:${key}`;
		const earlier = this.underway.get(name);
		const storedHash = earlier?.hash ?? this.store.bodyHash(name);
		if (storedHash !== undefined) {
			if (storedHash !== hash) throw conflict();
			await earlier?.done;
			return { outcome: "repeated", records: linesIn(body) };
		}
		// Columns are smaller than the JSON that they come from.
		this.spool.requireRoom(body.length);
		const { records, issues, faulty } = readLines(body, this.inputs[kind], {
			org: kind === "usage" ? org : undefined,
			latest: Number(this.now()) + MICROS_PER_HOUR,
		});
		if (faulty > 0) return { outcome: "refused", issues, faulty };
		if (records === 0) return { outcome: "stored", records };
		const done = new Promise<void>((resolve, reject) =>
			this.waiting.push({ id: { key: name, hash }, resolve, reject }),
		);
		this.underway.set(name, { hash, done });
		this.flushing ??= this.flush();
		try {
			await done;
		} catch (error) {
			this.underway.delete(name);
			throw error;
		}
		return { outcome: "stored", records };
	}

	/** Forgets the keys that the store has taken over. */
	settle(): void {
		for (const name of this.underway.keys()) if (this.store.bodyHash(name) !== undefined) this.underway.delete(name);
	}

	private async flush(): Promise<void> {
		while (this.waiting.length > 0) {
			// Lets in the bodies that have come already.
			await new Promise((resolve) => setImmediate(resolve));
			const group = this.waiting;
			this.waiting = [];
			try {
				const builders = Object.values(this.inputs).flatMap((input) => input.builders);
				const batches = builders.filter(({ rows }) => rows > 0).map((builder) => builder.take());
				await this.spool.append(encodeFrame({ batches, bodies: group.map(({ id }) => id) }));
				for (const { resolve } of group) resolve();
			} catch (error) {
				for (const { reject } of group) reject(error);
			}
		}
		this.flushing = undefined;
	}
}

interface Underway {
	readonly hash: string;
	readonly done: Promise<void>;
}

interface Waiting {
	readonly id: BodyId;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

/** How lines of one kind become rows. */
interface WireInput {
	readonly builders: readonly BatchBuilder[];
	/** Takes the line at a place by the fast way: gives the place after it, or -1 where it did not. */
	readonly take?: (bytes: Uint8Array, at: number, of: LinesOf) => number;
	readonly encode: (value: unknown, report: Report, of: LinesOf) => void;
}
type Report = (issues: readonly RecordIssue[]) => void;

/** What holds for all lines of a body. */
interface LinesOf {
	readonly org: string | undefined;
	/** Microseconds since 1970: an event that begins or ends later is at fault. */
	readonly latest: number;
}

function wallClock(): bigint {
	return BigInt(Date.now()) * 1000n;
}

/** Clocks that are not set are off by minutes: what begins or ends later than an hour from now is a wrong date. */
function notOver({ t0, t1 }: Spanning, latest: number): RecordIssue[] {
	const [path, at] = t0 > latest ? (["t0", t0] as const) : (["t1", t1] as const);
	if (at <= latest) return [];
	const expected = `an event that ${path === "t0" ? "begins" : "ends"} by ${formatInstant(instant(latest))}, an hour ahead of the clock of the server`;
	return [{ code: "out-of-bounds", path, message: `${path} is ${formatInstant(at)}: it is not over yet`, expected }];
}

/** A line as files have it that hold several kinds. */
function wrapped(value: unknown): RecordIssue[] | undefined {
	const [name = "", ...more] = isObject(value) ? Object.keys(value).filter((key) => key !== "tenant") : [];
	if (more.length > 0 || !["usage", "capacity", "price", "charge"].includes(name)) return undefined;
	const message = `the record stands within "${name}", as in a file for farthing import: here a line is the record alone`;
	const expected = `what "${name}" holds as the line, or the file to POST /v1/imports`;
	return [{ code: "unknown-field", path: name, message, expected }];
}

interface Spanning {
	readonly t0: Instant;
	readonly t1: Instant;
}

function usageInput(): WireInput {
	const requests = new BatchBuilder("usage_request", 1024);
	const windows = new BatchBuilder("usage_window", 64);
	const fast = new RequestLines(requests);
	const encode = encodeBy(usageShape, usageEncoder(requests, windows), (record) => record);
	return { builders: [requests, windows], take: (bytes, at, of) => fast.take(bytes, at, of.org, of.latest), encode };
}

/** `spanOf`: the time of a record that must not reach further than an hour from now. */
function shapedInput<T>(
	table: "capacity" | "price" | "charge",
	shape: RecordShape<T>,
	encoder: (batch: BatchBuilder) => (record: T) => void,
	spanOf?: (record: T) => Spanning,
): WireInput {
	const batch = new BatchBuilder(table, 64);
	return { builders: [batch], encode: encodeBy(shape, encoder(batch), spanOf) };
}

function encodeBy<T>(
	shape: RecordShape<T>,
	add: (record: T) => void,
	spanOf?: (record: T) => Spanning,
): WireInput["encode"] {
	return (value, report, { latest }) => {
		const read = readRecord(shape, value);
		const issues = !read.ok
			? (wrapped(value) ?? read.issues)
			: spanOf === undefined
				? []
				: notOver(spanOf(read.record), latest);
		if (read.ok && issues.length === 0) add(read.record);
		else report(issues);
	};
}

interface ReadLines {
	readonly records: number;
	readonly issues: readonly LineIssue[];
	readonly faulty: number;
}

/** Adds all lines of a body to the builders, or none where one is at fault. */
function readLines(body: Uint8Array, { builders, take, encode }: WireInput, of: LinesOf): ReadLines {
	const before = builders.map((builder) => builder.mark());
	const issues: LineIssue[] = [];
	let faulty = 0;
	let line = 0;
	const report: Report = (found) => {
		faulty++;
		for (const issue of found) if (issues.length < LISTED_ISSUES) issues.push({ ...issue, line });
	};
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	const encoding = encodingOf(bytes);
	let isWhole = false;
	try {
		// Line by line from the bytes: one text of the whole body would outlive every event in it.
		for (let start = startOf(bytes); start < bytes.length; ) {
			line++;
			const next = take?.(bytes, start, of) ?? -1;
			if (next >= 0) {
				start = next;
				continue;
			}
			const newline = bytes.indexOf(NEWLINE, start);
			const end = newline < 0 ? bytes.length : newline;
			if (!isBlank(bytes, start, end)) {
				const value = parse(bytes.toString(encoding, start, end));
				if (value === undefined) report([NOT_JSON]);
				else encode(of.org === undefined ? value : ownedBy(of.org, value), report, of);
			}
			start = end + 1;
		}
		isWhole = faulty === 0;
	} finally {
		if (!isWhole) for (const [i, builder] of builders.entries()) builder.backTo(before[i] as BatchMark);
	}
	const records = builders.reduce((sum, { rows }, i) => sum + rows - (before[i] as BatchMark).rows, 0);
	return { records, issues, faulty };
}

const NEWLINE = 10;

function encodingOf(bytes: Buffer): "latin1" | "utf8" {
	if (isAscii(bytes)) return "latin1";
	if (isUtf8(bytes)) return "utf8";
	throw new StoreError("not-utf8", "the body is not UTF-8", { hint: "send UTF-8" });
}

/** After the mark that some programs put before UTF-8. */
function startOf(bytes: Buffer): number {
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
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

/** What is no record, or names its tenant as none can be named, is left for the check to tell. */
function ownedBy(org: string, value: unknown): unknown {
	if (!isObject(value)) return value;
	const { tenant = {} } = value;
	return isObject(tenant) ? { ...value, tenant: { ...tenant, org } } : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Records of a body that was taken whole before: each of its lines is one. */
function linesIn(body: Uint8Array): number {
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	let lines = 0;
	for (let start = startOf(bytes); start < bytes.length; ) {
		const newline = bytes.indexOf(NEWLINE, start);
		const end = newline < 0 ? bytes.length : newline;
		if (!isBlank(bytes, start, end)) lines++;
		start = end + 1;
	}
	return lines;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
	for (let i = start; i < end; i++) {
		const code = bytes[i];
		if (code !== 32 && code !== 9 && code !== 13) return false;
	}
	return true;
}

function conflict(): StoreError {
	return new StoreError("body-conflict", "this idempotency key came before with another body", {
		hint: "give every body a key of its own, and the same body the same key",
	});
}
