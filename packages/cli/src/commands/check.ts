import type { Envelope, SavedResult } from "@farthing/answers";
import { check, FarthingError } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { Policy } from "@farthing/scenario";
import { parsePolicies } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver, savedResult } from "../context.ts";
import { readText } from "../files.ts";
import { planOfText } from "../saved-or-scenario.ts";
import { scenarioOfText } from "../scenario-file.ts";
import { checkText } from "../show/check.ts";
import { fileError } from "./file-issues.ts";

export interface CheckFlags extends CommonFlags {
	readonly policy?: readonly string[];
}

/** Exit 1 where a policy is not kept. */
export async function runCheck(path: string, flags: CheckFlags): Promise<number> {
	const given = (flags.policy ?? []).flatMap(policiesOf);
	const store = catalogueStore();
	const { saved, own } = path.endsWith(".json") ? { saved: savedResult(path), own: [] } : planned(path, flags, store);
	const policies = [...own, ...given];
	if (policies.length === 0) {
		throw new FarthingError(2, "no-policies", `nothing is asked of ${path}`, {
			file: path,
			expected: "policies: in the scenario, or a file of policies with --policy",
			hint: 'add policies: ["p90(unit_cost.delivered.total) <= 0.75 USD/Mtok"]',
		});
	}
	const question = { of: saved.id, policies: policies.map(({ rule }) => rule) };
	// the draws of the result itself, so that a quantile is the one that it shows
	const drawnAs = { asOf: flags.asOf ?? saved.as_of, seed: flags.seed ?? String(saved.seed) };
	const asking = askingOf("check", question, { ...flags, ...drawnAs }, store);
	const answer = check(saved as SavedResult, { policies }, asking);
	const told = { ...answer, warnings: saved.warnings };
	deliver(told, flags, (result) => checkText(result, told));
	return answer.result.failed === 0 ? 0 : 1;
}

function planned(
	path: string,
	flags: CommonFlags,
	store: CatalogueStore,
): { readonly saved: Envelope<unknown>; readonly own: readonly Policy[] } {
	const text = readText(path, "a scenario file, or a result written by farthing");
	const file = path === "-" ? "standard input" : path;
	const own = scenarioOfText(text, file).scenario.policies ?? [];
	return { saved: planOfText(text, file, flags, store), own };
}

function policiesOf(path: string): readonly Policy[] {
	const parsed = parsePolicies(path, readText(path, "a file of policies"));
	if (parsed.ok) return parsed.policies;
	throw fileError(parsed.issues);
}
