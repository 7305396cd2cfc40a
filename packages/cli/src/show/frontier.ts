import type { FrontierQuestion, FrontierResult, FrontierRow } from "@farthing/answers";
import { summedUnranked } from "@farthing/answers";
import { bold, dim, textTable } from "../print.ts";
import { bare, shown } from "./words.ts";

const SHOWN = 40;

export function frontierText(result: FrontierResult, { filter, at, ttft }: FrontierQuestion): string {
	const limit = ttft === undefined ? "no TTFT limit" : `${ttft.statistic} TTFT ≤ ${ttft.limitSeconds} s`;
	const point = at === undefined ? "all measured rows on each frontier" : `at ${at} tok/s/user`;
	const head = bold(`${result.model} · ${filter.isl} in / ${filter.osl} out · ${point} · ${limit} · ${result.rate}`);
	const rows = result.rows.slice(0, SHOWN).map((row) => cells(row));
	const titles = ["hardware", "precision", "stack", "spec", "tok/s/user", "tok/s/GPU", "$/GPU-hr", "EFLOP/$", "$/M total", "$/M output", "TTFT", "state", "row"];
	const more = result.rows.length > SHOWN ? [dim(`… and ${result.rows.length - SHOWN} more rows: --json or --csv prints all`)] : [];
	const best = result.rows[0];
	return [
		head,
		rows.length === 0 ? "no deployment reaches this under the limits" : textTable(titles, rows, [4, 5, 6, 7, 8, 9, 10]),
		...more,
		...(best === undefined ? [] : misleads(result.rows)),
		...unrankedLines(result),
		dim(result.attribution),
	].join("\n");
}

function cells(row: FrontierRow): string[] {
	const flops = row.flops_per_usd?.value;
	return [
		row.hardware,
		row.precision,
		row.stack,
		row.speculative === "none" ? "–" : row.speculative,
		bare(row.interactivity),
		bare(row.tokens_per_gpu_second),
		bare(row.gpu_hour),
		flops === undefined ? "–" : (flops / 1e6).toFixed(2),
		bare(row.unit_cost.total),
		bare(row.unit_cost.output),
		row.ttft?.value === undefined ? "–" : `${row.ttft.value.toFixed(2)} s`,
		row.state,
		row.nearest_row.id,
	];
}

/** Where the price of an hour and FLOPS per dollar pick another winner than cost per token. */
function misleads(rows: readonly FrontierRow[]): string[] {
	const best = rows[0] as FrontierRow;
	const cheapestHour = least(rows, (row) => row.gpu_hour.value ?? Number.POSITIVE_INFINITY);
	const mostFlops = least(rows, (row) => -(row.flops_per_usd?.value ?? 0));
	const other = (name: string, row: FrontierRow): string[] =>
		row.hardware === best.hardware ? [] : [`${name} points to ${row.hardware}, whose cheapest token here costs ${shown(row.unit_cost.total)} against ${shown(best.unit_cost.total)} on ${best.hardware}.`];
	return [...other("The lowest $/GPU-hr", cheapestOf(rows, cheapestHour.hardware)), ...other("FLOPS per dollar", cheapestOf(rows, mostFlops.hardware))];
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
	const rows = groups.reduce((sum, line) => sum + line.rows, 0);
	const lines = groups.slice(0, 8).map((line) => dim(`  ${line.hardware} ${line.precision} ${line.stack} ${line.speculative}: ${line.reason}`));
	return [`Not ranked: ${rows} rows or frontiers`, ...lines, ...(groups.length > 8 ? [dim(`  … ${groups.length - 8} more: --json`)] : [])];
}

export function frontierCsv({ rows }: FrontierResult): string {
	const head = "hardware,precision,stack,speculative,isl,osl,interactivity_tok_per_s_per_user,tokens_per_gpu_second,usd_per_gpu_hour,tflop_per_usd,usd_per_mtok_total,usd_per_mtok_input,usd_per_mtok_output,usd_per_request,ttft_s,state,grade,as_of,row";
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
	return [head, ...lines].join("\r\n");
}
