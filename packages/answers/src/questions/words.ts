/**
 * Flags as people type them. What can only be meant one way is taken (`$2.07` where dollars per GPU-hour are asked); all
 * else is answered with the name of the flag and the flag put right.
 */
import { FarthingError } from "../farthing-error.ts";
import type { Catalogue } from "@farthing/catalogue";
import type { Bounds, Dims, Distribution, Unit } from "@farthing/engine";
import { nearestNames } from "@farthing/scenario";
import { MOST, quantityFlag } from "./typed-words.ts";
import type { RowWords } from "./row-words.ts";

/** A quantity of a flag; a bare number is in `unit`, and an amount of money without "per" is per what `unit` says. */
export function flagQuantity<D extends Dims>(
	flag: string,
	text: string,
	unit: Unit<D>,
	options: { readonly bounds?: Bounds; readonly fraction?: boolean } = {},
): Distribution {
	try {
		return quantityFlag(flag, withPer(text, unit.symbol), unit, options);
	} catch (error) {
		if (!(error instanceof FarthingError)) throw error;
		throw rephrased(error, flag, error.message, unit.symbol);
	}
}

/** Tokens of a request. `8k` is refused with the length it stands for in benchmarks: 8192, not 8000. */
export function flagLength(flag: string, text: string): number {
	const plain = text.trim().replace(/^(\d{1,3})((?:[,_]\d{3})+)$/, (whole) => whole.replace(/[,_]/g, ""));
	const value = Number(plain);
	if (plain !== "" && Number.isInteger(value) && value > 0 && value <= MOST) return value;
	const kilo = /^(\d+)\s*k$/i.exec(plain)?.[1];
	throw new FarthingError(
		2,
		"wrong-type",
		{
			en: `${flag} takes a whole number of tokens above 0, not "${text}"`,
			zh: `${flag} 应为大于 0 的 token 整数，而不是“${text}”`,
		},
		{
			field: flag,
			expected: { en: "a whole number of tokens", zh: "token 的整数" },
			hint: `${flag} ${kilo === undefined ? 8192 : Number(kilo) * 1024}`,
		},
	);
}

/** Time to first token: a bare number is in seconds. */
export function flagTime(text: string): string {
	return /^\s*[\d.]+\s*$/.test(text) ? `${text.trim()} s` : text;
}

/** Tokens per day: `5B/day`, `5B per day` and `5B a day` say tokens without the word. */
export function flagVolume(text: string): string {
	return text.replace(PER_DAY, "$1 tok/day");
}

const PER_DAY = /(\d\s*(?:[kMBT]|thousand|million|billion|trillion)?)\s*(?:\/|\bper\b|\ba\b)\s*(?:day|d)\s*$/;

/** A list of names, or undefined where it says `any`: nothing is left out. */
export function unlessAny(names: readonly string[] | undefined): readonly string[] | undefined {
	return names?.length === 1 && names[0] === "any" ? undefined : names;
}

/** Flags that choose rows, without those that say `any`. */
export function withoutAny<F extends RowWords>(flags: F): F {
	const lists = ["hardware", "precision", "stack", "speculative"] as const;
	const idle = new Set<string>(lists.filter((name) => unlessAny(flags[name]) === undefined));
	return Object.fromEntries(Object.entries(flags).filter(([name]) => !idle.has(name))) as F;
}

/** Speculative methods that the catalogue has rows of; exit 3 names them. */
export function knownSpeculative(catalogue: Catalogue, names: readonly string[] | undefined): void {
	const known = [...new Set(catalogue.benchmarks.map(({ speculative }) => speculative))].sort();
	const unknown = names?.find((name) => name !== "any" && !known.includes(name));
	if (unknown === undefined) return;
	throw new FarthingError(3, "unknown-speculative", `no benchmark row uses the speculative method "${unknown}"`, {
		field: "--speculative",
		expected: known.join(", "),
		nearest: nearestNames(unknown, known).length > 0 ? nearestNames(unknown, known) : known,
	});
}

/** A flag that has no effect beside what else was given is a mistake to tell, not to pass over. */
export function refuseBeside(given: Readonly<Record<string, unknown>>, reason: string, hint: string): void {
	const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
	if (flag === undefined) return;
	throw new FarthingError(2, "contradiction", `${flag} ${reason}`, { field: flag, hint });
}

/** An error in a value that came from a flag or a variable of the environment: these have no line and column. */
export function flagError(error: unknown): unknown {
	if (!(error instanceof FarthingError)) return error;
	const label = error.detail.file ?? "";
	if (!/^(?:--|FARTHING_)/.test(label)) return error;
	const message = error.message.replace(/^[a-z_]+(?:\.[\w-]+(?:\[\d+\])?)*: /, "");
	return rephrased(error, label, `${label}: ${message}`, undefined);
}

function rephrased(
	{ exit, code, detail }: FarthingError,
	label: string,
	message: string,
	unit: string | undefined,
): FarthingError {
	const { expected, hint, nearest } = detail;
	const flag = label.split(" ")[0] as string;
	return new FarthingError(exit, code, plainKinds(message), {
		field: flag,
		...(expected === undefined ? {} : { expected: plainKinds(expected) }),
		...(hint === undefined ? {} : { hint: hintOf(label, code, message, hint, nearest, unit) }),
		...(nearest === undefined ? {} : { nearest }),
	});
}

/** `tok(total)/day` as `total tok/day`. */
function plainKinds(text: string): string {
	return text.replace(/\btok\((\w+)\)/g, "$1 tok").replace(/\b(\w*)tok\((\w+)\)/g, "$1tok");
}

function hintOf(
	label: string,
	code: string,
	message: string,
	hint: string,
	nearest: readonly string[] | undefined,
	unit: string | undefined,
): string {
	if (code === "unknown-field") return nearest?.[0] === undefined ? hint : `${label.split(" ")[0]} ${nearest[0]}=…`;
	if (/ is in (?:EUR|GBP|CNY|JPY)\b/.test(message)) return "convert it: prices are in US dollars";
	if (label === "--tokens-per-second" && / is in \S*tok\S*\/s,/.test(message))
		return "divide what the server gives by its GPUs, and write the number alone";
	return workingHint(label, hint, unit);
}

const EXAMPLES: readonly RegExp[] = [
	/^(?:start with|write) (?:a number|a number that can be|plain digits and letters), such as (?<example>.+)$/,
	/^give it (?:in .+?|as a plain number), such as (?<example>.+)$/,
	/^group by commas: (?<example>.+)$/,
	/^write the decimals behind a point \((?<example>[^)]+)\)/,
	/^write (?:a range as|one of the two ends:|one number:|it short, such as) (?<example>.+)$/,
	/^write (?<example>\S.*?)(?:, or .+| or .+)?$/,
];

/** The hint of a quantity as a flag that works: `--util 60%`. */
function workingHint(label: string, hint: string, unit: string | undefined): string {
	const found = EXAMPLES.map((pattern) => pattern.exec(hint)?.groups?.["example"]).find((each) => each !== undefined);
	if (found === undefined) return hint;
	const section = /^\w+: \{(\w+): …\}$/.exec(found)?.[1];
	if (section !== undefined) return `set a member of it: ${label}.${section}.…=…`;
	const bare =
		unit !== undefined && unit !== "" && found.endsWith(` ${unit}`) ? found.slice(0, -unit.length - 1) : found;
	const [flag, member] = label.split(" ");
	const value = member === undefined ? bare : `${member}=${bare}`;
	return `${flag}${flag?.startsWith("--") ? " " : "="}${/[\s$]/.test(value) ? `"${value}"` : value}`;
}

/** An amount of money without "per" is per what is asked for; `2c` is cents. */
function withPer(text: string, symbol: string): string {
	const per = /^USD(\/.+)$/.exec(symbol)?.[1];
	if (per === undefined || /\/|\bper\b/.test(text)) return text;
	const cents = /^\s*([\d.,]+)\s*(?:¢|c|cents?)\s*$/i.exec(text)?.[1];
	if (cents !== undefined) return `${cents} ¢${per}`;
	return /\$|\bUSD\b/.test(text) ? `${text.trim()}${per}` : text;
}
