/**
 * What it saves that several loads share machines, instead of each having a fleet of its own: models that are busy at other hours,
 * and batches that fill what interactive loads leave idle. Each load takes the measured row that is the cheapest for it alone on
 * the kind of GPU that all share; the hours say how many replicas each has, and a simulated day confirms that limits are kept and
 * batches get done in time.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, Evaluation, Expr, FleetBill, Gpus, QuantityJson } from "@farthing/engine";
import { buildModel, evaluate, gpu, input, quantityJson, scalarOf, sharedFleet, usdPerDay } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { nodeId } from "./node-id.ts";
import { candidates } from "./plan-candidates.ts";
import { demandInput, fleetNodes, fleetQuestion, hostInputs } from "./plan-fleet.ts";
import { planTraffic, tooManyRequests } from "./plan-traffic.ts";
import type { RateBook } from "./rates.ts";
import { layoutOf, throughputInput } from "./rows.ts";
import type { RowWindowChoice } from "./rows.ts";
import type { HourlyShares } from "./sharing/hours.ts";
import { sharedHours } from "./sharing/hours.ts";
import type { LoadClass } from "./sharing/load-classes.ts";
import { loadClasses } from "./sharing/load-classes.ts";
import type { Alone, AloneFleet, Sketch } from "./sharing/sketch.ts";
import { sketchesOn } from "./sharing/sketch.ts";
import type { LoadOutcome, SharedLoad } from "./sharing/simulated-sharing.ts";
import { simulatedSharing } from "./sharing/simulated-sharing.ts";
import { confirmedReplicas } from "./sizing/confirmed.ts";
import { estimatedReplicas } from "./sizing/estimate.ts";
import type { SizingQuestion } from "./sizing/question.ts";
import { allSpares, meanDemand, throughputReplicas, wholeReplicas } from "./sizing/question.ts";

export interface SharingAnswer {
	/** Part that all loads share. */
	readonly hardware: string;
	readonly loads: readonly SharingLoad[];
	/** Each load on the fleet that is the cheapest for it alone, on whatever part. */
	readonly separate: { readonly gpus: number; readonly bill_per_day: QuantityJson; readonly delivered: QuantityJson };
	/** The cheapest option, which serves all as one load; present where one model serves all loads. */
	readonly as_one_load?: { readonly row: string; readonly gpus: number; readonly bill_per_day: QuantityJson };
	readonly together: {
		readonly gpus: number;
		readonly spare_gpus: number;
		readonly bill_per_day: QuantityJson;
		readonly delivered: QuantityJson;
		/** Share of the shared fleet's GPU time that steps, in the simulated day. */
		readonly busy_share: number;
	};
	/** The cheapest of the three: never more than fleets apart. */
	readonly cheapest: {
		readonly arrangement: "shared" | "as_one_load" | "separate";
		readonly gpus: number;
		readonly bill_per_day: QuantityJson;
	};
	/** What is shared in `together`, in words. */
	readonly shared: readonly string[];
	/** Of `together` against `separate`. Below 0: sharing costs more. */
	readonly saved: Saved;
	/** Of `together` against `as_one_load`, where there is one. */
	readonly saved_over_one_load?: Saved;
	readonly by: "simulation";
}

export interface Saved {
	readonly bill_per_day: QuantityJson;
	readonly share: QuantityJson;
}

export interface SharingLoad {
	readonly name: string;
	readonly model: string;
	readonly row: string;
	readonly layout: string;
	/** Present of a batch. */
	readonly waits_s?: number;
	/** On replicas of another load of its model: behind its requests, whose place they take, or as interactive as they are. */
	readonly behind?: string;
	readonly with?: string;
	readonly replicas: { readonly fewest: number; readonly most: number };
	readonly within_limits?: number;
	readonly longest_s?: number;
	readonly alone: {
		readonly row: string;
		readonly hardware: string;
		readonly gpus: number;
		readonly bill_per_day: number;
	};
}

export interface Sharing {
	readonly answer: SharingAnswer;
	readonly evaluation: Evaluation;
}

/** Undefined where one load is stated; else the answer, or why there is none. Throws exit 3 as `candidates` does. */
export function planSharing(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	asOf: string,
	seed: number,
	window: RowWindowChoice | undefined,
	option?: OneLoad,
): Sharing | { readonly reason: string } | undefined {
	const classes = loadClasses(scenario);
	if (classes.length === 0) return undefined;
	const large = tooManyRequests(scenario);
	if (large !== undefined) return { reason: `not simulated: ${large}` };
	const isOneModel = classes.every((load) => load.scenario.model === scenario.model);
	const asOneLoad = isOneModel ? option : undefined;
	const asked: Asked = { catalogue, scenario, rates, asOf, seed, ...(asOneLoad === undefined ? {} : { asOneLoad }) };
	const alone = classes.map((load) => aloneOn(asked, load, window));
	const empty = alone.find(({ fleets }) => fleets.length === 0);
	if (empty !== undefined) return { reason: `no measured row keeps the limits of ${empty.load.name}` };
	const parts = [...new Set(alone.flatMap(({ fleets }) => fleets.map(({ point }) => point.hardware)))].filter((part) =>
		alone.every(({ fleets }) => fleets.some(({ point }) => point.hardware === part)),
	);
	if (parts.length === 0) return { reason: "no kind of GPU has measured rows for all of them" };
	const sketches = parts.flatMap((part) => sketchesOn(rates, alone, part));
	sketches.sort((a, b) => a.bill - b.bill || (a.part < b.part ? -1 : 1));
	for (const sketch of sketches.slice(0, TRIED_SKETCHES)) {
		const confirmed = confirmedOn(sketch);
		if (confirmed !== undefined) return answered(asked, alone, confirmed);
	}
	return { reason: "no shared fleet that was simulated keeps the limits and gets batches done in time" };
}

/** Kinds of GPU and ways to share them that are simulated, and fleets of each. */
const TRIED_SKETCHES = 3;
const TRIED_FLEETS = 6;

/** The cheapest option of the plan. */
export interface OneLoad {
	readonly row: string;
	readonly gpus: number;
	/** USD a day. */
	readonly bill: number;
}

/** Fleets of one load's own, sized by the queueing estimate. */
function aloneOn({ catalogue, rates, asOf, seed }: Asked, load: LoadClass, window: RowWindowChoice | undefined): Alone {
	const { scenario } = load;
	const { rows } = candidates(catalogue, scenario, rates, asOf, window === undefined ? {} : { window });
	const traffic = planTraffic(catalogue, scenario, rates, asOf, seed);
	const fleets = fleetQuestion(catalogue, scenario, rates, asOf, { traffic });
	const built = rows.map(({ point }) => {
		const { fleet } = fleetNodes(fleets, point, throughputInput(catalogue, point));
		return { point, bill: fleet.billPerDay, gpus: fleet.gpus };
	});
	const question = { catalogue, scenario, traffic: scenario.traffic, rates, asOf, seed };
	if (built.length === 0) return { load, question, fleets: [] };
	const evaluation = evaluate(buildModel(built.flatMap(({ bill, gpus }) => [bill, gpus])));
	const found = built.map(({ point, bill, gpus }) => ({
		point,
		bill: scalarOf(evaluation, nodeId(bill)) / usdPerDay.factor,
		gpus: scalarOf(evaluation, nodeId(gpus)),
		serving: servingGpus(question, point, load.waits !== undefined),
	}));
	found.sort((a, b) => a.bill - b.bill || (a.point.id < b.point.id ? -1 : 1));
	return { load, question, fleets: found };
}

/** A batch takes what its work takes, an interactive load what its limits ask for in its busiest hour. */
function servingGpus(question: SizingQuestion, point: BenchmarkPoint, isBatch: boolean): number {
	const demand = meanDemand(question);
	const replicas = isBatch ? throughputReplicas(question, point, demand) : estimatedReplicas(question, point, demand);
	return replicas * (point.gpus as number);
}

interface Asked {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly rates: RateBook;
	readonly asOf: string;
	readonly seed: number;
	readonly asOneLoad?: OneLoad;
}

interface Confirmed extends Sketch {
	readonly outcomes: readonly LoadOutcome[];
}

/**
 * The busiest hour of each load by simulation, then the day of all: a replica more of loads that miss their limits, GPUs more for
 * batches that are late, until the day keeps what is asked.
 */
function confirmedOn(sketch: Sketch): Confirmed | undefined {
	let loads: readonly SharedLoad[] = sketch.loads;
	const corrected: SharedLoad[] = [];
	for (const [place, each] of loads.entries()) {
		// Loads that share replicas are busy together: the day of all of them says what they need.
		const found = hasInteractiveGuest(loads, place) ? each : correctedBySimulation(each);
		if (found === undefined) return undefined;
		corrected.push(found);
	}
	loads = corrected;
	const step = Math.min(...loads.map(({ need: { point } }) => point.gpus as number));
	let least = 0;
	for (let tried = 0; tried < TRIED_FLEETS; tried++) {
		const shares = sharedHours(
			loads.map(({ need }) => need),
			least,
		);
		if (shares === undefined) return undefined;
		const outcomes = simulatedSharing(loads, shares);
		if (outcomes.every(({ keeps }) => keeps)) return { ...sketch, loads, shares, outcomes };
		const missed = new Set(
			loads.flatMap(({ need }, i) =>
				need.needed !== undefined && outcomes[i]?.keeps === false ? [need.host ?? i] : [],
			),
		);
		if (missed.size === 0) least = shares.gpus + step;
		loads = loads.map((each, i) => (missed.has(i) ? withMore(each, 1) : each));
	}
	return undefined;
}

function hasInteractiveGuest(loads: readonly SharedLoad[], place: number): boolean {
	return loads.some(({ need }) => need.host === place && need.needed !== undefined);
}

function withMore(shared: SharedLoad, by: number): SharedLoad {
	const { need } = shared;
	const needed = need.needed?.map((replicas) => Math.max(1, replicas + by));
	return needed === undefined ? shared : { ...shared, need: { ...need, needed } };
}

/** As many replicas more or fewer at every hour as the simulator asks for in the busiest. */
function correctedBySimulation(shared: SharedLoad): SharedLoad | undefined {
	const { question, need } = shared;
	if (need.needed === undefined || need.host !== undefined) return shared;
	const estimate = Math.max(...need.needed);
	const least = wholeReplicas(throughputReplicas(question, need.point, meanDemand(question)));
	const found = confirmedReplicas(question, need.point, least, estimate);
	if (!found.keeps) return undefined;
	return withMore(shared, found.replicas - estimate);
}

function answered(
	{ catalogue, scenario, rates, asOf, seed, asOneLoad }: Asked,
	alone: readonly Alone[],
	{ part, loads, shares, outcomes }: Confirmed,
): Sharing {
	const rate = rates.rateOf(part);
	if (!rate.known) throw new TypeError(`a part that is shared has a rate: ${rate.reason}`);
	const spare = spareGpus(loads);
	const { sizing, warnings } = fleetQuestion(catalogue, scenario, rates, asOf);
	const host = hostInputs({ catalogue, sizing, warnings }, { hardware: part }, rate.owned);
	const simulated = {
		source: `simulated day of all loads, seed ${seed}`,
		asOf,
		grade: "D",
		role: "condition",
	} as const;
	const gpus = (name: string, label: string, value: number, source: object): Expr<Gpus> =>
		input(`sharing.${name}`, gpu, { ...simulated, ...source, label, value: { kind: "point", value } });
	const best = alone.map(({ fleets }) => fleets[0] as AloneFleet);
	const bills = best.map(({ bill, point }, i) =>
		input(`sharing.alone.${(alone[i] as Alone).load.name}.bill.day`, usdPerDay, {
			label: `bill of a fleet for ${(alone[i] as Alone).load.name} alone, per day`,
			value: { kind: "point", value: bill * usdPerDay.factor },
			source: `row ${point.id}, sized by the queueing estimate`,
			asOf,
			grade: "D",
		}),
	) as unknown as [Expr<FleetBill>, ...Expr<FleetBill>[]];
	const oneBill =
		asOneLoad === undefined
			? undefined
			: input("sharing.as_one_load.bill.day", usdPerDay, {
					label: "bill of one fleet for all loads as one, per day",
					value: { kind: "point", value: asOneLoad.bill * usdPerDay.factor },
					source: `the cheapest option, row ${asOneLoad.row}`,
					asOf,
					grade: "D",
				});
	const fleet = sharedFleet({
		...(oneBill === undefined ? {} : { asOneLoad: oneBill as unknown as Expr<FleetBill> }),
		serving: gpus("serving_gpus", "GPUs that serve all loads in the fullest hour", shares.gpus, {}),
		spare: gpus("spare_gpus", "GPUs that stand by for any load", spare, { source: "N+1, and what failures ask for" }),
		wholeHosts: host.flag,
		hostSize: host.size,
		rate: rate.rate,
		demand: demandInput(scenario, asOf),
		alone: bills,
	});
	const evaluation = evaluate(buildModel(Object.values(fleet)));
	const json = (of: Parameters<typeof nodeId>[0]): QuantityJson =>
		quantityJson(evaluation, nodeId(of), { currencyDate: rates.currencyDate });
	const all = scalarOf(evaluation, nodeId(fleet.gpus));
	const seconds = (shares.replicas[0] as readonly number[]).length * 3600;
	const apart = best.reduce((sum, each) => sum + each.gpus, 0);
	const ways = [
		{ arrangement: "shared", gpus: all, bill_per_day: json(fleet.bill) },
		...(asOneLoad === undefined || oneBill === undefined
			? []
			: [{ arrangement: "as_one_load", gpus: asOneLoad.gpus, bill_per_day: json(oneBill) } as const]),
		{ arrangement: "separate", gpus: apart, bill_per_day: json(fleet.separateBill) },
	] as const;
	const billOf = ({ bill_per_day: bill }: (typeof ways)[number]): number => bill.value as number;
	return {
		evaluation,
		answer: {
			hardware: part,
			loads: loads.map((each, i) => loadJson(each, shares, outcomes, loads, i, best[i] as AloneFleet)),
			separate: {
				gpus: apart,
				bill_per_day: json(fleet.separateBill),
				delivered: json(fleet.separateDelivered),
			},
			...(asOneLoad === undefined || oneBill === undefined
				? {}
				: { as_one_load: { row: asOneLoad.row, gpus: asOneLoad.gpus, bill_per_day: json(oneBill) } }),
			together: {
				gpus: all,
				spare_gpus: spare,
				bill_per_day: json(fleet.bill),
				delivered: json(fleet.delivered),
				busy_share: outcomes.reduce((sum, { busyGpuSeconds }) => sum + busyGpuSeconds, 0) / (all * seconds),
			},
			cheapest: ways.reduce((a, b) => (billOf(b) < billOf(a) ? b : a)),
			shared: sharedWords(loads, part),
			saved: { bill_per_day: json(fleet.saved), share: json(fleet.savedShare) },
			...(fleet.savedOverOne === undefined || fleet.savedOverOneShare === undefined
				? {}
				: { saved_over_one_load: { bill_per_day: json(fleet.savedOverOne), share: json(fleet.savedOverOneShare) } }),
			by: "simulation",
		},
	};
}

function sharedWords(loads: readonly SharedLoad[], part: string): string[] {
	const names = (of: readonly SharedLoad[]): string => of.map(({ load }) => load.name).join(", ");
	const hosts = loads.filter(({ need }) => need.host === undefined);
	const replicas = hosts.flatMap((host) => {
		const guests = loads.filter(({ need }) => need.host !== undefined && loads[need.host] === host);
		return guests.length === 0 ? [] : [`replicas of ${host.load.name}: ${names([host, ...guests])}`];
	});
	return [
		...replicas,
		...(hosts.length < 2 ? [] : [`GPUs of ${part}, from hour to hour: ${names(hosts)}`]),
		`spare replicas and whole hosts: ${names(loads)}`,
	];
}

/** As many spare replicas as one load of all replicas would have, each as large as the largest. */
function spareGpus(loads: readonly SharedLoad[]): number {
	const interactive = loads.filter(({ need }) => need.needed !== undefined);
	const [first] = interactive.length === 0 ? loads : interactive;
	if (first === undefined) return 0;
	const most = interactive.reduce((sum, { need }) => sum + Math.max(...(need.needed ?? [0])), 0);
	const size = Math.max(...loads.map(({ need }) => need.point.gpus as number));
	return allSpares(first.question, Math.max(1, most)) * size;
}

function loadJson(
	{ load, need }: SharedLoad,
	{ replicas }: HourlyShares,
	outcomes: readonly LoadOutcome[],
	loads: readonly SharedLoad[],
	place: number,
	alone: AloneFleet,
): SharingLoad {
	const hours = replicas[need.host ?? place] as readonly number[];
	const { withinLimits, longestSeconds } = outcomes[place] as LoadOutcome;
	return {
		name: load.name,
		model: need.point.model,
		row: need.point.id,
		layout: layoutOf(need.point),
		...(load.waits === undefined ? {} : { waits_s: load.waits }),
		...(need.host === undefined
			? {}
			: { [load.waits === undefined ? "with" : "behind"]: (loads[need.host] as SharedLoad).load.name }),
		replicas: { fewest: Math.min(...hours), most: Math.max(...hours) },
		...(withinLimits === undefined ? {} : { within_limits: withinLimits }),
		...(longestSeconds === undefined ? {} : { longest_s: longestSeconds }),
		alone: { row: alone.point.id, hardware: alone.point.hardware, gpus: alone.gpus, bill_per_day: alone.bill },
	};
}
