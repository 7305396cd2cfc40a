/**
 * A policy: what must hold of a result, as one line. `p90(unit_cost.delivered.total) <= 0.75 USD/Mtok`,
 * `grade(npv) >= C`, `payback <= 36 months`, `chance(npv >= 0 USD) >= 80%`.
 */
import type { Issue } from "./issue.ts";
import { given } from "./quantity-shape.ts";
import { FAILED, inOrder, Reading } from "./reading.ts";
import type { Origin } from "./scenario.ts";
import { optional, required, section } from "./section.ts";
import { asScalar, listOf, type Shape, text, version, wordsOf } from "./shape.ts";
import { quote, readYaml } from "./yaml-tree.ts";

export const COMPARISONS = ["<=", ">=", "<", ">"] as const;
export type PolicyComparison = (typeof COMPARISONS)[number];

export type Policy = ValuePolicy | GradePolicy | ChancePolicy;

interface PolicyCommon {
	readonly name?: string;
	readonly note?: string;
	/** As written. */
	readonly rule: string;
	/** The number it is about, named as for `why`. */
	readonly of: string;
	readonly comparison: PolicyComparison;
	readonly origin: Origin;
}

/** A number, or a quantile of its draws, against a limit. */
export interface ValuePolicy extends PolicyCommon {
	readonly kind: "value";
	/** From 0 to 1; absent: the number itself, with every input in the middle. */
	readonly quantile?: number;
	/** As written: its unit is that of the number. */
	readonly limit: string;
	readonly limitOrigin: Origin;
}

/** Evidence at least as good as a grade, A being the best. */
export interface GradePolicy extends PolicyCommon {
	readonly kind: "grade";
	readonly comparison: ">=";
	readonly grade: "A" | "B" | "C" | "D" | "E";
}

/** The chance that a number keeps a limit. */
export interface ChancePolicy extends PolicyCommon {
	readonly kind: "chance";
	readonly inner: PolicyComparison;
	readonly limit: string;
	readonly limitOrigin: Origin;
	/** From 0 to 1. */
	readonly chance: number;
}

const EXAMPLE = "p90(unit_cost.delivered.total) <= 0.75 USD/Mtok";
const COMPARED = /^([^<>=]+?)\s*(<=|>=|<|>)\s*(\S.*)$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@:/-]*$/;

type Read = Omit<ValuePolicy, "rule"> | Omit<GradePolicy, "rule"> | Omit<ChancePolicy, "rule">;

const rule: Shape<Policy> = {
	schema: {
		description: `What must hold. Such as ${EXAMPLE}.`,
		type: "string",
		minLength: 3,
		maxLength: 300,
		examples: [EXAMPLE],
	},
	read: (tree, path, reading) => {
		const scalar = asScalar(tree, path, reading, "a policy");
		if (scalar === FAILED) return FAILED;
		const written = wordsOf(scalar).trim();
		const read = policyOf(written, scalar.origin);
		if ("wrong" in read) {
			return reading.report(
				"unreadable-policy",
				`${quote(written)}: ${read.wrong}`,
				path,
				within(scalar.origin, read.at),
				{
					expected: `name, comparison and limit, such as ${EXAMPLE}`,
					hint: `write ${EXAMPLE}`,
				},
			);
		}
		return { ...read, rule: written } as Policy;
	},
};

const named = section(
	{
		name: optional(text("What the policy is called in answers")),
		rule: required(rule),
		note: optional(text("Why it is there, or who asks for it")),
	},
	{ description: "A policy with a name" },
);

/** Policies of a scenario, or of a file of their own. */
export const policies: Shape<readonly Policy[]> = listOf({
	schema: { anyOf: [rule.schema, named.schema] },
	read: (tree, path, reading) => {
		if (tree.kind !== "map") return rule.read(tree, path, reading);
		const read = named.read(tree, path, reading);
		return read === FAILED ? FAILED : { ...read.rule, ...given("name", read.name), ...given("note", read.note) };
	},
});

export type ParsePoliciesResult =
	| { readonly ok: true; readonly policies: readonly Policy[] }
	| { readonly ok: false; readonly issues: readonly Issue[] };

/** The policy file, version 1. */
export const policyFileShape: Shape<{ readonly version: 1; readonly policies: readonly Policy[] }> = section(
	{ version: required(version(1)), policies: required(policies) },
	{ description: "Policies that results must keep" },
);

/** Policies from the text of their file, or every issue with it. */
export function parsePolicies(file: string, source: string): ParsePoliciesResult {
	const loaded = readYaml(source, file);
	if (!loaded.ok) return loaded;
	const reading = new Reading(file);
	const read = policyFileShape.read(loaded.tree, "", reading);
	if (read === FAILED || reading.issues.length > 0) return { ok: false, issues: inOrder(reading.issues) };
	return { ok: true, policies: read.policies };
}

interface Wrong {
	readonly wrong: string;
	/** Where in the text. */
	readonly at: number;
}

function policyOf(written: string, origin: Origin): Read | Wrong {
	const chance = /^chance\s*\((.*)\)\s*(<=|>=|<|>)\s*(.*)$/.exec(written);
	if (chance !== null) return chanceOf(chance, written, origin);
	const whole = COMPARED.exec(written);
	if (whole === null) return { wrong: "it compares nothing", at: 0 };
	const [, left, comparison, limit] = whole as unknown as [string, string, PolicyComparison, string];
	const call = /^([a-z]\w*(?:\.\d+)?)\s*\(\s*(.*?)\s*\)$/.exec(left);
	const of = call?.[2] ?? left;
	if (!NAME.test(of)) return { wrong: `${quote(of)} is no name of a number`, at: Math.max(0, written.indexOf(of)) };
	const common = { of, comparison, origin };
	const limitAt = written.lastIndexOf(limit);
	const plain = { ...common, kind: "value", limit, limitOrigin: within(origin, limitAt) } as const;
	if (call === null) return plain;
	const [, measure] = call as unknown as [string, string];
	if (measure === "grade") return gradeOf(common, limit, limitAt);
	const percentile = /^p(\d{1,2}(?:\.\d+)?)$/.exec(measure)?.[1];
	if (percentile !== undefined && Number(percentile) > 0) return { ...plain, quantile: Number(percentile) / 100 };
	return { wrong: `${quote(measure)} is none of p1 to p99, grade and chance`, at: 0 };
}

function gradeOf(common: Omit<PolicyCommon, "rule">, limit: string, at: number): Omit<GradePolicy, "rule"> | Wrong {
	if (common.comparison !== ">=") return { wrong: "a grade is held to >=: that one, or a better", at };
	const grade = (["A", "B", "C", "D", "E"] as const).find((each) => each === limit);
	if (grade === undefined) return { wrong: `${quote(limit)} is no grade from A to E`, at };
	return { ...common, comparison: ">=", kind: "grade", grade };
}

function chanceOf(found: RegExpExecArray, written: string, origin: Origin): Omit<ChancePolicy, "rule"> | Wrong {
	const [, inside, comparison, share] = found as unknown as [string, string, PolicyComparison, string];
	const inner = COMPARED.exec(inside.trim());
	if (inner === null) return { wrong: `${quote(inside)} compares nothing`, at: written.indexOf("(") + 1 };
	const [, of, compared, limit] = inner as unknown as [string, string, PolicyComparison, string];
	if (!NAME.test(of)) return { wrong: `${quote(of)} is no name of a number`, at: written.indexOf(of) };
	const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(share)?.[1];
	const chance = percent === undefined ? Number(share) : Number(percent) / 100;
	if (!(chance >= 0 && chance <= 1)) return { wrong: `${quote(share)} is no share`, at: written.lastIndexOf(share) };
	const limitOrigin = within(origin, written.indexOf(limit, written.indexOf(compared)));
	return { kind: "chance", of, comparison, inner: compared, limit, limitOrigin, chance, origin };
}

/** A place in a text that stands at an origin; where the text is in quotes, it is one to the left of it. */
function within(origin: Origin, at: number): Origin {
	if (origin.kind !== "file") return origin;
	return { ...origin, column: origin.column + at };
}
