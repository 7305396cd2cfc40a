/** The blocks that a template may name: what each shows, and what the result must hold for it. */
import { optionsSection } from "../plan-report/options.ts";
import { volumesSection } from "../plan-report/volumes.ts";
import type { Block } from "../report-model.ts";
import { decisionBlock, keyNumbersBlock, stopIfBlock } from "./blocks/decision.ts";
import {
	claimsBlock,
	defaultsBlock,
	gradesBlock,
	headlineReturnBlock,
	rackReturnBlock,
	registerBlock,
	reproduceBlock,
	warningsBlock,
} from "./blocks/evidence.ts";
import { fleetBlock } from "./blocks/fleet.ts";
import { machineBridgeBlock } from "./blocks/machine-bridge.ts";
import { modelsBlock, oneModelWords } from "./blocks/models.ts";
import { breakEvensBlock, cashBlock, costItemsBlock, strategiesBlock } from "./blocks/money.ts";
import { cashFanBlock, chancesBlock, flipsBlock, gatesBlock, priceStressBlock, tornadoBlock } from "./blocks/risk.ts";
import { revenueBlock } from "./blocks/revenue.ts";
import { formulasBlock } from "./blocks/technical.ts";
import { costCausesBlock, softwareBlock, stagesBlock, unitCostYearsBlock } from "./blocks/unit-cost.ts";
import type { PackContext } from "./source.ts";
import { rankedContext } from "./ranked-context.ts";

/** `years`: five years of money; `options`: ranked fleets; `revenue`: tokens are sold; `claims`, `graph`: saved beside. */
export type Need = "years" | "options" | "revenue" | "claims" | "graph" | "uncertainty" | "sensitivity";

export interface BlockDefinition {
	/** One line for the people who write templates. */
	readonly shows: string;
	readonly needs: readonly Need[];
	readonly build: (context: PackContext) => Block[];
}

export const BLOCKS: Readonly<Record<string, BlockDefinition>> = {
	"key-numbers": { shows: "the few numbers that matter, large", needs: [], build: keyNumbersBlock },
	decision: { shows: "what changes, why, and what to decide", needs: ["years"], build: decisionBlock },
	"stop-if": { shows: "the values at which the decision turns", needs: ["years"], build: stopIfBlock },
	bridge: {
		shows:
			"from the headline cost of the cheapest fleet, or of the machine of the years, to what is paid, cause by cause",
		needs: ["options"],
		build: (context) => [...oneModelWords(context), ...machineBridgeBlock(context)],
	},
	options: {
		shows: "the cheapest ways to serve the demand, with their slide price",
		needs: ["options"],
		build: (context) => ranked(context, (of) => optionsSection(of).blocks),
	},
	volumes: {
		shows: "where the cheapest fleet changes along the daily volume, beside API prices",
		needs: ["options"],
		build: (context) => ranked(context, (of, best) => volumesSection(of, best).blocks),
	},
	stages: {
		shows: "what a million tokens pays for in prototype, pilot and production",
		needs: ["years"],
		build: stagesBlock,
	},
	models: {
		shows: "several models that share the demand: part, machines and cost of each; nothing where there is one",
		needs: ["years"],
		build: modelsBlock,
	},
	fleet: { shows: "demand and the fleet that meets it, by year", needs: ["years"], build: fleetBlock },
	"unit-cost-by-year": {
		shows: "cost of a million tokens by year and strategy, with P10 to P90",
		needs: ["years"],
		build: unitCostYearsBlock,
	},
	"cost-causes": {
		shows: "why unit cost changes: software, hardware, utilisation, price",
		needs: ["years"],
		build: costCausesBlock,
	},
	software: {
		shows: "the software curve that was measured, and what believing others does",
		needs: ["years"],
		build: softwareBlock,
	},
	strategies: {
		shows: "own, rent, API and hybrid side by side, full and marginal",
		needs: ["years"],
		build: strategiesBlock,
	},
	cash: { shows: "cash by year and strategy", needs: ["years"], build: cashBlock },
	"cost-items": { shows: "every item of cost by year, of the best strategy", needs: ["years"], build: costItemsBlock },
	"break-evens": {
		shows: "where one strategy overtakes another, and stays so",
		needs: ["years"],
		build: breakEvensBlock,
	},
	revenue: { shows: "revenue, margin and the price floor", needs: ["years", "revenue"], build: revenueBlock },
	"price-stress": {
		shows: "what falling token prices do to the value",
		needs: ["years", "revenue", "sensitivity"],
		build: priceStressBlock,
	},
	"cash-fan": {
		shows: "cash so far by month, P10 to P90, of the best strategy",
		needs: ["years", "uncertainty"],
		build: cashFanBlock,
	},
	chances: {
		shows: "the chance that each strategy is the best, loses money, or does not pay back",
		needs: ["years", "uncertainty"],
		build: chancesBlock,
	},
	tornado: {
		shows: "what each ranged input alone does to the number that decides",
		needs: ["sensitivity"],
		build: tornadoBlock,
	},
	flips: {
		shows: "the values at which another option becomes the better one",
		needs: ["sensitivity"],
		build: flipsBlock,
	},
	"stage-gates": { shows: "what each stage must keep before the next begins", needs: ["years"], build: gatesBlock },
	claims: { shows: "headlines of the industry with their verdicts", needs: ["claims"], build: claimsBlock },
	"rack-return": {
		shows: "what must be true for the 15x return on a rack, and what rows and prices give",
		needs: ["claims"],
		build: rackReturnBlock,
	},
	"headline-return": {
		shows: "the headline arithmetic for this plan's own fleet, and what it leaves out",
		needs: ["years"],
		build: headlineReturnBlock,
	},
	formulas: {
		shows: "every formula beneath the result as mathematics, with units, values and sources",
		needs: ["graph"],
		build: formulasBlock,
	},
	grades: { shows: "how many inputs stand on which evidence", needs: ["graph"], build: gradesBlock },
	assumptions: {
		shows: "every input with value, range, owner, source, date, grade and room for a signature",
		needs: ["graph"],
		build: registerBlock,
	},
	defaults: { shows: "settings that the scenario leaves at their default", needs: [], build: defaultsBlock },
	warnings: { shows: "what the result warns of", needs: [], build: warningsBlock },
	reproduce: { shows: "command, ids, catalogue, seed: how to get the same numbers", needs: [], build: reproduceBlock },
};

/** Content of a block, or one sentence that says why there is none. */
export type BlockContent = { readonly blocks: readonly Block[] } | { readonly gap: string };

export function blockContent(context: PackContext, { needs, build }: BlockDefinition): BlockContent {
	const missing = needs.find((need) => !holds(context, need));
	if (missing !== undefined) return { gap: context.words.gaps[missing] };
	const blocks = build(context);
	if (blocks.length > 0 || !needs.includes("years") || context.best !== undefined) return { blocks };
	return { gap: context.words.gaps.strategy };
}

function holds({ result, source, best, evaluation }: PackContext, need: Need): boolean {
	switch (need) {
		case "years":
			return result.strategies !== undefined;
		case "options":
			return (result.options?.length ?? 0) > 0;
		case "revenue":
			return best === undefined || best.years.some(({ revenue }) => revenue !== undefined);
		case "uncertainty":
			return result.uncertainty !== undefined;
		case "sensitivity":
			return (source.sensitivity?.result.inputs.length ?? 0) > 0;
		case "claims":
			return source.claims !== undefined;
		case "graph":
			return evaluation !== undefined;
	}
}

function ranked(context: PackContext, build: (of: RankedContext, best: RankedOption) => readonly Block[]): Block[] {
	const { option } = context;
	return option === undefined ? [] : [...oneModelWords(context), ...build(rankedContext(context), option)];
}

type RankedContext = ReturnType<typeof rankedContext>;
type RankedOption = NonNullable<PackContext["option"]>;
