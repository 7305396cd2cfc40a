/**
 * Headline claims as data: figures built from catalogue facts by the same formulas as any other cost, and tests on them
 * that give the verdict. Nothing here knows a claim; a changed row or rate card changes figures and verdicts.
 *
 * Verdict: `unverified` where evidence for the claim itself is missing, `fails` where a test of the claim under its own
 * conditions fails, `holds` where all tests pass, else `conditional`, with the conditions in words.
 */
import type { AnyExpr, Expr } from "../model/expression.ts";
import { add, define, divide, input, lookup, multiply, subtract } from "../model/expression.ts";
import type { Evaluation } from "../model/evaluate.ts";
import { evaluate, scalarOf } from "../model/evaluate.ts";
import { compare } from "../model/arithmetic.ts";
import { buildModel } from "../model/flatten.ts";
import type { Comparison } from "../model/expression.ts";
import type { Grade } from "../model/provenance.ts";
import type { Dimensionless, TokenKind } from "../quantity/dimension.ts";
import { currencyOf, tokenKindOf } from "../quantity/dimension.ts";
import type { AnyUnit, TokensPerGpuSecond, Unit, UsdPerGpuHour } from "../quantity/unit.ts";
import { interactivity } from "../quantity/unit.ts";
import type { FrontierTable } from "../performance/frontier.ts";
import { headlineCost, loadedCost } from "./unit-cost.ts";

export interface ClaimDefinition {
	readonly id: string;
	/** The headline, in our words. */
	readonly claim: string;
	readonly origin: ClaimOrigin;
	/** What the claim must mean to be tested at all. */
	readonly definition: string;
	readonly figures: readonly FigureDefinition[];
	readonly tests: readonly ClaimTest[];
	/** What the headline leaves out, for a reader. */
	readonly leavesOut: readonly string[];
}

export interface ClaimOrigin {
	readonly who: string;
	readonly date: string;
	readonly conditions: string;
	readonly source?: string;
}

export interface FigureDefinition {
	readonly name: string;
	readonly label: string;
	readonly unit: AnyUnit;
	readonly spec: FigureSpec;
	/** False: a step on the way, not among the figures shown. */
	readonly shown: boolean;
}

export type FigureSpec =
	| {
			readonly kind: "value";
			readonly value: number;
			readonly grade: Grade;
			readonly source: string;
			readonly asOf: string;
			/** What is reckoned with as if it were known, and so carries its grade; else part of the question. */
			readonly role: "evidence" | "condition";
	  }
	| { readonly kind: "rate"; readonly hardware: string; readonly card: string; readonly tier: string }
	| { readonly kind: "power"; readonly hardware: string; readonly card: string }
	| { readonly kind: "row"; readonly row: string; readonly tokens: "total" | "output" | "input" }
	| { readonly kind: "frontier"; readonly select: RowSelect; readonly at: number }
	| { readonly kind: "cost"; readonly rate: string; readonly throughput: string; readonly load?: string }
	| {
			readonly kind: "arithmetic";
			readonly operator: "add" | "subtract" | "multiply" | "divide";
			readonly of: readonly string[];
	  }
	| { readonly kind: "drift"; readonly select: RowSelect; readonly minimumDays: number; readonly perDays: number }
	| { readonly kind: "accuracy"; readonly from: readonly string[]; readonly to: readonly string[] }
	| { readonly kind: "build-up-share"; readonly assumptions: string; readonly hardware: string; readonly part: string }
	| { readonly kind: "fact"; readonly fact: string };

/** Which benchmark rows a figure looks at. Absent: any. */
export interface RowSelect {
	readonly model?: string;
	readonly hardware?: string;
	readonly stack?: string;
	readonly precision?: string;
	readonly speculative?: string;
	readonly disaggregated?: boolean;
	readonly multinode?: boolean;
	readonly isl?: number;
	readonly osl?: number;
	readonly asOf?: string;
	readonly between?: readonly [string, string];
	/** Medians that repeat a dated row count beside it. */
	readonly repeats?: boolean;
}

export interface ClaimTest {
	readonly id: string;
	/** `claim`: the claim itself under its own conditions. `condition`: a condition a reader would take for granted. */
	readonly role: "claim" | "condition";
	readonly left: string;
	readonly comparison: Comparison;
	/** A figure, or a figure times a factor that says how near is near enough. */
	readonly right: string;
	readonly factor: number;
	/** Words for either outcome, with {figure} in place of values. */
	readonly holds: string;
	readonly breaks: string;
}

/** A fact that is not there, with the reason in words. */
export interface Gap {
	readonly missing: string;
}

/** Figures of a statistic over rows, computed outside the graph: they enter it as inputs with their own provenance. */
export interface ComputedFact {
	readonly value: number;
	readonly p10?: number;
	readonly p90?: number;
	readonly count: number;
	readonly source: string;
	readonly asOf: string;
	readonly grade: Grade;
	readonly note: string;
}

/** What the catalogue answers. Expressions it returns must carry provenance. */
export interface ClaimFacts {
	rate(hardware: string, card: string, tier: string): Expr<UsdPerGpuHour> | Gap;
	power(hardware: string, card: string): AnyExpr | Gap;
	row(id: string, tokens: "total" | "output" | "input"): AnyExpr | Gap;
	frontier(select: RowSelect): FrontierTable | Gap;
	drift(select: RowSelect, minimumDays: number, perDays: number): ComputedFact | Gap;
	accuracy(from: readonly string[], to: readonly string[]): ComputedFact | Gap;
	buildUpShare(assumptions: string, hardware: string, part: string): AnyExpr | Gap;
	fact(id: string): AnyExpr | Gap;
}

export type Verdict = "holds" | "conditional" | "fails" | "unverified";

export interface ClaimResult {
	readonly definition: ClaimDefinition;
	readonly verdict: Verdict;
	/** One sentence a test that speaks: its outcome in words. */
	readonly conditions: readonly {
		readonly test: string;
		readonly passed: boolean | undefined;
		readonly words: string;
	}[];
	/** Node ids of the figures that could be computed, by name. */
	readonly figures: ReadonlyMap<string, string>;
	readonly gaps: ReadonlyMap<string, string>;
	readonly computed: ReadonlyMap<string, ComputedFact>;
	readonly evaluation: Evaluation;
}

/** Tests one claim. `show` turns a figure into words. */
export function testClaim(
	definition: ClaimDefinition,
	facts: ClaimFacts,
	show: (value: number, unit: AnyUnit) => string,
): ClaimResult {
	const built = buildFigures(definition, facts);
	const evaluation = evaluate(buildModel([...built.nodes.values()]));
	const figures = new Map<string, string>();
	const gaps = new Map(built.gaps);
	for (const [name, node] of built.nodes) {
		const id = idOf(node);
		if (Number.isNaN(scalarOf(evaluation, id))) gaps.set(name, `${name} lies outside the measured frontier`);
		else figures.set(name, id);
	}
	const valueOf = (name: string): number | undefined => {
		const id = figures.get(name);
		return id === undefined ? undefined : scalarOf(evaluation, id);
	};
	const units = new Map(definition.figures.map((figure) => [figure.name, figure.unit]));
	const words = (template: string): string =>
		template.replace(/\{(\w+)\}/g, (_, name: string) => {
			const value = valueOf(name);
			const unit = units.get(name);
			return value === undefined || unit === undefined ? "unknown" : show(value / unit.factor, unit);
		});
	const outcomes = definition.tests.map((test) => outcomeOf(test, valueOf, words, gaps));
	return {
		definition,
		verdict: verdictOf(
			definition.tests,
			outcomes.map(({ passed }) => passed),
		),
		conditions: outcomes,
		figures,
		gaps,
		computed: built.computed,
		evaluation,
	};
}

function outcomeOf(
	test: ClaimTest,
	valueOf: (name: string) => number | undefined,
	words: (template: string) => string,
	gaps: ReadonlyMap<string, string>,
): ClaimResult["conditions"][number] {
	const left = valueOf(test.left);
	const right = valueOf(test.right);
	if (left === undefined || right === undefined) {
		const missing = left === undefined ? test.left : test.right;
		return { test: test.id, passed: undefined, words: gaps.get(missing) ?? `${missing} is not known` };
	}
	const passed = compare(left, test.comparison, right * test.factor);
	return { test: test.id, passed, words: words(passed ? test.holds : test.breaks) };
}

function verdictOf(tests: readonly ClaimTest[], passed: readonly (boolean | undefined)[]): Verdict {
	const own = passed.filter((_, i) => tests[i]?.role === "claim");
	if (own.includes(false)) return "fails";
	if (own.length === 0 || own.includes(undefined)) return "unverified";
	return passed.every((outcome) => outcome === true) ? "holds" : "conditional";
}

interface BuiltFigures {
	readonly nodes: Map<string, AnyExpr>;
	readonly gaps: Map<string, string>;
	readonly computed: Map<string, ComputedFact>;
}

function buildFigures(definition: ClaimDefinition, facts: ClaimFacts): BuiltFigures {
	const built: BuiltFigures = { nodes: new Map(), gaps: new Map(), computed: new Map() };
	for (const figure of definition.figures) {
		const made = figureExpression(figure, definition, facts, built);
		if (isGap(made)) built.gaps.set(figure.name, made.missing);
		else built.nodes.set(figure.name, made);
	}
	return built;
}

function figureExpression(
	figure: FigureDefinition,
	definition: ClaimDefinition,
	facts: ClaimFacts,
	built: BuiltFigures,
): AnyExpr | Gap {
	const { spec, unit, label } = figure;
	const id = `claim.${definition.id}.${figure.name}`;
	const isCost = currencyOf(unit.dims) !== undefined && tokenKindOf(unit.dims) !== undefined;
	const meta = isCost ? { label, tags: { basis: "headline" } } : { label };
	const named = (of: AnyExpr | Gap): AnyExpr | Gap =>
		isGap(of) ? of : define(id, unit as Unit<never>, of as Expr<never>, meta);
	switch (spec.kind) {
		case "value": {
			const { value, grade, source, asOf, role } = spec;
			return input(id, unit as Unit<never>, {
				label,
				value: { kind: "point", value: value * unit.factor },
				grade,
				source,
				asOf,
				role,
			});
		}
		case "rate":
			return named(facts.rate(spec.hardware, spec.card, spec.tier));
		case "power":
			return named(facts.power(spec.hardware, spec.card));
		case "row":
			return named(facts.row(spec.row, spec.tokens));
		case "frontier": {
			const table = facts.frontier(spec.select);
			if (isGap(table)) return table;
			const target = input(`${id}.target`, interactivity, {
				label: "interactivity the claim is read at",
				value: { kind: "point", value: spec.at },
				source: "definition of the claim",
				asOf: definition.origin.date,
				grade: "E",
				role: "condition",
			});
			return named(lookup(table, target));
		}
		case "cost":
			return costFigure(figure, built, id);
		case "arithmetic":
			return named(arithmetic(spec.operator, spec.of, built));
		case "drift":
			return computedFigure(figure, built, id, facts.drift(spec.select, spec.minimumDays, spec.perDays));
		case "accuracy":
			return computedFigure(figure, built, id, facts.accuracy(spec.from, spec.to));
		case "build-up-share":
			return named(facts.buildUpShare(spec.assumptions, spec.hardware, spec.part));
		case "fact":
			return named(facts.fact(spec.fact));
	}
}

function costFigure(figure: FigureDefinition, built: BuiltFigures, id: string): AnyExpr | Gap {
	const spec = figure.spec as Extract<FigureSpec, { kind: "cost" }>;
	const rate = known(spec.rate, built);
	const speed = known(spec.throughput, built);
	if (isGap(rate)) return rate;
	if (isGap(speed)) return speed;
	const kind = tokenKindOf(speed.dims) as TokenKind;
	const typedRate = rate as Expr<UsdPerGpuHour>;
	const typedSpeed = speed as Expr<TokensPerGpuSecond<typeof kind>>;
	if (spec.load === undefined) return headlineCost(id, kind, typedRate, typedSpeed);
	const load = known(spec.load, built);
	return isGap(load) ? load : loadedCost(id, kind, typedRate, typedSpeed, load as Expr<Dimensionless>);
}

function arithmetic(
	operator: "add" | "subtract" | "multiply" | "divide",
	of: readonly string[],
	built: BuiltFigures,
): AnyExpr | Gap {
	const parts = of.map((name) => known(name, built));
	const missing = parts.find(isGap);
	if (missing !== undefined) return missing;
	const operation = { add, subtract, multiply, divide }[operator] as (a: AnyExpr, b: AnyExpr) => AnyExpr;
	return (parts as AnyExpr[]).reduce((a, b) => operation(a, b));
}

function computedFigure(
	figure: FigureDefinition,
	built: BuiltFigures,
	id: string,
	fact: ComputedFact | Gap,
): AnyExpr | Gap {
	if (isGap(fact)) return fact;
	built.computed.set(figure.name, fact);
	const { source, asOf, grade, note } = fact;
	const unit = figure.unit as Unit<Dimensionless>;
	return input(id, unit, {
		label: figure.label,
		value: { kind: "point", value: fact.value },
		source,
		asOf,
		grade,
		note,
	});
}

function known(name: string, { nodes, gaps }: BuiltFigures): AnyExpr | Gap {
	return nodes.get(name) ?? { missing: gaps.get(name) ?? `no figure ${name} is defined before it is used` };
}

function isGap(of: object): of is Gap {
	return "missing" in of;
}

function idOf(node: AnyExpr): string {
	return node.data.op === "node" || node.data.op === "input" ? node.data.id : "";
}
