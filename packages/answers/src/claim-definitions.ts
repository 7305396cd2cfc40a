/** Claims of the catalogue as typed definitions. The catalogue keeps them as plain data; their shape is checked here. */
import type {
	AnyUnit,
	ClaimDefinition,
	ClaimTest,
	Comparison,
	FigureDefinition,
	FigureSpec,
	RowSelect,
	TokenKind,
} from "@farthing/engine";
import { parseUnit, TOKEN_KINDS } from "@farthing/engine";

/** Throws with the path of the member that is wrong: a defect of the catalogue, found by its validation. */
export function claimDefinition(plain: unknown): ClaimDefinition {
	const id = new Member(plain, "claim").text("id");
	const claim = new Member(plain, `claims/${id}`);
	claim.only(["id", "claim", "origin", "definition", "figures", "tests", "leaves_out"]);
	const origin = claim.member("origin");
	origin.only(["who", "date", "conditions"]);
	const who = origin.text("who");
	const date = origin.text("date");
	const definition: ClaimDefinition = {
		id,
		claim: claim.text("claim"),
		origin: { who, date, conditions: origin.text("conditions") },
		definition: claim.text("definition"),
		figures: claim.list("figures").map((at) => figureOf(at, who, date)),
		tests: claim.list("tests").map(testOf),
		leavesOut: claim.list("leaves_out").map((each) => each.own()),
	};
	checkNames(definition);
	return definition;
}

const OPERATORS = ["add", "subtract", "multiply", "divide"] as const;
const COMPARISONS: readonly Comparison[] = ["<", "<=", ">", ">=", "="];

const WAYS = [
	"value",
	"rate",
	"power",
	"row",
	"frontier",
	"cost",
	"drift",
	"accuracy",
	"build_up_share",
	"fact",
	...OPERATORS,
] as const;

function figureOf(at: Member, who: string, date: string): FigureDefinition {
	at.only(["name", "label", "unit", "tokens", "step", "at", "evidence", ...WAYS]);
	const tokens = at.has("tokens") ? at.choice("tokens", TOKEN_KINDS) : undefined;
	return {
		name: at.text("name"),
		label: at.text("label"),
		unit: unitOf(at, tokens),
		spec: specOf(at, who, date),
		shown: !at.flag("step"),
	};
}

function unitOf(at: Member, tokens: TokenKind | undefined): AnyUnit {
	const symbol = at.text("unit");
	const plain = symbol === "fraction" || symbol === "x" ? "" : symbol;
	try {
		return { ...parseUnit(plain, tokens), symbol: symbol.replace(/\((\w+)\)/g, "") };
	} catch (error) {
		throw at.wrong("unit", `a unit (${(error as Error).message})`);
	}
}

function specOf(at: Member, who: string, date: string): FigureSpec {
	const given = WAYS.filter((way) => at.has(way));
	const [way] = given;
	if (way === undefined || given.length > 1) throw at.wrong("", `one way to compute the figure: ${WAYS.join(", ")}`);
	if (at.has("at") && way !== "frontier") throw at.wrong("at", "no speed where no frontier is read");
	if (at.has("evidence") && way !== "value") throw at.wrong("evidence", "no such member where no value is stated");
	switch (way) {
		case "value": {
			const role = at.flag("evidence") ? "evidence" : "condition";
			const source = `stated by or taken for the claim (${who})`;
			return { kind: "value", value: at.number("value"), grade: "E", source, asOf: date, role };
		}
		case "rate": {
			const [hardware, card, tier] = at.member("rate").words(["hardware", "card", "tier"]);
			return { kind: "rate", hardware, card, tier };
		}
		case "power": {
			const [hardware, card] = at.member("power").words(["hardware", "card"]);
			return { kind: "power", hardware, card };
		}
		case "row":
			return { kind: "row", row: at.text("row"), tokens: at.choice("tokens", ["total", "output", "input"] as const) };
		case "frontier":
			return { kind: "frontier", select: selectOf(at.member("frontier")), at: at.number("at") };
		case "cost":
			return costOf(at.member("cost"));
		case "drift": {
			const drift = at.member("drift");
			const select = selectOf(drift, ["minimum_days", "per_days"]);
			return { kind: "drift", select, minimumDays: drift.number("minimum_days"), perDays: drift.number("per_days") };
		}
		case "accuracy": {
			const accuracy = at.member("accuracy");
			accuracy.only(["from", "to"]);
			return { kind: "accuracy", from: accuracy.texts("from"), to: accuracy.texts("to") };
		}
		case "build_up_share": {
			const [assumptions, hardware, part] = at.member("build_up_share").words(["assumptions", "hardware", "part"]);
			return { kind: "build-up-share", assumptions, hardware, part };
		}
		case "fact":
			return { kind: "fact", fact: at.text("fact") };
		case "add":
		case "subtract":
		case "multiply":
		case "divide":
			return { kind: "arithmetic", operator: way, of: at.texts(way) };
	}
}

function costOf(cost: Member): FigureSpec {
	cost.only(["rate", "throughput", "load"]);
	const spec = { kind: "cost", rate: cost.text("rate"), throughput: cost.text("throughput") } as const;
	return cost.has("load") ? { ...spec, load: cost.text("load") } : spec;
}

const SELECT_WORDS = ["model", "hardware", "stack", "precision", "speculative"] as const;
const SELECT_COUNTS = ["isl", "osl"] as const;
const SELECT_FLAGS = ["disaggregated", "multinode", "repeats"] as const;

function selectOf(at: Member, others: readonly string[] = []): RowSelect {
	at.only([...SELECT_WORDS, ...SELECT_COUNTS, ...SELECT_FLAGS, "as_of", "between", ...others]);
	const members = <K extends string, T>(keys: readonly K[], read: (key: K) => T): [K, T][] =>
		keys.filter((key) => at.has(key)).map((key) => [key, read(key)]);
	return {
		...Object.fromEntries(members(SELECT_WORDS, (key) => at.text(key))),
		...Object.fromEntries(members(SELECT_COUNTS, (key) => at.number(key))),
		...Object.fromEntries(members(SELECT_FLAGS, (key) => at.flag(key))),
		...(at.has("as_of") ? { asOf: at.text("as_of") } : {}),
		...(at.has("between") ? { between: at.days("between") } : {}),
	};
}

function testOf(at: Member): ClaimTest {
	at.only(["id", "role", "left", "is", "right", "factor", "holds", "breaks"]);
	return {
		id: at.text("id"),
		role: at.choice("role", ["claim", "condition"] as const),
		left: at.text("left"),
		comparison: at.choice("is", COMPARISONS),
		right: at.text("right"),
		factor: at.has("factor") ? at.number("factor") : 1,
		holds: at.text("holds", true),
		breaks: at.text("breaks", true),
	};
}

/** Figures are computed in their order, and tests name figures that there are. */
function checkNames({ id, figures, tests }: ClaimDefinition): void {
	const known = new Set<string>();
	figures.forEach(({ name, spec }, i) => {
		const missing = namesIn(spec).find((each) => !known.has(each));
		if (missing !== undefined)
			throw new TypeError(`claims/${id}/figures[${i}]: no figure "${missing}" stands before it`);
		if (known.has(name)) throw new TypeError(`claims/${id}/figures[${i}]/name: there are two figures "${name}"`);
		known.add(name);
	});
	tests.forEach(({ left, right, holds, breaks }, i) => {
		const inWords = [...`${holds} ${breaks}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
		const missing = [left, right, ...inWords].find((each) => !known.has(each));
		if (missing !== undefined) throw new TypeError(`claims/${id}/tests[${i}]: there is no figure "${missing}"`);
	});
}

function namesIn(spec: FigureSpec): readonly string[] {
	if (spec.kind === "arithmetic") return spec.of;
	if (spec.kind !== "cost") return [];
	return [spec.rate, spec.throughput, ...(spec.load === undefined ? [] : [spec.load])];
}

/** A member of plain data with its path, read with a check on its type. */
class Member {
	private readonly value: unknown;
	private readonly path: string;

	constructor(value: unknown, path: string) {
		this.value = value;
		this.path = path;
	}

	/** Refuses members that nobody would read: most are misspelt. */
	only(known: readonly string[]): void {
		if (typeof this.value !== "object" || this.value === null) throw this.wrong("", "a mapping");
		const unknown = Object.keys(this.value).find((key) => !known.includes(key));
		if (unknown !== undefined)
			throw new TypeError(`${this.path}/${unknown}: no such member; known are ${known.join(", ")}`);
	}

	/** Texts of exactly these members. */
	words<const K extends readonly string[]>(keys: K): { readonly [I in keyof K]: string } {
		this.only(keys);
		return keys.map((key) => this.text(key)) as unknown as { readonly [I in keyof K]: string };
	}

	has(key: string): boolean {
		return this.raw(key) !== undefined;
	}

	text(key: string, mayBeEmpty = false): string {
		const value = this.raw(key);
		const text = typeof value === "number" ? String(value) : value;
		if (typeof text !== "string" || (text === "" && !mayBeEmpty)) throw this.wrong(key, "a text");
		return text;
	}

	number(key: string): number {
		const value = this.raw(key);
		if (typeof value !== "number" || !Number.isFinite(value)) throw this.wrong(key, "a number");
		return value;
	}

	flag(key: string): boolean {
		const value = this.raw(key) ?? false;
		if (typeof value !== "boolean") throw this.wrong(key, "true or false");
		return value;
	}

	choice<T extends string>(key: string, of: readonly T[]): T {
		const value = this.raw(key);
		const found = of.find((each) => each === value);
		if (found === undefined) throw this.wrong(key, of.join(", "));
		return found;
	}

	member(key: string): Member {
		const value = this.raw(key);
		if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.wrong(key, "a mapping");
		return new Member(value, `${this.path}/${key}`);
	}

	list(key: string): Member[] {
		const value = this.raw(key);
		if (!Array.isArray(value)) throw this.wrong(key, "a list");
		return value.map((each, i) => new Member(each, `${this.path}/${key}[${i}]`));
	}

	texts(key: string): readonly string[] {
		const texts = this.list(key).map((each) => each.own());
		if (texts.length === 0) throw this.wrong(key, "at least one");
		return texts;
	}

	/** A first and a last day. */
	days(key: string): readonly [string, string] {
		const [from, to, ...more] = this.texts(key);
		if (from === undefined || to === undefined || more.length > 0 || from > to)
			throw this.wrong(key, "two days, the first first");
		return [from, to];
	}

	own(): string {
		if (typeof this.value !== "string") throw this.wrong("", "a text");
		return this.value;
	}

	wrong(key: string, expected: string): TypeError {
		return new TypeError(`${this.path}${key === "" ? "" : `/${key}`}: expected ${expected}`);
	}

	private raw(key: string): unknown {
		const { value } = this;
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
	}
}
