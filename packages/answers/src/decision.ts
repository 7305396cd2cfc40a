/** The choice that a result leads to: which options stand against each other, and whether less or more is better. */
import type { QuantityJson } from "@farthing/engine";
import type { SavedResult } from "./why.ts";

export interface DecisionOption {
	/** As the result calls it: a strategy, or the id of a row. */
	readonly name: string;
	readonly node: string;
	readonly value: QuantityJson;
}

export interface Decision {
	readonly choose: "least" | "most";
	/** The best first, two or more. */
	readonly options: readonly DecisionOption[];
}

interface Ranked {
	readonly ranked_by?: "npv" | "present_cost";
	readonly strategies?: readonly {
		readonly strategy: string;
		readonly rank?: number;
		readonly measures?: Readonly<Record<string, QuantityJson>>;
	}[];
	readonly options?: readonly { readonly id: string; readonly delivered: QuantityJson }[];
	readonly rows?: readonly {
		readonly nearest_row?: { readonly id: string };
		readonly hardware: string;
		readonly unit_cost?: { readonly total?: QuantityJson };
	}[];
}

const MOST_OPTIONS = 5;

/** Undefined where there is nothing to choose between. */
export function decisionOf({ result }: SavedResult): Decision | undefined {
	const ranked = result as Ranked;
	const decision = amongStrategies(ranked) ?? amongOptions(ranked);
	return decision === undefined || decision.options.length < 2 ? undefined : decision;
}

function amongStrategies({ ranked_by: by, strategies }: Ranked): Decision | undefined {
	if (by === undefined || strategies === undefined) return undefined;
	const options = strategies
		.filter(({ rank }) => rank !== undefined)
		.sort((a, b) => (a.rank as number) - (b.rank as number))
		.flatMap(({ strategy, measures }) => optionOf(strategy, measures?.[by]));
	return { choose: by === "npv" ? "most" : "least", options };
}

function amongOptions({ options, rows }: Ranked): Decision {
	const all =
		options?.map(({ id, delivered }) => optionOf(id, delivered)) ??
		rows?.map(({ hardware, nearest_row: row, unit_cost: cost }) => optionOf(row?.id ?? hardware, cost?.total)) ??
		[];
	return { choose: "least", options: all.flat().slice(0, MOST_OPTIONS) };
}

function optionOf(name: string, value: QuantityJson | undefined): DecisionOption[] {
	return value?.node === undefined ? [] : [{ name, node: value.node, value }];
}
