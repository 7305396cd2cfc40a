import type { FrontierQuestion, FrontierResult, FrontierRow } from "@farthing/answers";
import { summedUnranked } from "@farthing/answers";
import { formatQuantity, formatRange } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { bare, counted, shown } from "./words.ts";

const SHOWN = 40;

export function frontierText(result: FrontierResult, { filter, at, ttft, unitCost }: FrontierQuestion): string {
	const limit = ttft === undefined ? "no TTFT limit" : `${ttft.statistic} TTFT ≤ ${ttft.limitSeconds} s`;
	const point = at === undefined ? "every row that no other beats" : `at ${at} tok/s/user`;
	const most = unitCost === undefined ? "" : ` · ≤ ${formatQuantity(unitCost, "USD/Mtok")}`;
	const head = bold(
		`${result.model} · ${filter.isl} in / ${filter.osl} out · ${point} · ${limit}${most} · ${result.rate}`,
	);
	const columns = COLUMNS.filter(({ when }) => when === undefined || when(result.rows));
	const rows = result.rows.slice(0, SHOWN).map((row) => columns.map(({ cell }) => cell(row)));
	const right = columns.flatMap((column, i) => (column.right === true ? [i] : []));
	const more =
		result.rows.length > SHOWN
			? [dim(`… and ${result.rows.length - SHOWN} more rows: --json or --csv prints all`)]
			: [];
	const table = textTable(
		columns.map(({ title }) => title),
		rows,
		right,
	);
	return [
		head,
		...(rows.length === 0 ? UNDECIDED : [table, ...more, dim(legend(result.rows)), ...misleads(result.rows)]),
		...unrankedLines(result),
		dim(result.attribution),
	].join("\n");
}

interface Column {
	readonly title: string;
	readonly cell: (row: FrontierRow) => string;
	readonly right?: boolean;
	/** Left out where no row has anything to say. */
	readonly when?: (rows: readonly FrontierRow[]) => boolean;
}

const COLUMNS: readonly Column[] = [
	{ title: "hardware", cell: ({ hardware }) => hardware },
	{ title: "precision", cell: ({ precision }) => precision },
	{ title: "stack", cell: ({ stack }) => stack },
	{
		title: "spec",
		cell: ({ speculative }) => (speculative === "none" ? "–" : speculative),
		when: (rows) => rows.some(({ speculative }) => speculative !== "none"),
	},
	{ title: "tok/s/user", right: true, cell: ({ interactivity }) => bare(interactivity) },
	{ title: "tok/s/GPU", right: true, cell: ({ tokens_per_gpu_second: speed }) => bare(speed) },
	{
		title: "rows on either side",
		right: true,
		cell: ({ error_band: band }) => (band === undefined ? "–" : formatRange(band.low, band.high, "")),
		when: (rows) => rows.some((row) => row.error_band !== undefined),
	},
	{
		title: "off by",
		right: true,
		cell: ({ error_band: band }) =>
			band?.leave_one_out_median === undefined ? "–" : `${(band.leave_one_out_median * 100).toFixed(0)}%`,
		when: (rows) => rows.some((row) => row.error_band?.leave_one_out_median !== undefined),
	},
	{ title: "$/GPU-hr", right: true, cell: ({ gpu_hour: rate }) => bare(rate) },
	{
		title: "EFLOP/$",
		right: true,
		cell: ({ flops_per_usd: flops }) => (flops?.value === undefined ? "–" : (flops.value / 1e6).toFixed(2)),
	},
	{ title: "$/M total", right: true, cell: ({ unit_cost: cost }) => bare(cost.total) },
	{ title: "$/M output", right: true, cell: ({ unit_cost: cost }) => bare(cost.output) },
	{
		title: "TTFT",
		right: true,
		cell: ({ ttft }) => (ttft?.value === undefined ? "unknown" : `${ttft.value.toFixed(2)} s`),
	},
	{ title: "grade", cell: ({ unit_cost: cost }) => cost.total.grade ?? "" },
	{ title: "state", cell: ({ state }) => state },
	{ title: "row", cell: ({ nearest_row: row }) => row.id },
];

function legend(rows: readonly FrontierRow[]): string {
	const states = new Set(rows.map(({ state }) => state));
	const words = [
		"$/M at full load (headline); output: the same money over output tokens alone",
		...(states.has("interpolated")
			? [
					"interpolated: between the two nearest measured rows, TTFT the slower one's",
					"off by: median error of the frontier's own rows, each predicted from the others",
				]
			: []),
		...(states.has("clamped") ? ["clamped: every measured row is faster, the slowest is taken at its own speed"] : []),
	];
	return words.join("; ");
}

/** No row is known to keep the limit on TTFT, and none to miss it. */
const UNDECIDED: readonly string[] = [
	"No measured deployment is known to keep these limits.",
	"  --ttft-unknown accept ranks rows that publish no TTFT",
];

/** Where the price of an hour and FLOPS per dollar pick another winner than cost per token. */
function misleads(rows: readonly FrontierRow[]): string[] {
	const best = rows[0] as FrontierRow;
	const cheapestHour = least(rows, (row) => row.gpu_hour.value ?? Number.POSITIVE_INFINITY);
	const mostFlops = least(rows, (row) => -(row.flops_per_usd?.value ?? 0));
	const other = (name: string, row: FrontierRow): string[] =>
		row.hardware === best.hardware
			? []
			: [
					`${name} points to ${row.hardware}, whose cheapest token here costs ${shown(row.unit_cost.total)} against ${shown(best.unit_cost.total)} on ${best.hardware}.`,
				];
	return [
		...other("The lowest $/GPU-hr", cheapestOf(rows, cheapestHour.hardware)),
		...other("FLOPS per dollar", cheapestOf(rows, mostFlops.hardware)),
	];
}

function cheapestOf(rows: readonly FrontierRow[], hardware: string): FrontierRow {
	return rows.find((row) => row.hardware === hardware) as FrontierRow;
}

function least(rows: readonly FrontierRow[], of: (row: FrontierRow) => number): FrontierRow {
	return rows.reduce((a, b) => (of(b) < of(a) ? b : a));
}

function unrankedLines({ unranked }: FrontierResult): string[] {
	if (unranked.length === 0) return [];
	const groups = summedUnranked(unranked);
	const rows = unranked.reduce((sum, line) => sum + line.rows, 0);
	const lines = groups.slice(0, 8).map(({ hardware, precision, stack, speculative, reason }) => {
		const spec = speculative === "none" ? "" : ` ${speculative}`;
		return dim(`  ${hardware} ${precision} ${stack}${spec}: ${reason}`);
	});
	return [
		`Not ranked: ${counted(rows, "row")}, for one reason or another of each deployment:`,
		...lines,
		...(groups.length > 8 ? [dim(`  … ${groups.length - 8} more: --json`)] : []),
	];
}

export function frontierCsv({ rows }: FrontierResult): string {
	const head =
		"hardware,precision,stack,speculative,isl,osl,interactivity_tok_per_s_per_user,tokens_per_gpu_second,usd_per_gpu_hour,tflop_per_usd,usd_per_mtok_total,usd_per_mtok_input,usd_per_mtok_output,usd_per_request,ttft_s,state,grade,as_of,row";
	const lines = rows.map((row) =>
		[
			row.hardware,
			row.precision,
			row.stack,
			row.speculative,
			row.isl,
			row.osl,
			row.interactivity.value,
			row.tokens_per_gpu_second.value,
			row.gpu_hour.value,
			row.flops_per_usd?.value,
			row.unit_cost.total.value,
			row.unit_cost.input.value,
			row.unit_cost.output.value,
			row.cost_per_request.value,
			row.ttft?.value,
			row.state,
			row.unit_cost.total.grade,
			row.unit_cost.total.as_of,
			row.nearest_row.id,
		]
			.map((cell) => cell ?? "")
			.join(","),
	);
	return `${[head, ...lines].join("\r\n")}\r\n`;
}
