import { currencyOf } from "./dimension.ts";
import { QuantityError } from "./quantity-error.ts";
import type { AnyUnit } from "./unit.ts";

export interface FormatOptions {
	/** Significant digits, at least; whole parts are always written out. 3 unless told. */
	readonly digits?: number;
	/** What stands between the ends of a range where a dash would meet a minus; " to " unless told. */
	readonly to?: string;
}

/**
 * A number of `unit` for people: `$2.07/GPU-hr`, `0.366 ¢/request`, `45.0%`, `5.00B tok/day`. At least three significant
 * digits, never scientific notation, the same text on every machine; `parseQuantity` reads it back.
 */
export function formatQuantity(value: number, unit: AnyUnit | string, options: FormatOptions = {}): string {
	const style = styleOf([value], symbolOf(unit));
	const text = scaled(value, style, options.digits ?? 3);
	return wrap(numbered(style, text), text);
}

/** Two ends that share a unit: `$1.85–2.60/GPU-hr`, `-$3.60M to $2.60M`. Enough digits that the ends differ. */
export function formatRange(low: number, high: number, unit: AnyUnit | string, options: FormatOptions = {}): string {
	const style = numbered(styleOf([low, high], symbolOf(unit)));
	let digits = options.digits ?? 3;
	while (digits < 15 && low !== high && scaled(low, style, digits) === scaled(high, style, digits)) digits++;
	const [first, last] = [scaled(low, style, digits), scaled(high, style, digits)];
	if (low < 0 || high < 0) return `${wrap(style, first)}${options.to ?? " to "}${wrap(style, last)}`;
	return `${style.before}${first}–${last}${style.after}`;
}

/** A plain number with at least `digits` significant digits and groups of three: `28,724`, `0.0189`, `5.00`. */
export function significant(n: number, digits: number): string {
	if (!Number.isFinite(n)) throw new QuantityError("not-finite", "only a finite number can be printed", n);
	if (n === 0) return "0";
	const size = Math.abs(n);
	const exponent = Number(size.toExponential(digits - 1).split("e")[1]);
	const text = size < 1e21 ? size.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent))) : BigInt(size).toString();
	const [whole, decimals] = text.split(".") as [string, string?];
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
	return `${n < 0 && /[1-9]/.test(text) ? "-" : ""}${grouped}${decimals === undefined ? "" : `.${decimals}`}`;
}

/** How numbers of a unit are written: what stands around them, and what scales them. */
interface Style {
	readonly before: string;
	readonly after: string;
	readonly factor: number;
	/** Powers of 1000 as letters, from this size on. */
	readonly lettersFrom: number;
	/** Counted things: whole numbers carry no decimals. */
	readonly counted: boolean;
	/** The name of more than one: `40 GPUs`. */
	readonly plural?: string;
	/** A share that is not quite the whole never prints as 100%. */
	readonly share: boolean;
}

const PLAIN: Style = { before: "", after: "", factor: 1, lettersFrom: Infinity, counted: false, share: false };
const LETTERS: readonly (readonly [number, string])[] = [
	[1e12, "T"],
	[1e9, "B"],
	[1e6, "M"],
	[1e3, "k"],
];
const COUNTED: ReadonlySet<string> = new Set([
	"",
	"GPU",
	"request",
	"user",
	"replica",
	"host",
	"tok",
	"B",
	"tok/request",
	"month",
]);

/** Units that are words or names of things, as they are written of more than one. */
const PLURALS: ReadonlyMap<string, string> = new Map(
	["GPU", "request", "user", "replica", "host", "day", "month"].map((one) => [one, `${one}s`]),
);

function symbolOf(unit: AnyUnit | string): string {
	if (typeof unit === "string") return unit;
	const code = currencyOf(unit.dims);
	return code !== undefined && unit.symbol === "" ? code : unit.symbol;
}

function styleOf(values: readonly number[], symbol: string): Style {
	if (symbol === "fraction") return { ...PLAIN, after: "%", factor: 100, share: true };
	if (symbol === "%") return { ...PLAIN, after: "%", share: true };
	if (symbol === "x") return { ...PLAIN, after: "x" };
	if (symbol === "Mtok") return { ...PLAIN, after: " tok", factor: 1e6, lettersFrom: 1e3, counted: true };
	if (symbol === "tok/day") return { ...PLAIN, after: " tok/day", lettersFrom: 1e3, counted: true };
	if (symbol === "USD" || symbol.startsWith("USD/")) return dollars(values, symbol.slice(3));
	const many = PLURALS.get(symbol);
	return {
		...PLAIN,
		after: symbol === "" ? "" : ` ${symbol}`,
		...(many === undefined ? {} : { plural: ` ${many}` }),
		counted: COUNTED.has(symbol),
	};
}

/** With the name of one thing or of several; a range is of several. */
function numbered(style: Style, text?: string): Style {
	return style.plural === undefined || text === "1" || text === "-1" ? style : { ...style, after: style.plural };
}

function dollars(values: readonly number[], under: string): Style {
	// a cost per token stands beside others of its kind, which are in dollars
	const mayBeCents = under !== "/Mtok";
	const cents = mayBeCents && values.every((value) => Math.abs(value) < 0.01) && values.some((value) => value !== 0);
	if (cents) return { ...PLAIN, after: ` ¢${under}`, factor: 100 };
	return { ...PLAIN, before: "$", after: under.replace("/Mtok", "/M tok"), lettersFrom: 1e6 };
}

function wrap(style: Style, text: string): string {
	return text.startsWith("-")
		? `-${style.before}${text.slice(1)}${style.after}`
		: `${style.before}${text}${style.after}`;
}

function scaled(value: number, style: Style, digits: number): string {
	const n = value * style.factor;
	if (style.share) return shareText(n, digits);
	const size = Math.abs(n);
	if (size >= style.lettersFrom) {
		const [power, letter] = letterFor(size, digits);
		return `${significant(n / power, digits)}${letter}`;
	}
	return style.counted && Number.isInteger(n) ? significant(n, 1) : significant(n, digits);
}

function letterFor(size: number, digits: number): readonly [number, string] {
	const rounded = Number(size.toPrecision(digits));
	return LETTERS.find(([power]) => rounded >= power) ?? [1, ""];
}

function shareText(percent: number, digits: number): string {
	let text = significant(percent, digits);
	for (let more = digits + 1; more <= 12 && percent < 100 && Number(text) >= 100; more++)
		text = significant(percent, more);
	return text;
}
