/** What the server is asked, as plain data that crosses to a worker thread. */
import type { WordValue } from "@farthing/answers";
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
	/** What was asked for, as given. */
	readonly asked: Readonly<Record<string, unknown>>;
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
	| { readonly kind: "catalog"; readonly words: AskedWords }
	| {
			readonly kind: "catalog-list";
			readonly words: AskedWords;
			readonly collection: string;
			readonly filter?: string | undefined;
	  }
	| { readonly kind: "catalog-show"; readonly words: AskedWords; readonly id: string }
	| AskedActuals
	| AskedBudgets
	| { readonly kind: "why"; readonly saved: string; readonly node: string; readonly month?: number };

/** Documents of a plan: a template by name, or Markdown of one's own. */
export interface ReportOrder {
	readonly subject: AskedSubject;
	readonly template?: string | undefined;
	readonly formats?: readonly string[] | undefined;
	readonly words: AskedWords;
}

/** A request that does not fit its shape: every fault, with where it stands and what was expected. */
export function malformed(error: z.ZodError): FarthingError {
	const issues = error.issues.map(({ path, message }) => `${path.join(".") || "request"}: ${message}`);
	const [first] = error.issues;
	return new FarthingError(2, "malformed-request", issues.join("; "), {
		field: first?.path.join(".") || "request",
		expected: "what /v1/openapi.json says of this request",
	});
}
