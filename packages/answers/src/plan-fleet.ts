/** The sizing of a fleet as a scenario asks for it: demand, peak, redundancy, hosts; shared by all options of a plan. */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	Dimensionless,
	Dims,
	Expr,
	Fleet,
	Gpus,
	Replicas,
	TokensPerGpuSecond,
	TokensPerSecond,
	TrafficFactors,
	Unit,
	UsdPerGpuHour,
} from "@farthing/engine";
import {
	centralValue,
	fleetAtStatedLoad,
	fraction,
	gpu,
	input,
	one,
	ratio,
	replica,
	sizedFleet,
	tokensPerDay,
} from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Warning } from "./envelope.ts";
import { figureInput } from "./evidence.ts";
import { scenarioInput } from "./given.ts";
import type { RoomBook } from "./plan-room.ts";
import type { RateBook } from "./rates.ts";
import { hostSizeOf } from "./rates.ts";
import { replicaInput } from "./rows.ts";

export interface FleetQuestion {
	readonly catalogue: Catalogue;
	readonly rates: RateBook;
	readonly demand: Expr<TokensPerSecond<"total">>;
	readonly utilisation: Expr<Dimensionless> | undefined;
	readonly sizing: Sizing;
	/** What traffic asks of a deployment beyond mean and peak, by row id; none: the scenario states no traffic. */
	readonly traffic?: TrafficSizing;
	/** What the site has room for; none: as much as is asked. */
	readonly room?: RoomBook;
	/** Inputs of the question by name, for the result. */
	readonly inputs: readonly { readonly name: string; readonly id: string }[];
	readonly warnings: Warning[];
}

export interface TrafficSizing {
	factorsOf(point: BenchmarkPoint): TrafficFactorValues;
	/** By the queueing estimate, at each of some mean demands (tokens/s) in rising order. */
	factorsAlong(point: BenchmarkPoint, demands: readonly number[]): readonly FactorValues[];
}

/** See `TrafficFactors` of the engine. */
export interface FactorValues {
	readonly headroom: number;
	readonly failureSpares: number;
	readonly paidShare: number;
}

/** The same at the demand asked; where they come from, for the record. */
export interface TrafficFactorValues extends FactorValues {
	/** Where the share is the rate's doing and not the traffic's. */
	readonly paidShareSource?: string | undefined;
	readonly failureSource: string;
	readonly source: string;
}

/** Other demands than the question's, to look along volumes. */
export interface AlongVolumes {
	readonly demand: Expr<TokensPerSecond<"total">>;
	/** What traffic asks at each of them. */
	readonly factors?: readonly FactorValues[] | undefined;
}

interface Sizing {
	readonly peakToMean: Expr<Dimensionless>;
	readonly availability: Expr<Dimensionless>;
	readonly wholeReplicas: Expr<Dimensionless>;
	readonly spareReplicas: Expr<Replicas>;
	readonly wholeHosts: boolean | "owned";
	readonly asOf: string;
	readonly source: string;
	/** Value of each step as planned, base units. */
	readonly planned: Readonly<Record<string, number>>;
}

/** One step from headline to delivered cost: an input, what it is on the slide, and what it is in the plan. */
export interface SizingStep {
	readonly cause: string;
	readonly input: string;
	readonly headline: number;
	readonly planned: number;
}

export const DEMAND = "demand.tokens";

/** Mean demand of a scenario. */
export function demandInput({ demand, owner }: Scenario, asOf: string): Expr<TokensPerSecond<"total">> {
	const condition = { role: "condition", asOf, ...(owner === undefined ? {} : { owner }) } as const;
	return scenarioInput(
		DEMAND,
		{ ...demand.tokensPerDay, unit: tokensPerDay("total") },
		{ ...condition, label: "mean demand, input plus output tokens" },
	);
}

export function fleetQuestion(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	asOf: string,
	beyond: { readonly traffic?: TrafficSizing | undefined; readonly room?: RoomBook | undefined } = {},
): FleetQuestion {
	const { demand, redundancy, utilisation } = scenario;
	const { traffic, room } = beyond;
	const owner = scenario.owner === undefined ? {} : { owner: scenario.owner };
	const condition = { role: "condition", asOf, ...owner } as const;
	const source = `scenario ${scenario.name}`;
	const flag = (id: string, label: string, on: boolean): Expr<Dimensionless> =>
		input(id, one, { ...condition, label, value: { kind: "point", value: on ? 1 : 0 }, source, grade: "E" });
	const spare = input("sizing.spare_replicas", replica, {
		...condition,
		label: "spare replicas (N+1)",
		value: { kind: "point", value: redundancy.spareReplicas },
		source,
		grade: "E",
	});
	const shown = [
		"demand.tokens",
		"sizing.peak_to_mean",
		"sizing.availability",
		"sizing.spare_replicas",
		"utilisation.stated",
	];
	return {
		catalogue,
		rates,
		...(traffic === undefined ? {} : { traffic }),
		...(room === undefined ? {} : { room }),
		demand: demandInput(scenario, asOf),
		utilisation:
			utilisation === undefined
				? undefined
				: scenarioInput(
						"utilisation.stated",
						{ ...utilisation, unit: fraction },
						{ label: "utilisation, stated instead of derived", role: "evidence", asOf, ...owner },
					),
		sizing: {
			peakToMean: scenarioInput(
				"sizing.peak_to_mean",
				{ ...demand.peakToMean, unit: ratio },
				{ ...condition, label: "busiest hour over mean" },
			),
			availability: scenarioInput(
				"sizing.availability",
				{ ...redundancy.availability, unit: fraction },
				{ ...condition, label: "availability of a replica" },
			),
			wholeReplicas: flag("sizing.whole_replicas", "whole replicas (1: yes)", redundancy.wholeReplicas),
			spareReplicas: spare,
			wholeHosts: redundancy.wholeHosts,
			asOf,
			source,
			planned: {
				peak: centralValue(demand.peakToMean.distribution),
				availability: centralValue(redundancy.availability.distribution),
				whole: redundancy.wholeReplicas ? 1 : 0,
				spare: redundancy.spareReplicas,
			},
		},
		inputs: shown.map((id) => ({ name: id.split(".")[1] as string, id })),
		warnings: [],
	};
}

export interface OptionFleet {
	readonly fleet: Fleet;
	readonly rate: Expr<UsdPerGpuHour>;
	readonly steps: readonly SizingStep[];
	readonly host?: string;
}

/** Nodes of one option, at the question's demand unless others are given. */
export function fleetNodes(
	question: FleetQuestion,
	point: BenchmarkPoint,
	speed: Expr<TokensPerGpuSecond<"total">>,
	along?: AlongVolumes,
): OptionFleet {
	const { catalogue, rates, sizing, utilisation } = question;
	const answer = rates.rateOf(point.hardware);
	if (!answer.known) throw new TypeError(`no rate for ${point.hardware}: it cannot be sized`);
	const demand = along?.demand ?? question.demand;
	const common = { demand, speed, replicaSize: replicaInput(catalogue, point), rate: answer.rate };
	const prefix = `${point.id}.`;
	if (utilisation !== undefined) {
		const fleet = fleetAtStatedLoad(prefix, common, utilisation);
		const stated = utilisation.data.op === "input" ? utilisation.data.spec.value : undefined;
		const planned = stated === undefined || stated.kind === "series" ? 1 : centralValue(stated);
		return {
			fleet,
			rate: answer.rate,
			steps: [{ cause: "stated utilisation", input: "utilisation.stated", headline: 1, planned }],
		};
	}
	const hosts = hostInputs(question, point, answer.owned);
	const { peakToMean, availability, wholeReplicas, spareReplicas } = sizing;
	const traffic = trafficInputs(question, point, along?.factors);
	const fleet = sizedFleet(prefix, {
		...common,
		sizing: {
			peakToMean,
			availability,
			wholeReplicas,
			spareReplicas,
			wholeHosts: hosts.flag,
			hostSize: hosts.size,
			...(traffic === undefined ? {} : { traffic: traffic.factors }),
		},
	});
	const result = { fleet, rate: answer.rate, steps: stepsOf(sizing, hosts, traffic?.steps) };
	return hosts.system === undefined ? result : { ...result, host: hosts.system };
}

const FACTORS = [
	["headroom", "SLO headroom", ratio, "replicas that keep the limits over those that throughput asks for"],
	["failureSpares", "failures", replica, "replicas beyond those needed, so that enough are up"],
	["paidShare", "autoscaling", ratio, "share of the fleet's GPU-hours that is paid for"],
] as const;

type FactorName = (typeof FACTORS)[number][0];

const FACTOR_IDS: Readonly<Record<FactorName, string>> = {
	headroom: "headroom",
	failureSpares: "failure_spares",
	paidShare: "paid_share",
};

/** Value that switches a factor off. */
const OFF: Readonly<Record<FactorName, number>> = { headroom: 1, failureSpares: 0, paidShare: 1 };

interface TrafficInputs {
	readonly factors: TrafficFactors;
	readonly steps: Readonly<Record<FactorName, SizingStep>>;
}

function trafficInputs(
	{ traffic, sizing }: FleetQuestion,
	point: BenchmarkPoint,
	along: readonly FactorValues[] | undefined,
): TrafficInputs | undefined {
	if (traffic === undefined) return undefined;
	const values = traffic.factorsOf(point);
	const sources: Readonly<Record<FactorName, string>> = {
		headroom: values.source,
		failureSpares: values.failureSource,
		paidShare: values.paidShareSource ?? values.source,
	};
	const made = FACTORS.map(([name, cause, unit, label]) => {
		const id = factorId(point, name);
		const factor = input(id, unit as Unit<Dims>, {
			label,
			value: along === undefined ? { kind: "point", value: values[name] } : spanOf(along.map((each) => each[name])),
			source: sources[name],
			asOf: sizing.asOf,
			grade: "D",
			role: "condition",
		});
		return { name, factor, step: { cause, input: id, headline: OFF[name], planned: values[name] } };
	});
	return {
		factors: Object.fromEntries(made.map(({ name, factor }) => [name, factor])) as unknown as TrafficFactors,
		steps: Object.fromEntries(made.map(({ name, step }) => [name, step])) as unknown as TrafficInputs["steps"],
	};
}

function factorId(point: BenchmarkPoint, name: FactorName): string {
	return `${point.id}.sizing.${FACTOR_IDS[name]}`;
}

/** Where each of the values along volumes lies in the span that its input has, from 0 to 1, by input. */
export function factorPlaces(
	point: BenchmarkPoint,
	along: readonly FactorValues[],
): readonly (readonly [string, Float64Array])[] {
	return FACTORS.map(([name]) => {
		const values = along.map((each) => each[name]);
		const span = spanOf(values);
		const place = (value: number): number =>
			span.kind === "point" ? 0.5 : (value - span.low) / (span.high - span.low);
		return [factorId(point, name), Float64Array.from(values, place)];
	});
}

function spanOf(
	values: readonly number[],
): { readonly kind: "point"; readonly value: number } | { readonly kind: "uniform"; low: number; high: number } {
	const low = Math.min(...values);
	const high = Math.max(...values);
	return low === high ? { kind: "point", value: low } : { kind: "uniform", low, high };
}

export interface HostInputs {
	readonly flag: Expr<Dimensionless>;
	readonly flagId: string;
	readonly size: Expr<Gpus>;
	readonly system: string | undefined;
}

/** Whole servers or racks of a part, as far as the scenario asks for them. */
export function hostInputs(
	question: Pick<FleetQuestion, "catalogue" | "sizing" | "warnings">,
	point: Pick<BenchmarkPoint, "hardware">,
	owned: boolean,
): HostInputs {
	const { catalogue, sizing, warnings } = question;
	const wanted = sizing.wholeHosts === "owned" ? owned : sizing.wholeHosts;
	const host = wanted ? hostSizeOf(catalogue, point.hardware) : undefined;
	if (wanted && host === undefined) {
		warnings.push({
			code: "unknown-host-size",
			message: `no server or rack of ${point.hardware} in the catalogue: its fleet is not rounded up to whole hosts`,
		});
	}
	const flagId = `sizing.whole_hosts.${point.hardware}`;
	const common = { source: sizing.source, asOf: sizing.asOf, grade: "E", role: "condition" } as const;
	const flag = input(flagId, one, {
		...common,
		label: `whole servers or racks of ${point.hardware} (1: yes)`,
		value: { kind: "point", value: host === undefined ? 0 : 1 },
	});
	const label = `GPUs of one ${host?.name ?? "host"}`;
	const size =
		host === undefined
			? input(`host.${point.hardware}.gpus`, gpu, {
					...common,
					label: "GPUs bought one by one",
					value: { kind: "point", value: 1 },
				})
			: input(`host.${point.hardware}.gpus`, gpu, {
					...figureInput(catalogue, host.gpus, label, 1, host.at),
					role: "condition",
				});
	return { flag, flagId, size, system: host?.name };
}

/**
 * With traffic, the peak is the shape of the load, and what the limits, failures and the autoscaler do stand beside it; the
 * availability of a replica is then part of the failures, of which N+1 is there for the first.
 */
function stepsOf({ planned }: Sizing, hosts: HostInputs, traffic?: TrafficInputs["steps"]): SizingStep[] {
	const availability: SizingStep = {
		cause: "availability",
		input: "sizing.availability",
		headline: 1,
		planned: planned["availability"] as number,
	};
	const all: SizingStep[] = [
		{
			cause: traffic === undefined ? "peak sizing" : "load shape",
			input: "sizing.peak_to_mean",
			headline: 1,
			planned: planned["peak"] as number,
		},
		traffic === undefined ? availability : traffic.headroom,
		{ cause: "whole replicas", input: "sizing.whole_replicas", headline: 0, planned: planned["whole"] as number },
		{ cause: "N+1", input: "sizing.spare_replicas", headline: 0, planned: planned["spare"] as number },
		...(traffic === undefined ? [] : [traffic.failureSpares]),
		{ cause: "whole hosts", input: hosts.flagId, headline: 0, planned: hosts.system === undefined ? 0 : 1 },
		...(traffic === undefined ? [] : [traffic.paidShare]),
	];
	return all.filter((step) => step.headline !== step.planned);
}
