import type { MlperfTrainingAnswer, TrainResult, ValidationAnswer } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { bare, shown, shownRange } from "./words.ts";

export function trainText(result: TrainResult): string {
	return [
		...headLine(result),
		moneyLine(result),
		...["gpu_hours", "compute", "loss", "step", "energy", "published", "amortised"].flatMap(
			(part) => LINES[part]?.(result) ?? [],
		),
		...unknownLines(result),
		...formatLine(result),
		dim(
			`Next: farthing why ${result.cost === undefined ? "gpu_hours" : "cost"} · farthing train --mlperf · farthing train --validation`,
		),
	].join("\n");
}

export function trainDefaultsText({ defaults }: TrainResult): string {
	if (defaults.length === 0) return "Nothing was left to a default.";
	return textTable(
		["flag", "taken", "why"],
		defaults.map(({ path, value, source }) => [path, value, source]),
	);
}

const ROWS = 40;

export function mlperfTrainingText({ benchmark, rate, rows, attribution }: MlperfTrainingAnswer): string {
	const cells = rows
		.slice(0, ROWS)
		.map((row) => [
			row.round,
			row.hardware ?? row.accelerator,
			String(row.gpus),
			row.submitter ?? "–",
			bare(row.time),
			bare(row.tokens_per_gpu_second),
			bare(row.gpu_hours_per_mtok),
			bare(row.gpu_hour),
			bare(row.cost_per_mtok),
			row.id,
		]);
	const titles = [
		"round",
		"hardware",
		"GPUs",
		"submitter",
		"minutes",
		"tok/s/GPU",
		"GPU-hr/M tok",
		"$/GPU-hr",
		"$/M tok",
		"row",
	];
	return [
		bold(`MLPerf Training ${benchmark} · ${rate} · derived figures are not verified by MLCommons`),
		textTable(titles, cells, [2, 4, 5, 6, 7, 8]),
		...(rows.length > ROWS ? [dim(`… and ${rows.length - ROWS} more rows: --json prints all`)] : []),
		dim(attribution),
	].join("\n");
}

export function validationText(answer: ValidationAnswer): string {
	const cells = answer.rows.map((row) => [
		row.id,
		row.hardware,
		row.layout,
		bare(row.measured),
		bare(row.modelled),
		signed(row.error),
	]);
	const { step_left_out: step, model_left_out: model } = answer;
	return [
		bold("The parallelism law against measured optimiser steps"),
		textTable(["step", "hardware", "layout", "measured s", "modelled s", "error"], cells, [3, 4, 5]),
		`Mean error ${shown(answer.mean_error)}, largest ${shown(answer.largest_error)}, with ${answer.fitted.length} constant fitted.`,
		`Left out of the fit: each step in turn ${shown(step.mean_error)} and ${shown(step.largest_error)}; each model ${shown(model.mean_error)} and ${shown(model.largest_error)}.`,
	].join("\n");
}

function headLine(result: TrainResult): string[] {
	const { run, parameters, tokens, hardware } = result;
	const part =
		run?.published_hardware === undefined ? hardware : `${run.published_hardware} (by the data sheet of ${hardware})`;
	const words = [
		run?.name ?? "Training run",
		run?.name.includes(run.covers) ? undefined : run?.covers,
		parameters && `${shown(parameters)} active`,
		tokens && `${counted(tokens, 1e9)} tokens`,
		part,
	];
	const head = bold(words.filter((word) => word !== undefined).join(" · "));
	return run?.note === undefined ? [head] : [head, dim(`  ${run.note}`)];
}

function moneyLine({ cost, gpu_hour: rate, cost_per_mtok: perToken }: TrainResult): string {
	if (cost === undefined) return "No price: see below";
	const range = shownRange(cost);
	const tokens = perToken === undefined ? "" : `, ${shown(perToken)} trained`;
	return `${bold(shown(cost))} at ${shown(rate)}${tokens}${range === "" ? "" : `, P10–P90 ${range}`}, grade ${cost.grade}`;
}

const LINES: Readonly<Record<string, (result: TrainResult) => string[]>> = {
	gpu_hours: ({ gpu_hours: hours, mfu, peak_of: peak, tokens_per_gpu_second: speed, duration }) => {
		const share = mfu && `${shown(mfu)} of the ${peak.toUpperCase()} peak (MFU)${rangeOf(mfu)}`;
		return [
			joined([
				`${counted(hours)} GPU-hours${countedRange(hours)}`,
				share,
				speed && shown(speed),
				duration && shown(duration),
			]),
		];
	},
	compute: ({ flop, flop_attention: attention }) =>
		flop === undefined
			? []
			: [joined([`${shown(flop)} by 6·N·D`, attention && `attention ${shown(attention)} on top, unmasked`])],
	loss: ({ goodput, checkpoint_interval: interval, mean_time_to_failure: mean }) =>
		goodput === undefined
			? []
			: [
					joined([
						`goodput ${shown(goodput)}`,
						mean && `a failure every ${shown(mean)}`,
						interval && `a checkpoint every ${shown(interval)}`,
					]),
				],
	step: ({ step_time: step, bubble }) =>
		step === undefined ? [] : [joined([`optimiser step ${shown(step)}`, `bubble ${shown(bubble)}`])],
	energy: ({ energy, carbon, published_energy: energyBefore, published_carbon: carbonBefore }) => {
		const parts = [
			energy && megawattHours(energy),
			carbon && `${bare(carbon)} t CO2 by the grid's average`,
			energyBefore && `published ${shown(energyBefore)}`,
			carbonBefore && `published ${bare(carbonBefore)} t CO2`,
		];
		return parts.every((part) => part === undefined) ? [] : [joined(parts)];
	},
	published: ({ published_cost: cost, implied_gpu_hour: implied }) =>
		cost === undefined ? [] : [joined([`published cost ${shown(cost)}`, `which implies ${shown(implied)}`])],
	amortised: ({ amortised }) =>
		amortised === undefined ? [] : [`  ${shown(amortised)} served, on top of what serving costs`],
};

function unknownLines({ unknown }: TrainResult): string[] {
	const reasons = new Map<string, string[]>();
	for (const [member, reason] of Object.entries(unknown)) reasons.set(reason, [...(reasons.get(reason) ?? []), member]);
	return [...reasons].map(([reason, members]) =>
		dim(`  no ${members.map((each) => each.replaceAll("_", " ")).join(", ")}: ${reason}`),
	);
}

function formatLine({ run, peak_of: peak, mfu }: TrainResult): string[] {
	const format = run?.training_format;
	if (format === undefined || format === peak || mfu === undefined) return [];
	return [dim(`  trained in ${format.toUpperCase()}: --peak ${format} counts the MFU on that peak`)];
}

function joined(parts: readonly (string | undefined)[]): string {
	return `  ${parts.filter((part) => part !== undefined).join(" · ")}`;
}

function rangeOf(of: QuantityJson): string {
	const range = shownRange(of);
	return range === "" ? "" : `, P10–P90 ${range}`;
}

/** `2.79M`: large counts with a letter. */
function counted({ value }: QuantityJson, factor: number = 1): string {
	return value === undefined ? "–" : formatQuantity(value * factor, "tok/day").replace(" tok/day", "");
}

function countedRange({ p10, p90, unit }: QuantityJson): string {
	if (p10 === undefined || p90 === undefined || p10 === p90) return "";
	return `, P10–P90 ${counted({ value: p10, unit })}–${counted({ value: p90, unit })}`;
}

function megawattHours(of: QuantityJson): string {
	return of.value === undefined ? "–" : formatQuantity(of.value / 1000, "MWh");
}

function signed({ value }: QuantityJson): string {
	return value === undefined ? "–" : `${value < 0 ? "−" : "+"}${(100 * Math.abs(value)).toFixed(1)}%`;
}
