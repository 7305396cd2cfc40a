/** The shape in which every number leaves farthing: value, unit and what it stands on. Absent members are left out. */
import { currencyOf, tokenKindOf } from "../quantity/dimension.ts";
import type { AnyUnit } from "../quantity/unit.ts";
import type { Evaluation } from "./evaluate.ts";
import { scalarOf } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import type { Standing } from "./influence.ts";
import { standingIn, standingOf } from "./influence.ts";
import { valueAt } from "./node-value.ts";
import type { Grade, ValueState } from "./provenance.ts";
import type { Draws } from "./sample.ts";
import { quantileOfAll, quantiles, reachedShare } from "./sample.ts";

export interface QuantityJson {
	readonly value?: number;
	readonly unit: string;
	readonly tokens?: string;
	readonly basis?: string;
	readonly p10?: number;
	readonly p50?: number;
	readonly p90?: number;
	readonly grade?: Grade;
	readonly as_of?: string;
	readonly currency_date?: string;
	readonly node?: string;
	/** Share of the draws in which there is a value, where it is not all. */
	readonly coverage?: number;
	/** Of a time: how far was looked. A quantile that is left out is not reached within it. */
	readonly looked_at?: number;
	readonly state?: ValueState;
}

export interface QuantityJsonOptions {
	readonly inputs?: ReadonlyMap<string, number | readonly number[]>;
	readonly draws?: Draws;
	/** Date of the prices behind a money value, where it is not the value's own. */
	readonly currencyDate?: string;
}

/**
 * A named scalar as JSON. In draws it also has p10, p50 and p90, and `coverage` where some draws are unreachable. Throws
 * `series-mismatch`.
 */
export function quantityJson(evaluation: Evaluation, id: string, options: QuantityJsonOptions = {}): QuantityJson {
	const value = scalarOf(evaluation, id);
	return described(evaluation, id, value, standingOf(evaluation, id, options), options);
}

/** A named scalar, or a series in one month. */
export function quantityInMonth(evaluation: Evaluation, id: string, month: number): QuantityJson {
	const value = valueAt(evaluation, nodeIndex(evaluation.model, id), month);
	return described(evaluation, id, value, standingIn(evaluation, id, month), {});
}

function described(
	{ model, months }: Evaluation,
	id: string,
	value: number,
	standing: Standing,
	options: QuantityJsonOptions,
): QuantityJson {
	const node = model.nodes[nodeIndex(model, id)] as FlatNode;
	const unit = node.unit as AnyUnit;
	const money = currencyOf(node.dims) !== undefined;
	const priced = options.currencyDate ?? standing.asOf;
	const common = {
		unit: unit.symbol,
		...kindsOf(node),
		grade: standing.grade,
		...(standing.asOf === "" ? {} : { as_of: standing.asOf }),
		...(money && priced !== "" ? { currency_date: priced } : {}),
		node: id,
	};
	if (Number.isNaN(value)) {
		// A time that is not reached as planned may be in draws; what another number is in them says nothing without it.
		const range = unit.symbol === "month" ? rangeOf(id, unit, options.draws, months) : {};
		return { ...common, ...range, state: "unreachable" };
	}
	const state = standing.state === undefined ? {} : { state: standing.state };
	// + 0: there is no −0 in JSON
	return { value: value / unit.factor + 0, ...common, ...rangeOf(id, unit, options.draws, months), ...state };
}

function kindsOf(node: FlatNode): { tokens?: string; basis?: string } {
	const tokens = tokenKindOf(node.dims);
	const basis = node.meta?.tags?.["basis"];
	return { ...(tokens === undefined ? {} : { tokens }), ...(basis === undefined ? {} : { basis }) };
}

function rangeOf(id: string, unit: AnyUnit, draws: Draws | undefined, months: number): Partial<QuantityJson> {
	const kept = draws?.values.get(id);
	if (kept === undefined) return {};
	const share = reachedShare(kept);
	if (share === 0) return { coverage: 0 };
	if (share < 1 && unit.symbol === "month")
		return { ...timesReached(kept, unit), coverage: share, looked_at: months - 1 };
	const [p10, p50, p90] = quantiles(kept, [0.1, 0.5, 0.9]).map((q) => q / unit.factor) as [number, number, number];
	return { p10, p50, p90, ...(share < 1 ? { coverage: share } : {}) };
}

/** What draws do not reach comes later than all that they do: a quantile among these is left out. */
function timesReached(kept: Float64Array, { factor }: AnyUnit): Partial<QuantityJson> {
	const at = ([0.1, 0.5, 0.9] as const).map((p) => quantileOfAll(kept, p, Number.POSITIVE_INFINITY) / factor);
	const named = (["p10", "p50", "p90"] as const).map((name, i) => [name, at[i] as number] as const);
	return Object.fromEntries(named.filter(([, value]) => Number.isFinite(value)));
}
