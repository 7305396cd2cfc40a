/** What the server is asked, as plain data that crosses to a worker thread. */
import type { Language, WordValue } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { z } from "@hono/zod-openapi";

/** Words of a question under the names that its reader knows, with `asOf` and `seed`. */
export type AskedWords = Readonly<Record<string, WordValue | undefined>>;

/** Questions that are their words alone. */
export const WORD_KINDS = ["price", "frontier", "plan", "compare", "claim", "train", "predict", "simulate"] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** What a question is about: the text of a scenario, or an answer with its graph, as JSON. */
export type AskedSubject = { readonly scenario: string } | { readonly saved: string };

/** Actuals from facts that were read already: a worker opens no ledger. */
export interface AskedActuals {
	readonly kind: "actuals";
	readonly words: AskedWords;
	/** What was read, as `v8.serialize` writes it, in base64: plain data with whole numbers of any size. */
	readonly facts: string;
	/** Tenant whose part alone is shown. */
	readonly org?: string | undefined;
	readonly region?: string | undefined;
	/** Answered plans to compare with, as JSON. */
	readonly plans?: readonly string[] | undefined;
}

/** Budgets against facts that were read already. */
export interface AskedBudgets {
	readonly kind: "budgets";
	readonly words: AskedWords;
	/** As of {@link AskedActuals}. */
	readonly facts: string;
	readonly on?: string | undefined;
}

export type Question =
	| { readonly kind: WordKind; readonly words: AskedWords }
	| { readonly kind: "sensitivity" | "check"; readonly subject: AskedSubject; readonly words: AskedWords }
	| {
			readonly kind: "diff";
			readonly before: AskedSubject;
			readonly after: AskedSubject;
			readonly words: AskedWords;
	  }
	/** Whether a simulation of these words can begin. */
	| { readonly kind: "simulate-words"; readonly words: AskedWords }
	| { readonly kind: "catalog"; readonly words: AskedWords }
	| {
			readonly kind: "catalog-list";
			readonly words: AskedWords;
			readonly collection: string;
			readonly filter?: string | undefined;
	  }
	| { readonly kind: "catalog-show"; readonly words: AskedWords; readonly id: string; readonly collection: string }
	| AskedActuals
	| AskedBudgets
	| { readonly kind: "why"; readonly saved: string; readonly node: string; readonly month?: number };

/** Documents of a plan: a template by name, or Markdown of one's own. */
export interface ReportOrder {
	readonly subject: AskedSubject;
	readonly template?: string | undefined;
	readonly formats?: readonly string[] | undefined;
	/** English unless given. */
	readonly language?: Language;
	readonly words: AskedWords;
}

/** A request that does not fit its shape: every fault, with where it stands and what was expected. */
export function malformed(error: z.ZodError): FarthingError {
	const faults = error.issues.map((issue) => ({ field: fieldOf(issue), says: saidOf(issue) }));
	return new FarthingError(2, "malformed-request", faults.map(({ field, says }) => `${field}: ${says}`).join("; "), {
		field: faults[0]?.field ?? "request",
		expected: "what /v1/openapi.json says of this request",
	});
}

type Fault = z.ZodError["issues"][number];

function fieldOf(issue: Fault): string {
	const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
	return path.join(".") || "request";
}

/** In the words of the surface, not in those of the library that found it. */
function saidOf(issue: Fault): string {
	switch (issue.code) {
		case "unrecognized_keys":
			return `nothing is known by the name of ${issue.keys.map((key) => `"${key.slice(0, 80)}"`).join(", ")} here`;
		case "invalid_type":
			return issue.input === undefined && !issue.message.includes("received")
				? `expected ${issue.expected}`
				: `expected ${issue.expected}${issue.message.includes("received undefined") ? ", and it is missing" : ""}`;
		case "invalid_value":
			return `expected ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
		case "invalid_union": {
			const expected = issue.errors.flatMap((each) => each.map(saidOf).map((text) => text.replace(/^expected /, "")));
			return expected.length === 0
				? "it has none of the forms that are read here"
				: `expected ${[...new Set(expected)].join(" or ")}`;
		}
		case "too_small":
			return `expected at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
		case "too_big":
			return `expected at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
		case "invalid_format":
			return `expected ${issue.format === "date" ? "a date such as 2026-10-01" : `the form ${issue.pattern ?? issue.format}`}`;
		default:
			return issue.message;
	}
}

function unitOf(origin: string, count: number | bigint): string {
	const isOne = Number(count) === 1;
	if (origin === "string") return isOne ? " character" : " characters";
	if (origin === "array") return isOne ? " entry" : " entries";
	return "";
}
