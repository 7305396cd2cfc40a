/**
 * Machines owned by month. An order placed at the end of month t arrives `lead` months later and serves from the month
 * after; it covers the need of that month, less what will then still stand: `order[t] = max(0, need[t+1+lead] − standing)`.
 * What the first order would come too late for is bought for the opening. Machines leave at the end of their life and are
 * replaced if they are still needed. Excess stays: there are no negative orders. Orders know the plan's own demand.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, cumulative, lagged, previous, seriesRef } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { Gpus, Power, TokensPerGpuSecond, TokensPerSecond } from "../../quantity/unit.ts";
import {
	fraction,
	gpu,
	kilowatt,
	one,
	replica,
	tokensPerGpuSecond,
	tokensPerSecond,
	usdPerGpuHour,
} from "../../quantity/unit.ts";
import type { GpusPerReplica, SizingInputs } from "../fleet.ts";
import { sizedFleet } from "../fleet.ts";
import type { PowerPerGpu } from "../gpu-hour-build-up.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import {
	choose,
	downTo,
	least,
	minus,
	monthly,
	most,
	number,
	over,
	plus,
	positive,
	shareOf,
	times,
	zeroOf,
} from "./formula.ts";

export interface Generation {
	/** Part of the node ids: `gb200`. */
	readonly name: string;
	/** First point at which it is ordered; before it, the generation before is. The opening unless given. */
	readonly fromMonth?: AnyExpr;
	/** Throughput at the opening's software. */
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
	/** Throughput at a month over that at the opening. */
	readonly software?: AtMonth;
	readonly replicaSize: Expr<GpusPerReplica>;
	/** Provisioned IT power of a GPU with its share of everything around it. */
	readonly power: Expr<PowerPerGpu>;
	readonly sizing: SizingInputs;
	/** Machines that are there already: they serve until their life ends, and are not ordered again. */
	readonly existing?: { readonly gpus: Expr<Gpus>; readonly lifeLeftMonths: number };
}

export interface OwnedFleetInputs {
	readonly calendar: Calendar;
	readonly demand: AtMonth;
	readonly generations: readonly [Generation, ...Generation[]];
	/** Whole months from order to delivery. */
	readonly leadMonths: number;
	/** Months a machine serves. */
	readonly lifeMonths: number;
	readonly pue: Expr<Dimensionless>;
	/** What the site can draw, PUE included. */
	readonly sitePower?: Expr<Power>;
}

export interface GenerationFleet {
	readonly generation: Generation;
	/** Months one of its machines serves. */
	readonly lifeMonths: number;
	/** GPUs that serve in the month. */
	readonly gpus: Expr<Gpus>;
	/** GPUs ordered at the end of the month. */
	readonly ordered: Expr<Gpus>;
	/** GPUs there at the opening; 0 at all other points. */
	readonly opening: Expr<Gpus>;
	readonly delivered: Expr<Gpus>;
	readonly retired: Expr<Gpus>;
	/** GPUs once all that is ordered has arrived. */
	readonly standing: Expr<Gpus>;
	readonly power: Expr<Power>;
	/** Mean demand it can serve with its peak. */
	readonly serviceable: Expr<TokensPerSecond<"total">>;
	/** Throughput of a GPU in the month. */
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
}

export interface OwnedFleet {
	readonly generations: readonly GenerationFleet[];
	readonly demand: Expr<TokensPerSecond<"total">>;
	readonly served: Expr<TokensPerSecond<"total">>;
	/** Demand that the fleet cannot take in, for want of power or machines. */
	readonly shortfall: Expr<TokensPerSecond<"total">>;
	readonly gpus: Expr<Gpus>;
	readonly power: Expr<Power>;
	readonly utilisation: Expr<Dimensionless>;
	/** Mean demand it can serve with its peak while its spare replicas stand by. */
	readonly withReserve: Expr<TokensPerSecond<"total">>;
	/** 1 in a month in which the spare replicas have to serve, 0 in all others. */
	readonly reserveUsed: Expr<Dimensionless>;
}

const TPS = tokensPerSecond("total");
const NO_GPUS: Expr<Gpus> = constant(0, gpu);
const ONE_REPLICA = constant(1, replica);

/** Nodes `<prefix>demand`, `<prefix>gpus`, `<prefix>shortfall` …, and `<prefix><generation>.*` for each generation. */
export function ownedFleet(prefix: string, of: OwnedFleetInputs): OwnedFleet {
	const demand = demandServed(`${prefix}demand`, of.demand, of.calendar);
	const generations = of.generations.reduce<readonly GenerationFleet[]>(
		(before, generation, i) => [...before, generationFleet(prefix, of, generation, of.generations[i + 1], before)],
		[],
	);
	const serviceable = plus(...generations.map((each) => each.serviceable));
	const shortfall = monthly(
		`${prefix}shortfall`,
		TPS,
		choose(demand, ">", times(serviceable, FORGIVING), minus(demand, serviceable), zeroOf(demand)),
		{ label: "demand not served", formula: "mean demand − what the fleet can serve with its peak" },
	);
	const served = monthly(`${prefix}served`, TPS, minus(demand, shortfall), { label: "demand served" });
	const capacity = plus(...generations.map((each) => times(each.gpus, each.speed)));
	const withReserve = monthly(
		`${prefix}with_reserve`,
		TPS,
		plus(...generations.map((each, i) => ableWithReserve(each, generations.slice(i + 1)))),
		{
			label: "mean demand that can be served with its peak while the spare replicas stand by",
			formula: "(GPUs − spare) of whole replicas × tokens/s/GPU × availability ÷ peak-to-mean",
		},
	);
	const isShort = choose(demand, ">", times(withReserve, FORGIVING), number(1), number(0));
	const isPlanned = plus(...of.generations.map(({ sizing }) => sizing.spareReplicas));
	return {
		generations,
		demand,
		served,
		shortfall,
		gpus: monthly(`${prefix}gpus`, gpu, plus(...generations.map((each) => each.gpus)), { label: "GPUs in service" }),
		power: monthly(`${prefix}power`, kilowatt, plus(...generations.map((each) => each.power)), {
			label: "provisioned IT power",
			formula: "GPUs × provisioned kW/GPU",
		}),
		utilisation: monthly(`${prefix}utilisation`, fraction, shareOf(served, capacity), {
			label: "utilisation",
			formula: "demand served ÷ what all GPUs could serve",
		}),
		withReserve,
		reserveUsed: monthly(`${prefix}reserve_used`, one, choose(isPlanned, ">", zeroOf(isPlanned), isShort, number(0)), {
			label: "1 where the spare replicas have to serve",
			formula: "mean demand > what can be served without them",
		}),
	};
}

/** Orders count on all of the machines before, so the spare that stands by is that of the youngest in service. */
function ableWithReserve({ generation, gpus, speed }: GenerationFleet, younger: readonly GenerationFleet[]): AnyExpr {
	const spare = times(generation.sizing.spareReplicas, generation.replicaSize);
	const there = plus(NO_GPUS, ...younger.map((each) => each.gpus));
	const held = choose(there, ">", NO_GPUS, zeroOf(NO_GPUS), spare);
	return serviceableBy(positive(minus(gpus, held)), generation, speed);
}

/** Mean demand by month; the opening serves nothing. */
export function demandServed(id: string, demand: AtMonth, { month }: Calendar): Expr<TokensPerSecond<"total">> {
	const asked = demand(month);
	return monthly(id, TPS, choose(month, ">=", number(1), asked, zeroOf(asked)), { label: "mean demand" });
}

/** GPUs that a demand needs with its peak, spares and whole hosts; none where there is no demand. */
export function gpusNeeded(
	id: string,
	of: Pick<Generation, "speed" | "software" | "replicaSize" | "sizing">,
	demand: AnyExpr,
	month: AnyExpr,
): AnyExpr {
	const { gpus } = sizedFleet(id, {
		demand: demand as Expr<TokensPerSecond<"total">>,
		speed: speedAt(of, month),
		replicaSize: of.replicaSize,
		rate: constant(0, usdPerGpuHour),
		sizing: of.sizing,
	});
	return choose(demand, ">", zeroOf(demand), gpus, zeroOf(gpus));
}

export function speedAt(
	{ speed, software }: Pick<Generation, "speed" | "software">,
	month: AnyExpr,
): Expr<TokensPerGpuSecond<"total">> {
	return (software === undefined ? speed : times(speed, software(month))) as Expr<TokensPerGpuSecond<"total">>;
}

/** `ceil` forgives 1e-9, so a fleet sized for a demand may fall that short of it. */
const FORGIVING = number(1 + 1e-8);

function generationFleet(
	prefix: string,
	of: OwnedFleetInputs,
	generation: Generation,
	next: Generation | undefined,
	before: readonly GenerationFleet[],
): GenerationFleet {
	const { month } = of.calendar;
	const id = `${prefix}${generation.name}.`;
	const lifeMonths = generation.existing?.lifeLeftMonths ?? of.lifeMonths;
	const opening = openingStock(id, of, generation, before);
	const { ordered, standing } = orders(id, of, generation, next, before, opening, lifeMonths);
	const arrived = of.leadMonths === 0 ? ordered : lagged(ordered, of.leadMonths, NO_GPUS);
	const delivered = monthly(`${id}delivered`, gpu, plus(arrived, opening), { label: "GPUs delivered" });
	const retired = monthly(`${id}retired`, gpu, lagged(delivered, lifeMonths, NO_GPUS), {
		label: "GPUs at the end of their life",
		formula: `delivered ${lifeMonths} months ago`,
	});
	const gpus = monthly(`${id}gpus`, gpu, previous(cumulative(minus(delivered, retired) as Expr<Gpus>), NO_GPUS), {
		label: `${generation.name} GPUs in service`,
		formula: "all delivered − all retired, to the end of the month before",
	});
	const speed = monthly(`${id}speed`, tokensPerGpuSecond("total"), speedAt(generation, month), {
		label: "tokens/s/GPU in the month",
		formula: "throughput at the opening × software",
	});
	return {
		generation,
		lifeMonths,
		gpus,
		ordered,
		opening,
		delivered,
		retired,
		standing,
		power: monthly(`${id}power`, kilowatt, times(gpus, generation.power), { label: "provisioned IT power" }),
		serviceable: monthly(`${id}serviceable`, TPS, serviceableBy(gpus, generation, speed), {
			label: "mean demand that can be served with its peak",
			formula: "GPUs of whole replicas × tokens/s/GPU × availability ÷ peak-to-mean",
		}),
		speed,
	};
}

function orders(
	id: string,
	of: OwnedFleetInputs,
	generation: Generation,
	next: Generation | undefined,
	before: readonly GenerationFleet[],
	opening: Expr<Gpus>,
	lifeMonths: number,
): { readonly ordered: Expr<Gpus>; readonly standing: Expr<Gpus> } {
	const { calendar, leadMonths } = of;
	const arrival = plus(calendar.month, number(1 + leadMonths));
	const standingRef = seriesRef(`${id}standing`, gpu);
	const leaving = plus(
		lagged(seriesRef(`${id}ordered`, gpu), lifeMonths, NO_GPUS),
		lifeMonths > leadMonths ? lagged(opening, Math.max(1, lifeMonths - leadMonths), NO_GPUS) : zeroOf(NO_GPUS),
	);
	const kept = monthly(`${id}kept`, gpu, minus(plus(previous(standingRef, NO_GPUS), opening), leaving), {
		label: "GPUs that will still stand without a new order",
	});
	const wanted = generation.existing === undefined ? wantedAt(`${id}order.`, of, generation, before, arrival) : kept;
	const inTime = choose(arrival, "<=", number(calendar.months), most(kept, wanted), kept);
	const begun =
		generation.fromMonth === undefined ? inTime : choose(calendar.month, ">=", generation.fromMonth, inTime, kept);
	const current = next?.fromMonth === undefined ? begun : choose(calendar.month, "<", next.fromMonth, begun, kept);
	const standing = monthly(`${id}standing`, gpu, current, {
		label: "GPUs once all that is ordered has arrived",
		formula: "max(still standing, needed), within the power of the site",
	});
	return {
		standing,
		ordered: monthly(`${id}ordered`, gpu, minus(standing, kept), {
			label: "GPUs ordered",
			formula: "max(0, GPUs needed when they arrive − GPUs then still standing)",
		}),
	};
}

/** GPUs wanted at a month beside those of the generations before, within the power of the site. */
function wantedAt(
	id: string,
	of: OwnedFleetInputs,
	generation: Generation,
	before: readonly GenerationFleet[],
	month: AnyExpr,
): AnyExpr {
	const covered = before.map((each) => serviceableBy(each.standing, each.generation, speedAt(each.generation, month)));
	const demand = of.demand(month);
	const left = covered.length === 0 ? demand : beyond(demand, plus(...covered));
	const taken = before.map((each) => times(each.standing, each.generation.power));
	return withinSite(of, generation, taken, gpusNeeded(id, generation, left, month));
}

function beyond(demand: AnyExpr, covered: AnyExpr): AnyExpr {
	return choose(demand, ">", times(covered, FORGIVING), minus(demand, covered), zeroOf(demand));
}

function withinSite(
	{ sitePower, pue }: OwnedFleetInputs,
	{ power, sizing }: Generation,
	taken: readonly AnyExpr[],
	gpus: AnyExpr,
): AnyExpr {
	if (sitePower === undefined) return gpus;
	const drawn = over(sitePower, pue);
	const free = positive(taken.length === 0 ? drawn : minus(drawn, plus(...taken)));
	const room = over(free, power);
	return least(gpus, choose(sizing.wholeHosts, ">", number(0.5), downTo(room, sizing.hostSize), room));
}

function openingStock(
	id: string,
	of: OwnedFleetInputs,
	generation: Generation,
	before: readonly GenerationFleet[],
): Expr<Gpus> {
	const isFirstBought =
		generation.existing === undefined && before.every((each) => each.generation.existing !== undefined);
	const buysAhead = isFirstBought && of.leadMonths > 0;
	const stock = generation.existing?.gpus ?? (buysAhead ? mostBeforeFirstArrival(id, of, generation, before) : NO_GPUS);
	return monthly(`${id}opening`, gpu, choose(of.calendar.month, "=", number(0), stock, zeroOf(stock)), {
		label: generation.existing === undefined ? "GPUs bought for the opening" : "GPUs that are there already",
		...(buysAhead ? { formula: "the most needed before the first order can arrive" } : {}),
	});
}

function mostBeforeFirstArrival(
	id: string,
	of: OwnedFleetInputs,
	generation: Generation,
	before: readonly GenerationFleet[],
): AnyExpr {
	const needs = Array.from({ length: Math.min(of.leadMonths, of.calendar.months) }, (_, i) => {
		const month = number(i + 1);
		const there = before.flatMap(({ generation: each }) =>
			each.existing === undefined || each.existing.lifeLeftMonths <= i
				? []
				: [{ gpus: each.existing.gpus, generation: each }],
		);
		const covered = there.map((each) => serviceableBy(each.gpus, each.generation, speedAt(each.generation, month)));
		const demand = of.demand(month);
		const left = covered.length === 0 ? demand : beyond(demand, plus(...covered));
		const taken = there.map((each) => times(each.gpus, each.generation.power));
		return withinSite(of, generation, taken, gpusNeeded(`${id}opening_${i + 1}.`, generation, left, month));
	});
	return needs.length === 1 ? (needs[0] as AnyExpr) : most(...needs);
}

/** GPUs that make up no whole replica serve nothing. */
function serviceableBy(gpus: AnyExpr, { sizing, replicaSize }: Generation, speed: AnyExpr): AnyExpr {
	const whole = downTo(gpus, times(replicaSize, ONE_REPLICA));
	const able = choose(sizing.wholeReplicas, ">", number(0.5), whole, gpus);
	return over(times(able, speed, sizing.availability), sizing.peakToMean);
}
