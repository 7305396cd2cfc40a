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
	const sources = new LabelCodes(batch, "source", SOURCE, true, findSource);
	const models = new LabelCodes(batch, "model", MODEL, true, findModel);
	const scopes = new LabelCodes(batch, "scope", SCOPE, false, findScope);
	const tenants = new LabelCodes(batch, "tenant", TENANT, false, findTenant);
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
 * Codes of a dimension by its labels, one step of a tree a label: labels repeat, and looking them up one by one is
 * cheaper than joining them to a key. Labels are checked when they first come.
 */
class LabelCodes {
	private readonly batch: BatchBuilder;
	private readonly dimension: DimensionName;
	private readonly members: readonly KeyMember[];
	private readonly isRequired: boolean;
	private readonly find: Find;
	private root: LabelNode = new Map() as LabelNode;
	private generation = -1;

	constructor(
		batch: BatchBuilder,
		dimension: DimensionName,
		members: readonly KeyMember[],
		isRequired: boolean,
		find: Find,
	) {
		this.batch = batch;
		this.dimension = dimension;
		this.members = members;
		this.isRequired = isRequired;
		this.find = find;
	}

	/** The code in the batch, or -1 where the shapes must decide. */
	codeOf(value: unknown): number {
		if (this.generation !== this.batch.generation) {
			this.root = new Map() as LabelNode;
			this.generation = this.batch.generation;
		}
		if (value === undefined) return this.learn(value);
		if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
		const code = this.find(this.root, value as Json);
		return code === undefined ? this.learn(value) : code;
	}

	private learn(value: unknown): number {
		const key = keyOf(value, this.members, this.isRequired);
		if (key === undefined) return -1;
		const code = this.batch.code(this.dimension, key);
		if (value === undefined) return code;
		const given = value as Json;
		let node = this.root;
		for (const [i, { name }] of this.members.entries()) {
			if (i === this.members.length - 1) {
				node.set(given[name], code);
				break;
			}
			const next = (node.get(given[name]) as LabelNode | undefined) ?? (new Map() as LabelNode);
			node.set(given[name], next);
			node = next;
		}
		return code;
	}
}

/** The code under the labels of an object, -1 where it has other members too, undefined where it is new. */
type Find = (root: LabelNode, labels: Json) => number | undefined;

const findSource: Find = (root, labels) => {
	const { adapter, version, kind, instance, incarnation } = labels;
	const code = step(step(step(step(root, adapter), version), kind), instance)?.get(incarnation);
	return known(code, labels, count(adapter) + count(version) + count(kind) + count(instance) + count(incarnation));
};
const findScope: Find = (root, labels) => {
	const { cluster, namespace, pod, role, group, hardware } = labels;
	const node = step(step(step(step(step(step(root, cluster), namespace), pod), role), group), undefined);
	const size = count(cluster) + count(namespace) + count(pod) + count(role) + count(group) + count(hardware);
	return known(node?.get(hardware), labels, size);
};
const findModel: Find = (root, labels) => {
	const { served, id, precision, adapter, tier } = labels;
	const code = step(step(step(step(root, served), id), precision), adapter)?.get(tier);
	return known(code, labels, count(served) + count(id) + count(precision) + count(adapter) + count(tier));
};
const findTenant: Find = (root, labels) => {
	const { org, team, user, key } = labels;
	const code = step(step(step(root, org), team), user)?.get(key);
	return known(code, labels, count(org) + count(team) + count(user) + count(key));
};

function step(node: LabelNode | undefined, label: unknown): LabelNode | undefined {
	return node?.get(label) as LabelNode | undefined;
}

function count(label: unknown): number {
	return label === undefined ? 0 : 1;
}

function known(code: LabelNode | number | undefined, labels: Json, size: number): number | undefined {
	let members = 0;
	for (const _ in labels) members++;
	return members === size ? (code as number | undefined) : -1;
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
	let known = 0;
	for (let i = 0; i < TOKEN_COLUMNS.length; i++) {
		const n = given[TOKEN_COLUMNS[i] as string];
		into[i] = -1;
		if (n === undefined) continue;
		if (!isWhole(n)) return false;
		into[i] = n;
		known++;
	}
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
