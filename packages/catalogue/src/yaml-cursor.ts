import type { Node, Pair, Scalar, YAMLMap } from "yaml";
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Issues, Place } from "./issue.ts";

/** One place in a YAML file: the node that stands there, and how to name it in a message. */
export interface Cursor {
	readonly node: Node | null;
	readonly path: string;
	readonly source: YamlSource;
	/** Offset to point at where the node itself is missing. */
	readonly offset: number;
}

interface YamlSource {
	readonly file: string;
	readonly lines: LineCounter;
	readonly issues: Issues;
}

/** Parses a file. Anchors and tags are not for data: a copy by reference hides what a line means. */
export function openYaml(file: string, text: string, issues: Issues): Cursor | undefined {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, schema: "core", merge: false, logLevel: "silent" });
	const source = { file, lines, issues };
	if (document.errors.length === 0) return { node: document.contents, path: "", source, offset: 0 };
	for (const error of document.errors) {
		const { line, col } = lines.linePos(error.pos[0]);
		const message = error.message.split(/ at line \d+/)[0] ?? error.message;
		issues.add({ file, line, column: col, path: "" }, message, "a well-formed YAML file");
	}
	return undefined;
}

export function placeOf(at: Cursor): Place {
	const { line, col } = at.source.lines.linePos(at.node?.range?.[0] ?? at.offset);
	return { file: at.source.file, line, column: col, path: at.path };
}

export function report(at: Cursor, message: string, expected: string): undefined {
	return at.source.issues.add(placeOf(at), message, expected);
}

/** The members of a mapping; reports any that is not among `known`. */
export function members(at: Cursor, known?: readonly string[]): Map<string, Cursor> {
	const found = new Map<string, Cursor>();
	if (!isMap(at.node)) {
		report(at, `found ${kindOf(at.node)}`, "a mapping");
		return found;
	}
	for (const pair of (at.node as YAMLMap).items) {
		const member = memberOf(at, pair);
		if (known !== undefined && !known.includes(member.key)) {
			report(
				{ ...member.cursor, node: pair.key as Node },
				`unknown member "${member.key}"`,
				`one of ${known.join(", ")}`,
			);
		} else found.set(member.key, member.cursor);
	}
	return found;
}

export function elements(at: Cursor | undefined): Cursor[] {
	if (at === undefined) return [];
	if (!isSeq(at.node)) {
		report(at, `found ${kindOf(at.node)}`, "a list");
		return [];
	}
	return at.node.items.map((item, index) => ({
		node: isPair(item) ? null : (item as Node),
		path: `${at.path}[${index}]`,
		source: at.source,
		offset: at.node?.range?.[0] ?? at.offset,
	}));
}

/** A member that must be there. */
export function need(at: Cursor, found: ReadonlyMap<string, Cursor>, key: string): Cursor | undefined {
	return found.get(key) ?? report(at, `member "${key}" is missing`, `a member "${key}"`);
}

export function isMapping(at: Cursor): boolean {
	return isMap(at.node);
}

export function isList(at: Cursor): boolean {
	return isSeq(at.node);
}

export function textOf(at: Cursor | undefined): string | undefined {
	if (at === undefined) return undefined;
	const value = scalarOf(at);
	if (typeof value === "string" && value !== "") return value;
	return report(at, `found ${shown(at)}`, typeof value === "number" ? "text: put it in quotes" : "text");
}

export function numberOf(at: Cursor | undefined): number | undefined {
	if (at === undefined) return undefined;
	const value = scalarOf(at);
	return typeof value === "number" && Number.isFinite(value) ? value : report(at, `found ${shown(at)}`, "a number");
}

export function flagOf(at: Cursor | undefined): boolean | undefined {
	if (at === undefined) return undefined;
	const value = scalarOf(at);
	return typeof value === "boolean" ? value : report(at, `found ${shown(at)}`, "true or false");
}

export function choiceOf<T extends string>(at: Cursor | undefined, choices: readonly T[]): T | undefined {
	const value = textOf(at);
	if (at === undefined || value === undefined) return undefined;
	const choice = choices.find((c) => c === value);
	return choice ?? report(at, `found "${value}"`, `one of ${choices.join(", ")}`);
}

export function textsOf(at: Cursor | undefined): string[] {
	return elements(at).flatMap((element) => textOf(element) ?? []);
}

/** The data as plain values, for members whose shape belongs to someone else. */
export function plain(at: Cursor): unknown {
	if (isScalar(at.node)) return at.node.value;
	if (isMap(at.node)) return Object.fromEntries([...members(at)].map(([key, member]) => [key, plain(member)]));
	if (isSeq(at.node)) return elements(at).map(plain);
	return at.node === null ? null : report(at, `found ${kindOf(at.node)}`, "a value without anchors or references");
}

function memberOf(at: Cursor, pair: Pair): { key: string; cursor: Cursor } {
	const key = String(isScalar(pair.key) ? (pair.key as Scalar).value : pair.key);
	const path = at.path === "" ? key : `${at.path}.${key}`;
	const offset = (pair.key as Node | null)?.range?.[0] ?? at.offset;
	return { key, cursor: { node: pair.value as Node | null, path, source: at.source, offset } };
}

function scalarOf(at: Cursor): unknown {
	return isScalar(at.node) ? at.node.value : undefined;
}

function shown(at: Cursor): string {
	return isScalar(at.node) && at.node.value !== null ? JSON.stringify(at.node.value) : kindOf(at.node);
}

function kindOf(node: unknown): string {
	if (node === null || node === undefined || (isScalar(node) && node.value === null)) return "nothing";
	if (isMap(node)) return "a mapping";
	if (isSeq(node)) return "a list";
	if (isAlias(node)) return "a reference";
	return "a single value";
}
