/** What a reader of a simulation must know of it, and runs that have no answer. */
import type { BenchmarkPoint, SimulationReport } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { requestLengths } from "../plan-candidates.ts";
import { rowName } from "../rows.ts";
import type { SimulateOptions, StepsGiven } from "../simulate.ts";
import type { Instances } from "./pool-parts.ts";
import { failuresOf, type Traffic, type TrafficWords, USUAL_REPAIR_HOURS } from "./traffic.ts";

/** What was simulated. */
export interface Simulated {
	readonly scenario: Scenario;
	readonly point: BenchmarkPoint;
	readonly replicas: number;
	/** Replicas of the plan, where their number is its own and not a flag's. */
	readonly planned: number | undefined;
	readonly steps: StepsGiven | undefined;
	readonly instances: Instances | undefined;
	/** Fewest sequences that decoded at a time in the rows that the step costs are fitted to. */
	readonly leastBatch: number | undefined;
}

export function runWarnings(
	{ point, planned, replicas, scenario, steps, instances, leastBatch }: Simulated,
	report: SimulationReport,
): Warning[] {
	const warnings: Warning[] = [];
	const { saturation, requests } = report;
	if (saturation.saturated) {
		const message = `saturated: ${saturation.reason}; latencies grow with the length of ${isInPart(report) ? "these stretches" : "the run"} and mean nothing beyond ${isInPart(report) ? "them" : "it"}`;
		warnings.push({ code: "saturated", message });
	}
	if (requests.rejected > 0) {
		const message = `of ${counted(requests.arrived)}, ${requests.rejected} ${requests.rejected === 1 ? "is" : "are"} longer than the KV memory that ${steps?.name ?? point.id} shows, and left out`;
		warnings.push({ code: "requests-rejected", message });
	}
	if (planned !== undefined && replicas !== planned) {
		const message = `the plan has ${planned.toFixed(2)} replicas (utilisation is stated, not derived): ${replicas} are simulated`;
		warnings.push({ code: "utilization-overridden", message });
	}
	const measured = ratioMeasured(point);
	if (instances !== undefined && instances.prefill * measured.decode !== instances.decode * measured.prefill) {
		const message = `${instances.prefill} prefill and ${instances.decode} decode instances are another ratio than the ${measured.prefill}:${measured.decode} of the row: its step costs are taken to hold, and nobody measured these machines together`;
		warnings.push({ code: "ratio-not-measured", message });
	}
	const meanInput = (report.tokens.input + report.tokens.cachedInput) / requests.finished;
	const meanOutput = report.tokens.output / requests.finished;
	return [
		...warnings,
		...batchWarning(point, report, leastBatch),
		...lengthWarnings(scenario, steps, meanInput, meanOutput),
	];
}

/** Fewer sequences at a time than any row has: the steps are no measured ones. */
function batchWarning(point: BenchmarkPoint, { pools }: SimulationReport, leastBatch: number | undefined): Warning[] {
	const meanBatch = Math.max(...pools.map((pool) => pool.meanBatch));
	if (leastBatch === undefined || meanBatch * BATCH_NEAR >= leastBatch) return [];
	const message = `${rowName(point)}: ${meanBatch.toFixed(1)} sequences decode at a time on average, ${leastBatch.toFixed(1)} at least in its rows: steps below that are extrapolated below measured`;
	return [{ code: "below-measured-batch", message }];
}

/** A mean this much under the smallest measured batch is still about it. */
const BATCH_NEAR = 1.25;

/** Machines of each kind in a replica of the row; a source that states none has one. */
function ratioMeasured({ prefill, decode }: BenchmarkPoint): Instances {
	return { prefill: prefill?.workers ?? 1, decode: decode.workers ?? 1 };
}

/** The mean load is none that saturates. */
function isInPart({ saturation: { offeredLoad, stretches } }: SimulationReport): boolean {
	return offeredLoad < 1 && stretches.length > 0;
}

/** An availability says how much of the time a replica is down, not how long at once. */
export function repairWarning(scenario: Scenario): Warning[] {
	const failures = failuresOf(scenario);
	if (failures === undefined || scenario.traffic?.failures !== undefined) return [];
	const hours = Number((failures.meanSecondsBetween / 3600).toPrecision(3));
	const message = `replicas fail every ${hours} hours on average and are repaired in ${USUAL_REPAIR_HOURS} (an assumption): redundancy.availability of ${scenario.redundancy.availability.text} says how much of the time they are down, not how long at once; state traffic.failures instead`;
	return [{ code: "repair-assumed", message }];
}

/** A part of a week is not the load that the plan costs. */
export function partWarning({ part }: Traffic): Warning[] {
	if (part === undefined) return [];
	const { hours, share, words } = part;
	const factor = Number(share.toPrecision(3));
	const message = `of the week ${words} are simulated: a fleet that is paid for by time costs ${Number((1 / share).toPrecision(3))} times as much a token as over the whole week; leave --hours ${hours} out to compare with the plan`;
	return factor === 1 ? [] : [{ code: "part-of-week", message }];
}

/** A trace that is over long before the hours that were asked for are. */
export function idleWarning(
	{ hours, trace }: Pick<SimulateOptions, "hours" | "trace">,
	report: SimulationReport,
): Warning[] {
	if (hours === undefined || trace === undefined) return [];
	const [last, all] = [report.lastArrivalSeconds / 3600, hours];
	if (last >= all * TRACE_FILLS) return [];
	const [ends, idle] = [last, all - last].map((of) => Number(of.toPrecision(2)));
	const message = `${trace.name} ends after ${ends} of the ${all} hours simulated: the fleet is paid for ${idle} hours in which nothing arrives; leave --hours out`;
	return [{ code: "idle-after-trace", message }];
}

/** A trace that fills this share of the hours is one of those hours. */
const TRACE_FILLS = 0.9;

/** Requests unlike those that the step costs were measured at. */
function lengthWarnings(
	scenario: Scenario,
	steps: StepsGiven | undefined,
	meanInput: number,
	meanOutput: number,
): Warning[] {
	const words = `${meanInput.toFixed(0)} tokens in and ${meanOutput.toFixed(0)} out on average`;
	if (steps !== undefined) return tableWarnings(steps, meanInput + meanOutput / 2, words);
	const { input, output } = requestLengths(scenario);
	if (Math.max(ratioOf(meanInput, input), ratioOf(meanOutput, output)) <= 1.25) return [];
	const message = `requests have ${words}, the rows behind the step costs about ${input} and ${output}: the costs are modelled there, not measured`;
	return [{ code: "beyond-measured-lengths", message }];
}

/** An error of a step table's worst row that is worth a word. */
const ROUGH = 0.1;

function tableWarnings({ name, table }: StepsGiven, context: number, words: string): Warning[] {
	const { leastContext, mostContext, knowsContext, worst } = table;
	const isBeyond = context > mostContext * 1.25 || context < leastContext / 1.25;
	return [
		...(worst.error <= ROUGH
			? []
			: [
					{
						code: "step-table-rough",
						message: `${name}: the step costs miss line ${worst.line} by ${(worst.error * 100).toFixed(0)}%: steps are taken to grow straight with context and prompt`,
					},
				]),
		...(knowsContext
			? []
			: [
					{
						code: "step-table-one-context",
						message: `${name} has no batch at two contexts: a step is taken to be as long at every context`,
					},
				]),
		...(isBeyond
			? [
					{
						code: "beyond-measured-lengths",
						message: `requests have ${words}, the steps of ${name} contexts from ${leastContext} to ${mostContext}: the costs are modelled there, not measured`,
					},
				]
			: []),
	];
}

function counted(requests: number): string {
	return requests === 1 ? "1 request" : `${requests} requests`;
}

function ratioOf(a: number, b: number): number {
	return a > b ? a / b : b / a;
}

export function nothingServed({ requests }: SimulationReport, words: TrafficWords, shown: string): FarthingError {
	if (requests.arrived === 0) {
		return new FarthingError(3, "no-requests", `no request arrived: ${words.requests}`, {
			expected: "a trace with at least one request, or more hours",
			hint: "--hours 24",
		});
	}
	const all = requests.arrived === 1 ? "the one request is" : `all ${requests.arrived} requests are`;
	const message = `${all} longer than the KV memory that ${shown} shows`;
	return new FarthingError(3, "nothing-served", message, {
		expected: "shorter requests, or a row or step table that was measured with more memory in use",
	});
}
