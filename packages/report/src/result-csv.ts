/**
 * The table of any result for spreadsheets: one line a row, the unit of a column in its name. A plan has columns of its
 * own; for all others the members of a row are the columns, however deep they lie.
 */
import type { CompareResult, Envelope, PlanResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { type CsvField, csvText } from "./csv.ts";
import { planCsv } from "./plan-csv.ts";
import { unitName } from "./unit-name.ts";

/** RFC 4180. Numbers are written in full, missing ones as empty fields. */
export function resultCsv(answer: Envelope<unknown>): string {
	if (answer.command === "plan") return planCsv(answer as Envelope<PlanResult>);
	const rows = rowsOf(answer).map((row) => flat(row));
	const columns = columnsOf(rows);
	const { id, as_of, catalogue, seed } = answer;
	return csvText(
		[...columns.map(({ heading }) => heading), "result", "as_of", "catalogue", "seed"],
		rows.map((row) => [...columns.map(({ of }) => of(row)), id, as_of, catalogue, seed]),
	);
}

type Row = ReadonlyMap<string, Cell>;
type Cell = CsvField | QuantityJson;

/** Lists that are the table of a result, where it has one of them. */
const LISTS = ["rows", "claims", "entries", "suspicious", "inputs", "policies", "budgets", "backups"] as const;

/** A result without a list is a table of one row. */
function rowsOf({ command, result }: Envelope<unknown>): object[] {
	const all = result as Readonly<Record<string, unknown>>;
	if (command === "compare") return comparedRows(result as CompareResult);
	if (Array.isArray(all["diffs"])) return (all["diffs"] as Diffed[]).flatMap(causesOf);
	if (command === "simulate" && Array.isArray(all["windows"])) return all["windows"] as object[];
	const list = LISTS.map((name) => all[name]).find((each) => Array.isArray(each));
	return list === undefined ? [all] : (list as object[]);
}

/** Every group of every family that is grouped; what MLPerf and load tests list stands on its own. */
function comparedRows({ families, api }: CompareResult): object[] {
	const grouped = families.flatMap((family): object[] => {
		if (family.family === "inferencex")
			return Object.entries(family.by).flatMap(([dimension, { groups }]) =>
				groups.map((group) => ({ family: family.family, dimension, ...group })),
			);
		if (family.family === "artificial-analysis")
			return family.rows.map((row) => ({ family: family.family, dimension: "system", ...row }));
		return Object.entries(family.scenarios).flatMap(([scenario, rows]) =>
			rows.map((row) => ({ family: family.family, dimension: `scenario ${scenario}`, ...row })),
		);
	});
	return [...grouped, ...(api ?? []).map((offer) => ({ family: "api", dimension: "provider", ...offer }))];
}

interface Diffed {
	readonly causes: readonly object[];
}

function causesOf({ causes, ...of }: Diffed): object[] {
	return causes.map((cause) => ({ ...of, ...cause }));
}

/** Members by their path. Lists of names become one text; lists of anything else are tables of their own. */
function flat(of: object, path = ""): Row {
	const cells = new Map<string, Cell>();
	for (const [name, value] of Object.entries(of) as [string, unknown][]) {
		const at = path === "" ? name : `${path}_${name}`;
		if (isQuantity(value)) cells.set(at, value);
		else if (Array.isArray(value)) {
			if (value.every((each) => typeof each !== "object")) cells.set(at, value.join("; "));
		} else if (typeof value === "object" && value !== null) {
			for (const [inner, cell] of flat(value, at)) cells.set(inner, cell);
		} else cells.set(at, value as CsvField);
	}
	return cells;
}

function isQuantity(value: unknown): value is QuantityJson {
	return typeof value === "object" && value !== null && "unit" in value && "value" in value;
}

interface Column {
	readonly heading: string;
	readonly of: (row: Row) => CsvField;
}

/** In the order in which rows first name them. */
function columnsOf(rows: readonly Row[]): Column[] {
	const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
	return names.flatMap((name) => {
		const quantities = rows.flatMap((row) => {
			const cell = row.get(name);
			return typeof cell === "object" ? [cell] : [];
		});
		return quantities.length === 0 ? [plainColumn(name)] : quantityColumns(name, quantities);
	});
}

function plainColumn(name: string): Column {
	return { heading: snake(name), of: (row) => plain(row.get(name)) };
}

function plain(cell: Cell): CsvField {
	return typeof cell === "object" ? cell.value : cell;
}

/** The unit stands in the heading where all rows share it, and beside the value where they do not. */
function quantityColumns(name: string, quantities: readonly QuantityJson[]): Column[] {
	const units = new Set(quantities.map(unitName));
	const [shared] = units.size === 1 ? units : [];
	const suffix = shared === undefined || shared === "" ? "" : `_${shared}`;
	const member = (of: "value" | "p10" | "p50" | "p90"): Column => ({
		heading: `${snake(name)}${of === "value" ? "" : `_${of}`}${suffix}`,
		of: (row) => {
			const cell = row.get(name);
			return typeof cell === "object" ? cell[of] : of === "value" ? cell : undefined;
		},
	});
	const said = (of: "grade" | "state"): Column[] =>
		quantities.some((each) => each[of] !== undefined)
			? [{ heading: `${snake(name)}_${of}`, of: (row) => quantityOf(row, name)?.[of] }]
			: [];
	const unit: Column[] =
		shared === undefined
			? [
					{
						heading: `${snake(name)}_unit`,
						of: (row) => {
							const cell = quantityOf(row, name);
							return cell === undefined ? undefined : unitName(cell);
						},
					},
				]
			: [];
	const ranged = (["p10", "p50", "p90"] as const).filter((of) => quantities.some((each) => each[of] !== undefined));
	return [member("value"), ...ranged.map(member), ...unit, ...said("grade"), ...said("state")];
}

function quantityOf(row: Row, name: string): QuantityJson | undefined {
	const cell = row.get(name);
	return typeof cell === "object" ? cell : undefined;
}

function snake(name: string): string {
	return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
