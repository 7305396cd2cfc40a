/** What a plan over years is asked with: switches, prices and facts as inputs, each made once and with its source. */
import type { Catalogue, FacilityFact, Figure } from "@farthing/catalogue";
import { findFacility } from "@farthing/catalogue";
import type { AtMonth, Calendar, Dims, Expr, PerYear, PriceRegime, Unit } from "@farthing/engine";
import {
	calendar,
	constant,
	demandPath,
	divide,
	fraction,
	input,
	multiply,
	negate,
	one,
	parseUnit,
	pricePath,
	ratio,
	tokensPerDay,
	when,
	year,
} from "@farthing/engine";
import type { AnyExpr, DemandStep } from "@farthing/engine";
import type { AnyQuantityInput, FiveYears, PricePath, Scenario } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import { figureInput, staleGivenWarning } from "../evidence.ts";
import { scenarioInput } from "../given.ts";
import { demandInput } from "../plan-fleet.ts";

export type Plain = Expr<Record<never, never>>;

/** Causes of a change of unit cost over the years, each an input that freezes it at the opening. */
export const CAUSES = ["software", "precision", "hardware", "utilisation", "price"] as const;
export type Cause = (typeof CAUSES)[number];
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
	software: "better software",
	precision: "a smaller number format",
	hardware: "the next generation of hardware",
	utilisation: "demand and use of the fleet",
	price: "prices of hardware, energy, rent and tokens",
};
export const LENS = "lens.full";
export const SCALE = "demand.scale";

export interface Asked {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly years: FiveYears;
	readonly asOf: string;
	/** Who answers for what the scenario states, where it names somebody. */
	readonly owner: { readonly owner?: string };
	readonly calendar: Calendar;
	readonly lens: Plain;
	readonly causes: Readonly<Record<Cause, Plain>>;
	readonly warnings: Warning[];
	/** A member of the scenario as an input. */
	given<D extends Dims>(id: string, unit: Unit<D>, of: AnyQuantityInput, label: string): Expr<D>;
	/** A share a year of the scenario. */
	perYear(id: string, of: AnyQuantityInput, label: string): Expr<PerYear>;
	/** A figure of the catalogue as an input. */
	fact<D extends Dims>(id: string, unit: Unit<D>, of: Figure, label: string, at: string): Expr<D>;
	/** A number that nobody gave: an assumption of farthing. */
	assumed<D extends Dims>(id: string, unit: Unit<D>, value: number, label: string, why: string): Expr<D>;
	/** A cause at work, or what holds without it. */
	unless(cause: Cause, working: AnyExpr, frozen: AnyExpr): AnyExpr;
	/** A path of prices; 1 while the cause `price` is frozen. */
	prices(id: string, of: PricePath, label: string): AtMonth | undefined;
	facility(id: string): FacilityFact | undefined;
	/** Id of a node that each of several models has for itself. */
	within(id: string): string;
	/** Of the demand, for one of several models. */
	readonly share?: Plain;
	/** Output over all tokens, of several models together. */
	readonly outputShare?: Plain;
}

/** `scale` of demand may be given instead of 1, to look along volumes. */
export function askedOf(catalogue: Catalogue, scenario: Scenario, years: FiveYears, asOf: string): Asked {
	const warnings: Warning[] = [];
	const owner = scenario.owner === undefined ? {} : { owner: scenario.owner };
	const flag = (id: string, label: string): Plain =>
		input(id, one, {
			label,
			value: { kind: "point", value: 1 },
			source: "farthing: what is compared",
			asOf,
			grade: "E",
			role: "condition",
		});
	const causes = Object.fromEntries(
		CAUSES.map((cause) => [cause, flag(`cause.${cause}`, `${CAUSE_WORDS[cause]} (0: as at the opening)`)]),
	) as Record<Cause, Plain>;
	const known = new Map<string, AnyExpr>();
	const once = <D extends Dims>(id: string, make: () => Expr<D>): Expr<D> => {
		const found = known.get(id) ?? make();
		known.set(id, found);
		return found as Expr<D>;
	};
	const asked: Asked = {
		catalogue,
		scenario,
		years,
		asOf,
		owner,
		calendar: calendar(years.months),
		lens: flag(LENS, "full cost (0: marginal, what is committed left out)"),
		causes,
		warnings,
		given: (id, unit, of, label) =>
			once(id, () => {
				warnings.push(...staleGivenWarning(of, asOf));
				return scenarioInput(id, { ...of, unit }, { label, role: "evidence", asOf, ...owner });
			}),
		perYear: (id, of, label) =>
			divide(asked.given(id, fraction, of, `${label}, a year`), constant(1, year)) as Expr<PerYear>,
		fact: (id, unit, of, label, at) =>
			once(id, () => {
				const factor = of.unit === "fraction" || of.unit === "x" ? 1 : parseUnit(of.unit).factor;
				const spec = figureInput(catalogue, of, label, factor, at);
				const { low, high } = of;
				const ranged = low !== undefined && high !== undefined && low > 0 && low < high;
				return input(
					id,
					unit,
					ranged ? { ...spec, value: { kind: "lognormal", p5: low * factor, p95: high * factor } } : spec,
				);
			}),
		assumed: (id, unit, value, label, why) =>
			once(id, () =>
				input(id, unit, {
					label,
					value: { kind: "point", value: value * unit.factor },
					source: `farthing assumption: ${why}`,
					asOf,
					grade: "E",
				}),
			),
		unless: (cause, working, frozen) => when(causes[cause], ">", constant(0.5, one), working as Plain, frozen as Plain),
		prices: (id, of, label) => {
			if (of.length === 0) return undefined;
			const path = pricePath(of.map((regime, i) => regimeOf(asked, `${id}.${i}`, regime, label)));
			return (month) => asked.unless("price", path(month), constant(1, one));
		},
		facility: (id) => {
			const found = findFacility(catalogue, id);
			return found.found ? found.value : undefined;
		},
		within: (id) => id,
	};
	return asked;
}

function regimeOf(asked: Asked, id: string, regime: PricePath[number], label: string): PriceRegime {
	const change =
		regime.change === undefined
			? undefined
			: asked.perYear(
					`${id}.${regime.falls ? "decline" : "rise"}`,
					regime.change,
					`${regime.falls ? "fall" : "rise"} of ${label}`,
				);
	return {
		fromMonth: regime.fromMonth,
		...(change === undefined ? {} : { changePerYear: regime.falls ? negate(change) : change }),
		...(regime.jump === undefined ? {} : { jump: asked.given(`${id}.jump`, ratio, regime.jump, `jump of ${label}`) }),
	};
}

/** Mean demand by month; that of the first month while the cause `utilisation` is frozen. */
export function demandOf(asked: Asked, scale: Plain): AtMonth {
	const { scenario, years } = asked;
	const level = (id: string, of: AnyQuantityInput, label: string): DemandStep["level"] =>
		scenarioInput(
			id,
			{ ...of, unit: tokensPerDay("total") },
			{ label, role: "condition", asOf: asked.asOf, ...asked.owner },
		);
	const growth = (id: string, of: AnyQuantityInput | undefined): { growthPerMonth?: Plain } =>
		of === undefined
			? {}
			: {
					growthPerMonth: scenarioInput(
						id,
						{ ...of, unit: fraction },
						{ label: "growth of demand a month", role: "condition", asOf: asked.asOf, ...asked.owner },
					),
				};
	const first: DemandStep = {
		fromMonth: 1,
		level: demandInput(scenario, asked.asOf),
		...growth("demand.growth", years.demand.growth),
	};
	const later = years.demand.steps.map(
		(step, i): DemandStep => ({
			fromMonth: step.fromMonth,
			level: level(
				`demand.step_${i + 1}.tokens`,
				step.tokensPerDay,
				step.note ?? `mean demand from month ${step.fromMonth}`,
			),
			...growth(`demand.step_${i + 1}.growth`, step.growth),
		}),
	);
	const path = demandPath(later[0]?.fromMonth === 1 ? later : [first, ...later]);
	return (month) => {
		const whole = multiply(asked.unless("utilisation", path(month), path(constant(1, one))) as Plain, scale);
		return asked.share === undefined ? whole : multiply(whole, asked.share);
	};
}
