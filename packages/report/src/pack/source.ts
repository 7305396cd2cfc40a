/** What a pack is made from: a saved result with its graph, and what was answered beside it from the same catalogue. */
import type {
	ClaimList,
	Envelope,
	Language,
	PlanOption,
	PlanResult,
	PlanYearsResult,
	PricedResult,
	SensitivityResult,
} from "@farthing/answers";
import type { AnyUnit, Evaluation, Grade, QuantityJson } from "@farthing/engine";
import { modelFromJson } from "@farthing/engine";
import { type AssumptionRow, assumptionRegister } from "../assumption-register.ts";
import type { Messages } from "../messages/en.ts";
import { messagesOf } from "../messages/messages-of.ts";
import { fill } from "../messages/fill.ts";
import { labelIn } from "../messages/labels.ts";
import { nameOf, type Names, NO_NAMES } from "../names.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Span, Text } from "../report-model.ts";
import { measured, type NumberSpan, quantity } from "../show-number.ts";

/** Members that a saved plan may hold: ranked fleets, years of money, or both. */
export type SavedPlan = Partial<Omit<PlanResult, "model" | "scenario" | "attribution" | "defaults">> &
	Partial<Omit<PlanYearsResult, "model" | "scenario" | "attribution" | "defaults">> &
	Partial<Pick<PlanResult, "model" | "scenario" | "attribution" | "defaults">>;

export interface PackSource {
	readonly plan: Envelope<unknown>;
	/** Headlines of the industry, answered from the same catalogue. */
	readonly claims?: Envelope<ClaimList>;
	/** What the number that decides leans on. */
	readonly sensitivity?: Envelope<SensitivityResult>;
	/** Names for people in place of catalogue ids. */
	readonly names?: Names;
	/** What was typed, for the reader who wants to repeat it. */
	readonly commandLine?: string;
	/** English unless given. */
	readonly language?: Language;
}

export interface PackContext {
	readonly source: PackSource;
	readonly result: SavedPlan;
	readonly messages: Messages;
	readonly words: Messages["pack"];
	readonly names: Names;
	readonly register: readonly AssumptionRow[];
	readonly evaluation?: Evaluation;
	/** The strategy that the years are those of. */
	readonly best?: PricedResult;
	readonly option?: PlanOption;
	readonly notes: Map<string, Extract<Span, { kind: "note" }>>;
}

export function packContext(source: PackSource): PackContext {
	const messages = messagesOf(source.language ?? "en");
	const result = (source.plan.result ?? {}) as SavedPlan;
	const { graph } = source.plan;
	const best = result.strategies?.find((each): each is PricedResult => each.priced && each.rank === 1);
	const option = result.options?.[0];
	return {
		source,
		result,
		messages,
		words: messages.pack,
		names: source.names ?? NO_NAMES,
		register: graph === undefined ? [] : assumptionRegister(graph).map((row) => inWords(row, messages)),
		...(graph === undefined ? {} : { evaluation: modelFromJson(graph) }),
		...(best === undefined ? {} : { best }),
		...(option === undefined ? {} : { option }),
		notes: new Map(),
	};
}

/** A row with label and source in the language of the report. */
function inWords(row: AssumptionRow, { language }: Messages): AssumptionRow {
	return { ...row, label: labelIn(language, row.label), source: labelIn(language, row.source) };
}

/** A label of the result in the language of the report. */
export function labelOf({ messages }: Pick<PackContext, "messages">, label: string): string {
	return labelIn(messages.language, label);
}

/** A quantity of the saved result under a JSON pointer of `result`. */
export function ofPlan(of: QuantityJson, pointer: string): Span {
	return quantity(of, `plan/result/${pointer}`);
}

/** A single value of the saved graph by its id, or nothing where the graph does not hold it. */
export function ofGraph({ evaluation }: PackContext, id: string): NumberSpan | undefined {
	const index = evaluation?.model.byId.get(id);
	if (evaluation === undefined || index === undefined) return undefined;
	const { unit, shape } = evaluation.model.nodes[index] as { unit?: AnyUnit; shape: string };
	const value = (evaluation.scalars[index] as number) / (unit?.factor ?? 1);
	if (shape === "series" || !Number.isFinite(value)) return undefined;
	return measured(value, unit?.symbol ?? "", graphPlace(id));
}

/** Place of a value of the saved graph: `plan/graph/own.npv`. */
export function graphPlace(id: string): string {
	return `plan/graph/${id}`;
}

/** "P10 to P90", or nothing where the quantity has no range. */
export function rangeText({ words }: PackContext, of: QuantityJson, pointer: string): Text {
	if (of.p10 === undefined || of.p90 === undefined) return [];
	return fill(words.range, {
		low: measured(of.p10, of.unit, `plan/result/${pointer}/p10`),
		high: measured(of.p90, of.unit, `plan/result/${pointer}/p90`),
	});
}

/** A footnote that says where a quantity is from; the same words share one number. */
export function noteOn(context: PackContext, of: QuantityJson): Text {
	const { words } = context;
	if (of.node === undefined) return [];
	const standing: Text[] = [
		...(of.grade === undefined
			? []
			: [fill(words.notes.grade, { grade: of.grade, words: gradeWords(context, of.grade) })]),
		...(of.as_of === undefined ? [] : [fill(words.notes.asOf, { date: named(of.as_of) })]),
	];
	const said = standing.flatMap((each): Text => [...each, words.notes.next]);
	return [note(context, [...said, ...fill(words.notes.why, { node: { kind: "code", code: of.node } })])];
}

/** A footnote with the source of an input of the graph. */
export function noteOnInput(context: PackContext, id: string): Text {
	const row = context.register.find((each) => each.id === id);
	if (row === undefined) return [];
	const { notes } = context.words;
	const at =
		row.at === undefined || row.at === row.id ? [] : fill(notes.at, { place: { kind: "code" as const, code: row.at } });
	return [
		note(context, [
			...fill(notes.input, { label: named(row.label), source: named(row.source), date: named(row.as_of) }),
			...at,
			notes.next,
			...fill(notes.grade, { grade: row.grade, words: gradeWords(context, row.grade) }),
		]),
	];
}

export function note({ notes }: PackContext, text: Text): Span {
	const key = plainText(text);
	const found = notes.get(key) ?? { kind: "note" as const, number: notes.size + 1, text };
	notes.set(key, found);
	return found;
}

export function gradeWords({ messages }: PackContext, grade: Grade): string {
	return messages.grades[grade];
}

export function gradeSpan(context: PackContext, grade: Grade): Span {
	return { kind: "grade", grade, text: grade, words: gradeWords(context, grade) };
}

export function named(name: string): Span {
	return { kind: "name", name };
}

export function modelName({ names, result }: PackContext): Span {
	return nameOf(names, "models", result.model ?? "");
}

/** Sentences with a blank between them, save after a full stop that has its own room. */
export function paragraph(...parts: readonly Text[]): Block {
	return { kind: "text", text: parts.flatMap((part, i): Text => [...gapAfter(parts[i - 1]), ...part]) };
}

function gapAfter(before: Text | undefined): Text {
	if (before === undefined) return [];
	const last = before.findLast((span) => typeof span === "string" || span.kind !== "note");
	return typeof last === "string" && /[。；：！？）]$/.test(last) ? [] : [" "];
}
