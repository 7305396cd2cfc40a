import type { PredictedRow, PredictedValues, PredictResult, SuspiciousResult, SuspiciousRow } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { bare, counted, shown } from "./words.ts";

const ROWS = 40;

export function predictText(result: PredictResult): string {
	const { rows, calibration, prices } = result;
	const first = rows[0];
	const foot = dim(
		`${calibration.rows} measured rows calibrate, newest ${calibration.newest} · ${prices} · grade D: modelled`,
	);
	if (rows.length === 1 && first !== undefined && "ttft" in first) return [...singleLines(first), foot].join("\n");
	const cells = rows.slice(0, ROWS).map(rowCells);
	const titles = ["row", "configuration", "TTFT", "TPOT", "tok/s/GPU", "$/M tok", "level", "rows"];
	const said = rows.filter((row) => "ttft" in row).length;
	return [
		bold(`${said} of ${rows.length} rows predicted, 80% intervals in --json`),
		textTable(titles, cells, [2, 3, 4, 5, 7]),
		...(rows.length > ROWS ? [dim(`… and ${rows.length - ROWS} more rows: --json prints all`)] : []),
		foot,
	].join("\n");
}

export function suspiciousText({ suspicious, judged }: SuspiciousResult): string {
	const cells = suspicious.slice(0, ROWS).map(suspiciousCells);
	const titles = ["row", "source", "configuration", "quantity", "measured", "others expect", "deviations"];
	return [
		bold(`${suspicious.length} values of ${judged} measured rows contradict what the other rows say`),
		textTable(titles, cells, [4, 5, 6]),
		...(suspicious.length > ROWS ? [dim(`… and ${suspicious.length - ROWS} more: --json prints all`)] : []),
		dim("They calibrate with as much less weight as they are far off; none is left out."),
	].join("\n");
}

function suspiciousCells(row: SuspiciousRow): string[] {
	const { id, source, model, hardware, stack, precision, isl, osl, concurrency, quantity, deviations } = row;
	return [
		id,
		source,
		`${model} ${hardware} ${stack} ${precision} ${isl}/${osl} C${concurrency}`,
		quantity,
		formatQuantity(row.measured.value, row.measured.unit),
		formatQuantity(row.expected.value, row.expected.unit),
		deviations.toFixed(1),
	];
}

function singleLines(row: PredictedValues): string[] {
	const { narrowed_by: narrowing } = row;
	const kind = row.disaggregated ? "disaggregated" : "aggregated";
	const gpus = row.gpus === undefined ? "" : ` · ${counted(row.gpus, "GPU")} ${kind}`;
	return [
		bold(
			`${row.model} on ${row.hardware} · ${row.stack} · ${row.precision}${gpus} · ${row.isl} in / ${row.osl} out · ${row.concurrency} in flight`,
		),
		textTable(
			["", "predicted", "80% interval"],
			[
				["TTFT", time(row.ttft), interval(row.ttft, time)],
				...(row.tpot === undefined ? [] : [["TPOT", time(row.tpot), interval(row.tpot, time)]]),
				...(row.interactivity === undefined
					? []
					: [["speed a user sees", shown(row.interactivity), interval(row.interactivity, shown)]]),
				...(row.tokens_per_gpu_second === undefined
					? []
					: [["throughput", shown(row.tokens_per_gpu_second), interval(row.tokens_per_gpu_second, shown)]]),
				...(row.unit_cost === undefined
					? []
					: [["cost at full load", shown(row.unit_cost), interval(row.unit_cost, shown)]]),
			],
			[1, 2],
		),
		`calibrated at level ${row.level} by ${counted(row.calibration_rows, "row")}${row.newest_calibration === undefined ? "" : `, newest ${row.newest_calibration}`}`,
		...(narrowing === undefined
			? []
			: [
					`narrowed most by ${narrowing.measure}: 80% of TPOT within ${factor(narrowing.half_width)} now, ${factor(narrowing.half_width_after)} then`,
				]),
		...Object.entries(row.unknown ?? {}).map(([name, why]) => dim(`  no ${name}: ${why}`)),
	];
}

function rowCells(row: PredictedRow): string[] {
	if ("infeasible" in row) {
		const { reason, short_by: short } = row.infeasible;
		const amount = short === undefined ? "" : ` (short by ${Number(short.value.toPrecision(3))} ${short.unit})`;
		return [String(row.index), `impossible: ${reason}${amount}`];
	}
	if ("error" in row) return [String(row.index), `error: ${row.error.message}`];
	return [
		String(row.index),
		`${row.model} ${row.hardware} ${row.stack} ${row.precision} ${row.isl}/${row.osl} C${row.concurrency}`,
		time(row.ttft),
		row.tpot === undefined ? "–" : time(row.tpot),
		row.tokens_per_gpu_second === undefined ? "–" : bare(row.tokens_per_gpu_second),
		row.unit_cost === undefined ? "–" : bare(row.unit_cost),
		row.level,
		String(row.calibration_rows),
	];
}

function time({ value }: QuantityJson): string {
	if (value === undefined) return "–";
	return value < 1 ? formatQuantity(value * 1000, "ms") : formatQuantity(value, "s");
}

function interval(of: QuantityJson, text: (of: QuantityJson) => string): string {
	const end = (value: number | undefined): string => (value === undefined ? "–" : text({ ...of, value }));
	return `${end(of.p10)} to ${end(of.p90)}`;
}

/** An interval that is as wide by ratio on either side. */
function factor(halfWidth: number): string {
	return `a factor of ${Math.exp(halfWidth).toFixed(2)}`;
}
