import { parseInstant } from "../../records/units.ts";
import { REQUEST_STATUSES, SCOPE_ROLES, SOURCE_KINDS } from "../../records/usage.ts";
import type { BatchBuilder, ColumnWriter } from "../column-batch.ts";
import { writeRequestId } from "../request-id.ts";
import { KEY_SEPARATOR, LATENCY_COLUMNS, TOKEN_COLUMNS } from "../table.ts";

/**
 * The fast way for the bulk of events: checks parsed JSON of a request and writes it to a batch in one pass. It takes
 * only what it is sure of. False means that nothing was written and the shapes must decide, which also name the faults;
 * a test holds the two to the same result.
 */
export function requestJsonEncoder(batch: BatchBuilder): (value: unknown) => boolean {
	const names = [
		"t0",
		"dur_us",
		"source_id",
		"scope_id",
		"model_id",
		"tenant_id",
		"status",
		"request_uuid",
		"request_text",
	];
	const [t0, duration, source, scope, model, tenant, status, uuid, text] = names.map((name) =>
		batch.writer(name),
	) as ColumnWriter[] as [
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
		ColumnWriter,
	];
	const tokenWriters = TOKEN_COLUMNS.map((name) => batch.writer(name));
	const latencyWriters = LATENCY_COLUMNS.map((name) => batch.writer(name));
	const tokens = new Float64Array(TOKEN_COLUMNS.length);
	const latencies = new Float64Array(LATENCY_COLUMNS.length);

	return (value) => {
		if (typeof value !== "object" || value === null) return false;
		const event = value as Json;
		for (const name in event) if (!MEMBERS.has(name)) return false;
		if (event["grain"] !== "request" || typeof event["t0"] !== "string" || typeof event["t1"] !== "string")
			return false;
		const start = fastInstant(event["t0"]);
		const end = fastInstant(event["t1"]);
		if (start < 0 || end < start) return false;
		const sourceKey = keyOf(event["source"], SOURCE, true);
		const modelKey = keyOf(event["model"], MODEL, true);
		const scopeKey = keyOf(event["scope"], SCOPE, false);
		const tenantKey = keyOf(event["tenant"], TENANT, false);
		if (sourceKey === undefined || modelKey === undefined || scopeKey === undefined || tenantKey === undefined)
			return false;
		const id = event["request_id"];
		if (id !== undefined && !isLabel(id)) return false;
		const statusCode = event["status"] === undefined ? -1 : REQUEST_STATUSES.indexOf(event["status"] as "ok");
		if (event["status"] !== undefined && statusCode < 0) return false;
		if (!readTokens(event["tokens"], tokens) || !readLatencies(event["latency"], latencies)) return false;

		const row = batch.rows;
		t0.whole(row, start);
		duration.whole(row, end - start);
		source.code(row, batch.code("source", sourceKey));
		scope.code(row, batch.code("scope", scopeKey));
		model.code(row, batch.code("model", modelKey));
		tenant.code(row, batch.code("tenant", tenantKey));
		if (id !== undefined) writeRequestId(id, row, uuid, text);
		if (statusCode >= 0) status.byte(row, statusCode);
		for (let i = 0; i < tokens.length; i++)
			if ((tokens[i] as number) >= 0) tokenWriters[i]?.whole(row, tokens[i] as number);
		for (let i = 0; i < latencies.length; i++) {
			if ((latencies[i] as number) >= 0) latencyWriters[i]?.whole(row, latencies[i] as number);
		}
		batch.endRow();
		return true;
	};
}

type Json = Record<string, unknown>;

const MEMBERS = new Set([
	"grain",
	"t0",
	"t1",
	"source",
	"request_id",
	"status",
	"scope",
	"model",
	"tenant",
	"tokens",
	"latency",
]);

interface KeyMember {
	readonly name: string;
	readonly isRequired: boolean;
	readonly words?: readonly string[];
}

const SOURCE: readonly KeyMember[] = [
	{ name: "adapter", isRequired: true },
	{ name: "version", isRequired: true },
	{ name: "kind", isRequired: true, words: SOURCE_KINDS },
	{ name: "instance", isRequired: false },
	{ name: "incarnation", isRequired: false },
];
/** The place of `dp_rank`, a number, stays empty here: a scope that has one goes the slow way. */
const SCOPE: readonly KeyMember[] = [
	{ name: "cluster", isRequired: false },
	{ name: "namespace", isRequired: false },
	{ name: "pod", isRequired: false },
	{ name: "role", isRequired: false, words: SCOPE_ROLES },
	{ name: "group", isRequired: false },
	{ name: "", isRequired: false },
	{ name: "hardware", isRequired: false },
];
const MODEL: readonly KeyMember[] = [
	{ name: "served", isRequired: true },
	{ name: "id", isRequired: false },
	{ name: "precision", isRequired: false },
	{ name: "adapter", isRequired: false },
	{ name: "tier", isRequired: false },
];
const TENANT: readonly KeyMember[] = [
	{ name: "org", isRequired: false },
	{ name: "team", isRequired: false },
	{ name: "user", isRequired: false },
	{ name: "key", isRequired: false },
];

/** The key of a dimension, or undefined where the shapes must decide. */
function keyOf(value: unknown, members: readonly KeyMember[], isRequired: boolean): string | undefined {
	if (value === undefined && !isRequired) return EMPTY_KEYS[members.length];
	if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
	const given = value as Json;
	let key = "";
	let used = 0;
	for (let i = 0; i < members.length; i++) {
		const { name, isRequired: isNeeded, words } = members[i] as KeyMember;
		const label = name === "" ? undefined : given[name];
		if (i > 0) key += KEY_SEPARATOR;
		if (label === undefined) {
			if (isNeeded) return undefined;
			continue;
		}
		if (!isLabel(label) || (words !== undefined && !words.includes(label))) return undefined;
		key += label;
		used++;
	}
	for (const _ in given) used--;
	return used === 0 ? key : undefined;
}

const EMPTY_KEYS: readonly string[] = Array.from({ length: 8 }, (_, i) => KEY_SEPARATOR.repeat(Math.max(0, i - 1)));

function isLabel(value: unknown): value is string {
	return typeof value === "string" && value.length > 0 && value.length <= 256 && PLAIN.test(value);
}

/** Printable characters of ASCII; others are decided by the shapes. */
const PLAIN = /^[\x20-\x7e]+$/;

/** Places in TOKEN_COLUMNS. */
const IN_TOTAL = 0;
const IN_COMPUTED = 1;
const TRANSFERRED = 4;
const CACHE_WRITE = 5;
const OUT_TOTAL = 6;
const REASONING = 7;
const PROPOSED = 8;
const ACCEPTED = 9;
const PLACES = new Map(TOKEN_COLUMNS.map((name, i) => [name, i]));

/** Fills `into` with the tokens, -1 for unknown, completed by the identity; false where the shapes must decide. */
function readTokens(value: unknown, into: Float64Array): boolean {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	into.fill(-1);
	const given = value as Json;
	for (const name in given) {
		const place = PLACES.get(name);
		const n = given[name];
		if (place === undefined || !isWhole(n)) return false;
		into[place] = n;
	}
	const at = (i: number): number => into[i] as number;
	const isPartOf = (part: number, whole: number): boolean => at(part) < 0 || at(whole) < 0 || at(part) <= at(whole);
	let sum = 0;
	let missing = 0;
	let lacking = 0;
	for (let i = IN_COMPUTED; i <= TRANSFERRED; i++) {
		if (at(i) >= 0) sum += at(i);
		else {
			missing++;
			lacking = i;
		}
	}
	if (at(IN_TOTAL) < 0) {
		if (missing === 0) into[IN_TOTAL] = sum;
	} else if (missing === 0 ? sum !== at(IN_TOTAL) : sum > at(IN_TOTAL)) {
		return false;
	} else if (missing === 1) {
		into[lacking] = at(IN_TOTAL) - sum;
	}
	return (
		Number.isSafeInteger(sum) &&
		isPartOf(CACHE_WRITE, IN_COMPUTED) &&
		isPartOf(REASONING, OUT_TOTAL) &&
		isPartOf(ACCEPTED, PROPOSED)
	);
}

const LATENCY_PLACES = new Map(LATENCY_COLUMNS.map((name, i) => [name.replace("_us", ""), i]));

function readLatencies(value: unknown, into: Float64Array): boolean {
	into.fill(-1);
	if (value === undefined) return true;
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const given = value as Json;
	for (const name in given) {
		const place = LATENCY_PLACES.get(name);
		const measure = given[name];
		if (place === undefined || typeof measure !== "object" || measure === null) return false;
		for (const member in measure) if (member !== "value") return false;
		const n = (measure as Json)["value"];
		if (!isWhole(n)) return false;
		into[place] = n;
	}
	return true;
}

function isWhole(n: unknown): n is number {
	return typeof n === "number" && n >= 0 && Number.isSafeInteger(n);
}

let knownDay = "";
let knownDayMicros = 0;

/** The instant of `YYYY-MM-DDTHH:MM:SS[.fraction]Z` in microseconds; -1 where the text has another form. */
function fastInstant(text: string): number {
	const { length } = text;
	if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return -1;
	const day = text.slice(0, 10);
	if (day !== knownDay) {
		const start = parseInstant(`${day}T00:00:00Z`);
		if (start === undefined) return -1;
		knownDay = day;
		knownDayMicros = start;
	}
	const hours = pair(text, 11);
	const minutes = pair(text, 14);
	const seconds = pair(text, 17);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return -1;
	if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1;
	let fraction = 0;
	if (length > 20) {
		if (text.charCodeAt(19) !== 46 || length === 21) return -1;
		let unit = 100_000;
		for (let i = 20; i < length - 1; i++) {
			const digit = text.charCodeAt(i) - 48;
			if (digit < 0 || digit > 9) return -1;
			fraction += digit * Math.floor(unit);
			unit /= 10;
		}
	}
	return knownDayMicros + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction;
}

function pair(text: string, at: number): number {
	const tens = text.charCodeAt(at) - 48;
	const ones = text.charCodeAt(at + 1) - 48;
	return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
