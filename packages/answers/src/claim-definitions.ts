/** Claims of the catalogue as typed definitions. The catalogue keeps them as plain data; their shape is checked here. */
import type { AnyUnit, ClaimDefinition, ClaimTest, Comparison, FigureDefinition, FigureSpec, RowSelect, TokenKind } from "@farthing/engine";
import { parseUnit, TOKEN_KINDS } from "@farthing/engine";

/** Throws with the path of the member that is wrong: a defect of the catalogue, found by its validation. */
export function claimDefinition(plain: unknown): ClaimDefinition {
	const at = new Member(plain, "claim");
	const id = at.text("id");
	const claim = new Member(plain, `claims/${id}`);
	const origin = claim.member("origin");
	return {
		id,
		claim: claim.text("claim"),
		origin: { who: origin.text("who"), date: origin.text("date"), conditions: origin.text("conditions") },
		definition: claim.text("definition"),
		figures: claim.list("figures").map(figureOf(origin.text("who"), origin.text("date"))),
		tests: claim.list("tests").map(testOf),
		leavesOut: claim.list("leaves_out").map((each) => each.own()),
	};
}

const OPERATORS = ["add", "subtract", "multiply", "divide"] as const;
const COMPARISONS: readonly Comparison[] = ["<", "<=", ">", ">=", "="];

function figureOf(who: string, date: string): (at: Member) => FigureDefinition {
	return (at) => {
		const tokens = at.has("tokens") ? at.choice("tokens", TOKEN_KINDS) : undefined;
		return {
			name: at.text("name"),
			label: at.text("label"),
			unit: unitOf(at, tokens),
			spec: specOf(at, tokens, who, date),
			shown: !at.flag("step"),
		};
	};
}

function unitOf(at: Member, tokens: TokenKind | undefined): AnyUnit {
	const symbol = at.text("unit");
	const parsed = parseUnit(symbol === "fraction" || symbol === "x" ? "" : symbol, tokens);
	const shown = symbol.replace(/\((\w+)\)/g, "");
	return { ...parsed, symbol: shown };
}

function specOf(at: Member, tokens: TokenKind | undefined, who: string, date: string): FigureSpec {
	if (at.has("value")) {
		return { kind: "value", value: at.number("value"), grade: "E", source: `stated by or taken for the claim (${who})`, asOf: date };
	}
	if (at.has("rate")) {
		const rate = at.member("rate");
		return { kind: "rate", hardware: rate.text("hardware"), card: rate.text("card"), tier: rate.text("tier") };
	}
	if (at.has("power")) {
		const power = at.member("power");
		return { kind: "power", hardware: power.text("hardware"), card: power.text("card") };
	}
	if (at.has("row")) return { kind: "row", row: at.text("row"), tokens: tokens === "output" || tokens === "input" ? tokens : "total" };
	if (at.has("frontier")) return { kind: "frontier", select: selectOf(at.member("frontier")), at: at.number("at") };
	if (at.has("cost")) {
		const cost = at.member("cost");
		const spec = { kind: "cost", rate: cost.text("rate"), throughput: cost.text("throughput") } as const;
		return cost.has("load") ? { ...spec, load: cost.text("load") } : spec;
	}
	if (at.has("drift")) {
		const drift = at.member("drift");
		return { kind: "drift", select: selectOf(drift), minimumDays: drift.number("minimum_days"), perDays: drift.number("per_days") };
	}
	if (at.has("accuracy")) {
		const accuracy = at.member("accuracy");
		return { kind: "accuracy", from: accuracy.texts("from"), to: accuracy.texts("to") };
	}
	if (at.has("build_up_share")) {
		const share = at.member("build_up_share");
		return { kind: "build-up-share", assumptions: share.text("assumptions"), hardware: share.text("hardware"), part: share.text("part") };
	}
	if (at.has("fact")) return { kind: "fact", fact: at.text("fact") };
	const operator = OPERATORS.find((each) => at.has(each));
	if (operator === undefined) throw at.wrong("", "one way to compute the figure: value, rate, power, row, frontier, cost, drift, accuracy, build_up_share, fact, add, subtract, multiply or divide");
	return { kind: "arithmetic", operator, of: at.texts(operator) };
}

function selectOf(at: Member): RowSelect {
	const words = ["model", "hardware", "stack", "precision", "speculative"] as const;
	const select: Record<string, unknown> = Object.fromEntries(words.filter((key) => at.has(key)).map((key) => [key, at.text(key)]));
	for (const key of ["isl", "osl"]) if (at.has(key)) select[key] = at.number(key);
	for (const key of ["disaggregated", "multinode"]) if (at.has(key)) select[key] = at.flag(key);
	if (at.has("as_of")) select["asOf"] = at.text("as_of");
	if (at.has("between")) select["between"] = at.texts("between");
	return select;
}

function testOf(at: Member): ClaimTest {
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

/** A member of plain data with its path, read with a check on its type. */
class Member {
	private readonly value: unknown;
	private readonly path: string;

	constructor(value: unknown, path: string) {
		this.value = value;
		this.path = path;
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
		if (typeof value !== "object" || value === null) throw this.wrong(key, "a mapping");
		return new Member(value, `${this.path}/${key}`);
	}

	list(key: string): Member[] {
		const value = this.raw(key);
		if (!Array.isArray(value)) throw this.wrong(key, "a list");
		return value.map((each, i) => new Member(each, `${this.path}/${key}[${i}]`));
	}

	texts<T extends readonly string[] = readonly string[]>(key: string): T {
		return this.list(key).map((each) => each.own()) as unknown as T;
	}

	own(): string {
		if (typeof this.value !== "string") throw this.wrong("", "a text");
		return this.value;
	}

	wrong(key: string, expected: string): TypeError {
		return new TypeError(`${this.path}${key === "" ? "" : `/${key}`}: expected ${expected}`);
	}

	private raw(key: string): unknown {
		return typeof this.value === "object" && this.value !== null ? (this.value as Record<string, unknown>)[key] : undefined;
	}
}
