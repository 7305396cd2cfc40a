/** The options of a plan as a table for spreadsheets: one line an option, units in the names of the columns. */
import type { Envelope, PlanOption, PlanResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { type CsvField, csvText } from "./csv.ts";
import { slug, unitName } from "./unit-name.ts";

/** RFC 4180. Numbers are written in full, missing ones as empty fields. */
export function planCsv(plan: Envelope<PlanResult>): string {
	const columns = columnsOf(plan);
	return csvText(
		columns.map(({ name }) => name),
		plan.result.options.map((option) => columns.map(({ of }) => of(option))),
	);
}

interface CsvColumn {
	readonly name: string;
	readonly of: (option: PlanOption) => CsvField;
}

function columnsOf(plan: Envelope<PlanResult>): CsvColumn[] {
	const { options, model, scenario, rate, attribution } = plan.result;
	const named = (name: string, of: (option: PlanOption) => CsvField): CsvColumn => ({ name, of });
	return [
		named("rank", ({ rank }) => rank),
		named("row", ({ id }) => id),
		named("model", () => model),
		named("hardware", ({ hardware }) => hardware),
		named("precision", ({ precision }) => precision),
		named("stack", ({ stack }) => stack),
		named("speculative", ({ speculative }) => speculative),
		named("layout", ({ deployment }) => deployment.layout),
		named("disaggregated", ({ deployment }) => deployment.disaggregated),
		named("host", ({ deployment }) => deployment.host),
		named("gpus_per_replica", ({ deployment }) => deployment.gpus_per_replica),
		named("replicas", ({ replicas }) => replicas),
		named("gpus", ({ gpus }) => gpus),
		named("concurrency_requests", ({ deployment }) => deployment.concurrency),
		named("interactivity_output_tok_per_s_per_user", ({ deployment }) => deployment.interactivity),
		named("throughput_total_tok_per_s_per_gpu", ({ deployment }) => deployment.tokens_per_gpu_second),
		named("ttft_median_s", ({ deployment }) => deployment.ttft_median_s),
		...quantityColumns("utilization", options, ({ utilization }) => utilization),
		...hourColumns(options),
		named("utilization_from", () => (plan.result.utilization_overridden ? "stated" : "derived")),
		...quantityColumns("headline", options, ({ headline }) => headline),
		...bridgeColumns(options),
		...quantityColumns("delivered", options, ({ delivered }) => delivered),
		...quantityColumns("cost_per_request", options, ({ cost_per_request }) => cost_per_request),
		...quantityColumns("bill_per_day", options, ({ bill }) => bill.per_day),
		...quantityColumns("bill_per_year", options, ({ bill }) => bill.per_year),
		...sizingColumns(options),
		named("grade", ({ delivered }) => delivered.grade),
		named("measured_on", ({ deployment }) => deployment.measured_on),
		named("measurement", ({ deployment }) => deployment.kind),
		named("run", ({ deployment }) => deployment.run),
		named("feasible", ({ feasible }) => feasible),
		named("reason", ({ reason }) => reason),
		named("rate", () => rate),
		named("currency_date", ({ delivered }) => delivered.currency_date),
		named("scenario", () => scenario),
		named("result", () => plan.id),
		named("as_of", () => plan.as_of),
		named("catalogue", () => plan.catalogue),
		named("seed", () => plan.seed),
		named("attribution", () => attribution),
	];
}

/** Utilisation in the quietest and the busiest hour, where an option has it. */
function hourColumns(options: readonly PlanOption[]): CsvColumn[] {
	if (options.every(({ utilization_by_hour: hours }) => hours === undefined)) return [];
	return (["lowest", "highest"] as const).map((hour) => ({
		name: `utilization_${hour}_hour_fraction`,
		of: ({ utilization_by_hour: hours }) => hours?.[hour].value,
	}));
}

/** How replicas were found under stated traffic, and the power of the fleet where it is limited. */
function sizingColumns(options: readonly PlanOption[]): CsvColumn[] {
	const sized: CsvColumn[] = options.every(({ sizing }) => sizing === undefined)
		? []
		: [
				{ name: "sized_by", of: ({ sizing }) => sizing?.by },
				{ name: "replicas_keeping_limits", of: ({ sizing }) => sizing?.replicas },
				{ name: "replicas_spare", of: ({ sizing }) => sizing?.spare_replicas },
				{ name: "within_limits_fraction", of: ({ sizing }) => sizing?.within_limits },
				{ name: "enough_up_fraction", of: ({ sizing }) => sizing?.enough_up },
				{ name: "paid_share_fraction", of: ({ sizing }) => sizing?.paid_share },
			];
	const powered = options.some(({ power }) => power !== undefined);
	return powered ? [...sized, { name: "power_mw", of: ({ power }) => power?.value }] : sized;
}

/** The value, and its range where an option has one. */
function quantityColumns(
	name: string,
	options: readonly PlanOption[],
	of: (option: PlanOption) => QuantityJson,
): CsvColumn[] {
	const [first] = options.map(of);
	const unit = first === undefined ? "" : unitName(first);
	const members = (["value", "p10", "p50", "p90"] as const).filter(
		(member) => member === "value" || options.some((option) => of(option)[member] !== undefined),
	);
	return members.map((member) => ({
		name: `${name}${member === "value" ? "" : `_${member}`}_${unit}`,
		of: (option) => of(option)[member],
	}));
}

function bridgeColumns(options: readonly PlanOption[]): CsvColumn[] {
	const causes = [...new Set(options.flatMap(({ bridge }) => bridge.map(({ cause }) => cause)))];
	return causes.map((cause) => {
		const step = (option: PlanOption): QuantityJson | undefined =>
			option.bridge.find((each) => each.cause === cause)?.delta;
		return {
			name: `step_${slug(cause)}_${unitName(options.map(step).find((delta) => delta !== undefined) as QuantityJson)}`,
			of: (option) => step(option)?.value,
		};
	});
}
