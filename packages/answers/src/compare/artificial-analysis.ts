/**
 * Results of Artificial Analysis' load test of whole systems, as a table that somebody keyed in: the publisher has pages and
 * no files. 1,000 tokens in and 1,000 out at a fixed concurrency; tokens are output alone, so a cost is per output token.
 */
import type { Catalogue } from "@farthing/catalogue";
import {
	cell,
	cellPlace,
	countCell,
	isDay,
	Issues,
	issueText,
	numberCell,
	openCsv,
	optionalNumberCell,
	textCell,
} from "@farthing/catalogue";
import type { CsvRow } from "@farthing/catalogue";
import type { Expr, TokensPerGpuSecond } from "@farthing/engine";
import { headlineCost, input, tokensPerGpuSecond } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { hardwareNamed, modelNamed } from "../names.ts";

export const ARTIFICIAL_ANALYSIS_COLUMNS = [
	"system",
	"hardware",
	"gpus",
	"model",
	"precision",
	"concurrency",
	"output_tps",
	"speed_per_query",
	"as_of",
] as const;

export interface LoadTestRow {
	readonly id: string;
	readonly system: string;
	readonly hardware: string;
	readonly gpus: number;
	readonly model: string;
	readonly precision: string;
	readonly concurrency: number;
	/** Output tokens per second of the whole system. */
	readonly outputTokensPerSecond: number;
	/** Output tokens per second that one query sees. */
	readonly speedPerQuery: number;
	/** Seconds. */
	readonly ttft?: number;
	readonly asOf: string;
	/** File and line it was keyed in at. */
	readonly at: string;
}

/** Throws exit 2 with line and column for a malformed table, exit 3 for names that the catalogue does not know. */
export function readArtificialAnalysis(catalogue: Catalogue, text: string, file: string): readonly LoadTestRow[] {
	const issues = new Issues();
	const optional = ["ttft_s", "e2e_s", "price", "url"];
	const rows = openCsv(file, text, issues, { required: ARTIFICIAL_ANALYSIS_COLUMNS, optional });
	const read = issues.list.length > 0 ? [] : rows.flatMap((row, i) => oneRow(catalogue, row, i, file, issues));
	const [first] = issues.list;
	if (first === undefined) return read;
	const others =
		issues.list.length === 1
			? ""
			: ` (and ${issues.list.length - 1} more: ${issueText(issues.list[1] as typeof first)})`;
	const { line, column, path, message, expected } = first;
	throw new FarthingError(2, "malformed-table", `${path === "" ? "" : `${path}: `}${message}${others}`, {
		file,
		line,
		column,
		expected,
		hint: `a header line: ${ARTIFICIAL_ANALYSIS_COLUMNS.join(",")}`,
	});
}

function oneRow(catalogue: Catalogue, row: CsvRow, index: number, file: string, issues: Issues): LoadTestRow[] {
	const [system, precision] = ["system", "precision"].map((column) => textCell(row, column));
	const named = ["hardware", "model"].map((column) => textCell(row, column));
	const [gpus, concurrency] = ["gpus", "concurrency"].map((column) =>
		aboveZero(row, column, countCell(row, column), issues),
	);
	const [tps, speed] = ["output_tps", "speed_per_query"].map((column) =>
		aboveZero(row, column, numberCell(row, column), issues),
	);
	const ttft = optionalNumberCell(row, "ttft_s");
	const asOf = cell(row, "as_of");
	if (!isDay(asOf)) issues.add(cellPlace(row, "as_of"), `found "${asOf}"`, "a day, YYYY-MM-DD");
	const [hardware, model] = named;
	if (system === undefined || precision === undefined || hardware === undefined || model === undefined) return [];
	if (gpus === undefined || concurrency === undefined || tps === undefined || speed === undefined) return [];
	const place = (field: string): { file: string; line: number; column: number; field: string } => ({
		file,
		line: row.line,
		column: cellPlace(row, field).column,
		field,
	});
	return [
		{
			id: `aa-${index + 1}`,
			system,
			hardware: hardwareNamed(catalogue, hardware, place("hardware")).id,
			gpus,
			model: modelNamed(catalogue, model, place("model")).id,
			precision,
			concurrency,
			outputTokensPerSecond: tps,
			speedPerQuery: speed,
			...(ttft === undefined ? {} : { ttft }),
			asOf,
			at: `${file}:${row.line}`,
		},
	];
}

function aboveZero(row: CsvRow, column: string, value: number | undefined, issues: Issues): number | undefined {
	if (value === undefined || value > 0) return value;
	return issues.add(cellPlace(row, column), `found ${value}`, "a number above 0");
}

/** Nodes `<id>.tokens_per_gpu_second.output` and `<id>.unit_cost.headline.output`. */
export function loadTestCost(row: LoadTestRow, rate: Parameters<typeof headlineCost>[2]): Expr<never> {
	const speed: Expr<TokensPerGpuSecond<"output">> = input(
		`${row.id}.tokens_per_gpu_second.output`,
		tokensPerGpuSecond("output"),
		{
			label: `${row.system}, ${row.concurrency} at once, over ${row.gpus} GPUs`,
			value: { kind: "point", value: row.outputTokensPerSecond / row.gpus },
			source: "Artificial Analysis, System Load Test, keyed in by hand",
			asOf: row.asOf,
			grade: "B",
			at: row.at,
			state: "measured",
		},
	);
	return headlineCost(`${row.id}.unit_cost.headline.output`, "output", rate, speed) as unknown as Expr<never>;
}
