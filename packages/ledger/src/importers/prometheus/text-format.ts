/**
 * The text formats of Prometheus (0.0.4, also with quoted names of any character) and OpenMetrics, line by line. Our own,
 * since what npm offers loses histogram sums.
 */

export type PromLine =
	| { readonly kind: "sample"; readonly sample: PromSample }
	| { readonly kind: "type"; readonly family: string; readonly type: PromType }
	| { readonly kind: "nothing" }
	| { readonly kind: "fault"; readonly column: number; readonly fault: string };

export interface PromSample {
	readonly name: string;
	readonly labels: Labels;
	readonly value: number;
	/** Milliseconds since 1970, where the line says them. */
	readonly at?: number;
}

export type Labels = Readonly<Record<string, string>>;
export type PromType = "counter" | "gauge" | "histogram" | "summary" | "untyped" | "info";

/** Reads one line. `#` lines other than TYPE say nothing. */
export function parsePromLine(text: string): PromLine {
	const line = text.trim();
	if (line === "") return { kind: "nothing" };
	if (line.startsWith("#")) return comment(line);
	return new SampleReader(line).read();
}

const TYPES: Readonly<Record<string, PromType>> = {
	counter: "counter",
	gauge: "gauge",
	histogram: "histogram",
	gaugehistogram: "histogram",
	summary: "summary",
	untyped: "untyped",
	unknown: "untyped",
	info: "info",
	stateset: "gauge",
};

function comment(line: string): PromLine {
	const [, family, type = ""] = /^#\s+TYPE\s+("(?:[^"\\]|\\.)*"|\S+)\s+(\S+)/.exec(line) ?? [];
	if (family === undefined) return { kind: "nothing" };
	const known = TYPES[type.toLowerCase()];
	if (known === undefined) return { kind: "fault", column: 1, fault: `"${type}" is no type of a metric` };
	return { kind: "type", family: family.startsWith('"') ? unescape(family.slice(1, -1)) : family, type: known };
}

const NAME = /[A-Za-z_:][A-Za-z0-9_:.]*/y;
const SPACE = /[ \t]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

class SampleReader {
	private at = 0;
	private readonly line: string;

	constructor(line: string) {
		this.line = line;
	}

	read(): PromLine {
		let name = this.match(NAME);
		const labels: Record<string, string> = {};
		this.match(SPACE);
		if (this.line[this.at] === "{") {
			this.at++;
			const fault = this.readLabels(labels, (quoted) => (name ??= quoted));
			if (fault !== undefined) return { kind: "fault", column: this.at + 1, fault };
		}
		if (name === undefined) return { kind: "fault", column: 1, fault: "a sample starts with the name of its metric" };
		return this.readValue(name, labels);
	}

	/** `{a="b", c="d",}`; a quoted text without `=` is the name of the metric. Gives a fault, or nothing. */
	private readLabels(labels: Record<string, string>, onName: (quoted: string) => void): string | undefined {
		for (;;) {
			this.match(SPACE);
			if (this.line[this.at] === "}") {
				this.at++;
				return undefined;
			}
			const quotedName = this.quoted();
			const label = quotedName ?? this.match(NAME);
			if (label === undefined) return 'expected the name of a label or "}"';
			this.match(SPACE);
			if (this.line[this.at] === "=") {
				this.at++;
				this.match(SPACE);
				const value = this.quoted();
				if (value === undefined) return `expected the value of label "${label}" in quotes`;
				if (Object.hasOwn(labels, label)) return `label "${label}" stands twice`;
				labels[label] = value;
			} else if (quotedName !== undefined) onName(quotedName);
			else return `expected "=" after label "${label}"`;
			this.match(SPACE);
			if (this.line[this.at] === ",") this.at++;
			else if (this.line[this.at] !== "}") return 'expected "," or "}" after a label';
		}
	}

	private readValue(name: string, labels: Labels): PromLine {
		const column = this.at + 1;
		// An exemplar (OpenMetrics) follows after " # ".
		const rest = (this.line.slice(this.at).split(" # ", 1)[0] ?? "").trim();
		const [valueText = "", timeText, ...more] = rest.split(/[ \t]+/);
		const value = promNumber(valueText);
		if (value === undefined)
			return { kind: "fault", column, fault: `"${valueText.slice(0, 40)}" is no number that a metric can have` };
		if (more.length > 0) return { kind: "fault", column, fault: "more than a value and a time follow the name" };
		if (timeText === undefined) return { kind: "sample", sample: { name, labels, value } };
		const at = promTime(timeText);
		if (at === undefined) return { kind: "fault", column, fault: `"${timeText.slice(0, 40)}" is no time` };
		return { kind: "sample", sample: { name, labels, value, at } };
	}

	private quoted(): string | undefined {
		QUOTED.lastIndex = this.at;
		const match = QUOTED.exec(this.line);
		if (match === null) return undefined;
		this.at = QUOTED.lastIndex;
		return unescape(match[1] as string);
	}

	private match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const match = pattern.exec(this.line);
		if (match === null) return undefined;
		this.at = pattern.lastIndex;
		return match[0];
	}
}

/** A value as Go reads it: also NaN and infinities; undefined for anything else, and for what overflows. */
export function promNumber(text: string): number | undefined {
	const special = SPECIAL[text.toLowerCase()];
	if (special !== undefined) return special;
	if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
	const value = Number(text);
	return Number.isFinite(value) ? value : undefined;
}

const SPECIAL: Readonly<Record<string, number>> = {
	nan: Number.NaN,
	inf: Number.POSITIVE_INFINITY,
	"+inf": Number.POSITIVE_INFINITY,
	"-inf": Number.NEGATIVE_INFINITY,
};

/** Milliseconds: Prometheus writes whole milliseconds, OpenMetrics seconds; below 1e11 only seconds make sense. */
function promTime(text: string): number | undefined {
	const value = promNumber(text);
	if (value === undefined || !Number.isFinite(value) || value < 0) return undefined;
	return text.includes(".") || value < 1e11 ? value * 1000 : value;
}

function unescape(text: string): string {
	if (!text.includes("\\")) return text;
	return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
