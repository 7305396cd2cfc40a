/** `farthing claim`: what a headline implies, what reproduces it, what breaks it, and the verdict. */
import type { Catalogue } from "@farthing/catalogue";
import { findClaimId, TIERS } from "@farthing/catalogue";
import type { AnyUnit, ClaimDefinition, ClaimResult, Expr, QuantityJson, TokenKind, Verdict } from "@farthing/engine";
import {
	buildModel,
	define,
	divide,
	evaluate,
	formatQuantity,
	fraction,
	headlineCost,
	input,
	modelToJson,
	quantityJson,
	scalarOf,
	testClaim,
	tokensPerGpuSecond,
	usdPerMtok,
} from "@farthing/engine";
import { claimDefinition } from "./claim-definitions.ts";
import { claimFacts } from "./claim-facts.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { hardwareNamed, modelNamed, unknownName } from "./names.ts";
import { cardSource, TIER_WORDS } from "./rates.ts";
import { checkedPoint, isMatch, layoutOf, mayAnswer, splitThroughputInput, throughputInput } from "./rows.ts";

export interface ClaimAnswer {
	readonly id: string;
	readonly claim: string;
	readonly verdict: Verdict;
	readonly conditions: readonly string[];
	readonly figures: Readonly<Record<string, QuantityJson>>;
	readonly origin: ClaimDefinition["origin"];
	readonly definition: string;
	/** Each test with its outcome; `passed` is absent where evidence is missing. */
	readonly tests: readonly { readonly id: string; readonly role: string; readonly passed?: boolean; readonly words: string }[];
	/** Figures that could not be computed, with the reason. */
	readonly gaps: Readonly<Record<string, string>>;
	readonly labels: Readonly<Record<string, string>>;
	readonly leaves_out: readonly string[];
	readonly sources: readonly string[];
	readonly attribution: string;
}

export interface ClaimList {
	readonly claims: readonly Pick<ClaimAnswer, "id" | "claim" | "verdict" | "conditions" | "figures" | "origin">[];
}

/** All claims of the catalogue. */
export function claims(catalogue: Catalogue, asking: Asking): Envelope<ClaimList> {
	const warnings: Warning[] = [];
	const answers = definitions(catalogue).map((definition) => answerOf(catalogue, definition, asking, warnings).answer);
	const list = answers.map(({ id, claim, verdict, conditions, figures, origin }) => ({ id, claim, verdict, conditions, figures, origin }));
	return envelope(asking, { claims: list }, warnings);
}

/** One claim by id or alias. Throws exit 3 with the nearest ids. */
export function claim(catalogue: Catalogue, name: string, asking: Asking): Envelope<ClaimAnswer> {
	const all = definitions(catalogue);
	const found = findClaimId(catalogue, all.map(({ id }) => id), name);
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
		tests: result.conditions.map(({ test, passed, words }, i) => ({
			id: test,
			role: definition.tests[i]?.role as string,
			...(passed === undefined ? {} : { passed }),
			words,
		})),
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

/** Rows and facts that the figures end at, each once. */
function sourcesOf({ evaluation }: ClaimResult): string[] {
	const found = new Set<string>();
	for (const { spec, table } of evaluation.model.nodes) {
		if (spec !== undefined && spec.role !== "condition") found.add(spec.at === undefined ? spec.source : `${spec.at}: ${spec.source}, ${spec.asOf}`);
		for (const knot of table?.knots ?? []) found.add(`${knot.row}: ${knot.source}, ${knot.asOf}`);
	}
	return [...found].sort();
}

export interface OwnClaim {
	readonly usdPerMtok: number;
	readonly tokens: "total" | "input" | "output";
	readonly hardware: string;
	readonly model: string;
	readonly isl?: number;
	readonly osl?: number;
	readonly card: string;
}

export interface OwnClaimAnswer {
	readonly claim: string;
	readonly verdict: Verdict;
	readonly conditions: readonly string[];
	/** Throughput that the price needs, by tier and load. */
	readonly required: readonly {
		readonly tier: string;
		readonly load: QuantityJson;
		readonly gpu_hour: QuantityJson;
		readonly tokens_per_gpu_second: QuantityJson;
		/** The measured row with the highest throughput, and whether it is enough. */
		readonly enough: boolean | "unknown";
	}[];
	/** Measured rows, highest throughput first, with what they cost on each tier at full load. */
	readonly rows: readonly {
		readonly id: string;
		readonly stack: string;
		readonly precision: string;
		readonly speculative: string;
		readonly isl: number;
		readonly osl: number;
		readonly layout: string;
		readonly concurrency: number;
		readonly interactivity: number;
		readonly tokens_per_gpu_second: QuantityJson;
		readonly unit_cost: Readonly<Record<string, QuantityJson>>;
	}[];
	readonly rows_found: number;
	readonly attribution: string;
}

const LOADS = [1, 0.6, 0.3] as const;
const SHOWN_ROWS = 12;

/** A claim of one's own. Throws exit 2 for a price of 0 or below, exit 3 for unknown names or a part without a rate. */
export function ownClaim(catalogue: Catalogue, own: OwnClaim, asking: Asking): Envelope<OwnClaimAnswer> {
	if (!(own.usdPerMtok > 0)) {
		throw new FarthingError(2, "out-of-bounds", "--usd-per-mtok must be above 0", { field: "--usd-per-mtok", expected: "a price above 0" });
	}
	const hardware = hardwareNamed(catalogue, own.hardware, { field: "--hardware" }).id;
	const model = modelNamed(catalogue, own.model, { field: "--model" }).id;
	const built = ownClaimNodes(catalogue, own, hardware, model, asking);
	const evaluation = evaluate(buildModel(built.nodes));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id);
	const best = built.rows.length === 0 ? undefined : Math.max(...built.rows.map(({ speed }) => scalarOf(evaluation, speed)));
	const required = built.required.map(({ tier, load, rate, speed }) => ({
		tier,
		load: json(load),
		gpu_hour: json(rate),
		tokens_per_gpu_second: json(speed),
		enough: best === undefined ? ("unknown" as const) : best >= scalarOf(evaluation, speed),
	}));
	const rows = built.rows
		.sort((a, b) => scalarOf(evaluation, b.speed) - scalarOf(evaluation, a.speed) || (a.row.id < b.row.id ? -1 : 1))
		.slice(0, SHOWN_ROWS)
		.map(({ row, speed, costs }) => ({
			...row,
			tokens_per_gpu_second: json(speed),
			unit_cost: Object.fromEntries(Object.entries(costs).map(([tier, id]) => [tier, json(id)])),
		}));
	const price = formatQuantity(own.usdPerMtok, usdPerMtok(own.tokens));
	const answer: OwnClaimAnswer = {
		claim: `${hardware} serves ${model} at ${price} (${own.tokens} tokens)`,
		...ownVerdict(required, rows[0]?.id, own.tokens),
		required,
		rows,
		rows_found: built.rows.length,
		attribution: ATTRIBUTION,
	};
	return envelope(asking, answer, built.warnings, modelToJson(evaluation));
}

interface OwnNodes {
	readonly nodes: Expr<never>[];
	readonly required: { readonly tier: string; readonly load: string; readonly rate: string; readonly speed: string }[];
	readonly rows: {
		readonly row: Omit<OwnClaimAnswer["rows"][number], "tokens_per_gpu_second" | "unit_cost">;
		readonly speed: string;
		readonly costs: Record<string, string>;
	}[];
	readonly warnings: Warning[];
}

function ownClaimNodes(catalogue: Catalogue, own: OwnClaim, hardware: string, model: string, asking: Asking): OwnNodes {
	const warnings: Warning[] = [];
	const kind: TokenKind = own.tokens;
	const common = { asOf: asking.asOf, grade: "E", role: "condition" } as const;
	const unit = usdPerMtok(kind);
	const claimed = input("claim.unit_cost", unit, {
		...common,
		label: "claimed cost",
		source: "given with --usd-per-mtok",
		value: { kind: "point", value: own.usdPerMtok * unit.factor },
	});
	const loads = LOADS.map((value) => input(`load.${value}`, fraction, { ...common, label: "load", source: "loads looked at", value: { kind: "point", value } }));
	const built: OwnNodes = { nodes: [], required: [], rows: [], warnings };
	const rates = TIERS.flatMap((tier) => {
		const answer = cardSource(catalogue, own.card, tier, asking.asOf, warnings).find(hardware);
		return answer.known ? [{ tier, rate: answer.rate, id: `rate.${own.card}.${tier}.${hardware}` }] : [];
	});
	if (rates.length === 0) {
		throw new FarthingError(3, "no-rate", `card ${own.card} has no rate for ${hardware}`, { field: "--hardware", hint: "farthing catalog list rate-cards" });
	}
	for (const { tier, rate } of rates) {
		LOADS.forEach((load, i) => {
			const id = `required.${tier}.${load}`;
			const needed = divide(divide(rate, claimed as never), loads[i] as Expr<Record<never, never>>);
			built.nodes.push(
				define(id, tokensPerGpuSecond(kind), needed as never, {
					label: `throughput needed at ${TIER_WORDS[tier]}, ${load * 100}% load`,
					formula: "$/GPU-hr ÷ claimed $/token ÷ load",
				}) as unknown as Expr<never>,
			);
			built.required.push({ tier, load: `load.${load}`, rate: idOfRate(rate), speed: id });
		});
	}
	const filter = { model, hardware: [hardware], ...(own.isl === undefined ? {} : { isl: own.isl }), ...(own.osl === undefined ? {} : { osl: own.osl }) };
	for (const point of catalogue.benchmarks.filter((each) => isMatch(each, filter))) {
		if (!mayAnswer(checkedPoint(point), ["tokensPerGpuSecond"]).ok) continue;
		const share = kind === "total" ? throughputInput(catalogue, point) : splitOrNominal(catalogue, point, kind);
		if (share === undefined) continue;
		const costs = rates.map(({ tier, rate }) => {
			const id = `${point.id}.unit_cost.headline.${kind}.${tier}`;
			built.nodes.push(headlineCost(id, kind, rate, share as never) as unknown as Expr<never>);
			return [tier, id] as const;
		});
		const { id, stack, precision, speculative, isl, osl, concurrency, interactivityTokensPerSecond: interactivity } = point;
		const row = { id, stack, precision, speculative, isl, osl, layout: layoutOf(point), concurrency, interactivity };
		built.rows.push({ row, speed: `${id}.tokens_per_gpu_second.${kind}`, costs: Object.fromEntries(costs) });
	}
	return built;
}

/** Output or input throughput as measured; where the row does not split, its share by nominal lengths. */
function splitOrNominal(catalogue: Catalogue, point: Parameters<typeof throughputInput>[1], kind: "input" | "output"): Expr<never> | undefined {
	const split = splitThroughputInput(catalogue, point, kind);
	if (split !== undefined && mayAnswer(checkedPoint(point), ["inputTokensPerPrefillGpuSecond", "outputTokensPerDecodeGpuSecond"]).ok) return split as unknown as Expr<never>;
	const share = (kind === "input" ? point.isl : point.osl) / (point.isl + point.osl);
	const total = throughputInput(catalogue, point);
	const spec = total.data.op === "input" ? total.data.spec : undefined;
	if (spec === undefined) return undefined;
	return input(`${point.id}.tokens_per_gpu_second.${kind}`, tokensPerGpuSecond(kind), {
		...spec,
		label: `${spec.label}, ${kind} share by nominal lengths`,
		value: { kind: "point", value: point.tokensPerGpuSecond * share },
		note: "split by nominal lengths; the row publishes the total alone",
	}) as unknown as Expr<never>;
}

function ownVerdict(
	required: OwnClaimAnswer["required"],
	bestRow: string | undefined,
	tokens: string,
): { verdict: Verdict; conditions: readonly string[] } {
	if (bestRow === undefined) return { verdict: "unverified", conditions: ["no measured row of this model on this part is in the catalogue"] };
	const words = (part: OwnClaimAnswer["required"]): string =>
		part.map(({ tier, load }) => `${tier} at ${Math.round((load.value ?? 0) * 100)}% load`).join(", ");
	const enough = required.filter(({ enough }) => enough === true);
	const short = required.filter(({ enough }) => enough === false);
	const best = `the highest measured throughput (row ${bestRow}) is`;
	if (enough.length === 0) return { verdict: "fails", conditions: [`${best} below what ${tokens} tokens at this price need on every tier and load`] };
	if (short.length === 0) return { verdict: "holds", conditions: [`${best} enough on every tier and load looked at`] };
	return { verdict: "conditional", conditions: [`${best} enough for ${words(enough)}`, `and too low for ${words(short)}`] };
}

function idOfRate(rate: Expr<{ readonly USD: 1; readonly gpu: -1; readonly s: -1 }>): string {
	return rate.data.op === "input" || rate.data.op === "node" ? rate.data.id : "";
}
