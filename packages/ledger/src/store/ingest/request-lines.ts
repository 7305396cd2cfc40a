import { readRecord } from "../../records/record-shape.ts";
import { TOKEN_CLASSES } from "../../records/token-classes.ts";
import {
	LATENCY_METRICS,
	modelShape,
	REQUEST_STATUSES,
	scopeShape,
	sourceShape,
	tenantShape,
} from "../../records/usage.ts";
import type { BatchBuilder, ColumnWriter } from "../column-batch.ts";
import { modelKey, scopeKey, sourceKey, tenantKey } from "../encode-usage.ts";
import { writeUuidBytes } from "../request-id.ts";
import { LATENCY_COLUMNS, TOKEN_COLUMNS } from "../table.ts";
import { CLOSE, COMMA, JsonCursor, OPEN, Words } from "./json-cursor.ts";
import { LabelSpans, type LabelSpan } from "./label-spans.ts";

/**
 * The fast way for the bulk of events: reads the line of a request from its bytes, checks it and writes it to a batch in
 * one pass, without a value of JSON in between. It takes only what it is sure of. Where it does not, nothing was
 * written and JSON.parse and the shapes must decide, which also name the faults; a test holds the two to the same result.
 */
export class RequestLines {
	private readonly batch: BatchBuilder;
	private readonly cursor = new JsonCursor();
	private readonly sources: LabelSpans;
	private readonly scopes: LabelSpans;
	private readonly models: LabelSpans;
	private readonly tenants = new Map<string | undefined, LabelSpans>();
	private readonly columns: Columns;
	private readonly event: Event = {
		start: -1,
		end: -1,
		source: undefined,
		scope: undefined,
		model: undefined,
		tenant: undefined,
		status: -1,
		idStart: -1,
		idEnd: -1,
		tokens: new Float64Array(TOKEN_COLUMNS.length),
		latencies: new Float64Array(LATENCY_COLUMNS.length),
	};

	constructor(batch: BatchBuilder) {
		this.batch = batch;
		this.columns = columnsOf(batch);
		this.sources = new LabelSpans(batch, "source", (labels) => keyOfShape(sourceShape, sourceKey, labels));
		this.scopes = new LabelSpans(batch, "scope", (labels) => keyOfShape(scopeShape, scopeKey, labels));
		this.models = new LabelSpans(batch, "model", (labels) => keyOfShape(modelShape, modelKey, labels));
	}

	/**
	 * Takes the line at `at`, written for the tenant `org` where that is known from who sent it. Gives the place after its
	 * end, or -1 where it was not taken. `latest`: an event that ends later is at fault.
	 */
	take(bytes: Uint8Array, at: number, org: string | undefined, latest: number): number {
		const { cursor, event } = this;
		cursor.moveTo(bytes, at);
		if (!this.readEvent(org) || !cursor.passesLineEnd() || !isConsistent(event) || event.end > latest) return -1;
		this.addRow(event, bytes, org);
		return Math.min(cursor.at, bytes.length);
	}

	private addRow(event: Event, bytes: Uint8Array, org: string | undefined): void {
		const { source, scope, model, tenant } = event;
		const { batch, columns } = this;
		const row = batch.rows;
		if (source !== undefined) columns.source.code(row, this.sources.codeOf(source));
		columns.scope.code(row, scope === undefined ? batch.code("scope", NO_SCOPE) : this.scopes.codeOf(scope));
		if (model !== undefined) columns.model.code(row, this.models.codeOf(model));
		const tenantCode =
			tenant === undefined
				? batch.code("tenant", tenantKey(org === undefined ? undefined : { org }))
				: this.tenantsOf(org).codeOf(tenant);
		columns.tenant.code(row, tenantCode);
		columns.t0.whole(row, event.start);
		columns.duration.whole(row, event.end - event.start);
		if (event.status >= 0) columns.status.byte(row, event.status);
		const { idStart, idEnd } = event;
		if (idStart >= 0 && !(idEnd - idStart === 36 && writeUuidBytes(bytes, idStart, row, columns.uuid))) {
			const id = Buffer.from(bytes.buffer, bytes.byteOffset + idStart, idEnd - idStart).toString("latin1");
			columns.text.text(row, id);
		}
		writeKnown(columns.tokens, event.tokens, row);
		writeKnown(columns.latencies, event.latencies, row);
		batch.endRow();
	}

	private readEvent(org: string | undefined): boolean {
		const { cursor, event } = this;
		event.start = -1;
		event.end = -1;
		event.source = undefined;
		event.scope = undefined;
		event.model = undefined;
		event.tenant = undefined;
		event.status = -1;
		event.idStart = -1;
		event.idEnd = -1;
		event.latencies.fill(-1);
		let seen = 0;
		let member = -1;
		if (!cursor.passes(OPEN)) return false;
		do {
			member = MEMBERS.next(cursor, member);
			// Of a member that comes twice the last one counts, which is for JSON.parse to say.
			if (member < 0 || (seen & (1 << member)) !== 0) return false;
			seen |= 1 << member;
			if (!this.readMember(member, org)) return false;
		} while (cursor.passes(COMMA));
		return cursor.passes(CLOSE) && (seen & REQUIRED) === REQUIRED;
	}

	private readMember(member: number, org: string | undefined): boolean {
		const { cursor, event } = this;
		switch (member) {
			case GRAIN:
				return GRAINS.next(cursor, -1) === 0;
			case T0:
				return (event.start = cursor.instant()) >= 0;
			case T1:
				return (event.end = cursor.instant()) >= 0;
			case SOURCE:
				return (event.source = this.sources.next(cursor)) !== undefined;
			case REQUEST_ID:
				return cursor.passesNull() || this.readId();
			case STATUS:
				return cursor.passesNull() || (event.status = STATUSES.next(cursor, -1)) >= 0;
			case SCOPE:
				return cursor.passesNull() || (event.scope = this.scopes.next(cursor)) !== undefined;
			case MODEL:
				return (event.model = this.models.next(cursor)) !== undefined;
			case TENANT:
				return cursor.passesNull() || (event.tenant = this.tenantsOf(org).next(cursor)) !== undefined;
			case TOKENS:
				return readTokens(cursor, event.tokens);
			case LATENCY:
				return cursor.passesNull() || readLatencies(cursor, event.latencies);
			default:
				return false;
		}
	}

	private readId(): boolean {
		const { cursor, event } = this;
		const end = cursor.textEnd();
		const start = cursor.at + 1;
		if (end - start < 1 || end - start > 256) return false;
		event.idStart = start;
		event.idEnd = end;
		cursor.at = end + 1;
		cursor.skipBlanks();
		return true;
	}

	/** The same bytes name other labels where who sent them decides on one. */
	private tenantsOf(org: string | undefined): LabelSpans {
		const known = this.tenants.get(org);
		if (known !== undefined) return known;
		const fresh = new LabelSpans(this.batch, "tenant", (labels) => tenantKeyOf(labels, org));
		this.tenants.set(org, fresh);
		return fresh;
	}
}

interface Event {
	start: number;
	end: number;
	source: LabelSpan | undefined;
	scope: LabelSpan | undefined;
	model: LabelSpan | undefined;
	tenant: LabelSpan | undefined;
	/** -1: not given, as with the place of the id. */
	status: number;
	idStart: number;
	idEnd: number;
	/** -1: not known. */
	readonly tokens: Float64Array;
	readonly latencies: Float64Array;
}

const MEMBERS = new Words(
	["grain", "t0", "t1", "source", "request_id", "status", "scope", "model", "tenant", "tokens", "latency"].map(named),
);
const GRAIN = 0;
const T0 = 1;
const T1 = 2;
const SOURCE = 3;
const REQUEST_ID = 4;
const STATUS = 5;
const SCOPE = 6;
const MODEL = 7;
const TENANT = 8;
const TOKENS = 9;
const LATENCY = 10;
const REQUIRED = (1 << GRAIN) | (1 << T0) | (1 << T1) | (1 << SOURCE) | (1 << MODEL) | (1 << TOKENS);

const GRAINS = new Words(['"request"']);
const STATUSES = new Words(REQUEST_STATUSES.map((status) => `"${status}"`));
const TOKEN_NAMES = new Words(TOKEN_CLASSES.map(named));
const LATENCY_NAMES = new Words(LATENCY_METRICS.map(named));
const VALUE = new Words([named("value")]);
const NO_SCOPE = scopeKey(undefined);

function named(name: string): string {
	return `"${name}":`;
}

function keyOfShape<T>(
	shape: Parameters<typeof readRecord<T>>[0],
	keyOf: (record: T) => string,
	labels: unknown,
): string | undefined {
	const read = readRecord(shape, labels);
	return read.ok ? keyOf(read.record) : undefined;
}

/** Tags are no labels of the key: an event that has some goes the slow way. */
function tenantKeyOf(labels: unknown, org: string | undefined): string | undefined {
	const read = readRecord(tenantShape, org === undefined ? labels : { ...(labels as object), org });
	return read.ok && read.record.tags === undefined ? tenantKey(read.record) : undefined;
}

/** Fills `into` with the tokens, -1 for what is not known. */
function readTokens(cursor: JsonCursor, into: Float64Array): boolean {
	into.fill(-1);
	if (!cursor.passes(OPEN)) return false;
	if (cursor.passes(CLOSE)) return true;
	let seen = 0;
	let member = -1;
	do {
		member = TOKEN_NAMES.next(cursor, member);
		if (member < 0 || (seen & (1 << member)) !== 0) return false;
		seen |= 1 << member;
		if (cursor.passesNull()) continue;
		const n = cursor.whole();
		if (n < 0) return false;
		into[member] = n;
	} while (cursor.passes(COMMA));
	return cursor.passes(CLOSE);
}

/** Only measures that have a value and nothing else. */
function readLatencies(cursor: JsonCursor, into: Float64Array): boolean {
	if (!cursor.passes(OPEN)) return false;
	if (cursor.passes(CLOSE)) return true;
	let seen = 0;
	let member = -1;
	do {
		member = LATENCY_NAMES.next(cursor, member);
		if (member < 0 || (seen & (1 << member)) !== 0) return false;
		seen |= 1 << member;
		if (cursor.passesNull()) continue;
		if (!cursor.passes(OPEN) || VALUE.next(cursor, -1) < 0) return false;
		const n = cursor.whole();
		if (n < 0 || !cursor.passes(CLOSE)) return false;
		into[member] = n;
	} while (cursor.passes(COMMA));
	return cursor.passes(CLOSE);
}

/** Places in TOKEN_COLUMNS. */
const IN_TOTAL = 0;
const IN_COMPUTED = 1;
const TRANSFERRED = 4;
const CACHE_WRITE = 5;
const OUT_TOTAL = 6;
const REASONING = 7;
const PROPOSED = 8;
const ACCEPTED = 9;

/** Whether what is known fits together; the tokens are then completed by the identity. */
function isConsistent({ start, end, tokens }: Event): boolean {
	if (end < start) return false;
	let sum = 0;
	let missing = 0;
	let lacking = 0;
	for (let i = IN_COMPUTED; i <= TRANSFERRED; i++) {
		const n = tokens[i] as number;
		if (n >= 0) sum += n;
		else {
			missing++;
			lacking = i;
		}
	}
	const total = tokens[IN_TOTAL] as number;
	const isWhole = total < 0 || (missing === 0 ? sum === total : sum <= total);
	if (!isWhole || !Number.isSafeInteger(sum)) return false;
	if (
		!isPart(tokens, CACHE_WRITE, IN_COMPUTED) ||
		!isPart(tokens, REASONING, OUT_TOTAL) ||
		!isPart(tokens, ACCEPTED, PROPOSED)
	) {
		return false;
	}
	if (total < 0) tokens[IN_TOTAL] = missing === 0 ? sum : -1;
	else if (missing === 1) tokens[lacking] = total - sum;
	return true;
}

function isPart(tokens: Float64Array, part: number, whole: number): boolean {
	const [a, b] = [tokens[part] as number, tokens[whole] as number];
	return a < 0 || b < 0 || a <= b;
}

type Columns = ReturnType<typeof columnsOf>;

function columnsOf(batch: BatchBuilder) {
	return {
		t0: batch.writer("t0"),
		duration: batch.writer("dur_us"),
		source: batch.writer("source_id"),
		scope: batch.writer("scope_id"),
		model: batch.writer("model_id"),
		tenant: batch.writer("tenant_id"),
		status: batch.writer("status"),
		uuid: batch.writer("request_uuid"),
		text: batch.writer("request_text"),
		tokens: TOKEN_COLUMNS.map((name) => batch.writer(name)),
		latencies: LATENCY_COLUMNS.map((name) => batch.writer(name)),
	};
}

function writeKnown(writers: readonly ColumnWriter[], values: Float64Array, row: number): void {
	for (let i = 0; i < values.length; i++) {
		const n = values[i] as number;
		if (n >= 0) writers[i]?.whole(row, n);
	}
}
