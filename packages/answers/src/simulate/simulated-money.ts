/**
 * A run of the simulator in money. What the run counted enters the model as inputs with command and seed as their source;
 * money is formulas over them, so that `farthing why` leads from the cost of a token to the GPU-seconds that carry it:
 *
 *   total = $/GPU-hr × Σ GPU-seconds by state and of machines bought that run none;
 *   cost of input = total × prefill time ÷ step time;   idle = $/GPU-hr × warm idle
 */
import type {
	AnyExpr,
	Dims,
	Expr,
	Energy,
	Money,
	Requests,
	SimulationReport,
	StateName,
	Tokens,
	Unit,
	UsdPerGpuHour,
} from "@farthing/engine";
import {
	add,
	constant,
	define,
	divide,
	fraction,
	gpu,
	input,
	kilowattHour,
	multiply,
	one,
	paidShareOf,
	per,
	request,
	second,
	subtract,
	token,
	unitTimes,
	usd,
	usdPerMtok,
	watt,
} from "@farthing/engine";
import { nodeId } from "../node-id.ts";
import type { RunSource } from "./observed-nodes.ts";

type GpuSeconds = { readonly gpu: 1; readonly s: 1 };
export const gpuSecond: Unit<GpuSeconds> = unitTimes(gpu, second) as Unit<GpuSeconds>;

export interface SimulatedPower {
	/** Of a GPU that steps, watts; and the share of it that an idle one draws. */
	readonly busyWatts: AnyExpr;
	readonly idleShare: number;
}

export interface MoneyNodes {
	readonly nodes: readonly AnyExpr[];
	readonly states: readonly PaidState[];
	/** Ids by the name in the result. */
	readonly ids: Readonly<Record<string, string>>;
}

/**
 * A state of the run; of GPUs in hosts that are bought whole, those that carry no replica; of replicas that are shut down, the
 * time that is paid for all the same.
 */
export type PaidState = StateName | Unused;
type Unused = "no_replica" | "off";
const RUN_STATES: readonly StateName[] = ["busy", "warm_idle", "starting", "draining", "failed"];

/** The fleet that is bought: its GPUs, those of hosts that no replica fills among them, and whether hours are handed back. */
export interface BoughtFleet {
	readonly gpus: number;
	readonly isCommitted: boolean;
}

const STATE_WORDS: Readonly<Record<PaidState, string>> = {
	busy: "GPU time in steps",
	warm_idle: "GPU time in service with nothing to do",
	starting: "GPU time in starting replicas",
	draining: "GPU time in draining replicas",
	failed: "GPU time in failed replicas",
	no_replica: "GPU time in hosts that carries no replica",
	off: "GPU time of replicas that are shut down and paid for",
};

export function moneyNodes(
	report: SimulationReport,
	rate: Expr<UsdPerGpuHour>,
	source: RunSource,
	power: SimulatedPower | undefined,
	bought: BoughtFleet & { readonly replicaGpus: number },
): MoneyNodes {
	const unused = unusedSeconds(report, bought);
	const paidStates: readonly PaidState[] = [...RUN_STATES, ...UNUSED.filter((state) => unused[state] > 0)];
	const counted = <D extends Dims>(name: string, unit: Unit<D>, value: number, label: string): Expr<D> =>
		input(`simulation.${name}`, unit, {
			label,
			value: { kind: "point", value: value * unit.factor },
			grade: "D",
			...source,
			state: "modelled",
		});
	const states = paidStates.map((state) =>
		counted(
			`gpu_time.${state}`,
			gpuSecond,
			isUnused(state) ? unused[state] : gpuSecondsOf(report, state),
			STATE_WORDS[state],
		),
	);
	const gpuTime = define(
		"simulation.gpu_time",
		gpuSecond,
		states.reduce((sum, each) => add(sum, each)),
		{
			label: "GPU time that is paid for",
			formula: paidStates.map((state) => state.replace("_", " ")).join(" + "),
		},
	);
	const { input: computed, cachedInput, output, good } = report.tokens;
	const tokensOf = {
		input: counted("tokens.input", token("input"), computed, "computed input tokens"),
		output: counted("tokens.output", token("output"), output, "output tokens"),
		total: counted(
			"tokens.total",
			token("total"),
			computed + cachedInput + output,
			"input, cached input and output tokens",
		),
		good: counted("tokens.good", token("total"), good, "tokens of the requests inside the limits"),
	};
	const cached = counted(
		"tokens.cached_input",
		token("cached_input"),
		cachedInput,
		"input tokens read from the prefix cache",
	);
	const requests = counted("requests", request, report.requests.finished, "answered requests");
	const prefill = counted("prefill_share", fraction, prefillShareOf(report), "share of step time that is prefill");
	const costOf = paidStates.map((state, i) =>
		define(
			`simulation.cost.${state}`,
			usd,
			multiply(rate, states[i] as Expr<GpuSeconds>) as unknown as Expr<Money<"USD">>,
			{
				label: `cost of ${STATE_WORDS[state]}`,
				formula: "$/GPU-hr × GPU time",
			},
		),
	);
	const cost = define(
		"simulation.cost",
		usd,
		costOf.reduce((sum, each) => add(sum, each)),
		{
			label: "cost of the run",
			formula: "Σ over states of $/GPU-hr × GPU time",
		},
	);
	const perToken = <K extends "input" | "output" | "total">(
		name: string,
		kind: K,
		of: AnyExpr,
		by: AnyExpr,
		label: string,
		formula: string,
	): AnyExpr =>
		define(name, usdPerMtok(kind), divide(of as Expr<Dims>, by as Expr<Dims>) as never, {
			label,
			formula,
			tags: { basis: "delivered" },
		});
	const found: Record<string, AnyExpr> = {
		gpu_time: gpuTime,
		cost,
		utilization: define("simulation.utilization", fraction, divide(states[0] as Expr<GpuSeconds>, gpuTime) as never, {
			label: "share of the paid GPU time that steps",
			formula: "busy ÷ all GPU time",
		}),
		total: perToken("simulation.unit_cost.total", "total", cost, tokensOf.total, "cost per token", "cost ÷ all tokens"),
		cached,
	};
	if (computed > 0) {
		const ofInput = multiply(cost, prefill) as unknown as AnyExpr;
		found["input"] = perToken(
			"simulation.unit_cost.input",
			"input",
			ofInput,
			tokensOf.input,
			"cost per computed input token",
			"cost × share of step time that is prefill ÷ computed input tokens",
		);
	}
	const ofOutput = multiply(cost, subtract(constant(1, one), prefill)) as unknown as AnyExpr;
	found["output"] = perToken(
		"simulation.unit_cost.output",
		"output",
		ofOutput,
		tokensOf.output,
		"cost per output token",
		"cost × share of step time that is decode ÷ output tokens",
	);
	if (good > 0) {
		found["good"] = perToken(
			"simulation.unit_cost.good",
			"total",
			cost,
			tokensOf.good,
			"cost per token inside the limits",
			"cost ÷ good tokens",
		);
	}
	found["request"] = define(
		"simulation.cost_per_request",
		per(usd, request),
		divide(cost, requests as Expr<Requests>) as never,
		{
			label: "cost per request",
			formula: "cost ÷ answered requests",
			tags: { basis: "delivered" },
		},
	);
	paidStates.forEach((state, i) => {
		found[`gpu_time.${state}`] = states[i] as AnyExpr;
		found[`cost.${state}`] = costOf[i] as AnyExpr;
		found[`unit_cost.${state}`] = perToken(
			`simulation.unit_cost.${state === "warm_idle" ? "idle" : state}`,
			"total",
			costOf[i] as AnyExpr,
			tokensOf.total,
			state === "warm_idle" ? "cost of idleness per token" : `cost of ${STATE_WORDS[state]}, per token`,
			`$/GPU-hr × ${STATE_WORDS[state]} ÷ all tokens`,
		);
	});
	for (const [name, of] of Object.entries(tokensOf)) found[`tokens.${name}`] = of as Expr<Tokens<"total">>;
	if (power !== undefined) found["energy"] = energyOf(states, power);
	return {
		nodes: Object.values(found),
		states: paidStates,
		ids: Object.fromEntries(Object.entries(found).map(([name, of]) => [name, nodeId(of)])),
	};
}

/** Draw that rises from idle to busy with the share of time that steps; a failed machine draws nothing. */
function energyOf(states: readonly Expr<GpuSeconds>[], power: SimulatedPower): AnyExpr {
	const [busy, idle, starting, draining] = states as [
		Expr<GpuSeconds>,
		Expr<GpuSeconds>,
		Expr<GpuSeconds>,
		Expr<GpuSeconds>,
	];
	const share = input("simulation.idle_power_share", fraction, {
		label: "draw of an idle GPU over that of a busy one",
		value: { kind: "point", value: power.idleShare },
		source: "assumption: an accelerator with its memory powered and no kernel",
		asOf: "2026-11-01",
		grade: "E",
	});
	const waiting = multiply(add(idle, starting), share) as Expr<GpuSeconds>;
	const full = add(add(busy, draining), waiting);
	return define(
		"simulation.energy",
		kilowattHour,
		multiply(power.busyWatts as Expr<Dims>, full as unknown as Expr<Dims>) as unknown as Expr<Energy>,
		{
			label: "energy at the GPUs",
			formula: "watts when busy × (busy + draining + idle share × (warm idle + starting))",
		},
	);
}

export const wattPerGpu: Unit<{ readonly J: 1; readonly s: -1; readonly gpu: -1 }> = per(watt, gpu) as never;

const UNUSED: readonly Unused[] = ["no_replica", "off"];

function isUnused(state: PaidState): state is Unused {
	return UNUSED.some((each) => each === state);
}

/** What is paid for beyond what ran: by the rule of plans, of all GPUs that were bought. */
function unusedSeconds(
	report: SimulationReport,
	{ gpus, replicaGpus, isCommitted }: BoughtFleet & { readonly replicaGpus: number },
): Readonly<Record<Unused, number>> {
	const ran = RUN_STATES.reduce((sum, state) => sum + gpuSecondsOf(report, state), 0);
	const share = paidShareOf(ran / (replicaGpus * report.seconds), isCommitted);
	const off = replicaGpus * report.seconds * share - ran;
	return {
		no_replica: (gpus - replicaGpus) * report.seconds * share,
		// Sums of many stretches: what is left of a fleet that never rested is rounding.
		off: off > ROUNDING * ran ? off : 0,
	};
}

const ROUNDING = 1e-9;

function gpuSecondsOf(report: SimulationReport, state: StateName): number {
	return report.pools.reduce((sum, { byState, gpusPerReplica }) => sum + byState[state] * gpusPerReplica, 0);
}

/** By GPU time: a prefill machine counts with its GPUs. */
export function prefillShareOf({ pools }: SimulationReport): number {
	const prefill = pools.reduce((sum, pool) => sum + pool.prefillSeconds * pool.gpusPerReplica, 0);
	const decode = pools.reduce((sum, pool) => sum + pool.decodeSeconds * pool.gpusPerReplica, 0);
	return prefill + decode === 0 ? 0 : prefill / (prefill + decode);
}
