import { TOKEN_CLASSES } from "../../records/token-classes.ts";
import { instant, type Instant } from "../../records/units.ts";
import { labelOf, wholeOf } from "./cell.ts";
import { cutSql } from "./cut-spans.ts";
import { cover, GRAIN_MICROS, type Grain } from "./cover.ts";
import { Parameters, type Dialect, type Query } from "./dialect.ts";
import {
	CONTEXT_EDGES,
	SUMMED_COLUMNS,
	type ColumnSum,
	type SummedColumn,
	type UsageDimension,
	type UsageQuestion,
	type UsageSum,
} from "./usage-question.ts";

/** Where events and roll-ups lie, and up to which segment roll-ups hold them. */
export interface UsageSources {
	readonly raw: "usage_request" | "usage_window";
	/** What the roll-ups hold; absent where there are none to use. */
	readonly rolledUp?: RolledUp;
}

/** Which events the roll-ups hold and which came after, as conditions; and which of their rows count, where not all do. */
export interface RolledUp {
	readonly held: (parameters: Parameters) => string;
	readonly after: (parameters: Parameters) => string;
	readonly rows?: string;
}

/** Roll-ups that hold all segments up to this number. */
export function throughSegment(last: bigint): RolledUp {
	return {
		held: (parameters) => `segment_no <= ${parameters.whole(last)}`,
		after: (parameters) => `segment_no > ${parameters.whole(last)}`,
	};
}

/** A query, and how its rows are read back. */
export interface UsageQuery extends Query {
	/** The earliest instant from which events older than the roll-ups are read; absent where none are. */
	readonly rawFrom: number | undefined;
	readonly read: (row: readonly unknown[]) => UsageSum;
}

/**
 * The one query of usage: integer sums by labels and intervals. Each piece of time is first summed by numbers that stand
 * for the labels asked for, then joined to the labels and summed again, so that a label is not looked at per event. Where the
 * dialect wants it, of all combinations that have the same labels one stands for the others: there are no more groups than labels.
 */
export function usageQuery(question: UsageQuestion, sources: UsageSources, dialect: Dialect): UsageQuery {
	const parameters = new Parameters(dialect);
	const edges = intervalEdges(question);
	const dimensions = [...new Set([...question.by, ...Object.keys(question.where ?? {})])] as UsageDimension[];
	const groups = [...new Set(dimensions.map((dimension) => PLACES[dimension].group))];
	const whole = piecesOf(question, sources, edges);
	const pieces = dialect.keep === undefined ? whole : whole.flatMap((piece) => cutPiece(piece, edges, question.step));
	const stands = groups.filter(isDimensionTable).map((group) => standIn(group, dimensions, dialect));
	const relations = pieces.map((piece) =>
		relationSql(piece, sources.rolledUp, groups, joinsOf(stands), edges, question, parameters, dialect),
	);
	const joins = stands.map(({ labels }) => labels);
	const labels = question.by.map((dimension) => labelSql(dimension, dialect));
	const positions = ["1", "2", ...labels.map((_, i) => String(i + 3))];
	const columns = columnsOf(question);
	// Of one piece every group is whole already, unless it is kept apart by labels that are only chosen by.
	const isWhole = whole.length === 1 && question.where === undefined && dialect.keep !== undefined;
	const summed = (column: string): string => (isWhole ? `p.${column}` : dialect.sum(`p.${column}`));
	const sums = columns.flatMap((column) => [summed(column), dialect.narrow(summed(`${column}_known`))]);
	if (question.withOutSquares === true) sums.push(summed(OUT_SQUARES));
	const conditions = Object.entries(question.where ?? {}).map(([dimension, values]) =>
		conditionSql(dimension as UsageDimension, values, parameters, dialect),
	);
	const sql = [
		`SELECT ${["p.at", "p.edge", ...labels, dialect.narrow(summed("records")), ...sums].join(", ")}`,
		`FROM (${relations.length === 0 ? emptySql(groups, columns, question) : relations.join(" UNION ALL ")}) p ${joins.join(" ")}`,
		...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
		`${isWhole ? "" : `GROUP BY ${positions.join(", ")} `}ORDER BY ${positions.join(", ")}`,
	].join("\n");
	const before = stands.flatMap(({ kept }) => kept ?? []);
	return { sql, parameters: parameters.values, before, rawFrom: rawFrom(pieces), read: sumReader(question, edges) };
}

/** True where roll-ups hold what the question asks for. */
export function isRolledUp(question: UsageQuestion): boolean {
	const asked = [...question.by, ...Object.keys(question.where ?? {})] as UsageDimension[];
	return asked.every((dimension) => !PLACES[dimension].isRawOnly);
}

/** The bounds of the intervals: start, edges within, end. */
export function intervalEdges({
	from,
	to,
	edges = [],
}: Pick<UsageQuestion, "from" | "to" | "edges">): readonly Instant[] {
	const inside = [...new Set(edges)].filter((edge) => edge > from && edge < to).sort((a, b) => a - b);
	return [from, ...inside, to];
}

/** The context class of a prompt, as SQL: how many of the edges it is longer than. */
export function contextSql(inTotal: string): string {
	const cases = CONTEXT_EDGES.map((edge, i) => `WHEN ${inTotal} <= ${edge} THEN ${i}`);
	return `CASE WHEN ${inTotal} IS NULL THEN NULL ${cases.join(" ")} ELSE ${CONTEXT_EDGES.length} END`;
}

type Group = "source" | "scope" | "model" | "tenant" | "status" | "context";
interface Place {
	readonly group: Group;
	readonly column: string;
	/** Roll-ups drop it. */
	readonly isRawOnly?: boolean;
}

const PLACES: Readonly<Record<UsageDimension, Place>> = {
	source_kind: { group: "source", column: "source_kind" },
	adapter: { group: "source", column: "adapter" },
	instance: { group: "source", column: "instance", isRawOnly: true },
	cluster: { group: "scope", column: "cluster" },
	namespace: { group: "scope", column: "namespace" },
	pod: { group: "scope", column: "pod", isRawOnly: true },
	role: { group: "scope", column: "role" },
	deployment: { group: "scope", column: "deployment" },
	hardware: { group: "scope", column: "hardware" },
	served: { group: "model", column: "served" },
	model: { group: "model", column: "model" },
	precision: { group: "model", column: "precision" },
	tier: { group: "model", column: "tier" },
	org: { group: "tenant", column: "org" },
	team: { group: "tenant", column: "team" },
	user: { group: "tenant", column: "user" },
	key: { group: "tenant", column: "key" },
	status: { group: "status", column: "status" },
	context: { group: "context", column: "context" },
};

interface UsagePiece {
	readonly table: string;
	readonly from: number;
	readonly to: number;
	/** Of events: all, those that the roll-ups hold, or those that came after. */
	readonly events: "all" | "held" | "after";
	/** Number of the step and of the interval that it lies in, where it lies in one of each. */
	readonly at?: number;
	readonly edge?: number;
}

/** Pieces that a query may be made of: each costs some milliseconds, however few events are in it. */
const MOST_PIECES = 100;

/** Events of one step and interval at a time, so that the time is no part of what they are grouped by. */
function cutPiece(piece: UsagePiece, edges: readonly Instant[], step: UsageQuestion["step"]): UsagePiece[] {
	const unit = step === undefined ? Number.POSITIVE_INFINITY : GRAIN_MICROS[step];
	if (piece.table !== "usage_request" || (piece.to - piece.from) / unit > MOST_PIECES - edges.length) return [piece];
	const pieces: UsagePiece[] = [];
	let edge = 0;
	for (let from = piece.from; from < piece.to; from = pieces.at(-1)?.to ?? piece.to) {
		while ((edges[edge + 1] as number) <= from) edge++;
		const at = step === undefined ? 0 : Math.floor(from / unit);
		const end = step === undefined ? piece.to : (at + 1) * unit;
		pieces.push({ ...piece, from, to: Math.min(end, piece.to, edges[edge + 1] as number), at, edge });
	}
	return pieces;
}

function piecesOf(question: UsageQuestion, sources: UsageSources, edges: readonly Instant[]): UsagePiece[] {
	const { rolledUp, raw } = sources;
	const { from, to, step, detail = "auto" } = question;
	if (from >= to) return [];
	if (rolledUp === undefined || detail === "raw" || raw === "usage_window" || !isRolledUp(question)) {
		return [{ table: raw, from, to, events: "all" }];
	}
	const grains = grainsFor(question, step);
	const pieces = edges
		.slice(1)
		.flatMap((end, i): UsagePiece[] =>
			cover(edges[i] as number, end, grains).map((piece) =>
				piece.grain === "raw"
					? { table: raw, from: piece.from, to: piece.to, events: "held" }
					: { table: `usage_${piece.grain}`, from: piece.from, to: piece.to, events: "all" },
			),
		);
	return [...pieces, { table: raw, from, to, events: "after" }];
}

/** Events that came after the roll-ups are all still there; minutes are kept as long as events. */
function rawFrom(pieces: readonly UsagePiece[]): number | undefined {
	const old = pieces.filter(({ table, events }) =>
		table === "usage_request" ? events !== "after" : table === "usage_minute",
	);
	return old.length === 0 ? undefined : Math.min(...old.map(({ from }) => from));
}

/**
 * Minutes are kept without tenants; a step cannot be made of coarser units. Squares are of rows, so that for every question the
 * same rows are taken.
 */
function grainsFor({ by, where = {}, withOutSquares = false }: UsageQuestion, step: UsageQuestion["step"]): Grain[] {
	const asked = [...by, ...Object.keys(where)] as UsageDimension[];
	const isByTenant = asked.some((dimension) => PLACES[dimension].group === "tenant");
	const largest = step === undefined ? Number.POSITIVE_INFINITY : GRAIN_MICROS[step];
	const grains: Grain[] = isByTenant || withOutSquares ? ["day", "hour"] : ["day", "hour", "minute"];
	return grains.filter((grain) => GRAIN_MICROS[grain] <= largest);
}

/** What stands for the labels of a dimension that are asked for. */
interface StandIn {
	/** Gives events `first_id`, the same for all combinations that have the same labels; absent where sums are made by combination. */
	readonly join?: string;
	/** Gives sums the labels back. */
	readonly labels: string;
	readonly kept?: string;
}

function standIn(group: Group, dimensions: readonly UsageDimension[], dialect: Dialect): StandIn {
	const labels = dimensions.map((name) => PLACES[name]).filter((place) => place.group === group);
	const columns = labels.map(({ column }) => dialect.identifier(column)).join(", ");
	const dimension = `dim_${group}`;
	if (dialect.keep === undefined) return { labels: `JOIN ${dimension} ${group} ON ${group}.id = p.${group}_id` };
	const name = `stand_in_${group}`;
	const number = `CAST(dense_rank() OVER (ORDER BY ${columns}) AS INTEGER)`;
	const isFirst = `id = min(id) OVER (PARTITION BY ${columns})`;
	return {
		kept: dialect.keep(name, `SELECT id AS any_id, ${number} AS first_id, ${isFirst} AS is_first FROM ${dimension}`),
		join: `JOIN ${name} ${group} ON ${group}.any_id = ${group}_id`,
		labels: `JOIN ${name} ON ${name}.first_id = p.${group}_id AND ${name}.is_first JOIN ${dimension} ${group} ON ${group}.id = ${name}.any_id`,
	};
}

function joinsOf(stands: readonly StandIn[]): string[] {
	return stands.flatMap(({ join }) => join ?? []);
}

function relationSql(
	piece: UsagePiece,
	rolledUp: RolledUp | undefined,
	groups: readonly Group[],
	stands: readonly string[],
	edges: readonly Instant[],
	question: UsageQuestion,
	parameters: Parameters,
	dialect: Dialect,
): string {
	const isRaw = piece.table === "usage_request" || piece.table === "usage_window";
	const isWindow = piece.table === "usage_window";
	const at =
		piece.at?.toString() ?? (question.step === undefined ? "0" : dialect.stepOf("t0", GRAIN_MICROS[question.step]));
	const keys = groups.map((group) => keySql(group, isRaw, isWindow, dialect));
	const sums = columnsOf(question).flatMap((column) => {
		const [sum, known] = isRaw
			? rawSum(column, isWindow, dialect)
			: [dialect.rolledUpSum(column), dialect.sum(`${column}_known`)];
		return [`${sum} AS ${column}`, `${known} AS ${column}_known`];
	});
	if (question.withOutSquares === true) sums.push(`${outSquares(isRaw, isWindow, dialect)} AS ${OUT_SQUARES}`);
	const positions = ["1", "2", ...keys.map((_, i) => String(i + 3))];
	if (isWindow) {
		return [
			`SELECT ${[`${at} AS at`, "edge", ...keys].join(", ")}, count(*) AS records, ${sums.join(", ")}`,
			`FROM ${[cutSql({ ...WINDOWS, edges, step: question.step }, dialect), ...stands].join(" ")} GROUP BY ${positions.join(", ")}`,
		].join(" ");
	}
	const conditions = [
		`t0 >= ${parameters.instant(piece.from)}`,
		`t0 < ${parameters.instant(piece.to)}`,
		...(rolledUp === undefined ? [] : segmentConditions(piece, isRaw, rolledUp, parameters)),
	];
	// What is the same for all of a piece is no part of its groups, unless there is nothing else: no events, no group.
	const grouped = piece.at === undefined || keys.length === 0 ? positions : positions.slice(2);
	return [
		`SELECT ${[`${at} AS at`, `${piece.edge?.toString() ?? edgeSql(edges, parameters)} AS edge`, ...keys].join(", ")},`,
		`${isRaw ? "count(*)" : dialect.sum("records")} AS records, ${sums.join(", ")}`,
		`FROM ${[piece.table, ...stands].join(" ")} WHERE ${conditions.join(" AND ")} GROUP BY ${grouped.join(", ")}`,
	].join(" ");
}

function segmentConditions(
	{ events }: UsagePiece,
	isRaw: boolean,
	{ held, after, rows }: RolledUp,
	parameters: Parameters,
): string[] {
	if (!isRaw) return rows === undefined ? [] : [rows];
	return events === "all" ? [] : [events === "after" ? after(parameters) : held(parameters)];
}

/** Windows have a length, and may reach over the end of a step or of the time asked for. */
const WINDOWS = {
	table: "usage_window",
	kept: ["source_id", "scope_id", "model_id", "tenant_id"],
	shared: [...TOKEN_CLASSES, "finished"],
} as const;

/** Number of the interval that an event lies in. */
function edgeSql(edges: readonly Instant[], parameters: Parameters): string {
	const inner = edges.slice(1, -1);
	if (inner.length === 0) return "0";
	return `CASE ${inner.map((edge, i) => `WHEN t0 < ${parameters.instant(edge)} THEN ${i}`).join(" ")} ELSE ${inner.length} END`;
}

function keySql(group: Group, isRaw: boolean, isWindow: boolean, dialect: Dialect): string {
	if (group === "status") return isWindow ? "NULL AS status" : "status";
	if (group === "context") return isRaw ? `${isWindow ? "NULL" : contextSql("in_total")} AS context` : "context";
	return dialect.keep !== undefined ? `${group}.first_id AS ${group}_id` : `${group}_id`;
}

function rawSum(column: SummedColumn, isWindow: boolean, dialect: Dialect): [string, string] {
	if (column === "out_context" && isWindow) {
		// Of a window only sums are known: what its tokens attended to if its requests were all alike.
		const context = dialect.quotient(
			dialect.product("out_total", "(2 * in_total + out_total)"),
			"nullif(2 * finished, 0)",
		);
		return [dialect.sum(context), `count(${context})`];
	}
	const expression = column === "out_context" ? dialect.product("out_total", "in_total") : column;
	return [dialect.sum(expression), `count(${column === "out_context" ? "out_total + in_total" : column})`];
}

const OUT_SQUARES = "out_squares";

function outSquares(isRaw: boolean, isWindow: boolean, dialect: Dialect): string {
	if (isWindow) return "0";
	if (isRaw) return dialect.sum(dialect.product("out_total", "out_total"));
	const total = dialect.rolledUp("out_total");
	return dialect.sum(dialect.quotient(dialect.product(total, total), "nullif(out_total_known, 0)"));
}

function emptySql(
	groups: readonly Group[],
	columns: readonly SummedColumn[],
	{ withOutSquares = false }: UsageQuestion,
): string {
	const keys = groups.map((group) => `0 AS ${isDimensionTable(group) ? `${group}_id` : group}`);
	const sums = columns.flatMap((column) => [`0 AS ${column}`, `0 AS ${column}_known`]);
	if (withOutSquares) sums.push(`0 AS ${OUT_SQUARES}`);
	return `SELECT ${["0 AS at", "0 AS edge", ...keys, "0 AS records", ...sums].join(", ")} WHERE 1 = 0`;
}

function isDimensionTable(group: Group): boolean {
	return group !== "status" && group !== "context";
}

function labelSql(dimension: UsageDimension, dialect: Dialect): string {
	const { group, column } = PLACES[dimension];
	if (group === "status") return `CASE p.status WHEN 0 THEN 'ok' WHEN 1 THEN 'aborted' WHEN 2 THEN 'error' END`;
	if (group === "context") return "p.context";
	return `${group}.${dialect.identifier(column)}`;
}

function conditionSql(
	dimension: UsageDimension,
	values: readonly (string | null)[],
	parameters: Parameters,
	dialect: Dialect,
): string {
	const label =
		dimension === "context" ? `CAST(${labelSql(dimension, dialect)} AS VARCHAR)` : labelSql(dimension, dialect);
	const named = values.filter((value) => value !== null).map((value) => parameters.text(value));
	const choices = [
		...(named.length > 0 ? [`${label} IN (${named.join(", ")})`] : []),
		...(values.includes(null) ? [`${label} IS NULL`] : []),
	];
	return choices.length === 0 ? "1 = 0" : `(${choices.join(" OR ")})`;
}

/** Reads a row; there are many, so that what holds for all is made once. */
function sumReader(question: UsageQuestion, edges: readonly Instant[]): (row: readonly unknown[]) => UsageSum {
	const { by, step, withOutSquares = false } = question;
	const columns = columnsOf(question);
	const first = by.length + 3;
	return (row) => {
		const keys: Partial<Record<UsageDimension, string | null>> = {};
		for (let i = 0; i < by.length; i++) keys[by[i] as UsageDimension] = labelOf(row[i + 2]);
		const sums = { ...ALL_UNKNOWN };
		for (let i = 0; i < columns.length; i++) {
			const at = first + i * 2;
			sums[columns[i] as SummedColumn] = { sum: wholeOf(row[at]), known: wholeOf(row[at + 1]) };
		}
		const start = Number(row[1]);
		const interval = { from: edges[start] as Instant, to: edges[start + 1] as Instant };
		const { from, to } = step === undefined ? interval : stepWithin(Number(row[0]), GRAIN_MICROS[step], interval);
		const sum = { keys, from, to, records: wholeOf(row[first - 1]), sums };
		return withOutSquares ? { ...sum, outSquares: wholeOf(row[first + columns.length * 2]) } : sum;
	};
}

const NOTHING: ColumnSum = { sum: 0n, known: 0n };
const ALL_UNKNOWN = Object.fromEntries(SUMMED_COLUMNS.map((column) => [column, NOTHING])) as Record<
	SummedColumn,
	ColumnSum
>;

/** In the one order, so that a column's place does not hang on how it was asked for. */
function columnsOf({ columns = SUMMED_COLUMNS }: UsageQuestion): SummedColumn[] {
	return SUMMED_COLUMNS.filter((column) => columns.includes(column));
}

/** The n-th step since 1970, cut off where the interval begins or ends within it. */
function stepWithin(
	n: number,
	length: number,
	interval: { from: Instant; to: Instant },
): { from: Instant; to: Instant } {
	const at = n * length;
	return { from: instant(Math.max(at, interval.from)), to: instant(Math.min(at + length, interval.to)) };
}
