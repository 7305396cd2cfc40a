/**
 * `farthing check`: policies that a result must keep, for CI. A number or a quantile of its draws against a limit, the
 * grade of its evidence, or the chance that it keeps a limit. What has no value keeps no policy.
 */
import type { AnyUnit, Evaluation, FlatNode, Grade, QuantityJson } from "@farthing/engine";
import {
	chanceOfMissing,
	formatQuantity,
	isRanged,
	ModelError,
	nodeIndex,
	parseQuantity,
	quantileOfAll,
	QuantityError,
	quantityJson,
	sample,
	scalarOf,
	subModel,
} from "@farthing/engine";
import type { ChancePolicy, Origin, Policy, PolicyComparison, ValuePolicy } from "@farthing/scenario";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { PLAN_DRAWS } from "./plan.ts";
import type { PlanYearsResult } from "./plan-years.ts";
import { YEARS_DRAWS } from "./plan-years.ts";
import { PRICE_DRAWS } from "./price.ts";
import { drawnWith } from "./sensitivity.ts";
import { TRAIN_DRAWS } from "./train.ts";
import type { SavedResult } from "./why.ts";
import { graphOf, nodeNamed } from "./why.ts";

export interface CheckResult {
	readonly passed: number;
	readonly failed: number;
	/** The most that any policy was drawn with. */
	readonly draws: number;
	readonly policies: readonly PolicyResult[];
}

export interface PolicyResult {
	readonly rule: string;
	readonly name?: string;
	readonly note?: string;
	readonly state: "pass" | "fail";
	/** Node it is about. */
	readonly of: string;
	/** The number, or the quantile that was asked for; with its grade. */
	readonly value: QuantityJson;
	readonly limit?: QuantityJson;
	readonly grade?: { readonly is: Grade; readonly least: Grade };
	readonly chance?: { readonly is: number; readonly standard_error: number; readonly asked: number };
	/** File, line and column of the policy. */
	readonly at?: string;
	readonly reason?: string;
}

export interface CheckQuestion {
	readonly policies: readonly Policy[];
	/** As many as the result itself was drawn with unless told, so that a quantile is the one that the result shows. */
	readonly draws?: number;
}

/** Throws exit 2 for a limit that cannot be read in the unit of its number, exit 3 for a number that the result lacks. */
export function check(saved: SavedResult, question: CheckQuestion, asking: Asking): Envelope<CheckResult> {
	const evaluation = graphOf(saved);
	const context: Context = { saved, evaluation, seed: asking.seed, draws: question.draws, drawn: new Map() };
	const policies = question.policies.map((policy) => policyResult(context, policy));
	const passed = policies.filter(({ state }) => state === "pass").length;
	const draws = Math.max(0, ...policies.map(({ of }) => drawCount(context, of)));
	const result = { passed, failed: policies.length - passed, draws, policies };
	return envelope(asking, result, []);
}

interface Context {
	readonly saved: SavedResult;
	readonly evaluation: Evaluation;
	readonly seed: number;
	readonly draws: number | undefined;
	readonly drawn: Map<string, Float64Array>;
}

function policyResult(context: Context, policy: Policy): PolicyResult {
	const of = nodeOfPolicy(context, policy);
	const { rule, name, note, origin } = policy;
	const common = {
		rule,
		...(name === undefined ? {} : { name }),
		...(note === undefined ? {} : { note }),
		of,
		...(origin.kind === "file" ? { at: `${origin.file}:${origin.line}:${origin.column}` } : {}),
	};
	const own = withRange(context, of);
	switch (policy.kind) {
		case "grade": {
			const is = own.grade ?? "E";
			const grade = { is, least: policy.grade };
			return { ...common, state: is <= policy.grade ? "pass" : "fail", value: own, grade };
		}
		case "value":
			return { ...common, ...valueResult(context, policy, of, own) };
		case "chance":
			return { ...common, ...chanceResult(context, policy, of, own) };
	}
}

type Judged = Pick<PolicyResult, "state" | "value" | "limit" | "chance" | "reason">;

function valueResult(context: Context, policy: ValuePolicy, of: string, own: QuantityJson): Judged {
	const { unit, limit } = limitOf(context, policy, of);
	const base = policy.quantile === undefined ? scalarOf(context.evaluation, of) : quantileOf(context, policy, of);
	const { p10: _, p50: __, p90: ___, value: ____, looked_at: lookedAt, ...told } = own;
	const value: QuantityJson = policy.quantile === undefined ? own : { ...told, value: base / unit.factor + 0 };
	if (Number.isNaN(base)) return { state: "fail", value: own, limit, reason: NO_VALUE };
	if (!Number.isFinite(base)) {
		const within = lookedAt === undefined ? "" : ` within ${formatQuantity(lookedAt, "")} ${unit.symbol}s`;
		const share = formatQuantity(own.coverage ?? 0, "fraction");
		const reason = `not reached${within}: it has a value in ${share} of the draws`;
		return { state: "fail", value: { ...told, state: "unreachable" }, limit, reason };
	}
	return { state: keeps(base / unit.factor, policy.comparison, limit.value as number) ? "pass" : "fail", value, limit };
}

/** A draw without a value counts against the limit, as it does in a chance. */
function quantileOf(context: Context, { quantile: p = 0.5, comparison }: ValuePolicy, of: string): number {
	const worst = comparison.startsWith("<") ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
	return quantileOfAll(drawsOf(context, of), p, worst);
}

const NO_VALUE = "it has no value here: it is not reached";

function chanceResult(context: Context, policy: ChancePolicy, of: string, own: QuantityJson): Judged {
	const { unit, limit } = limitOf(context, policy, of);
	const bound = (limit.value as number) * unit.factor;
	const draws = drawsOf(context, of);
	const up = policy.inner.startsWith("<");
	const { probability, standardError } = chanceOfMissing(draws, up ? { atMost: bound } : { atLeast: bound });
	const is = 1 - probability;
	const state = keeps(is, policy.comparison, policy.chance) ? "pass" : "fail";
	return { state, value: own, limit, chance: { is, standard_error: standardError, asked: policy.chance } };
}

/** Rounding of the last digits breaks no policy. */
const FORGIVEN = 1e-9;

function keeps(value: number, comparison: PolicyComparison, limit: number): boolean {
	const near = Math.abs(value - limit) <= FORGIVEN * Math.max(Math.abs(value), Math.abs(limit));
	switch (comparison) {
		case "<=":
			return value <= limit || near;
		case ">=":
			return value >= limit || near;
		case "<":
			return value < limit && !near;
		case ">":
			return value > limit && !near;
	}
}

/** A headline of the result by its name (`npv`, `payback`), else a node, named as for `why`. */
function nodeOfPolicy({ saved, evaluation }: Context, { of, origin }: Policy): string {
	const headline = (saved.result as Readonly<Record<string, unknown>>)[of] as { readonly node?: string } | undefined;
	try {
		const node = typeof headline?.node === "string" ? headline.node : nodeNamed(evaluation, saved, of);
		if ((evaluation.model.nodes[nodeIndex(evaluation.model, node)] as FlatNode).shape !== "series") return node;
	} catch (error) {
		throw error instanceof FarthingError ? placed(error, origin) : error;
	}
	throw placed(
		new FarthingError(3, "no-single-number", `${of} has a value a month`, { expected: "one number of the result" }),
		origin,
	);
}

function limitOf(
	{ evaluation: { model } }: Context,
	{ limit, limitOrigin }: ValuePolicy | ChancePolicy,
	of: string,
): { readonly unit: AnyUnit; readonly limit: QuantityJson } {
	const unit = (model.nodes[nodeIndex(model, of)] as FlatNode).unit as AnyUnit;
	try {
		const { distribution } = parseQuantity(limit, unit, {
			range: false,
			fraction: unit.symbol === "%" || unit.symbol === "fraction",
		});
		if (distribution.kind !== "point") throw new TypeError("a limit is one number");
		return { unit, limit: { value: distribution.value / unit.factor, unit: unit.symbol } };
	} catch (error) {
		if (!(error instanceof QuantityError)) throw error;
		const { code, message, expected, hint } = error;
		throw placed(new FarthingError(2, code, `the limit of ${of}: ${message}`, { expected, hint }), limitOrigin);
	}
}

function placed({ exit, code, given: { message, detail } }: FarthingError, origin: Origin): FarthingError {
	if (origin.kind !== "file") return new FarthingError(exit, code, message, detail);
	const { file, line, column } = origin;
	return new FarthingError(exit, code, message, { ...detail, file, line, column });
}

function withRange(context: Context, of: string): QuantityJson {
	const { evaluation, seed } = context;
	const draws = drawCount(context, of);
	if (!isRangedBehind(context, of)) return quantityJson(evaluation, of);
	const values = new Map([[of, drawsOf(context, of)]]);
	return quantityJson(evaluation, of, { draws: { draws, seed, values, correlations: drawnWith(context.saved) } });
}

function isRangedBehind({ evaluation: { model } }: Context, of: string): boolean {
	return subModel(model, [of]).nodes.some(({ spec }) => spec !== undefined && isRanged(spec.value));
}

/** Where nothing has a range every draw is the number itself. */
function drawsOf(context: Context, of: string): Float64Array {
	const known = context.drawn.get(of) ?? drawn(context, of);
	context.drawn.set(of, known);
	return known;
}

function drawn(context: Context, of: string): Float64Array {
	const { evaluation, seed, saved } = context;
	const draws = drawCount(context, of);
	const { model, months } = evaluation;
	if (!isRangedBehind(context, of)) return Float64Array.of(scalarOf(evaluation, of));
	try {
		const values = sample(model, { draws, seed, months, keep: [of], correlations: drawnWith(saved), block: 64 }).values;
		return values.get(of) as Float64Array;
	} catch (error) {
		if (!(error instanceof ModelError)) throw error;
		throw new FarthingError(3, error.code, error.message, { expected: "a number that has a value in every draw" });
	}
}

const DRAWS_OF: ReadonlyMap<string, number> = new Map([
	["price", PRICE_DRAWS],
	["train", TRAIN_DRAWS],
]);

/** As many as the number was drawn with where the result was made: an input has the same draws there and here. */
function drawCount({ saved, draws }: Context, of: string): number {
	if (draws !== undefined) return draws;
	const { strategies, uncertainty } = saved.result as Partial<PlanYearsResult>;
	const ofYears = strategies?.some(({ strategy }) => of.startsWith(`${strategy}.`)) === true;
	if (ofYears) return uncertainty?.draws ?? YEARS_DRAWS;
	return DRAWS_OF.get(saved.command) ?? PLAN_DRAWS;
}
