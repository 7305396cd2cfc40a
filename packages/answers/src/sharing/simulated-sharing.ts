/** The loads of a shared fleet simulated over a day (or week): each on the replicas that its hours give it, batches behind. */
import type { GoodputLimits, OpenSource, PoolSpec, SimulationReport } from "@farthing/engine";
import { centralValue, LENGTH_CLASSES, mergedLoad, simulate } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { centralOf } from "../plan-candidates.ts";
import { measuredFleet } from "../simulate/measured-fleet.ts";
import { scenarioTraffic } from "../simulate/traffic.ts";
import type { SizingQuestion } from "../sizing/question.ts";
import type { HourlyNeed, HourlyShares } from "./hours.ts";
import type { LoadClass } from "./load-classes.ts";

export interface SharedLoad {
	readonly load: LoadClass;
	readonly question: SizingQuestion;
	readonly need: HourlyNeed;
}

export interface LoadOutcome {
	/** Share of an interactive load's requests inside its limits. */
	readonly withinLimits?: number;
	/** Seconds that the slowest request of a batch took. */
	readonly longestSeconds?: number;
	readonly keeps: boolean;
	/** GPU-seconds of steps in all, told with the load on whose replicas they were. */
	readonly busyGpuSeconds: number;
}

/** Where no autoscaler says how long a start takes: loading weights from a local disk, an assumption. */
const START_SECONDS = 300;
const DECISIONS_SECONDS = 60;

/** In the order of `loads`. */
export function simulatedSharing(loads: readonly SharedLoad[], { replicas }: HourlyShares): readonly LoadOutcome[] {
	const outcomes: LoadOutcome[] = [];
	loads.forEach(({ need }, place) => {
		if (need.host !== undefined) return;
		const guests = loads.map((load, i) => ({ load, i })).filter(({ load }) => load.need.host === place);
		const together = [{ load: loads[place] as SharedLoad, i: place }, ...guests];
		const report = simulatedPool(
			together.map(({ load }) => load),
			replicas[place] as readonly number[],
		);
		const busy = report.pools.reduce((sum, { byState, gpusPerReplica }) => sum + byState.busy * gpusPerReplica, 0);
		together.forEach(({ load, i }, priority) => {
			outcomes[i] = { ...outcomeOf(load, report, priority), busyGpuSeconds: priority === 0 ? busy : 0 };
		});
	});
	return outcomes;
}

function outcomeOf(
	{ load, question }: SharedLoad,
	{ priorities }: SimulationReport,
	priority: number,
): Omit<LoadOutcome, "busyGpuSeconds"> {
	const seen = priorities[priority] as SimulationReport["priorities"][number];
	if (load.waits !== undefined) {
		const keeps = seen.finished === seen.arrived && seen.longestSeconds <= load.waits;
		return { longestSeconds: seen.longestSeconds, keeps };
	}
	const withinLimits = seen.arrived === 0 ? 1 : seen.good / seen.arrived;
	return { withinLimits, keeps: withinLimits >= centralValue(question.traffic.withinLimits.distribution) };
}

/** One pool: the load that decides on its replicas, interactive loads of its model that share them, and batches that run behind. */
function simulatedPool(loads: readonly SharedLoad[], hourly: readonly number[]): SimulationReport {
	const [{ load, question, need }] = loads as [SharedLoad];
	const { catalogue, asOf, seed } = question;
	const traffic = loads.map(({ load: each, question: { scenario } }, i) =>
		scenarioTraffic(catalogue, scenario, seed + i, each.scenario.traffic.hourly?.length ?? 24),
	);
	const prefixTokens = traffic.map((each) => each.prefixTokens).find((each) => each !== undefined);
	const most = Math.max(...hourly);
	const { fleet } = measuredFleet(catalogue, need.point, asOf, {
		replicas: most,
		router: prefixTokens === undefined ? "least-loaded" : "prefix-aware",
		priorities: loads.length,
		...(prefixTokens === undefined ? {} : { prefixTokens }),
		...(Math.min(...hourly) === most ? {} : { autoscaler: scheduleOf(load, hourly, most) }),
	});
	return simulate({
		fleet,
		source: mergedLoad(traffic.map(({ source }) => source as OpenSource)),
		horizonSeconds: hourly.length * 3600,
		limits: {},
		// Interactive loads are peers, batches stand behind them in their order.
		loads: loads.map(({ load: { scenario, waits } }, i) => ({
			limits: limitsOf(scenario),
			priority: waits === undefined ? 0 : i,
		})),
		lengthClasses: LENGTH_CLASSES,
		windowSeconds: 3600,
		seed,
	});
}

function limitsOf({ slo }: Scenario): GoodputLimits {
	const ttftSeconds = centralOf(slo.ttft);
	const interactivity = centralOf(slo.tokensPerSecondPerUser);
	return {
		...(ttftSeconds === undefined ? {} : { ttftSeconds }),
		...(interactivity === undefined ? {} : { tpotSeconds: 1 / interactivity }),
	};
}

/** An interactive load takes its replicas before the hour they are needed in, a batch gives them back before. */
function scheduleOf(
	{ waits, scenario }: LoadClass,
	hourly: readonly number[],
	most: number,
): NonNullable<PoolSpec["autoscaler"]> {
	const { autoscaler } = scenario.traffic;
	return {
		policy: { kind: "schedule", hourly, ahead: waits === undefined ? "more" : "fewer" },
		intervalSeconds: DECISIONS_SECONDS,
		fewest: 0,
		most,
		startSeconds: autoscaler === undefined ? START_SECONDS : centralValue(autoscaler.start.distribution),
		patienceSeconds: 0,
	};
}
