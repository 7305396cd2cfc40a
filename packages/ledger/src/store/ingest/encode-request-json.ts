import { parseInstant } from "../../records/units.ts";
import { REQUEST_STATUSES, SCOPE_ROLES, SOURCE_KINDS } from "../../records/usage.ts";
import type { BatchBuilder, ColumnWriter } from "../column-batch.ts";
import { writeRequestId } from "../request-id.ts";
import { KEY_SEPARATOR, LATENCY_COLUMNS, TOKEN_COLUMNS, type DimensionName } from "../table.ts";

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
	const sources = new LabelCodes(batch, "source", SOURCE, true, readSource);
	const models = new LabelCodes(batch, "model", MODEL, true, readModel);
	const scopes = new LabelCodes(batch, "scope", SCOPE, false, readScope);
	const tenants = new LabelCodes(batch, "tenant", TENANT, false, readTenant);
	const tokens = new Float64Array(TOKEN_COLUMNS.length);
	const latencies = new Float64Array(LATENCY_COLUMNS.length);

	return (value) => {
		if (typeof value !== "object" || value === null) return false;
		const event = value as Json;
		if (!hasOnlyKnown(event)) return false;
		if (event["grain"] !== "request" || typeof event["t0"] !== "string" || typeof event["t1"] !== "string")
			return false;
		const start = fastInstant(event["t0"]);
		const end = fastInstant(event["t1"]);
		if (start < 0 || end < start) return false;
		const sourceCode = sources.codeOf(event["source"]);
		const modelCode = models.codeOf(event["model"]);
		const scopeCode = scopes.codeOf(event["scope"]);
		const tenantCode = tenants.codeOf(event["tenant"]);
		if (sourceCode < 0 || modelCode < 0 || scopeCode < 0 || tenantCode < 0) return false;
		const id = event["request_id"];
		if (id !== undefined && !isLabel(id)) return false;
		const statusCode = event["status"] === undefined ? -1 : REQUEST_STATUSES.indexOf(event["status"] as "ok");
		if (event["status"] !== undefined && statusCode < 0) return false;
		if (!readTokens(event["tokens"], tokens) || !readLatencies(event["latency"], latencies)) return false;

		const row = batch.rows;
		t0.whole(row, start);
		duration.whole(row, end - start);
		source.code(row, sourceCode);
		scope.code(row, scopeCode);
		model.code(row, modelCode);
		tenant.code(row, tenantCode);
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

function hasOnlyKnown(event: Json): boolean {
	const { grain, t0, t1, source, request_id, status, scope, model, tenant, tokens, latency } = event;
	const size =
		count(grain) +
		count(t0) +
		count(t1) +
		count(source) +
		count(request_id) +
		count(status) +
		count(scope) +
		count(model) +
		count(tenant) +
		count(tokens) +
		count(latency);
	let members = 0;
	for (const _ in event) members++;
	return members === size;
}

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

/**
 * Codes of a dimension by its labels: a tree for each set of members that an object has, one step of it a label. Labels
 * repeat, and looking them up one by one is cheaper than joining them to a key. They are checked when they first come.
 */
class LabelCodes {
	private readonly batch: BatchBuilder;
	private readonly dimension: DimensionName;
	private readonly members: readonly KeyMember[];
	private readonly isRequired: boolean;
	private readonly read: ReadLabels;
	private readonly labels: unknown[];
	private roots: LabelNode[] = [];
	private generation = -1;

	constructor(
		batch: BatchBuilder,
		dimension: DimensionName,
		members: readonly KeyMember[],
		isRequired: boolean,
		read: ReadLabels,
	) {
		this.batch = batch;
		this.dimension = dimension;
		this.members = members;
		this.isRequired = isRequired;
		this.read = read;
		this.labels = members.map(() => undefined);
	}

	/** The code in the batch, or -1 where the shapes must decide. */
	codeOf(value: unknown): number {
		if (this.generation !== this.batch.generation) {
			this.roots = [];
			this.generation = this.batch.generation;
		}
		if (value === undefined) return this.firstCode(value);
		if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
		const { labels } = this;
		this.read(value as Json, labels);
		let there = 0;
		let present = 0;
		for (let i = 0; i < labels.length; i++) {
			if (labels[i] === undefined) continue;
			there |= 1 << i;
			present++;
		}
		for (const _ in value) present--;
		if (present !== 0) return -1;
		let node: LabelNode | number | undefined = this.roots[there];
		for (let i = 0; i < labels.length && node !== undefined; i++) {
			if (labels[i] !== undefined) node = (node as LabelNode).get(labels[i]);
		}
		return typeof node === "number" ? node : this.learn(value, there);
	}

	private learn(value: object, there: number): number {
		const code = this.firstCode(value);
		const given = this.labels.filter((label) => label !== undefined);
		if (code < 0 || given.length === 0) return code;
		let node = (this.roots[there] ??= new Map() as LabelNode);
		for (const label of given.slice(0, -1)) {
			const next = (node.get(label) as LabelNode | undefined) ?? (new Map() as LabelNode);
			node.set(label, next);
			node = next;
		}
		node.set(given.at(-1), code);
		return code;
	}

	private firstCode(value: unknown): number {
		const key = keyOf(value, this.members, this.isRequired);
		return key === undefined ? -1 : this.batch.code(this.dimension, key);
	}
}

/** Puts the labels of an object where its members stand in the key. Named one by one, since a name that varies is slow. */
type ReadLabels = (from: Json, into: unknown[]) => void;

const readSource: ReadLabels = (from, into) => {
	into[0] = from["adapter"];
	into[1] = from["version"];
	into[2] = from["kind"];
	into[3] = from["instance"];
	into[4] = from["incarnation"];
};
const readScope: ReadLabels = (from, into) => {
	into[0] = from["cluster"];
	into[1] = from["namespace"];
	into[2] = from["pod"];
	into[3] = from["role"];
	into[4] = from["group"];
	into[6] = from["hardware"];
};
const readModel: ReadLabels = (from, into) => {
	into[0] = from["served"];
	into[1] = from["id"];
	into[2] = from["precision"];
	into[3] = from["adapter"];
	into[4] = from["tier"];
};
const readTenant: ReadLabels = (from, into) => {
	into[0] = from["org"];
	into[1] = from["team"];
	into[2] = from["user"];
	into[3] = from["key"];
};

function count(label: unknown): number {
	return label === undefined ? 0 : 1;
}

interface LabelNode extends Map<unknown, LabelNode | number> {}

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

/** Fills `into` with the tokens, -1 for unknown, completed by the identity; false where the shapes must decide. */
function readTokens(value: unknown, into: Float64Array): boolean {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const given = value as Json;
	let known =
		put(given["in_total"], into, IN_TOTAL) +
		put(given["in_computed"], into, IN_COMPUTED) +
		put(given["in_cached_local"], into, 2) +
		put(given["in_cached_remote"], into, 3) +
		put(given["in_transferred"], into, TRANSFERRED) +
		put(given["cache_write"], into, CACHE_WRITE) +
		put(given["out_total"], into, OUT_TOTAL) +
		put(given["out_reasoning"], into, REASONING) +
		put(given["draft_proposed"], into, PROPOSED) +
		put(given["draft_accepted"], into, ACCEPTED);
	for (const _ in given) known--;
	if (known !== 0) return false;
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

/** Writes a whole number or -1 for none, and gives how many there are; what is neither counts for too many. */
function put(n: unknown, into: Float64Array, place: number): number {
	if (n === undefined) {
		into[place] = -1;
		return 0;
	}
	if (!isWhole(n)) return MANY;
	into[place] = n;
	return 1;
}

const MANY = 1_000_000;

function readLatencies(value: unknown, into: Float64Array): boolean {
	if (value === undefined) {
		into.fill(-1);
		return true;
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const given = value as Json;
	let known =
		putMeasure(given["ttft"], into, 0) +
		putMeasure(given["itl"], into, 1) +
		putMeasure(given["tpot"], into, 2) +
		putMeasure(given["e2e"], into, 3);
	for (const _ in given) known--;
	return known === 0;
}

/** A measure that has a value and nothing else. */
function putMeasure(measure: unknown, into: Float64Array, place: number): number {
	if (measure === undefined) return put(undefined, into, place);
	if (typeof measure !== "object" || measure === null) return MANY;
	for (const member in measure) if (member !== "value") return MANY;
	const n = (measure as Json)["value"];
	return n === undefined ? MANY : put(n, into, place);
}

function isWhole(n: unknown): n is number {
	return typeof n === "number" && n >= 0 && Number.isSafeInteger(n);
}

let knownDay = -1;
let knownDayMicros = 0;

/** The instant of `YYYY-MM-DDTHH:MM:SS[.fraction]Z` in microseconds; -1 where the text has another form. */
function fastInstant(text: string): number {
	const { length } = text;
	if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return -1;
	const day = dayOf(text);
	if (day !== knownDay || day < 0) {
		const start = parseInstant(`${text.slice(0, 10)}T00:00:00Z`);
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

/** YYYY-MM-DD as a number, -1 where the text begins otherwise. */
function dayOf(text: string): number {
	const [a, b, c, d] = [pair(text, 0), pair(text, 2), pair(text, 5), pair(text, 8)];
	if (a < 0 || b < 0 || c < 0 || d < 0 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return -1;
	return ((a * 100 + b) * 100 + c) * 100 + d;
}

function pair(text: string, at: number): number {
	const tens = text.charCodeAt(at) - 48;
	const ones = text.charCodeAt(at + 1) - 48;
	return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
