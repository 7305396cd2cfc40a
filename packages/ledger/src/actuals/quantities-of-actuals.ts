/** Numbers of actuals as quantities, with what all of one answer share: basis, grade, date. */
import type { Grade, QuantityJson } from "@farthing/engine";
import { worstGrade } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import type { CostBasis } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { TokenCount } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";
import type { Actuals } from "./actuals.ts";
import type { TokensJson } from "./actuals-json.ts";
import { addTokens } from "./used-work.ts";

export type Tokens = Partial<Record<TokenBucket, TokenCount>>;

export interface Shower {
	/** An amount that bill and prices alone decide. */
	money(amount: Amount, more?: Partial<QuantityJson>): QuantityJson;
	/** An amount in which the law of GPU time has a part where `byModel`. */
	shared(amount: Amount, byModel: boolean, more?: Partial<QuantityJson>): QuantityJson;
	/** The same on a basis of its own, whatever was asked for. */
	onBasis(basis: CostBasis, amount: Amount, byModel: boolean): QuantityJson;
	unitCost(amount: Amount, tokens: number, kind: string, byModel: boolean, more?: Partial<QuantityJson>): QuantityJson;
	/** `priced`: those whose cost is known. */
	tokens(tokens: Tokens, priced?: Tokens): TokensJson;
	/** No price has a part in it. */
	gpuHours(micros: number, byModel: boolean): QuantityJson;
	share(value: number, grade: Grade | undefined): QuantityJson;
}

export function shower(found: Actuals): Shower {
	const { question, charges } = found;
	const [grade, sharedGrade] = [gradeOf(found, false), gradeOf(found, true)];
	const asOf = formatInstant(question.window.to).slice(0, 10);
	const dates = charges.rates.map(({ day }) => day).sort();
	const standing = (of: Grade) => ({
		basis: question.basis,
		grade: of,
		as_of: asOf,
		...(dates.length === 0 ? {} : { currency_date: dates.at(-1) as string }),
		state: (of === "A" ? "measured" : "modelled") as NonNullable<QuantityJson["state"]>,
	});
	const measured = { grade: "A" as Grade, as_of: asOf, state: "measured" as const };
	const count = (n: number, tokens: string): QuantityJson => ({ value: n, unit: "tok", tokens, ...measured });
	return {
		money: ({ currency, nano }, more = {}) => ({ value: unitsOf(nano), unit: currency, ...standing(grade), ...more }),
		shared: ({ currency, nano }, byModel, more = {}) => ({
			value: unitsOf(nano),
			unit: currency,
			...standing(byModel ? sharedGrade : grade),
			...more,
		}),
		onBasis: (basis, { currency, nano }, byModel) => ({
			value: unitsOf(nano),
			unit: currency,
			...standing(byModel ? sharedGrade : grade),
			basis,
		}),
		unitCost: ({ currency, nano }, tokens, kind, byModel, more = {}) => {
			const unit = { unit: `${currency}/Mtok`, tokens: kind };
			if (tokens === 0) return { ...unit, state: "unknown" };
			const own = standing(byModel ? sharedGrade : grade);
			return { value: (unitsOf(nano) / tokens) * 1e6, ...unit, ...own, ...more };
		},
		tokens: (tokens, priced = tokens) => ({
			input: count(computedOf(tokens), "input"),
			...(tokens.cached_input === undefined ? {} : { cached_input: count(cachedOf(tokens), "cached_input") }),
			output: count(outputOf(tokens), "output"),
			...(tokens.reasoning === undefined ? {} : { reasoning: count(tokens.reasoning, "reasoning") }),
			total: count(deliveredOf(tokens), "total"),
			...(deliveredOf(priced) === deliveredOf(tokens) ? {} : { priced: count(deliveredOf(priced), "total") }),
		}),
		gpuHours: (micros, byModel) => ({
			value: micros / 3.6e9,
			unit: "GPU-hr",
			...measured,
			...(byModel ? { grade: BY_MODEL, state: "modelled" } : {}),
		}),
		share: (value, of) => ({ value, unit: "fraction", ...(of === undefined ? {} : { grade: of }), as_of: asOf }),
	};
}

/** An amount that nothing on record says: not zero. */
export function unknownMoney(currency: string): QuantityJson {
	return { unit: currency, state: "unknown" };
}

/** Of a cost over those tokens alone whose cost is known: no more than their share of all. */
export function coverageWith(coverage: number, tokens: Tokens, priced: Tokens): number {
	const all = deliveredOf(tokens);
	return all === 0 ? coverage : Math.min(coverage, deliveredOf(priced) / all);
}

export function standingOf({ grade, state }: QuantityJson): Partial<QuantityJson> {
	return { ...(grade === undefined ? {} : { grade }), ...(state === undefined ? {} : { state }) };
}

/** Share of the metered GPU time that a bill or a price pays for. */
export function pricedShareOf({ charges, held }: Pick<Actuals, "charges" | "held">): number {
	const all = held.reduce((sum, { gpu }) => sum + gpu, 0);
	const unpriced = [...charges.unpriced.values()].reduce((sum, { time }) => sum + time, 0);
	return all === 0 ? 1 : 1 - unpriced / all;
}

/**
 * Invoice and own meters are A; a price on file without an invoice is what somebody says; a law fitted elsewhere is a model. A
 * sum that lacks what much of the GPU time costs is no measurement of the window.
 */
function gradeOf(found: Actuals, byModel: boolean): Grade {
	const { charges, total } = found;
	const priced = pricedShareOf(found);
	const grades: Grade[] = priced >= NEARLY_ALL ? ["A"] : [leastOf(priced)];
	if (abs(charges.rated.nano) * 10n >= abs(total.nano) && charges.rated.nano !== 0n) grades.push("E");
	if (byModel) grades.push(BY_MODEL);
	return worstGrade(grades) ?? "A";
}

/** A cost per token that is for the most part of what no meter knows rests on the assumption that tokens caused it. */
export function asExplained(of: QuantityJson, coverage: number): QuantityJson {
	if (coverage >= NEARLY_ALL) return of;
	const least = leastOf(coverage);
	return { ...of, grade: worstGrade([of.grade ?? "A", least]) ?? least, state: "modelled" };
}

function leastOf(share: number): Grade {
	return share >= HALF ? "D" : "E";
}

/** Of what a law decides that nobody measured for the model. */
export const BY_MODEL: Grade = "D";
const NEARLY_ALL = 0.9;
const HALF = 0.5;

export function tokensOf(used: readonly UsedWork[]): Tokens {
	return used.reduce<Tokens>((sum, { tokens }) => addTokens(sum, tokens), {});
}

export function computedOf(tokens: Tokens): number {
	return (tokens.input ?? 0) + (tokens.cache_write ?? 0);
}

function cachedOf(tokens: Tokens): number {
	return (tokens.cached_input ?? 0) + (tokens.transferred ?? 0);
}

export function outputOf(tokens: Tokens): number {
	return (tokens.output ?? 0) + (tokens.reasoning ?? 0);
}

export function deliveredOf(tokens: Tokens): number {
	return computedOf(tokens) + cachedOf(tokens) + outputOf(tokens);
}

export function unitsOf(nano: bigint): number {
	const whole = nano / 1_000_000_000n;
	return Number(whole) + Number(nano - whole * 1_000_000_000n) / 1e9;
}

function abs(n: bigint): bigint {
	return n < 0n ? -n : n;
}
