import type { Figures } from "./catalogue.ts";
import type { CsvRow } from "./csv-table.ts";
import { cell, choiceCell, numberCell, optionalNumberCell, reportCell, textCell } from "./csv-table.ts";
import { isDate, isDay } from "./date.ts";
import type { Figure } from "./figure.ts";
import { CONFIDENCES } from "./figure.ts";
import type { Issues } from "./issue.ts";
import { reckonedUnitProblem, unitProblem } from "./known-unit.ts";
import type { Cursor } from "./yaml-cursor.ts";
import { choiceOf, elements, isMapping, members, need, numberOf, report, textOf } from "./yaml-cursor.ts";

/** What the readers of all files share: where issues go, and the ids that may be named. */
export interface Reading {
	readonly issues: Issues;
	readonly ids: Record<IdKind, Set<string>>;
	/** Kinds whose file could not be read: whether their ids exist is not known. */
	readonly unread: Set<IdKind>;
}
export type IdKind = "source" | "hardware" | "model" | "stack" | "precision" | "speculative" | "claim";

/** Source, date and confidence of a figure, or of all figures of an entry. */
export type Evidence = Pick<Figure, "source" | "otherSources" | "asOf" | "confidence">;

export const EVIDENCE_MEMBERS: readonly string[] = ["source", "other_sources", "as_of", "confidence"];

/** The evidence an entry states for its figures; members it lacks come from `base`. */
export function readEvidence(
	at: Cursor,
	found: ReadonlyMap<string, Cursor>,
	reading: Reading,
	base?: Evidence,
): Evidence | undefined {
	const get = (key: string) => (base === undefined ? need(at, found, key) : found.get(key));
	const source = referenceOf(get("source"), "source", reading) ?? base?.source;
	const asOf = dateOf(get("as_of")) ?? base?.asOf;
	const confidence = choiceOf(get("confidence"), CONFIDENCES) ?? base?.confidence;
	const others = elements(found.get("other_sources")).flatMap((o) => referenceOf(o, "source", reading) ?? []);
	if (source === undefined || asOf === undefined || confidence === undefined) return undefined;
	if (others.length > 0) return { source, otherSources: others, asOf, confidence };
	const inherited = source === base?.source ? base.otherSources : undefined;
	return { source, ...(inherited && { otherSources: inherited }), asOf, confidence };
}

/** Of nothing that the catalogue holds is there less than none, prices above all. */
const NEGATIVE = "a negative number";

/** A bare number takes unit and evidence of its entry; a mapping may bring its own evidence, range and note. */
export function readFigure(at: Cursor, unit: string, base: Evidence, reading: Reading): Figure | undefined {
	if (!isMapping(at)) {
		const value = numberOf(at);
		if (value !== undefined && value < 0) return report(at, NEGATIVE, "0 or more");
		return value === undefined ? undefined : { value, unit, ...base };
	}
	const found = members(at, ["value", "low", "high", "note", ...EVIDENCE_MEMBERS]);
	const value = numberOf(need(at, found, "value"));
	const low = numberOf(found.get("low"));
	const high = numberOf(found.get("high"));
	const note = textOf(found.get("note"));
	const evidence = readEvidence(at, found, reading, base);
	if (value === undefined || evidence === undefined) return undefined;
	if (Math.min(value, low ?? value) < 0) return report(at, NEGATIVE, "0 or more");
	if ((low ?? value) > value || (high ?? value) < value) {
		return report(at, `${value} lies outside ${low ?? ""} to ${high ?? ""}`, "low ≤ value ≤ high");
	}
	return { value, unit, ...evidence, ...range(low, high, note) };
}

/** The figures of an entry; names stand in snake case in the file. */
export function readFigures<Name extends string>(
	at: Cursor | undefined,
	units: Units<Name>,
	base: Evidence | undefined,
	reading: Reading,
): Figures<Name> {
	if (at === undefined || base === undefined) return {};
	const names = new Map(Object.keys(units).map((name) => [snakeCase(name), name as Name]));
	const figures: { [N in Name]?: Figure } = {};
	for (const [key, member] of members(at, [...names.keys()])) {
		const name = names.get(key) as Name;
		const figure = readFigure(member, units[name] as string, base, reading);
		if (figure !== undefined) figures[name] = figure;
	}
	return figures;
}

export type Units<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** The unit of each figure a file may hold, as its head states them. */
export function readUnits<Name extends string>(at: Cursor | undefined, names: readonly Name[]): Units<Name> {
	const units: Partial<Record<Name, string>> = {};
	if (at === undefined) return units;
	const found = members(at, names.map(snakeCase));
	for (const name of names) {
		const place = need(at, found, snakeCase(name));
		const unit = textOf(place);
		const problem = unit === undefined ? undefined : reckonedUnitProblem(unit);
		if (problem !== undefined && place !== undefined) report(place, problem, "a unit");
		if (unit !== undefined) units[name] = unit;
	}
	return units;
}

/** A figure of a table row: `value` names its column, evidence stands in `source`, `as_of` and `confidence`. */
export function figureCell(
	row: CsvRow,
	column: string,
	unit: string,
	evidence: Evidence | undefined,
	more: { low?: string; high?: string; note?: string } = {},
): Figure | undefined {
	const value = numberCell(row, column);
	const low = more.low === undefined ? undefined : optionalNumberCell(row, more.low);
	const high = more.high === undefined ? undefined : optionalNumberCell(row, more.high);
	const note = more.note === undefined ? undefined : cell(row, more.note) || undefined;
	if (value === undefined || evidence === undefined) return undefined;
	if (Math.min(value, low ?? value) < 0) return reportCell(row, column, NEGATIVE, "0 or more");
	if ((low ?? value) > value || (high ?? value) < value) {
		return reportCell(row, column, `${value} lies outside ${low ?? ""} to ${high ?? ""}`, "low ≤ value ≤ high");
	}
	return { value, unit, ...evidence, ...range(low, high, note) };
}

/** The unit of a table row that brings its own. */
export function unitCell(row: CsvRow, column: string): string | undefined {
	const unit = textCell(row, column);
	const problem = unit === undefined ? undefined : unitProblem(unit);
	return problem === undefined ? unit : reportCell(row, column, problem, "a unit");
}

export function evidenceCells(row: CsvRow, reading: Reading): Evidence | undefined {
	const source = referenceCell(row, "source", "source", reading);
	const asOf = dateCell(row, "as_of");
	const confidence = choiceCell(row, "confidence", CONFIDENCES);
	if (source === undefined || asOf === undefined || confidence === undefined) return undefined;
	return { source, asOf, confidence };
}

export function referenceOf(at: Cursor | undefined, kind: IdKind, reading: Reading): string | undefined {
	const id = textOf(at);
	if (at === undefined || id === undefined || mayName(reading, kind, id)) return id;
	return report(at, `unknown ${kind} "${id}"`, `the id of a ${kind} in the catalogue`);
}

export function referenceCell(row: CsvRow, column: string, kind: IdKind, reading: Reading): string | undefined {
	const id = textCell(row, column);
	if (id === undefined || mayName(reading, kind, id)) return id;
	return reportCell(row, column, `unknown ${kind} "${id}"`, `the id of a ${kind} in the catalogue`);
}

function mayName(reading: Reading, kind: IdKind, id: string): boolean {
	return reading.ids[kind].has(id) || reading.unread.has(kind);
}

export function dateOf(at: Cursor | undefined): string | undefined {
	const date = textOf(at);
	if (at === undefined || date === undefined || isDate(date)) return date;
	return report(at, `found "${date}"`, "a date such as 2026, 2026-H1, 2026-07 or 2026-07-20");
}

export function dayOf(at: Cursor | undefined): string | undefined {
	const date = textOf(at);
	if (at === undefined || date === undefined || isDay(date)) return date;
	return report(at, `found "${date}"`, "a day such as 2026-07-20");
}

export function dateCell(row: CsvRow, column: string): string | undefined {
	const date = textCell(row, column);
	if (date === undefined || isDate(date)) return date;
	return reportCell(row, column, `found "${date}"`, "a date such as 2026, 2026-H1, 2026-07 or 2026-07-20");
}

export function dayCell(row: CsvRow, column: string): string | undefined {
	const date = textCell(row, column);
	if (date === undefined || isDay(date)) return date;
	return reportCell(row, column, `found "${date}"`, "a day such as 2026-07-20");
}

export function optionalDayCell(row: CsvRow, column: string): string | undefined {
	return cell(row, column) === "" ? undefined : dayCell(row, column);
}

export function snakeCase(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function range(low: number | undefined, high: number | undefined, note: string | undefined): Partial<Figure> {
	return {
		...(low !== undefined && { low }),
		...(high !== undefined && { high }),
		...(note !== undefined && { note }),
	};
}
