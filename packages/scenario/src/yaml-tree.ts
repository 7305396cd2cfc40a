import {
	Composer,
	type CST,
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	Lexer,
	LineCounter,
	type Node,
	Parser,
} from "yaml";
import type { Issue, IssueCode } from "./issue.ts";
import type { FileOrigin } from "./scenario.ts";
import type { Entry, MapTree, Tree } from "./tree.ts";

export const MAX_BYTES = 2_000_000;
export const MAX_DEPTH = 20;
export const MAX_NODES = 20_000;

/** Words, spaces, line ends, signs: about five for each value. */
const MAX_LEXEMES = 100_000;
const MAX_TEXT = 20_000;
const FEW_HUNDRED = "a scenario needs no more than a few hundred values";

/** Control characters but tab and line ends, what decoders put for bytes that are no text, byte order marks within. */
const NO_TEXT = /(?![\t\n\r\u0085])\p{Cc}|[\ufffd-\uffff]|(?!^)\ufeff/u;

export type ReadTree =
	| { readonly ok: true; readonly tree: Tree }
	| { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * YAML 1.2 to a tree. Text that is too large, no text at all, nested too deep or blown up by aliases is refused before
 * it costs anything; of a syntax error only the first is told, since the others follow from it.
 */
export function readYaml(text: string, file: string): ReadTree {
	try {
		return { ok: true, tree: new YamlReading(text, file).read() };
	} catch (error) {
		if (error instanceof Refusal) return { ok: false, issues: [error.issue] };
		throw error;
	}
}

/** Leaves the reading at the first thing that makes the rest meaningless. */
class Refusal extends Error {
	readonly issue: Issue;

	constructor(issue: Issue) {
		super(issue.message);
		this.issue = issue;
	}
}

class YamlReading {
	private readonly lines = new LineCounter();
	private readonly anchors = new Map<string, Node>();
	private readonly open = new Set<Node>();
	private nodes = 0;
	/** The outermost alias being written out: the place to name when there is too much of it. */
	private alias: Node | undefined;
	private readonly text: string;
	private readonly file: string;

	constructor(text: string, file: string) {
		this.text = text;
		this.file = file;
	}

	read(): Tree {
		this.refuseLarge();
		this.refuseBinary();
		this.refuseBareReturns();
		const root = this.compose().contents;
		if (root === null) this.refuse("missing-field", "the file is empty", 0, "write version: 1 in its first line");
		return this.toTree(root, this.placeOf(root), 1);
	}

	/** The one line that they make is a comment, or no YAML, and says nothing of its cause. */
	private refuseBareReturns(): void {
		if (this.text.includes("\n") || !/\r[^\r]/.test(this.text)) return;
		this.refuse("not-yaml", "its lines end with carriage returns alone", 0, "save it with line feeds (LF or CRLF)");
	}

	private refuseLarge(): void {
		const bytes = this.text.length > MAX_BYTES ? this.text.length : utf8Length(this.text);
		if (bytes <= MAX_BYTES) return;
		const size = bytes < 10_000_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`;
		throw this.refusal("file-too-large", `the file has ${size}, and a scenario has 2 MB at most`, {
			line: 1,
			column: 1,
			hint: "check that this is the file you meant",
		});
	}

	private refuseBinary(): void {
		const at = this.text.search(NO_TEXT);
		if (at < 0) return;
		const before = this.text.slice(0, at);
		const code = this.text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
		throw this.refusal("not-text", `the character U+${code} does not occur in a text file`, {
			line: before.split("\n").length,
			column: at - before.lastIndexOf("\n"),
			hint: "save the scenario as UTF-8 text",
		});
	}

	private compose(): Document.Parsed {
		const tokens = this.tokens();
		this.refuseDeepTokens(tokens);
		const composer = new Composer({ uniqueKeys: false, prettyErrors: false, keepSourceTokens: false });
		const documents = [...composer.compose(tokens, true, this.text.length)];
		const [first, second] = documents;
		if (first === undefined)
			return this.refuse("missing-field", "the file is empty", 0, "write version: 1 in its first line");
		const fault = first.errors[0] ?? first.warnings[0];
		if (fault !== undefined) {
			this.refuse("not-yaml", `this is not YAML: ${lowerFirst(fault.message)}`, fault.pos[0], hintFor(fault.code));
		}
		if (second !== undefined) {
			this.refuse("not-yaml", "the file holds more than one document", second.range[0], "keep one scenario to a file");
		}
		return first as Document.Parsed;
	}

	/** The parser's own loop over the lexer, with a limit to what it takes in. */
	private tokens(): CST.Token[] {
		const tokens: CST.Token[] = [];
		const parser = new Parser(this.lines.addNewLine);
		this.lines.addNewLine(0);
		let count = 0;
		for (const lexeme of new Lexer().lex(this.text)) {
			if (++count > MAX_LEXEMES) {
				this.refuse("too-many-nodes", "the file holds far more than a scenario", parser.offset, FEW_HUNDRED);
			}
			if (lexeme.length > MAX_TEXT) {
				this.refuse("out-of-bounds", `a text of ${lexeme.length} characters has no place in a scenario`, parser.offset);
			}
			for (const token of parser.next(lexeme)) tokens.push(token);
		}
		for (const token of parser.end()) tokens.push(token);
		return tokens;
	}

	/** The tokens of a file nest as its values do; the composer would recurse into them. */
	private refuseDeepTokens(tokens: readonly CST.Token[]): void {
		const stack: [CST.Token, number][] = tokens.map((token) => [token, 0]);
		for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
			const [token, depth] = top;
			const collection = token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection";
			if (collection && depth >= MAX_DEPTH) this.refuseDeep(token.offset);
			if (token.type === "document" && token.value !== undefined) stack.push([token.value, depth]);
			if (!collection) continue;
			for (const item of token.items) {
				if (item.key !== undefined && item.key !== null) stack.push([item.key, depth + 1]);
				if (item.value !== undefined) stack.push([item.value, depth + 1]);
			}
		}
	}

	private toTree(node: Node, origin: FileOrigin, depth: number): Tree {
		this.nodes++;
		if (this.nodes > MAX_NODES) {
			this.refuse(
				"too-many-nodes",
				`the file holds more than ${MAX_NODES} values${this.anchors.size > 0 ? " once its aliases (*) are written out" : ""}`,
				startOf(this.alias ?? node),
				FEW_HUNDRED,
			);
		}
		if (depth > MAX_DEPTH) this.refuseDeep(startOf(node));
		if (isAlias(node)) return this.fromAlias(node.source, node, depth);
		if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
		if (isScalar(node)) return this.toScalar(node.value, node.source, origin);
		this.open.add(node);
		const tree = isMap(node) ? this.toMap(node.items, origin, depth) : this.toList(node, origin, depth);
		this.open.delete(node);
		return tree;
	}

	private fromAlias(name: string, alias: Node, depth: number): Tree {
		const target = this.anchors.get(name);
		if (target === undefined)
			return this.refuse("not-yaml", `the alias *${name} names no anchor before it`, startOf(alias));
		if (this.open.has(target))
			return this.refuse("not-yaml", `the alias *${name} stands inside what it names`, startOf(alias));
		const outer = this.alias;
		this.alias ??= alias;
		const tree = this.toTree(target, this.placeOf(target), depth + 1);
		this.alias = outer;
		return tree;
	}

	private toScalar(value: unknown, source: string | undefined, origin: FileOrigin): Tree {
		const known =
			typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null;
		const text = source ?? String(value);
		return { kind: "scalar", value: known ? value : text, text, origin: { ...origin, text } };
	}

	private toMap(
		items: readonly { readonly key: unknown; readonly value: unknown }[],
		origin: FileOrigin,
		depth: number,
	): MapTree {
		const entries = new Map<string, Entry>();
		for (const item of items) {
			const keyNode = item.key as Node;
			if (!isScalar(keyNode))
				this.refuse("wrong-type", "a field name must be plain text", startOf(keyNode) || startOf(item.value as Node));
			const name = keyNode.source ?? String(keyNode.value);
			const key = this.placeOf(keyNode);
			const earlier = entries.get(name)?.key;
			if (earlier?.kind === "file") {
				const lines = earlier.line === key.line ? `line ${key.line}` : `lines ${earlier.line} and ${key.line}`;
				const message = `${quote(name)} is given twice, in ${lines}`;
				const related = [{ file: this.file, line: earlier.line, column: earlier.column }];
				throw this.refusal("duplicate-field", message, { ...key, related, hint: "keep one of the two" });
			}
			const value = item.value as Node | null;
			const place = value === null ? key : isScalar(value) || isAlias(value) ? this.placeOf(value) : key;
			const tree: Tree =
				value === null ? { kind: "scalar", value: null, text: "", origin: key } : this.toTree(value, place, depth + 1);
			entries.set(name, { key, tree });
		}
		return { kind: "map", entries, origin };
	}

	private toList(node: Node, origin: FileOrigin, depth: number): Tree {
		const items = isSeq(node) ? node.items : [];
		return {
			kind: "list",
			items: items.map((item) => this.toTree(item as Node, this.placeOf(item as Node), depth + 1)),
			origin,
		};
	}

	private placeOf(node: Node): FileOrigin {
		return { kind: "file", file: this.file, ...this.positionAt(startOf(node)) };
	}

	private positionAt(offset: number): { line: number; column: number } {
		const { line, col } = this.lines.linePos(Math.min(Math.max(offset, 0), this.text.length));
		return { line: Math.max(1, line), column: Math.max(1, col) };
	}

	private refuseDeep(offset: number): never {
		this.refuse("too-deep", `the file nests more than ${MAX_DEPTH} levels deep`, offset, "a scenario needs five");
	}

	private refuse(code: IssueCode, message: string, offset: number, hint?: string): never {
		throw this.refusal(code, message, { ...this.positionAt(offset), ...(hint === undefined ? {} : { hint }) });
	}

	private refusal(
		code: IssueCode,
		message: string,
		at: { line: number; column: number; hint?: string; related?: Issue["related"] },
	): Refusal {
		const { line, column, hint, related } = at;
		return new Refusal({
			code,
			message,
			file: this.file,
			line,
			column,
			path: "",
			...(hint === undefined ? {} : { hint }),
			...(related === undefined ? {} : { related }),
		});
	}
}

/** A name of the file in quotes, short enough for a message. */
export function quote(name: string): string {
	return `"${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`.replace(/[\n\r\t]+/g, " ");
}

function startOf(node: Node | null | undefined): number {
	return node?.range?.[0] ?? 0;
}

function lowerFirst(text: string): string {
	const short = text.length > 160 ? `${text.slice(0, 160)}…` : text;
	return short.charAt(0).toLowerCase() + short.slice(1).replace(/[\n\r\t]+/g, " ");
}

function hintFor(code: string): string | undefined {
	if (code === "TAB_AS_INDENT") return "indent with spaces";
	if (code === "BAD_INDENT") return "indent members of one section alike, with spaces";
	if (code === "TAG_RESOLVE_FAILED") return "leave out the tag (!…)";
	if (code === "BLOCK_AS_IMPLICIT_KEY") return "put texts that hold a colon in quotes";
	return undefined;
}

/** Bytes of a text in UTF-8; only as exact as the limit needs. */
function utf8Length(text: string): number {
	if (text.length * 3 <= MAX_BYTES) return text.length;
	let bytes = text.length;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit >= 0x80) bytes += unit >= 0x800 && (unit & 0xf800) !== 0xd800 ? 2 : 1;
	}
	return bytes;
}
