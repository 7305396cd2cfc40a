/**
 * `farthing simulate`: the chosen deployment of a plan under real traffic: latencies, goodput, utilisation by state, and
 * what a token costs when the fleet is paid for whether it serves or waits.
 */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	Draws,
	Evaluation,
	FleetMoment,
	QuantityJson,
	RequestSource,
	RouterName,
	SimulationReport,
	SimulationRun,
	TabulatedCosts,
	WindowReport,
} from "@farthing/engine";
import {
	buildModel,
	evaluate,
	input,
	LENGTH_CLASSES,
	modelToJson,
	quantityJson,
	roundToStep,
	sample,
	startSimulation,
} from "@farthing/engine";
import type { FittedShape, Scenario } from "@farthing/scenario";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { figureInput, rowProvenance } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import type { PlanOption, PlanOptions, PlanResult } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";
import { centralOf } from "./plan-candidates.ts";
import { serviceLimits } from "./plan-service.ts";
import { hostSizeOf, scenarioRates } from "./rates.ts";
import { rowName } from "./rows.ts";
import type { MeasuredFleet } from "./simulate/measured-fleet.ts";
import { measuredFleet } from "./simulate/measured-fleet.ts";
import { type OBSERVED, observedNodes } from "./simulate/observed-nodes.ts";
import type { Simulated } from "./simulate/run-warnings.ts";
import { idleWarning, nothingServed, partWarning, repairWarning, runWarnings } from "./simulate/run-warnings.ts";
import type { Latencies, LengthCost, SimulateResult, WindowJson } from "./simulate/simulate-result.ts";
import type { SimulatedPower } from "./simulate/simulated-money.ts";
import { moneyNodes, prefillShareOf, wattPerGpu } from "./simulate/simulated-money.ts";
import type { Instances } from "./simulate/pool-parts.ts";
import type { AutoscalerSetting, Traffic } from "./simulate/traffic.ts";
import { fleetBehaviour, scenarioTraffic, statedSetting, usualHours } from "./simulate/traffic.ts";

export interface SimulateOptions extends PlanOptions {
	/** A trace instead of generated requests. */
	readonly trace?: TraceGiven;
	/** A traffic shape, of the catalogue by its id or written out, instead of the scenario's. */
	readonly shape?: string | FittedShape;
	/** The plan of the scenario, where it is made already. */
	readonly planned?: Envelope<PlanResult>;
	/** Step times of one's own, instead of the rows'. */
	readonly steps?: StepsGiven;
	readonly hours?: number;
	readonly exact?: boolean;
	/** Replicas instead of the plan's. */
	readonly replicas?: number;
	/** Prefill and decode machines of a split deployment, in whatever ratio, instead of its replicas. */
	readonly instances?: Instances;
	/** Instead of the one that looks at prefixes where requests have any, and else at load. */
	readonly router?: RouterName;
}

export interface StepsGiven {
	/** Of the file. */
	readonly name: string;
	readonly table: TabulatedCosts;
}

export interface TraceGiven {
	readonly name: string;
	readonly source: RequestSource;
	/** Tokens of a block of its prefix ids, where it has any. */
	readonly prefixTokens?: number;
	/** How it is changed as it is replayed, in words. */
	readonly scaling?: string;
}

/** A simulation under way. */
export interface SimulateRun {
	/** Share of the horizon that is done, where there is one; and the requests that have arrived. */
	readonly progress: { readonly share?: number; readonly requests: number };
	/** How it stands in virtual time. */
	readonly moment: FleetMoment;
	/** When the next event is; infinite when it is over. */
	readonly nextSeconds: number;
	/** Works off some events, none of them after `until`; false when it is over. */
	advance(events: number, until?: number): boolean;
	/** The answer of a run that is over. Warnings are those the caller has to add, of a trace say. */
	answer(warnings?: readonly Warning[]): Envelope<SimulateResult>;
}

/** Replicas of a run: each takes memory, and a router looks at all of them. */
export const MOST_REPLICAS = 20_000;
/** An idle accelerator draws about this share of what a busy one does; an assumption. */
const IDLE_POWER = 0.2;
const DRAWS = 4096;
const EVENTS = 200_000;

/** The plan whose cheapest fleet is simulated. */
export function simulatedPlan(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: SimulateOptions = {},
): Envelope<PlanResult> {
	// Years of money say nothing of a day.
	const { fiveYears: _, ...oneDay } = scenario;
	const planning = { ...asking, command: "plan" };
	try {
		return plan(catalogue, oneDay, planning, { ...options, top: 1 });
	} catch (error) {
		const asked = askedFleet(options);
		if (asked === undefined || !(error instanceof FarthingError) || error.code !== "nothing-fits") throw error;
		// Replicas that are asked for need no fleet that keeps the limits: only the row that it would be of.
		const { limits: __, ...anyRoom } = oneDay;
		const planned = plan(catalogue, anyRoom, planning, { ...options, top: 1, estimateOnly: "replicas are as asked" });
		const message = `the plan has no fleet for this (${error.message}); ${asked} are simulated as asked, of the row that is the cheapest by the queueing estimate`;
		const warnings = planned.warnings.filter(({ code }) => code !== "estimate-only");
		return { ...planned, warnings: [...warnings, { code: NO_FLEET, message }] };
	}
}

/** The fleet that was asked for instead of the plan's, in words. */
function askedFleet({ replicas, instances }: SimulateOptions): string | undefined {
	if (instances !== undefined) return `${instances.prefill} prefill and ${instances.decode} decode instances`;
	return replicas === undefined ? undefined : `${replicas} replicas`;
}

const NO_FLEET = "no-planned-fleet";

function hasFleet({ warnings }: Envelope<PlanResult>): boolean {
	return !warnings.some(({ code }) => code === NO_FLEET);
}

/** Throws exit 2 and 3 as {@link plan} does. */
export function startSimulate(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: SimulateOptions = {},
): SimulateRun {
	const planned = options.planned ?? simulatedPlan(catalogue, scenario, asking, options);
	const option = planned.result.options[0] as PlanOption;
	const point = catalogue.benchmarks.find(({ id }) => id === option.id) as BenchmarkPoint;
	const { instances } = options;
	if (instances !== undefined && !point.disaggregated) throw notSplit(point);
	// Machines in a ratio of their own are one replica: all of them serve together.
	const replicas = instances === undefined ? (options.replicas ?? Math.max(1, Math.ceil(option.replicas))) : 1;
	if (replicas > MOST_REPLICAS) throw tooManyReplicas(replicas);
	const hours = options.hours ?? (options.trace === undefined ? usualHours(scenario) : undefined);
	const traffic =
		options.trace === undefined
			? scenarioTraffic(catalogue, scenario, asking.seed, hours as number, options.shape)
			: traceTraffic(options.trace);
	const limits = limitsOf(scenario);
	const places = options.steps?.table.largestBatch ?? point.concurrency;
	const made = measuredFleet(catalogue, point, asking.asOf, {
		...fleetBehaviour(
			scenario,
			instances === undefined ? replicas : Math.max(instances.prefill, instances.decode),
			limits,
			places,
			settingOf(option, scenario),
		),
		replicas,
		...(instances === undefined ? {} : { instances }),
		router: options.router ?? (traffic.prefixTokens === undefined ? "least-loaded" : "prefix-aware"),
		priorities: 1,
		...(traffic.prefixTokens === undefined ? {} : { prefixTokens: traffic.prefixTokens }),
		...(options.steps === undefined ? {} : { table: options.steps.table }),
	});
	if (instances !== undefined) requireWholeMachines(point, made);
	const horizon = hours === undefined ? undefined : hours * 3600;
	const run = startSimulation({
		fleet: made.fleet,
		source: traffic.source,
		...(horizon === undefined ? {} : { horizonSeconds: horizon }),
		limits,
		lengthClasses: LENGTH_CLASSES,
		windowSeconds: windowSeconds(horizon),
		seed: asking.seed,
		exact: options.exact === true,
	});
	const context: Context = { catalogue, scenario, asking, options, planned, option, point, replicas, made, traffic };
	return {
		get progress() {
			return {
				...(horizon === undefined ? {} : { share: Math.min(1, run.seconds / horizon) }),
				requests: run.arrived,
			};
		},
		get moment() {
			return run.moment;
		},
		get nextSeconds() {
			return run.nextSeconds;
		},
		advance: (events, until) => run.advance(events, until),
		answer: (warnings = []) => answerOf(context, run, warnings),
	};
}

/** The whole run at once. `onProgress` is called every so many events, for a bar or server-sent events. */
export function simulateScenario(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: SimulateOptions = {},
	onProgress?: (progress: SimulateRun["progress"]) => void,
): Envelope<SimulateResult> {
	const run = startSimulate(catalogue, scenario, asking, options);
	while (run.advance(EVENTS)) onProgress?.(run.progress);
	return run.answer();
}

function tooManyReplicas(replicas: number): FarthingError {
	const message = `the plan has ${replicas} replicas; up to ${MOST_REPLICAS} are simulated`;
	return new FarthingError(2, "too-many-replicas", message, {
		field: "demand.tokens_per_day",
		expected: `a demand that ${MOST_REPLICAS} replicas serve`,
		hint: "--demand 1T",
	});
}

function notSplit(point: BenchmarkPoint): FarthingError {
	const message = `${rowName(point)} has prefill and decode on the same machines: it takes replicas, not instances of each`;
	return new FarthingError(2, "not-split", message, {
		field: "--instances",
		expected: "a deployment with prefill on machines of its own",
		hint: "--disaggregated on --instances 3:2",
	});
}

/** A machine of each kind is counted and paid for by itself, so that it must be whole. */
function requireWholeMachines(point: BenchmarkPoint, { fleet }: MeasuredFleet): void {
	const odd = fleet.pools.find(({ gpusPerReplica }) => !Number.isInteger(gpusPerReplica));
	if (odd === undefined) return;
	const { gpus, workers } = odd.role === "prefill" ? (point.prefill ?? point.decode) : point.decode;
	const message = `${rowName(point)} has ${gpus} GPUs for ${workers} ${odd.role} machines: one of them would have a fraction of a GPU`;
	throw new FarthingError(3, "fraction-of-gpu", message, {
		field: "--instances",
		expected: "a deployment whose GPUs divide by its machines, or replicas as the row has them",
		hint: "--replicas 2",
	});
}

interface Context {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly asking: Asking;
	readonly options: SimulateOptions;
	readonly planned: ReturnType<typeof plan>;
	readonly option: PlanOption;
	readonly point: BenchmarkPoint;
	readonly replicas: number;
	readonly made: MeasuredFleet;
	readonly traffic: Traffic;
}

/** The autoscaler as the plan sets it; as the scenario does where the plan found no setting that keeps the limits. */
function settingOf({ sizing }: PlanOption, { traffic }: Scenario): AutoscalerSetting | undefined {
	if (sizing?.autoscaler === undefined) return statedSetting(traffic);
	const { target, interval_s: intervalSeconds, fewest } = sizing.autoscaler;
	return { target, intervalSeconds, fewest };
}

function traceTraffic(trace: TraceGiven): Traffic {
	const { name, source, prefixTokens, scaling } = trace;
	const words = { requests: `trace ${name}`, ...(scaling === undefined ? {} : { scaling }) };
	return { source, words, ...(prefixTokens === undefined ? {} : { prefixTokens }) };
}

function limitsOf({ slo }: Scenario): { ttftSeconds?: number; tpotSeconds?: number } {
	const ttftSeconds = centralOf(slo.ttft);
	const interactivity = centralOf(slo.tokensPerSecondPerUser);
	return {
		...(ttftSeconds === undefined ? {} : { ttftSeconds }),
		...(interactivity === undefined ? {} : { tpotSeconds: 1 / interactivity }),
	};
}

/** An hour for a day or more; else a forty-eighth of the run, and five minutes where its length is not known. */
function windowSeconds(horizon: number | undefined): number {
	if (horizon === undefined) return 300;
	return horizon >= 86_400 ? 3600 : Math.max(1, horizon / 48);
}

function answerOf(context: Context, run: SimulationRun, given: readonly Warning[]): Envelope<SimulateResult> {
	const { catalogue, scenario, asking, option, point, replicas, made, traffic, planned } = context;
	const report = run.report();
	if (report.requests.finished === 0)
		throw nothingServed(report, traffic.words, context.options.steps?.name ?? "the row");
	const rates = scenarioRates(catalogue, scenario, asking.asOf);
	const rate = rates.rateOf(point.hardware);
	if (!rate.known) throw new TypeError(`a planned option has a rate: ${rate.reason}`);
	const power = powerOf(catalogue, point);
	const source = {
		source: `farthing simulate, seed ${asking.seed}, ${rowName(point)}, ${traffic.words.requests}`,
		asOf: asking.asOf,
		...(made.isScaled ? ({ grade: "E" } as const) : {}),
	};
	const { instances } = context.options;
	const ofInstances = made.fleet.pools.reduce((sum, pool) => sum + pool.replicas * pool.gpusPerReplica, 0);
	const replicaGpus = instances === undefined ? replicas * (point.gpus as number) : ofInstances;
	const boughtGpus = inWholeHosts(catalogue, option, replicaGpus);
	const money = moneyNodes(report, rate.rate, source, power, {
		gpus: boughtGpus,
		replicaGpus,
		isCommitted: rate.committed !== undefined,
	});
	const observed = observedNodes(report, source);
	const evaluation = evaluate(buildModel([...money.nodes, ...observed.nodes]));
	const draws = drawsOf(evaluation, money.ids, asking.seed);
	const json = (name: string): QuantityJson =>
		quantityJson(evaluation, money.ids[name] as string, {
			currencyDate: rates.currencyDate,
			...(draws === undefined ? {} : { draws }),
		});
	const seen = (name: string): QuantityJson => quantityJson(evaluation, observed.ids[name] as string);
	const { requests, tokens, saturation } = report;
	const allInput = tokens.input + tokens.cachedInput;
	const result: SimulateResult = {
		scenario: scenario.name,
		model: planned.result.model,
		rate: rates.describe,
		slo: serviceLimits(scenario, asking.asOf),
		fleet: {
			row: point.id,
			name: rowName(point),
			hardware: point.hardware,
			replicas,
			...(instances === undefined ? {} : { instances }),
			gpus: boughtGpus,
			replica_gpus: replicaGpus,
			...((instances === undefined && replicas === option.replicas) || !hasFleet(planned)
				? {}
				: { planned_replicas: option.replicas }),
			largest_batch: context.options.steps?.table.largestBatch ?? point.concurrency,
			...(context.options.steps === undefined ? {} : { step_table: context.options.steps.name }),
			step_costs: made.fits.map((fit, i) => ({
				pool: i === 0 && made.fits.length === 2 ? "decode" : i === 1 ? "prefill" : "serving",
				prefill_from: fit.prefillFrom,
				...(fit.medianError === undefined ? {} : { median_error: fit.medianError }),
				rows: fit.runs,
			})),
			rows: made.rows,
		},
		traffic: traffic.words,
		exact: context.options.exact === true,
		duration: seen("duration"),
		ttft: latencies("ttft", seen),
		...(report.tpot.count === 0 ? {} : { tpot: latencies("tpot", seen) }),
		e2e: latencies("e2e", seen),
		queue: latencies("queue", seen),
		goodput: seen("goodput"),
		good_share: requests.good / requests.arrived,
		utilization: json("utilization"),
		...(context.options.steps === undefined && instances === undefined
			? {
					load_share: loadShare(
						report,
						point,
						money.states.map((state) => json(`gpu_time.${state}`)),
					),
				}
			: {}),
		saturated: saturation.saturated,
		saturation: {
			reason: saturation.reason,
			offered_load: saturation.offeredLoad,
			waiting_at_the_end: saturation.waitingAtTheEnd,
			stretches: saturation.stretches.map(({ fromSeconds, toSeconds }) => ({
				from_seconds: fromSeconds,
				to_seconds: toSeconds,
			})),
		},
		gpu_seconds: Object.fromEntries(money.states.map((state) => [state, json(`gpu_time.${state}`)])),
		unit_cost: {
			total: json("total"),
			...(money.ids["input"] === undefined ? {} : { input: json("input") }),
			output: json("output"),
		},
		...(money.ids["good"] === undefined ? {} : { unit_cost_goodput: json("good") }),
		unit_cost_by_state: Object.fromEntries(money.states.map((state) => [state, json(`unit_cost.${state}`)])),
		idle_cost: json("unit_cost.warm_idle"),
		cost: { total: json("cost"), ...Object.fromEntries(money.states.map((state) => [state, json(`cost.${state}`)])) },
		cost_per_request: json("request"),
		cost_by_length: lengthCosts(report, json("cost")),
		requests: requests.finished,
		request_counts: {
			arrived: requests.arrived,
			rejected: requests.rejected,
			good: requests.good,
			preemptions: requests.preemptions,
		},
		tokens: { input: json("tokens.input"), cached_input: json("cached"), output: json("tokens.output") },
		prefill_tokens: {
			prefilled: tokens.prefilled,
			again_after_preemption: tokens.recomputed.afterPreemption,
			again_after_failure: tokens.recomputed.afterFailure,
		},
		prefix_hit_rate: allInput === 0 ? 0 : tokens.cachedInput / allInput,
		kv_peak: Math.max(...report.pools.map(({ kvPeak }) => kvPeak)),
		mean_batch: Math.max(...report.pools.map(({ meanBatch }) => meanBatch)),
		...(money.ids["energy"] === undefined ? {} : { energy: json("energy") }),
		littles_law: { in_system_seconds: report.littlesLaw.area, sojourn_seconds: report.littlesLaw.sojourn },
		windows: report.windows.map(windowJson),
		defaults: scenario.defaults,
		attribution: planned.result.attribution,
	};
	const warnings = [
		...planned.warnings,
		...made.warnings,
		...runWarnings(simulatedOf(context), report),
		...partWarning(traffic),
		...idleWarning(context.options, report),
		...repairWarning(scenario),
		...given,
	];
	return envelope({ ...asking, scenario: scenario.document }, result, warnings, modelToJson(evaluation));
}

/** GPUs that have to be bought for so many: of whole servers or racks where the plan's own fleet is of such. */
function inWholeHosts(catalogue: Catalogue, { deployment, hardware }: PlanOption, gpus: number): number {
	const host = deployment.host === undefined ? undefined : hostSizeOf(catalogue, hardware);
	return host === undefined ? gpus : roundToStep("ceil", gpus, host.gpus.value);
}

/** Tokens of all kinds over those that the GPU time would give at the row's throughput. */
function loadShare({ tokens }: SimulationReport, point: BenchmarkPoint, gpuTime: readonly QuantityJson[]): number {
	const gpuSeconds = gpuTime.reduce((sum, { value }) => sum + (value ?? 0), 0);
	return (tokens.input + tokens.cachedInput + tokens.output) / (gpuSeconds * point.tokensPerGpuSecond);
}

function simulatedOf({ scenario, point, replicas, option, options, made }: Context): Simulated {
	const planned = askedFleet(options) === undefined ? option.replicas : undefined;
	return {
		scenario,
		point,
		replicas,
		planned,
		steps: options.steps,
		instances: options.instances,
		leastBatch: made.fits[0]?.leastBatch,
	};
}

function latencies(of: (typeof OBSERVED)[number], seen: (name: string) => QuantityJson): Latencies {
	return { mean: seen(`${of}.mean`), p50: seen(`${of}.p50`), p90: seen(`${of}.p90`), p99: seen(`${of}.p99`) };
}

function windowJson(window: WindowReport): WindowJson {
	const { ttftP50, ttftP99, tpotP50, tpotP99, e2eP50, e2eP99, busyShare } = window;
	return {
		from_seconds: window.fromSeconds,
		to_seconds: window.toSeconds,
		arrived: window.arrived,
		finished: window.finished,
		good: window.good,
		output_tokens: window.outputTokens,
		...(ttftP50 === undefined ? {} : { ttft_p50: ttftP50 }),
		...(ttftP99 === undefined ? {} : { ttft_p99: ttftP99 }),
		...(tpotP50 === undefined ? {} : { tpot_p50: tpotP50 }),
		...(tpotP99 === undefined ? {} : { tpot_p99: tpotP99 }),
		...(e2eP50 === undefined ? {} : { e2e_p50: e2eP50 }),
		...(e2eP99 === undefined ? {} : { e2e_p99: e2eP99 }),
		waiting: window.waiting,
		in_flight: window.inFlight,
		replicas: window.replicas,
		...(busyShare === undefined ? {} : { busy_share: busyShare }),
		gpu_seconds: window.gpuSeconds,
	};
}

/** The cost of the run shared by the GPU time that the tokens of a class took; all classes add up to it. */
function lengthCosts(report: SimulationReport, cost: QuantityJson): LengthCost[] {
	const prefill = prefillShareOf(report);
	const { input: inputTokens, output: outputTokens } = report.tokens;
	const { p10: _, p50: __, p90: ___, node: ____, value = 0, ...common } = cost;
	return report.lengthClasses
		.filter(({ requests }) => requests > 0)
		.map((of) => {
			const ofInput = inputTokens === 0 ? 0 : (prefill * of.input) / inputTokens;
			const share = ofInput + ((1 - prefill) * of.output) / outputTokens;
			return {
				name: of.name,
				requests: of.requests,
				cost_per_request: { ...common, unit: "USD/request", value: (value * share) / of.requests },
			};
		});
}

function drawsOf(evaluation: Evaluation, ids: Readonly<Record<string, string>>, seed: number): Draws | undefined {
	const { model } = evaluation;
	if (!model.nodes.some(({ spec }) => spec !== undefined && spec.value.kind !== "point")) return undefined;
	return sample(model, { draws: DRAWS, seed, keep: Object.values(ids) });
}

/** The row's own power at its load, else the part's board power. */
function powerOf(catalogue: Catalogue, point: BenchmarkPoint): SimulatedPower | undefined {
	const label = "draw of a GPU in a step";
	if (point.averageGpuPowerWatts !== undefined) {
		const busyWatts = input(`${point.id}.power`, wattPerGpu, {
			...rowProvenance(catalogue, point),
			label: `${label}, measured at the row's load`,
			value: { kind: "point", value: point.averageGpuPowerWatts },
		});
		return { busyWatts, idleShare: IDLE_POWER };
	}
	const figure = catalogue.hardware.find(({ id }) => id === point.hardware)?.figures.tdp;
	if (figure === undefined) return undefined;
	const spec = figureInput(catalogue, figure, `${label}: its board power`, 1, `hardware/${point.hardware}/tdp`);
	return { busyWatts: input(`power.${point.hardware}`, wattPerGpu, spec), idleShare: IDLE_POWER };
}
