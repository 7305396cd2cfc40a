/** `farthing claim`: what a headline implies, what reproduces it, what breaks it, and the verdict. */
import type { Catalogue } from "@farthing/catalogue";
import { findClaimId } from "@farthing/catalogue";
import type { AnyUnit, ClaimDefinition, ClaimResult, QuantityJson, Verdict } from "@farthing/engine";
import { formatQuantity, modelToJson, quantityJson, testClaim } from "@farthing/engine";
import { claimDefinition } from "./claim-definitions.ts";
import { claimFacts } from "./claim-facts.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { laterWarning } from "./evidence.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { unknownName } from "./names.ts";

export interface ClaimAnswer {
	readonly id: string;
	readonly claim: string;
	readonly verdict: Verdict;
	readonly conditions: readonly string[];
	readonly figures: Readonly<Record<string, QuantityJson>>;
	readonly origin: ClaimDefinition["origin"];
	readonly definition: string;
	/** Each test with its outcome; `passed` is absent where evidence is missing. */
	readonly tests: readonly TestOutcome[];
	/** Figures that could not be computed, with the reason. */
	readonly gaps: Readonly<Record<string, string>>;
	readonly labels: Readonly<Record<string, string>>;
	readonly leaves_out: readonly string[];
	readonly sources: readonly string[];
	readonly attribution: string;
}

export interface TestOutcome {
	readonly id: string;
	/** `claim`: the claim itself under its own conditions; `condition`: what a reader would take for granted. */
	readonly role: "claim" | "condition";
	readonly passed?: boolean;
	readonly words: string;
}

export interface ClaimList {
	readonly claims: readonly Pick<ClaimAnswer, "id" | "claim" | "verdict" | "conditions" | "figures" | "origin">[];
}

/** All claims of the catalogue. */
export function claims(catalogue: Catalogue, asking: Asking): Envelope<ClaimList> {
	const warnings: Warning[] = [];
	const answers = definitions(catalogue).map((definition) => answerOf(catalogue, definition, asking, warnings).answer);
	const list = answers.map(({ id, claim, verdict, conditions, figures, origin }) => {
		return { id, claim, verdict, conditions, figures, origin };
	});
	return envelope(asking, { claims: list }, warnings);
}

/** One claim by id or alias. Throws exit 3 with the nearest ids. */
export function claim(catalogue: Catalogue, name: string, asking: Asking): Envelope<ClaimAnswer> {
	const all = definitions(catalogue);
	const found = findClaimId(
		catalogue,
		all.map(({ id }) => id),
		name,
	);
	if (!found.found) throw unknownName("claim", name, found.nearest);
	const definition = all.find(({ id }) => id === found.value) as ClaimDefinition;
	const warnings: Warning[] = [];
	const { answer, result } = answerOf(catalogue, definition, asking, warnings);
	return envelope(asking, answer, warnings, modelToJson(result.evaluation));
}

function definitions(catalogue: Catalogue): ClaimDefinition[] {
	return catalogue.claims.map(claimDefinition);
}

function answerOf(
	catalogue: Catalogue,
	definition: ClaimDefinition,
	asking: Asking,
	warnings: Warning[],
): { answer: ClaimAnswer; result: ClaimResult } {
	const facts = claimFacts(catalogue, asking.asOf, warnings);
	const result = testClaim(definition, facts, showFigure);
	warnings.push(...laterFacts(definition.id, result, asking.asOf));
	const shown = definition.figures.filter(({ shown }) => shown);
	const figures = shown.flatMap(({ name }) => {
		const node = result.figures.get(name);
		return node === undefined ? [] : [[name, figureJson(result, name, node)] as const];
	});
	const answer = {
		id: definition.id,
		claim: definition.claim,
		verdict: result.verdict,
		conditions: result.conditions.map(({ words }) => words).filter((words) => words !== ""),
		figures: Object.fromEntries(figures),
		origin: definition.origin,
		definition: definition.definition,
		tests: definition.tests.map(({ id, role }, i): TestOutcome => {
			const { passed, words } = result.conditions[i] as ClaimResult["conditions"][number];
			return passed === undefined ? { id, role, words } : { id, role, passed, words };
		}),
		gaps: Object.fromEntries(result.gaps),
		labels: Object.fromEntries(definition.figures.map(({ name, label }) => [name, label])),
		leaves_out: definition.leavesOut,
		sources: sourcesOf(result),
		attribution: ATTRIBUTION,
	};
	return { answer, result };
}

function figureJson(result: ClaimResult, name: string, node: string): QuantityJson {
	const json = quantityJson(result.evaluation, node);
	const computed = result.computed.get(name);
	if (computed?.p10 === undefined || computed.p90 === undefined) return json;
	return { ...json, p10: computed.p10, p50: computed.value, p90: computed.p90 };
}

function showFigure(value: number, unit: AnyUnit): string {
	return unit.symbol === "x" ? `${formatQuantity(value, "")}x` : formatQuantity(value, unit);
}

/** A warning where a figure rests on facts from after the day asked for: a claim is tested on what its definition names. */
function laterFacts(id: string, { evaluation }: ClaimResult, asOf: string): Warning[] {
	const dates = evaluation.model.nodes.flatMap(({ spec, table }) => [
		...(spec === undefined || spec.role === "condition" ? [] : [spec.asOf]),
		...(table?.knots ?? []).map((knot) => knot.asOf),
	]);
	const later = dates.filter((date) => laterWarning("", date, asOf).length > 0).sort();
	const last = later.at(-1);
	if (last === undefined) return [];
	const what = later.length === 1 ? "a fact" : `${later.length} facts`;
	return [{ code: "later-fact", message: `claim ${id} is tested on ${what} after ${asOf}, the last of ${last}` }];
}

/** Rows and facts that the figures end at, each once; the claim's own numbers where there is nothing else. */
function sourcesOf({ evaluation }: ClaimResult): string[] {
	const facts = new Set<string>();
	const stated = new Set<string>();
	for (const { spec, table } of evaluation.model.nodes) {
		if (spec?.role === "condition") stated.add(spec.source);
		else if (spec !== undefined)
			facts.add(spec.at === undefined ? spec.source : `${spec.at}: ${spec.source}, ${spec.asOf}`);
		for (const knot of table?.knots ?? []) facts.add(`${knot.row}: ${knot.source}, ${knot.asOf}`);
	}
	return [...(facts.size > 0 ? facts : stated)].sort();
}
