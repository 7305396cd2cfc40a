import { CURRENCIES, type Dims, productDims, sameDims, TOKEN_KINDS, type TokenKind, tokenKindOf } from "./dimension.ts";
import { QuantityError } from "./quantity-error.ts";
import {
	type AnyUnit,
	byte,
	currency,
	day,
	flop,
	gigabyte,
	gpu,
	gram,
	host,
	hour,
	joule,
	kilowatt,
	kilowattHour,
	megawatt,
	megawattHour,
	millisecond,
	minute,
	month,
	one,
	percent,
	ratio,
	replica,
	request,
	second,
	teraflop,
	unit,
	user,
	watt,
	wattHour,
	year,
} from "./unit.ts";

/**
 * The unit a text names: `USD/GPU-hr`, `tok/s/user`, `Mtok(output)`. Tokens without a kind get `tokens`. Throws
 * `wrong-unit` for a name nobody knows, and where a token kind is needed and neither text nor caller gives one.
 */
export function parseUnit(text: string, tokens?: TokenKind): AnyUnit {
	const read = readUnit(text);
	if (typeof read === "string") throw new QuantityError("wrong-unit", read, text);
	const dims = withTokenKind(read.dims, tokens);
	if (ANY_KIND in dims) {
		throw new QuantityError("wrong-unit", `"${text}" does not say which tokens it counts`, text, {
			expected: "a token kind: input, cached_input, output, reasoning or total",
			hint: `write ${unitSpelling(read.symbol, "total")} for input plus output tokens`,
		});
	}
	return { symbol: read.symbol, dims, factor: read.factor };
}

/** Symbol of a unit with its token kind, which the symbol alone leaves out: `USD/Mtok(output)`. */
export function unitName(of: AnyUnit): string {
	const kind = tokenKindOf(of.dims);
	return kind === undefined ? of.symbol || "a plain number" : unitSpelling(of.symbol, kind);
}

/** A unit as read, before its tokens have a kind. */
export interface ReadUnit {
	readonly symbol: string;
	readonly dims: Dims;
	readonly factor: number;
	/** Exponent of the words for power (W, kW, MW), apart from energy: USD/kW/month is not USD/kWh to a reader. */
	readonly power: number;
}

/** `M tok`, `M output tokens`: to `Mtok`, `output Mtokens`. */
const SPACED_MULTIPLE =
	/(^|[/\s·*-])([kMBT])\s+((?:input|output|total|reasoning|cached(?:[_ ]input)?)\s+)?(?=tok(?:en)?s?\b)/g;

/** Base of tokens whose kind the text leaves open. */
export const ANY_KIND = "tok:?";

/** Reads a unit, or says in words why it is none. */
export function readUnit(text: string): ReadUnit | string {
	const spelled = text
		.trim()
		.replace(/\s+per\s+/gi, "/")
		.replace(/^per\s+/i, "/")
		.replace(
			SPACED_MULTIPLE,
			(_match: string, before: string, letter: string, kind = "") => `${before}${kind}${letter}`,
		)
		.replace(/\s*([/·*-])\s*/g, "$1");
	if (spelled === "") return { symbol: "", dims: {}, factor: 1, power: 0 };
	if (spelled.length > 60) return "this is too long for a unit";
	const [over, ...under] = spelled.split("/") as [string, ...string[]];
	let result: ReadUnit = { symbol: "", dims: {}, factor: 1, power: 0 };
	for (const [index, part] of [over, ...under].entries()) {
		if (part === "" && index === 0 && under.length > 0) continue;
		const read = readProduct(part);
		if (typeof read === "string") return read;
		const combined = combine(result, read, index === 0 ? 1 : -1);
		if (typeof combined === "string") return combined;
		result = combined;
	}
	const symbol = spelled.split("/").map(canonicalProduct).join("/");
	return { ...result, symbol };
}

/** The dimensions with every token of unknown kind made one of `kind`. */
export function withTokenKind(dims: Dims, kind: TokenKind | undefined): Dims {
	const exponent = dims[ANY_KIND];
	if (exponent === undefined || kind === undefined) return dims;
	return productDims(productDims(dims, { [ANY_KIND]: exponent }, -1), { [`tok:${kind}`]: exponent });
}

/** Exponent of power words in a symbol of ours; 0 for anything that is no unit text. */
export function powerExponent(symbol: string): number {
	const read = readUnit(symbol);
	return typeof read === "string" ? 0 : read.power;
}

/** Do the dimensions differ only in that one of them holds no currency? */
export function lacksCurrency(dims: Dims, wanted: Dims): boolean {
	const wantedMoney = CURRENCIES.find((code) => wanted[code] !== undefined);
	if (wantedMoney === undefined || CURRENCIES.some((code) => dims[code] !== undefined)) return false;
	return sameDims(productDims(dims, { [wantedMoney]: wanted[wantedMoney] as 1 }), wanted);
}

const atoms: ReadonlyMap<string, AnyUnit> = new Map(
	[
		one,
		percent,
		ratio,
		unit("fraction", {}, 1),
		second,
		millisecond,
		unit("µs", { s: 1 }, 1e-6),
		minute,
		hour,
		day,
		unit("week", { s: 1 }, 604_800),
		month,
		year,
		gpu,
		request,
		user,
		replica,
		host,
		...CURRENCIES.map((code) => currency(code)),
		unit("¢", { USD: 1 }, 0.01),
		joule,
		unit("kJ", { J: 1 }, 1e3),
		unit("MJ", { J: 1 }, 1e6),
		wattHour,
		kilowattHour,
		megawattHour,
		unit("GWh", { J: 1 }, 3.6e12),
		watt,
		kilowatt,
		megawatt,
		unit("GW", { J: 1, s: -1 }, 1e9),
		byte,
		unit("kB", { B: 1 }, 1e3),
		unit("MB", { B: 1 }, 1e6),
		gigabyte,
		unit("TB", { B: 1 }, 1e12),
		unit("PB", { B: 1 }, 1e15),
		flop,
		unit("GFLOP", { FLOP: 1 }, 1e9),
		teraflop,
		unit("PFLOP", { FLOP: 1 }, 1e15),
		unit("EFLOP", { FLOP: 1 }, 1e18),
		unit("FLOPS", { FLOP: 1, s: -1 }, 1),
		unit("GFLOPS", { FLOP: 1, s: -1 }, 1e9),
		unit("TFLOPS", { FLOP: 1, s: -1 }, 1e12),
		unit("PFLOPS", { FLOP: 1, s: -1 }, 1e15),
		gram,
		unit("kgCO2", { g: 1 }, 1e3),
		unit("tCO2", { g: 1 }, 1e6),
		unit("tok", { [ANY_KIND]: 1 }, 1),
		unit("ktok", { [ANY_KIND]: 1 }, 1e3),
		unit("Mtok", { [ANY_KIND]: 1 }, 1e6),
		unit("Btok", { [ANY_KIND]: 1 }, 1e9),
		unit("Ttok", { [ANY_KIND]: 1 }, 1e12),
	].map((each: AnyUnit): [string, AnyUnit] => [each.symbol, each]),
);

const POWER_WORDS: ReadonlySet<string> = new Set(["W", "kW", "MW", "GW"]);

/** Other spellings of a symbol. Looked up as written, then in lower case. */
const aliases: ReadonlyMap<string, string> = new Map(
	Object.entries({
		"%": ["percent", "pct"],
		x: ["×", "times"],
		fraction: ["share"],
		s: ["sec", "secs", "second", "seconds"],
		ms: ["msec", "millisecond", "milliseconds"],
		µs: ["us", "μs", "microsecond", "microseconds"],
		min: ["mins", "minute", "minutes"],
		hr: ["h", "hrs", "hour", "hours"],
		day: ["d", "days"],
		week: ["wk", "weeks"],
		month: ["mo", "months"],
		year: ["y", "yr", "yrs", "years"],
		GPU: ["gpu", "gpus", "accelerator", "accelerators"],
		request: ["req", "reqs", "requests"],
		user: ["users"],
		replica: ["replicas"],
		host: ["hosts", "server", "servers"],
		USD: ["$", "usd", "dollar", "dollars"],
		EUR: ["€", "eur", "euro", "euros"],
		GBP: ["£", "gbp"],
		CNY: ["cny", "rmb"],
		JPY: ["jpy", "yen"],
		"¢": ["cent", "cents"],
		J: ["joule", "joules"],
		Wh: ["W-hr", "watt-hours"],
		kWh: ["kW-hr", "kilowatt-hours"],
		MWh: ["MW-hr"],
		GWh: ["GW-hr"],
		W: ["watt", "watts"],
		B: ["byte", "bytes"],
		FLOP: ["flop", "FLOPs"],
		FLOPS: ["FLOP/s"],
		gCO2: ["gCO2e"],
		kgCO2: ["kgCO2e"],
		tCO2: ["tCO2e"],
		tok: ["token", "tokens", "toks"],
		ktok: ["ktoken", "ktokens"],
		Mtok: ["mtok", "mtoken", "mtokens"],
		Btok: ["btok", "btoken", "btokens"],
		Ttok: ["ttok", "ttoken", "ttokens"],
	}).flatMap(([symbol, others]) => [symbol, ...others].map((other): [string, string] => [other, symbol])),
);

const KIND_WORDS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
	...TOKEN_KINDS.map((kind): [string, TokenKind] => [kind, kind]),
	["cached", "cached_input"],
	["cached input", "cached_input"],
]);

/** `output tok`, `tok(output)`, `Mtok (total)`. */
const KIND_BEFORE = /^(input|output|total|reasoning|cached(?:[_ ]input)?)\s+(.+)$/i;
const KIND_AFTER = /^(.+?)\s*\(\s*(input|output|total|reasoning|cached(?:[_ ]input)?)\s*\)$/i;

/** Between the factors of a product: `GPU-hr`, `kW·month`, `GPU hour`. */
const PRODUCT = /[-·*\s]/;

function readProduct(text: string): ReadUnit | string {
	const whole = readAtom(text);
	if (typeof whole !== "string") return whole;
	const parts = text.split(PRODUCT);
	if (parts.length === 1) return whole;
	let result: ReadUnit = { symbol: "", dims: {}, factor: 1, power: 0 };
	for (const part of parts) {
		const read = readAtom(part);
		if (typeof read === "string") return read;
		const combined = combine(result, read, 1);
		if (typeof combined === "string") return combined;
		result = combined;
	}
	return result;
}

function readAtom(text: string): ReadUnit | string {
	const { word, kind } = splitKind(text.trim());
	const symbol = symbolOf(word);
	const found = symbol === undefined ? undefined : atoms.get(symbol);
	if (found === undefined || symbol === undefined || word === "") return unknownUnit(text);
	if (kind !== undefined && !(ANY_KIND in found.dims)) return `"${text.trim()}" is no unit: only tokens have a kind`;
	return {
		symbol,
		dims: withTokenKind(found.dims, kind),
		factor: found.factor,
		power: POWER_WORDS.has(symbol) ? 1 : 0,
	};
}

function splitKind(text: string): { word: string; kind: TokenKind | undefined } {
	const before = KIND_BEFORE.exec(text);
	if (before !== null) return { word: before[2] as string, kind: KIND_WORDS.get((before[1] as string).toLowerCase()) };
	const after = KIND_AFTER.exec(text);
	if (after !== null) return { word: after[1] as string, kind: KIND_WORDS.get((after[2] as string).toLowerCase()) };
	return { word: text, kind: undefined };
}

function symbolOf(word: string): string | undefined {
	if (atoms.has(word)) return word;
	return aliases.get(word) ?? (word.length >= 3 ? aliases.get(word.toLowerCase()) : undefined);
}

function canonicalProduct(text: string): string {
	const whole = canonicalAtom(text);
	return (
		whole ??
		text
			.split(/[-·*]/)
			.map((part) => canonicalAtom(part) ?? part)
			.join("-")
	);
}

function canonicalAtom(text: string): string | undefined {
	const { word, kind } = splitKind(text.trim());
	const symbol = symbolOf(word);
	return symbol === undefined ? undefined : kind === undefined ? symbol : `${symbol}(${kind})`;
}

function combine(a: ReadUnit, b: ReadUnit, sign: 1 | -1): ReadUnit | string {
	const dims = productDims(a.dims, b.dims, sign);
	if (Object.values(dims).some((exponent) => Math.abs(exponent) > 4)) return "no quantity here has such a unit";
	return {
		symbol: "",
		dims,
		factor: sign === 1 ? a.factor * b.factor : a.factor / b.factor,
		power: a.power + sign * b.power,
	};
}

function unknownUnit(text: string): string {
	const word = text.trim();
	const close = [...atoms.keys(), ...aliases.keys()].find(
		(name) => name !== "" && name.toLowerCase() === word.toLowerCase(),
	);
	const meant = close === undefined ? LOOKALIKES.get(word) : (aliases.get(close) ?? close);
	const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
	return `"${shown}" is no unit known here${meant === undefined ? "" : `; ${meant} is`}`;
}

const LOOKALIKES: ReadonlyMap<string, string> = new Map([
	["m", "min for minutes, month for months"],
	["t", "tok for tokens"],
	["G", "B for billions"],
	["Gtok", "Btok"],
	["¥", "CNY or JPY"],
	["CO2", "gCO2"],
]);

/** The symbol with the kind written behind its token word. */
function unitSpelling(symbol: string, kind: TokenKind): string {
	return symbol.includes("(") ? symbol : symbol.replace(/([kMBT]?tok)\b/, `$1(${kind})`);
}
