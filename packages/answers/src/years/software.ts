/** Better software over the years: fitted from dated rows of the catalogue, or what a seller claims, one switch for all. */
import type { Catalogue } from "@farthing/catalogue";
import type { AtMonth, DriftEstimate, DriftPair, Expr, VendorCurve } from "@farthing/engine";
import {
	centralValue,
	computeLimit,
	constant,
	DRIFT_SPAN_DAYS,
	driftOf,
	driftPairs,
	estimateDrift,
	fraction,
	headroom,
	input,
	month,
	multiply,
	one,
	ratio,
	recipeStep,
	softwareCurve,
	VENDOR_CURVES,
	vendorCurve,
	when,
} from "@farthing/engine";
import type { DataSheetRate, Unit, WorkPerToken } from "@farthing/engine";
import type { SoftwareMethod } from "@farthing/scenario";
import { rowProvenance } from "../evidence.ts";
import type { Asked, Plain } from "./asked.ts";
import type { Machine, Machines } from "./machine.ts";
import type { PrecisionChange } from "./precision.ts";
import { precisionChangeOf } from "./precision.ts";
import { rooflineOf } from "./roofline.ts";

export const METHOD = "software.method";
/** Number that the switch has for each method. */
export const METHOD_NUMBER: Readonly<Record<SoftwareMethod, number>> = {
	none: 0,
	fitted: 1,
	"vendor-5x-two-months": 2,
	"vendor-15x-generation": 3,
	"vendor-35x-gb300": 4,
};

export interface Software {
	readonly method: SoftwareMethod;
	readonly estimate?: DriftEstimate;
	/** A change of number format, which {@link at} takes in. */
	readonly precision?: PrecisionChange;
	readonly limit?: SoftwareLimit;
	/** New recipes: best row at the interactivity asked for, before and after. */
	readonly recipes?: { readonly ratio: number; readonly before: string; readonly after: string };
	/** Throughput of the machine at a month over that at the opening. */
	readonly at: AtMonth;
	/** Throughput of the next generation is that much higher than planned, where a seller is believed. */
	readonly generation: Plain;
}

export interface SoftwareLimit {
	readonly node: string;
	readonly from: "roofline" | "data-sheet";
	readonly reason: string;
}

const MINIMUM_DAYS = 45;

export function softwareOf(asked: Asked, machine: Machine, machines: Machines): Software {
	const plan = asked.years.softwareCurve;
	const method = plan?.method ?? "none";
	const chosen = input(METHOD, one, {
		label: "where better software is read from (0 none, 1 fitted, 2 to 4 a seller's claim)",
		value: { kind: "point", value: METHOD_NUMBER[method] },
		source: `scenario ${asked.scenario.name}`,
		asOf: asked.asOf,
		grade: "E",
		role: "condition",
	});
	const { estimate, curve, recipes, limit } = fitted(asked, machine);
	const claims = VENDOR_CURVES.map((claim) => ({ claim, ratio: claimInput(claim) }));
	const software = claims.filter(({ claim }) => claim.kind === "software");
	const believed = (at: Parameters<AtMonth>[0]): Plain =>
		software.reduce<Plain>(
			(other, { claim, ratio: by }) =>
				when(
					chosen,
					"=",
					numberOf(claim.id),
					vendorCurve({ ratio: by, fromMonth: 0, overMonths: claim.overMonths })(at) as Plain,
					other,
				),
			constant(1, one),
		);
	const precision = precisionChangeOf(asked, machine, machines);
	const better: AtMonth = (time) =>
		asked.unless(
			"software",
			when(chosen, "=", constant(METHOD_NUMBER.fitted, one), curve(time) as Plain, believed(time)),
			constant(1, one),
		);
	const at: AtMonth =
		precision === undefined ? better : (time) => multiply(better(time) as Plain, precision.at(time) as Plain);
	const generation = claims
		.filter(({ claim }) => claim.kind === "generation")
		.reduce<Plain>((other, { claim, ratio: by }) => when(chosen, "=", numberOf(claim.id), by, other), constant(1, one));
	return {
		method,
		at,
		generation,
		...(precision === undefined ? {} : { precision }),
		...(estimate === undefined ? {} : { estimate }),
		...(recipes === undefined ? {} : { recipes }),
		...(limit === undefined ? {} : { limit }),
	};
}

function numberOf(id: string): Plain {
	return constant(METHOD_NUMBER[id as SoftwareMethod], one);
}

function claimInput({ id, claim, ratio: value, source, asOf }: VendorCurve): Plain {
	return input(`software.claim.${id}`, ratio, {
		label: claim,
		value: { kind: "point", value },
		source,
		asOf,
		grade: "E",
	});
}

function fitted(
	asked: Asked,
	{ point, owned }: Machine,
): { estimate?: DriftEstimate; curve: AtMonth; recipes?: Software["recipes"]; limit?: SoftwareLimit } {
	const { catalogue, years, asOf } = asked;
	const vendor = new Map(catalogue.hardware.map((each) => [each.id, each.vendor]));
	const own = vendor.get(point.hardware);
	const estimate = estimateDrift(pairsUpTo(catalogue, asOf), [
		{
			name: `${point.stack} on ${point.hardware}`,
			has: (each) => each.hardware === point.hardware && each.stack === point.stack,
		},
		{
			name: `${point.stack} on ${own ?? "any"} parts`,
			has: (each) => vendor.get(each.hardware) === own && each.stack === point.stack,
		},
		{ name: `all stacks on ${point.hardware}`, has: (each) => each.hardware === point.hardware },
		{ name: `all stacks on ${own ?? "any"} parts`, has: (each) => vendor.get(each.hardware) === own },
		{ name: "all stacks on all parts", has: () => true },
	]);
	if (estimate === undefined) return { curve: () => constant(1, one) };
	const plan = years.softwareCurve;
	const place = input(asked.within("software.drift_place"), one, {
		label: "where among the measured pairs this fleet falls: 0 the greatest loss, 1 the greatest gain",
		value: { kind: "uniform", low: 0, high: 1 },
		source: "farthing: every pair is as likely",
		asOf: estimate.to,
		grade: "D",
		role: "condition",
	});
	const drift = driftOf(asked.within("software.drift"), estimate, place, ({ first, last }) => ({
		...rowProvenance(catalogue, last),
		note: `over ${first.id} of ${first.measuredOn}`,
	}));
	const apply =
		plan === undefined
			? asked.assumed("software.apply", fraction, 1, "share of the trend that is taken", "the trend as measured")
			: asked.given("software.apply", fraction, plan.apply, "share of the trend that is taken");
	const halfLife =
		plan === undefined
			? asked.assumed(
					"software.half_life",
					month,
					12,
					"time in which the pace of improvement halves",
					"eight months of rows do not show where it flattens",
				)
			: asked.given("software.half_life", month, plan.halfLife, "time in which the pace of improvement halves");
	const recipes = recipesOf(asked, point.hardware, point.model, point.isl, point.osl);
	const steps = plan?.steps === true && recipes !== undefined ? recipeSteps(asked, recipes) : [];
	const roofline = rooflineOf(asked, point, plan?.steps === true);
	const limit =
		"limit" in roofline ? roofline.limit : dataSheetLimit(asked, point.hardware, point.precision, point.model);
	const bound = limit === undefined ? undefined : headroom(asked.within("software.headroom"), limit, owned.speed);
	return {
		estimate,
		curve: softwareCurve({ drift, steps, halfLife, apply, ...(bound === undefined ? {} : { bound }) }),
		...(recipes === undefined ? {} : { recipes }),
		...(limit === undefined
			? {}
			: {
					limit: {
						node: asked.within("software.limit"),
						from: "limit" in roofline ? "roofline" : "data-sheet",
						reason: roofline.reason,
					},
				}),
	};
}

const PAIRS = new WeakMap<Catalogue, Map<string, readonly DriftPair[]>>();

/** Of all rows up to a day, found once: every move of a slider asks for them. */
function pairsUpTo(catalogue: Catalogue, asOf: string): readonly DriftPair[] {
	const byDay = PAIRS.get(catalogue) ?? new Map<string, readonly DriftPair[]>();
	PAIRS.set(catalogue, byDay);
	const known = byDay.get(asOf);
	if (known !== undefined) return known;
	const rows = catalogue.benchmarks.filter((each) => each.measuredOn === undefined || each.measuredOn <= asOf);
	const pairs = driftPairs(rows, MINIMUM_DAYS, DRIFT_SPAN_DAYS);
	byDay.set(asOf, pairs);
	return pairs;
}

/** Best row that keeps the interactivity in the first quarter of the rows' time, and in all of it. */
function recipesOf(
	{ catalogue, scenario, asOf }: Asked,
	hardware: string,
	model: string,
	isl: number,
	osl: number,
): (NonNullable<Software["recipes"]> & { readonly months: number }) | undefined {
	const rows = catalogue.benchmarks.filter(
		(each) =>
			each.hardware === hardware &&
			each.model === model &&
			each.isl === isl &&
			each.osl === osl &&
			each.measuredOn !== undefined &&
			each.measuredOn <= asOf,
	);
	const days = rows.map(({ measuredOn }) => measuredOn as string).sort();
	const first = days[Math.floor(days.length / 4)];
	const last = days[days.length - 1];
	if (first === undefined || last === undefined || first === last) return undefined;
	const limit = scenario.slo.tokensPerSecondPerUser;
	const interactivity = limit === undefined ? 0 : centralValue(limit.distribution);
	const step = recipeStep(rows, { interactivity, until: first, and: last });
	if (step === undefined || !(step.ratio > 1)) return undefined;
	return {
		ratio: step.ratio,
		before: step.before.id,
		after: step.after.id,
		months: Math.max(1, monthsApart(first, last)),
	};
}

const STEP_MONTHS = 6;

/** A recipe each half year, each as large as what the rows show for half a year; the decay of the curve makes them smaller. */
function recipeSteps(
	{ years, asOf, within }: Asked,
	{ ratio: total, months, before, after }: { ratio: number; months: number; before: string; after: string },
): { atMonth: number; ratio: Plain }[] {
	const each = input(within("software.recipe"), ratio, {
		label: "throughput with a new recipe over that before, each half year",
		value: {
			kind: "lognormal",
			p5: Math.max(1, halfYearly(total, months) ** 0.5),
			p95: halfYearly(total, months) ** 1.5,
		},
		source: `rows ${before} and ${after}: best throughput at the interactivity asked for`,
		asOf,
		grade: "D",
	});
	const count = Math.floor(years.months / STEP_MONTHS);
	return Array.from({ length: count }, (_, i) => ({ atMonth: (i + 1) * STEP_MONTHS, ratio: each }));
}

function halfYearly(total: number, months: number): number {
	return total ** (STEP_MONTHS / months);
}

function monthsApart(from: string, to: string): number {
	const [y0, m0] = from.split("-").map(Number) as [number, number];
	const [y1, m1] = to.split("-").map(Number) as [number, number];
	return (y1 - y0) * 12 + (m1 - m0);
}

const RATE: Unit<DataSheetRate> = { symbol: "TFLOP/s/GPU", dims: { FLOP: 1, gpu: -1, s: -1 }, factor: 1e12 };
const WORK: Unit<WorkPerToken> = { symbol: "GFLOP/tok", dims: { FLOP: 1, "tok:total": -1 }, factor: 1e9 };

/** The looser limit, where no roofline can be had. */
function dataSheetLimit(
	asked: Asked,
	hardware: string,
	precision: string,
	model: string,
): ReturnType<typeof computeLimit> | undefined {
	const format = /fp4/.test(precision) ? "fp4" : /fp8|int8/.test(precision) ? "fp8" : "bf16";
	const peak = asked.catalogue.hardware.find(({ id }) => id === hardware)?.figures[format];
	const active = asked.catalogue.models.find(({ id }) => id === model)?.figures.activeParameters;
	if (peak === undefined || active === undefined) return undefined;
	const flops: Expr<DataSheetRate> = asked.fact(
		`data_sheet.${hardware}.${format}`,
		RATE,
		{ ...peak, unit: "TFLOP/s" },
		`peak of ${hardware} in ${format}`,
		`hardware/${hardware}/${format}`,
	);
	const work = asked.fact(
		`work.${model}`,
		WORK,
		{ ...active, value: 2 * active.value, unit: "GFLOP/tok(total)" },
		`work of one token of ${model}: 2 × active parameters`,
		`models/${model}/activeParameters`,
	);
	return computeLimit(asked.within("software.limit"), flops, work);
}
