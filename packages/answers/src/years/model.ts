/** The model behind a plan over years: every way to serve the demand, their comparisons, stages and footprint, in one graph. */
import type { Catalogue } from "@farthing/catalogue";
import type { AnyExpr, AtMonth, Evaluation, Model } from "@farthing/engine";
import { buildModel, evaluate, input, pointsOf, ratio } from "@farthing/engine";
import type { FiveYears, Scenario } from "@farthing/scenario";
import { FarthingError } from "../farthing-error.ts";
import { nodeId } from "../node-id.ts";
import type { CandidateOptions } from "../plan-candidates.ts";
import type { RateBook } from "../rates.ts";
import { rateBook } from "../rates.ts";
import type { Asked, Plain } from "./asked.ts";
import { askedOf, demandOf, LENS, SCALE } from "./asked.ts";
import type { Pair, Volumes } from "./comparisons.ts";
import { alongVolumes, comparisonNodes, pairsOf } from "./comparisons.ts";
import { footprintNodes } from "./footprint.ts";
import { headlineReturnNodes } from "./headline-return.ts";
import { partsOf } from "./parts.ts";
import { stageNodes } from "./stages.ts";
import type { Part, PricedStrategy, Strategy, StrategyName } from "./strategies.ts";
import { strategiesOf } from "./strategies.ts";

export interface YearsModel {
	readonly asked: Asked;
	readonly rates: RateBook;
	readonly parts: readonly [Part, ...Part[]];
	readonly demand: AtMonth;
	readonly strategies: readonly Strategy[];
	readonly priced: readonly PricedStrategy[];
	readonly pairs: readonly Pair[];
	/** The way whose own machines stages and footprint are told of. */
	readonly owner?: PricedStrategy;
	readonly model: Model;
	/** Points in time: the opening and the end of each month. */
	readonly points: number;
}

/** Every way to serve the demand, before it is put into one model. */
export interface Ways extends Omit<YearsModel, "pairs" | "owner" | "model"> {
	readonly scale: Plain;
}

export interface WaysOptions extends CandidateOptions {
	/** All that the scenario has unless told. */
	readonly only?: readonly StrategyName[] | undefined;
}

/** Throws exit 2 for a scenario without years, exit 3 for unknown names and missing data. */
export function waysOf(
	catalogue: Catalogue,
	scenario: Scenario,
	asOf: string,
	{ only, ...options }: WaysOptions = {},
): Ways {
	const fiveYears = requireYears(scenario);
	const rates = rateBook(catalogue, scenario.cost, asOf);
	const whole = askedOf(catalogue, scenario, fiveYears, asOf);
	const scale = planScale(whole);
	const { asked, parts } = partsOf(whole, rates, scale, options);
	const demand = demandOf(asked, scale);
	const strategies = strategiesOf({ asked, parts, rates, scale, withSite: true, only });
	const priced = strategies.filter((each): each is PricedStrategy => each.priced);
	return { asked, rates, parts, scale, demand, strategies, priced, points: pointsOf(fiveYears.months) };
}

/** Throws what `waysOf` throws. */
export function yearsModel(
	catalogue: Catalogue,
	scenario: Scenario,
	asOf: string,
	options: CandidateOptions = {},
): YearsModel {
	const { scale: _, ...ways } = waysOf(catalogue, scenario, asOf, options);
	const { asked, demand, strategies, priced } = ways;
	const pairs = pairsOf(strategies);
	const owner = priced.find(({ name }) => name === "own") ?? priced.find(({ name }) => name === "hybrid");
	const model = buildModel(
		withoutRepeats([
			...priced.flatMap(({ measures }) => measures.outputs),
			...priced.flatMap(({ models }) => models.flatMap(({ measures }) => measures.outputs)),
			...strategies.flatMap((each) => (each.priced ? [] : each.sizes)),
			...comparisonNodes(asked, demand, pairs),
			...(owner === undefined
				? []
				: [...stageNodes(asked, owner), ...footprintNodes(asked, owner), ...headlineReturnNodes(asked, owner)]),
		]),
	);
	return { ...ways, pairs, ...(owner === undefined ? {} : { owner }), model };
}

/** As planned. */
export function evaluated({ model, points }: YearsModel): Evaluation {
	return evaluate(model, { months: points });
}

/** What is committed left out of every way; `full` where nothing is. */
export function marginalOf({ model, points }: YearsModel, full: Evaluation): Evaluation {
	return model.byId.has(LENS) ? evaluate(model, { months: points, inputs: new Map([[LENS, 0]]) }) : full;
}

/** Levelised cost of every way along volumes, without the power limit of one site. */
export function volumesOf({ asked, parts, rates }: YearsModel): Volumes {
	return alongVolumes(asked, (scale) => strategiesOf({ asked, parts, rates, scale, withSite: false }));
}

function requireYears({ fiveYears }: Scenario): FiveYears {
	if (fiveYears !== undefined) return fiveYears;
	throw new FarthingError(2, "no-horizon", "the scenario says nothing about years", {
		field: "horizon",
		expected: "horizon, finance and strategies",
		hint: "add horizon: 5 years",
	});
}

function planScale({ asOf }: Asked): Plain {
	return input(SCALE, ratio, {
		label: "demand over that of the plan",
		value: { kind: "point", value: 1 },
		source: "farthing: the plan itself",
		asOf,
		grade: "E",
		role: "condition",
	});
}

function withoutRepeats(outputs: readonly AnyExpr[]): AnyExpr[] {
	const seen = new Set<string>();
	return outputs.filter((each) => {
		const id = nodeId(each);
		if (seen.has(id)) return false;
		seen.add(id);
		return true;
	});
}
