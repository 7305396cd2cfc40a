import { TOKEN_CLASSES, type TokenClasses, type TokenClass } from "../../records/token-classes.ts";
import type { Instant, Micros, TokenCount } from "../../records/units.ts";
import { REQUEST_STATUSES, type RequestStatus } from "../../records/usage.ts";
import { labelOf } from "./cell.ts";
import { Parameters, type Dialect, type Query } from "./dialect.ts";

/** Labels that a request is told apart by; `null` is one that the source did not give. */
export const REQUEST_LABELS = [
	"source_kind",
	"namespace",
	"deployment",
	"served",
	"model",
	"org",
	"team",
	"user",
	"key",
] as const;
export type RequestLabel = (typeof REQUEST_LABELS)[number];

/** Requests that began in [from, to), each by itself. */
export interface RequestQuestion {
	readonly from: Instant;
	readonly to: Instant;
	/** In order of start and id, so that the same ledger gives the same list; without it in any order, and sooner. */
	readonly isOrdered: boolean;
}

export interface RequestRow {
	readonly keys: Readonly<Record<RequestLabel, string | null>>;
	readonly t0: Instant;
	readonly duration: Micros;
	/** Absent where the source gave none. */
	readonly request?: string;
	readonly status?: RequestStatus;
	readonly tokens: TokenClasses;
}

export interface RequestQuery extends Query {
	readonly read: (row: readonly unknown[]) => RequestRow;
}

/** Every request of a time, with its labels: read in parts, never as a whole. */
export function requestQuery({ from, to, isOrdered }: RequestQuestion, dialect: Dialect): RequestQuery {
	const parameters = new Parameters(dialect);
	const labels = REQUEST_LABELS.map((label) => `${GROUPS[label]}.${dialect.identifier(label)}`);
	const counts = TOKEN_CLASSES.map((each) => `u.${each}`);
	const columns = [
		...labels,
		dialect.micros("u.t0"),
		"u.dur_us",
		"coalesce(CAST(u.request_uuid AS VARCHAR), u.request_text)",
		"u.status",
		...counts,
	];
	const start = parameters.instant(from);
	const end = parameters.instant(to);
	const sql = [
		`SELECT ${columns.map((column, i) => `${column} AS c${i}`).join(", ")} FROM usage_request u`,
		"JOIN dim_source source ON source.id = u.source_id JOIN dim_scope scope ON scope.id = u.scope_id",
		"JOIN dim_model model ON model.id = u.model_id JOIN dim_tenant tenant ON tenant.id = u.tenant_id",
		`WHERE u.t0 >= ${start} AND u.t0 < ${end}`,
		...(isOrdered ? [`ORDER BY ${[PLACE.t0, PLACE.request, ...columns.keys()].map((i) => `c${i}`).join(", ")}`] : []),
	].join("\n");
	return { sql, parameters: parameters.values, read: readRequest };
}

const GROUPS: Readonly<Record<RequestLabel, "source" | "scope" | "model" | "tenant">> = {
	source_kind: "source",
	namespace: "scope",
	deployment: "scope",
	served: "model",
	model: "model",
	org: "tenant",
	team: "tenant",
	user: "tenant",
	key: "tenant",
};

const N = REQUEST_LABELS.length;
const PLACE = { t0: N, duration: N + 1, request: N + 2, status: N + 3, tokens: N + 4 } as const;

function readRequest(row: readonly unknown[]): RequestRow {
	const request = labelOf(row[PLACE.request]);
	const status = row[PLACE.status];
	const known = TOKEN_CLASSES.flatMap((each, i): [TokenClass, TokenCount][] => {
		const cell = row[PLACE.tokens + i];
		return cell === null || cell === undefined ? [] : [[each, Number(cell) as TokenCount]];
	});
	return {
		keys: Object.fromEntries(REQUEST_LABELS.map((label, i) => [label, labelOf(row[i])])) as RequestRow["keys"],
		t0: Number(row[PLACE.t0]) as Instant,
		duration: Number(row[PLACE.duration]) as Micros,
		...(request === null ? {} : { request }),
		...(status === null || status === undefined ? {} : { status: REQUEST_STATUSES[Number(status)] as RequestStatus }),
		tokens: Object.fromEntries(known),
	};
}
