import type { Distribution } from "../model/distribution.ts";
import { currencyOf, type Dims, isDimensionless, productDims, sameDims, tokenKindOf } from "./dimension.ts";
import { QuantityError, type QuantityErrorCode } from "./quantity-error.ts";
import type { AnyUnit, Quantity, Unit } from "./unit.ts";
import {
	ANY_KIND,
	lacksCurrency,
	powerExponent,
	type ReadUnit,
	readUnit,
	unitName,
	withTokenKind,
} from "./unit-registry.ts";

export interface ParseQuantityOptions {
	/** Unit of a number that comes without one. Plain for dimensionless numbers and for counts of one thing. */
	readonly bareUnit?: AnyUnit;
	/** Limits in the wanted unit. */
	readonly bounds?: Bounds;
	/** A share of a whole: its ranges are logit-normal. */
	readonly fraction?: boolean;
	/** Shown where a text cannot be put right without another meaning; any number in the unit unless given. */
	readonly example?: string;
	/** False: one number, no range. */
	readonly range?: boolean;
	/** Whole numbers only, counted in the wanted unit. */
	readonly whole?: boolean;
	/** What a written unit may leave out: with `request`, "8192 tokens" stands for tokens per request. */
	readonly impliedPer?: AnyUnit;
}

export interface Bounds {
	readonly min?: number;
	readonly max?: number;
	/** Limits that are not reached themselves. */
	readonly above?: number;
	readonly below?: number;
}

/** A number or a range as a person wrote it. Both carry the distribution that a model takes in. */
export type ParsedQuantity<D extends Dims> = ParsedPoint<D> | ParsedRange<D>;

export interface ParsedPoint<D extends Dims> {
	readonly kind: "point";
	readonly quantity: Quantity<D>;
	readonly distribution: Distribution;
}

/** 5th and 95th percentile. */
export interface ParsedRange<D extends Dims> {
	readonly kind: "range";
	readonly low: Quantity<D>;
	readonly high: Quantity<D>;
	readonly distribution: Distribution;
}

/**
 * Reads what people write: `5B tokens/day`, `32k`, `85 to 120 USD`, `45%`, `$2.07/GPU-hr`. `k`, `M`, `B` and `T` are
 * powers of 1000. Throws a QuantityError that says what was expected and shows the text put right.
 */
export function parseQuantity<D extends Dims>(
	text: string,
	unit: Unit<D>,
	options: ParseQuantityOptions = {},
): ParsedQuantity<D> {
	const wanted: Wanted = { unit, options, text };
	refuseStrangeText(wanted);
	const ends = splitRange(wanted);
	const first = readEnd(wanted, ends[0] as string);
	if (ends.length === 1) return toPoint(wanted, unit.dims, toBase(wanted, alone(wanted, first)));
	if (options.range === false) {
		throw problem(wanted, "impossible-range", `"${text}" is a range where one number is expected`, {
			hint: `write one of the two ends: ${example(wanted, (ends[0] as string).trim())}`,
		});
	}
	const [low, high] = shared(wanted, first, readEnd(wanted, ends[1] as string));
	return toRange(wanted, unit.dims, toBase(wanted, low), toBase(wanted, high));
}

interface Wanted {
	readonly unit: AnyUnit;
	readonly options: ParseQuantityOptions;
	readonly text: string;
}

/** One number with what stands around it. */
interface RawEnd {
	readonly text: string;
	/** Digits, point and exponent, without separators. */
	readonly digits: string;
	readonly minus: boolean;
	readonly currency: string;
	readonly rest: string;
}

/** One number with its power of ten and the unit it is in. */
interface End extends RawEnd {
	readonly scale: Scale;
	readonly unitText: string;
}

interface Scale {
	readonly letter: string;
	readonly exponent: number;
	readonly unitText: string;
}

const MAX_LENGTH = 200;
const RANGE = /\s+to\s+|\s*[–—]\s*/i;
const END =
	/^(?<sign>[+-]?)\s*(?:(?<currency>[$€£]|(?:USD|EUR|GBP|CNY|JPY)(?=[\s\d.-]))\s*(?<inner>-?)\s*)?(?<number>[\d.][\d.,_]*(?:[eE][+-]?\d+)?)\s*(?<rest>.*)$/;
const NUMBER = /^(?:(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:_\d{3})+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const MULTIPLIER = /^(?<letter>[kKMBT]|(?:thousand|million|billion|trillion)\b)(?<behind>.*)$/;
const EXPONENTS: { readonly [letter: string]: number } = {
	k: 3,
	K: 3,
	M: 6,
	B: 9,
	T: 12,
	thousand: 3,
	million: 6,
	billion: 9,
	trillion: 12,
};
/** Factors that shift the decimal point: the number is then read in one rounding. */
const POWERS_OF_TEN: ReadonlyMap<number, number> = new Map(
	Array.from({ length: 31 }, (_, i): [number, number] => [Number(`1e${i - 12}`), i - 12]),
);

function refuseStrangeText(wanted: Wanted): void {
	const { text } = wanted;
	if (text.length > MAX_LENGTH) {
		throw new QuantityError(
			"unreadable-quantity",
			`a text of ${text.length} characters is no quantity`,
			shorten(text),
			{
				expected: expectation(wanted),
				hint: `write it short, such as ${sample(wanted)}`,
			},
		);
	}
	for (const character of text) {
		if (/[\t\n\r -~–—·×µμ¢€£]/u.test(character)) continue;
		const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
		throw problem(wanted, "unreadable-quantity", `the character U+${code} cannot stand in a quantity`, {
			hint: `write plain digits and letters, such as ${sample(wanted)}`,
		});
	}
	if (text.trim() === "") {
		throw problem(wanted, "unreadable-quantity", "an empty text is no quantity", {
			hint: `write a number, such as ${sample(wanted)}`,
		});
	}
}

function splitRange(wanted: Wanted): string[] {
	const ends = wanted.text.trim().split(RANGE);
	if (ends.length > 2) {
		throw problem(wanted, "unreadable-quantity", `"${shorten(wanted.text)}" has more than two ends`, {
			hint: `write a range as ${example(wanted, "10 to 20")}`,
		});
	}
	return ends;
}

function readEnd(wanted: Wanted, text: string): RawEnd {
	const groups = END.exec(text.trim())?.groups;
	if (groups === undefined || (groups["sign"] !== "" && groups["inner"] === "-")) {
		throw problem(wanted, "unreadable-quantity", `cannot read a number in "${shorten(text)}"`, {
			hint: `start with a number, such as ${sample(wanted)}`,
		});
	}
	const number = groups["number"] as string;
	const rest = (groups["rest"] as string).trim();
	if (!NUMBER.test(number)) throw badNumber(wanted, number);
	if (/^(?:-|to\b)\s*[\d.$]/.test(rest)) {
		throw problem(wanted, "unreadable-quantity", `"${shorten(text)}" may be a range or a difference`, {
			hint: `write a range as ${example(wanted, `${number} to ${rest.replace(/^(?:-|to)\s*/, "")}`)}`,
		});
	}
	const digits = number.replace(/[,_]/g, "");
	const size = Number(digits);
	if (!Number.isFinite(size) || (size === 0 && /[1-9]/.test(digits.replace(/[eE].*$/, "")))) {
		throw problem(
			wanted,
			"not-finite",
			`${shorten(number)} is too ${size === 0 ? "small" : "large"} to be a quantity`,
			{
				hint: `write a number that can be, such as ${sample(wanted)}`,
			},
		);
	}
	const minus = groups["sign"] === "-" || groups["inner"] === "-";
	return { text: text.trim(), digits, minus, currency: groups["currency"] ?? "", rest };
}

function badNumber(wanted: Wanted, digits: string): QuantityError {
	const decimalComma = /^\d+,\d+$/.test(digits);
	return problem(wanted, "unreadable-quantity", `"${shorten(digits)}" is no well-formed number`, {
		hint: decimalComma
			? `write the decimals behind a point (${example(wanted, digits.replace(",", "."))}) or group by threes (1,500)`
			: POINTS_BETWEEN_THREES.test(digits)
				? `group by commas: ${digits.replace(/[.,]/g, (mark) => (mark === "." ? "," : "."))}`
				: "write it as 1500, 1,500, 1_500 or 1.5k",
	});
}

/** `5.000.000` and `1.500,5`, which can be read in one way only. */
const POINTS_BETWEEN_THREES = /^\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d+)?|(?:\.\d{3})+,\d+)$/;

function alone(wanted: Wanted, raw: RawEnd): End {
	const scale = scaleOf(wanted, raw);
	return { ...raw, scale, unitText: withCurrency(raw.currency, scale.unitText) };
}

/** A unit or currency written on one end of a range holds for the other; a power of 1000 does not. */
function shared(wanted: Wanted, low: RawEnd, high: RawEnd): [End, End] {
	const [a, b] = [scaleOf(wanted, low), scaleOf(wanted, high)];
	const lowOpen = a.letter === "" && a.unitText === "" && Number(low.digits) !== 0;
	if (b.letter !== "" && lowOpen && Number(low.digits) < Number(high.digits)) {
		const scaled = `${low.text}${b.letter.length > 1 ? " " : ""}${b.letter}`;
		throw problem(wanted, "unreadable-quantity", `"${shorten(wanted.text)}" may start at ${low.text} or at ${scaled}`, {
			expected: "both ends written out",
			hint: `write ${scaled} to ${high.text}, or ${low.text} to ${plain(decimal(high.digits, b.exponent))}`,
		});
	}
	const currency = low.currency || high.currency;
	return [
		{ ...low, scale: a, unitText: withCurrency(currency, a.unitText || b.unitText) },
		{ ...high, scale: b, unitText: withCurrency(currency, b.unitText || a.unitText) },
	];
}

/** Tells a power of 1000 from the prefix of a unit: `5B tokens/day`, `130 kW`, `40M`. */
function scaleOf(wanted: Wanted, raw: RawEnd): Scale {
	const whole: Scale = { letter: "", exponent: 0, unitText: raw.rest };
	const groups = MULTIPLIER.exec(raw.rest)?.groups;
	if (groups === undefined) return whole;
	const letter = groups["letter"] as string;
	const behind = groups["behind"] as string;
	const split: Scale = { letter, exponent: EXPONENTS[letter] as number, unitText: behind.trim() };
	const splitReads = typeof readUnit(split.unitText) !== "string";
	if (/^\s/.test(behind) && splitReads) return split;
	if (isWanted(wanted, raw.rest)) return whole;
	if (split.unitText === "" || isWanted(wanted, withCurrency(raw.currency, split.unitText))) return split;
	if (typeof readUnit(raw.rest) === "string") return splitReads ? split : whole;
	return behind.startsWith("/") ? split : whole;
}

function isWanted(wanted: Wanted, unitText: string): boolean {
	const read = readUnit(unitText);
	if (unitText === "" || typeof read === "string") return false;
	return sameDims(dimsOf(wanted, read), wanted.unit.dims);
}

/** Dimensions as meant: tokens of the wanted kind, and per what the caller says may go unwritten. */
function dimsOf(wanted: Wanted, read: ReadUnit): Dims {
	const dims = withTokenKind(read.dims, tokenKindOf(wanted.unit.dims));
	const implied = wanted.options.impliedPer;
	if (implied === undefined || sameDims(dims, wanted.unit.dims)) return dims;
	const full = productDims(dims, implied.dims, -1);
	return sameDims(full, wanted.unit.dims) ? full : dims;
}

/** In the unit asked for. Nothing measured or paid lies beyond, and products of what does are no numbers any more. */
const SMALLEST = 1e-15;
const LARGEST = 1e30;

/** Value in base units. */
function toBase(wanted: Wanted, end: End): number {
	const { unit, options } = wanted;
	const bare = end.unitText === "";
	const from = bare ? bareUnit(wanted, end) : convertible(wanted, end);
	const sign = end.minus ? -1 : 1;
	const shift = POWERS_OF_TEN.get(from.factor);
	const written = sign * decimal(end.digits, end.scale.exponent);
	const base = shift === undefined ? written * from.factor : sign * decimal(end.digits, end.scale.exponent + shift);
	if (!Number.isFinite(base)) {
		throw problem(wanted, "not-finite", `${shorten(end.text)} is too large to be a quantity`, {
			hint: `write a number that can be, such as ${sample(wanted)}`,
		});
	}
	const value = from.factor === unit.factor ? written : base / unit.factor;
	checkBounds(wanted, end, value, bare);
	if (value !== 0 && (Math.abs(value) < SMALLEST || Math.abs(value) > LARGEST)) {
		const how = Math.abs(value) < SMALLEST ? "small" : "large";
		throw problem(wanted, "not-finite", `${shorten(end.text)} is too ${how} to be a quantity`, {
			hint: `write a number that can be, such as ${sample(wanted)}`,
		});
	}
	if (options.whole === true && Math.abs(value - Math.round(value)) > 1e-9 * Math.max(1, Math.abs(value))) {
		throw problem(wanted, "out-of-bounds", `${shorten(end.text)} is not a whole number`, {
			expected: "a whole number",
			hint: `write ${example(wanted, plain(Math.max(Math.round(value), options.bounds?.min ?? 0)))}`,
		});
	}
	return base === 0 ? 0 : base;
}

function decimal(digits: string, shift: number): number {
	const [mantissa, exponent = "0"] = digits.split(/[eE]/) as [string, string?];
	return Number(`${mantissa}e${Number(exponent) + shift}`);
}

function withCurrency(currency: string, unitText: string): string {
	if (currency === "") return unitText;
	return unitText === "" || /^(?:\/|per\b)/i.test(unitText) ? `${currency} ${unitText}`.trim() : unitText;
}

function bareUnit(wanted: Wanted, end: End): AnyUnit {
	const { unit, options } = wanted;
	if (options.bareUnit !== undefined) return options.bareUnit;
	if (isDimensionless(unit.dims)) return { symbol: "", dims: {}, factor: unit.symbol === "%" ? 0.01 : 1 };
	if (isCount(unit.dims) && unit.factor === 1) return unit;
	if (currencyOf(unit.dims) !== undefined) throw missingCurrency(wanted, end);
	throw problem(wanted, "wrong-unit", `"${shorten(end.text)}" has no unit, where ${unitName(unit)} is expected`, {
		hint: rewritten(wanted),
	});
}

function convertible(wanted: Wanted, end: End): AnyUnit {
	const { unit } = wanted;
	const { unitText } = end;
	const read = readUnit(unitText);
	if (typeof read === "string") {
		throw problem(wanted, "wrong-unit", `cannot read the unit of "${shorten(end.text)}": ${read}`, {
			hint: rewritten(wanted),
		});
	}
	const dims = dimsOf(wanted, read);
	if (lacksCurrency(dims, unit.dims)) throw missingCurrency(wanted, end);
	if (!sameDims(dims, unit.dims)) throw wrongUnit(wanted, end, read);
	if (read.power !== powerExponent(unit.symbol)) {
		throw problem(
			wanted,
			"wrong-unit",
			`"${shorten(end.text)}" is in ${read.symbol}, where ${unitName(unit)} is expected: one counts power, the other energy`,
			{ hint: rewritten(wanted) },
		);
	}
	return { symbol: read.symbol, dims, factor: read.factor };
}

function wrongUnit(wanted: Wanted, end: End, read: ReadUnit): QuantityError {
	const { unit } = wanted;
	const got = ANY_KIND in read.dims ? read.symbol : unitName(read);
	return problem(wanted, "wrong-unit", `"${shorten(end.text)}" is in ${got}, where ${unitName(unit)} is expected`, {
		hint: areRequests(wanted, read)
			? `count tokens, which are requests times the tokens of each, such as ${sample(wanted)}`
			: rewritten(wanted),
	});
}

function areRequests({ unit }: Wanted, { dims }: ReadUnit): boolean {
	return tokenKindOf(unit.dims) !== undefined && dims["req"] !== undefined && !(ANY_KIND in dims);
}

function missingCurrency(wanted: Wanted, end: End): QuantityError {
	return problem(wanted, "missing-currency", `"${shorten(end.text)}" names no currency`, {
		hint: rewritten(wanted),
	});
}

function checkBounds(wanted: Wanted, end: End, value: number, bare: boolean): void {
	const { bounds } = wanted.options;
	if (bounds === undefined) return;
	const slack = 1e-12 * Math.abs(value);
	const kept =
		value + slack >= (bounds.min ?? -Infinity) &&
		value - slack <= (bounds.max ?? Infinity) &&
		value > (bounds.above ?? -Infinity) &&
		value < (bounds.below ?? Infinity);
	if (kept) return;
	throw problem(wanted, "out-of-bounds", `${shorten(end.text)} is not ${boundsText(wanted)}`, {
		expected: wanted.options.fraction === true ? expectation(wanted) : `${nounOf(wanted)}, ${boundsText(wanted)}`,
		hint: boundsHint(wanted, end, value, bare),
	});
}

function boundsHint(wanted: Wanted, end: End, value: number, bare: boolean): string {
	const { options } = wanted;
	const { min, max, above, below } = options.bounds ?? {};
	const bottom = min ?? above ?? -Infinity;
	const top = max ?? below ?? Infinity;
	if (options.fraction === true && bare && value > 1 && value / 100 < top) {
		return `write ${plain(value)}% or ${plain(value / 100)}`;
	}
	if (value < 0 && bottom >= 0 && -value <= top && -value > bottom) {
		return `write ${bare ? example(wanted, plain(-value)) : end.text.replace("-", "").trim()}`;
	}
	const nearest = value > bottom ? (max ?? (bottom === -Infinity ? top - 1 : (bottom + top) / 2)) : min;
	const inside = nearest ?? (bottom + 1 < top ? bottom + 1 : (bottom + top) / 2);
	return `write ${options.fraction === true ? `${plain(inside * 100)}%` : example(wanted, plain(inside))}`;
}

function boundsText(wanted: Wanted): string {
	const { options } = wanted;
	const { min, max, above, below } = options.bounds ?? {};
	const show = (n: number): string => (options.fraction === true ? `${plain(n * 100)}%` : plain(n));
	const parts = [
		min === undefined ? undefined : `at least ${show(min)}`,
		above === undefined ? undefined : `above ${show(above)}`,
		max === undefined ? undefined : `at most ${show(max)}`,
		below === undefined ? undefined : `below ${show(below)}`,
	].filter((part) => part !== undefined);
	return parts.join(" and ");
}

function toPoint<D extends Dims>(wanted: Wanted, dims: D, base: number): ParsedPoint<D> {
	return {
		kind: "point",
		quantity: { base, dims },
		distribution: { kind: "point", value: base },
	};
}

function toRange<D extends Dims>(wanted: Wanted, dims: D, low: number, high: number): ParsedRange<D> {
	if (!(low < high)) {
		const ends = wanted.text.trim().split(RANGE);
		const swapped = low > high ? `${ends[1]?.trim()} to ${ends[0]?.trim()}` : `${ends[1]?.trim()}`;
		throw problem(wanted, "impossible-range", `"${shorten(wanted.text)}" does not rise from its low to its high end`, {
			expected: "a range from low to high",
			hint: low > high ? `write ${swapped}` : `write one number: ${swapped}`,
		});
	}
	return {
		kind: "range",
		low: { base: low, dims },
		high: { base: high, dims },
		distribution: rangeDistribution(low, high, wanted.options.fraction === true),
	};
}

function rangeDistribution(low: number, high: number, isFraction: boolean): Distribution {
	if (isFraction) {
		return low > 0 && high < 1 ? { kind: "logitnormal", p5: low, p95: high } : { kind: "uniform", low, high };
	}
	return low > 0 ? { kind: "lognormal", p5: low, p95: high } : { kind: "uniform", low, high };
}

function problem(
	wanted: Wanted,
	code: QuantityErrorCode,
	message: string,
	more: { expected?: string; hint: string },
): QuantityError {
	return new QuantityError(code, message, shorten(wanted.text), {
		expected: more.expected ?? expectation(wanted),
		hint: more.hint,
	});
}

function expectation(wanted: Wanted): string {
	const { unit, options } = wanted;
	if (options.fraction === true) return `a share${options.bounds === undefined ? "" : `, ${boundsText(wanted)}`}`;
	if (isDimensionless(unit.dims)) return nounOf(wanted);
	return options.range === false ? `one number in ${unitName(unit)}` : `a number or range in ${unitName(unit)}`;
}

function nounOf(wanted: Wanted): string {
	return isDimensionless(wanted.unit.dims) ? "a plain number" : unitName(wanted.unit);
}

/** The text put right, where it can be without another meaning. */
function rewritten(wanted: Wanted): string {
	const own = ownNumbers(wanted);
	if (own !== undefined) return `write ${inUnit(wanted, own)}`;
	return `give it ${isDimensionless(wanted.unit.dims) ? "as a plain number" : `in ${unitName(wanted.unit)}`}, such as ${sample(wanted)}`;
}

function sample(wanted: Wanted): string {
	return wanted.options.example ?? example(wanted, "10");
}

/** Both ends as they are meant, in the wanted unit; undefined where that is not clear. */
function ownNumbers(wanted: Wanted): string | undefined {
	const own = wanted.text
		.trim()
		.split(RANGE)
		.map((end) => ownNumber(wanted, end.trim()));
	return own.some((each) => each === undefined) ? undefined : own.join(" to ");
}

/** Numbers in the wanted unit, unless they bring one along. */
function example(wanted: Wanted, numbers: string): string {
	if (/[A-Za-z%$]/.test(numbers.replace(/\bto\b/g, ""))) return numbers;
	return wanted.options.fraction === true && /^0|^1$/.test(numbers) ? numbers : inUnit(wanted, numbers);
}

function inUnit({ unit, options }: Wanted, numbers: string): string {
	if (options.fraction === true) return `${numbers}%`;
	return ["", "fraction", "x"].includes(unit.symbol) ? numbers : `${numbers} ${unit.symbol}`;
}

/** Powers of 1000 as they are often meant where they are not understood. */
const MEANT: Readonly<Record<string, string>> = { b: "B", bn: "B", t: "T", tn: "T", mn: "M", mio: "M" };

/** A number as written with its power of 1000, in the size of the wanted unit; undefined where it is of something else. */
function ownNumber(wanted: Wanted, text: string): string | undefined {
	const groups = END.exec(text)?.groups;
	const number = groups?.["number"];
	if (groups === undefined || number === undefined || !NUMBER.test(number)) return undefined;
	const [first = "", ...others] = (groups["rest"] as string).trim().split(/(?<=^[A-Za-z]+)(?![A-Za-z])/);
	const rest = [MEANT[first.toLowerCase()] ?? first, ...others].join("");
	const digits = number.replace(/[,_]/g, "");
	const currency = groups["currency"] ?? "";
	const { letter, exponent, unitText } = scaleOf(wanted, { text, digits, minus: false, currency, rest });
	const asWritten = `${number}${letter.length > 1 ? " " : ""}${letter}`;
	const spelled = withCurrency(currency, unitText);
	if (spelled === "") return asWritten;
	const read = readUnit(spelled);
	const { unit } = wanted;
	if (typeof read === "string" || read.power !== powerExponent(unit.symbol)) return undefined;
	if (!isMeant(dimsOf(wanted, read), unit.dims)) return undefined;
	return read.factor === unit.factor ? asWritten : short((decimal(digits, exponent) * read.factor) / unit.factor);
}

/** The same, but for what often goes unsaid: the currency, tokens, and what is counted one by one, such as GPUs. */
function isMeant(dims: Dims, wanted: Dims): boolean {
	const kind = tokenKindOf(wanted);
	const withTokens = kind === undefined ? dims : productDims(dims, { [`tok:${kind}`]: 1 });
	return sameDims(uncounted(dims), uncounted(wanted)) || sameDims(withTokens, wanted) || lacksCurrency(dims, wanted);
}

/** Six digits, from a thousand on with a power of 1000. */
function short(n: number): string {
	const rounded = Number(n.toPrecision(6));
	const [letter, size] = POWERS_OF_1000.find(([, each]) => Math.abs(rounded) >= each) ?? ["", 1];
	return `${plain(rounded / size)}${letter}`;
}

const POWERS_OF_1000: readonly (readonly [string, number])[] = [
	["T", 1e12],
	["B", 1e9],
	["M", 1e6],
	["k", 1e3],
];

/** What is counted one by one, such as GPUs, is often left unsaid. */
function uncounted(dims: Dims): Dims {
	return Object.fromEntries(Object.entries(dims).filter(([base]) => !COUNTED.has(base)));
}

/** One kind of countable thing, and nothing else: tokens, GPUs, requests. */
function isCount(dims: Dims): boolean {
	const entries = Object.entries(dims);
	const [base, exponent] = entries[0] ?? ["", 0];
	return entries.length === 1 && exponent === 1 && (base.startsWith("tok:") || COUNTED.has(base));
}

const COUNTED: ReadonlySet<string> = new Set(["gpu", "req", "user", "replica", "host"]);

function plain(n: number): string {
	return String(Number(n.toPrecision(12)));
}

function shorten(text: string): string {
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
