/** A scenario as it was given: words over the environment over the text, and errors with their place. */
import type { Issue, Scenario, ScenarioOverride } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { fileError } from "./file-issues.ts";
import type { GivenFile } from "./member.ts";
import { cardOverrides, type QuestionContext } from "./question-context.ts";

export interface ScenarioRead {
	readonly scenario: Scenario;
	/** Members that have no effect. */
	readonly unused: readonly Warning[];
}

/** Throws exit 2 with line and column, or the word, of what is wrong. */
export function readScenario(
	{ name: file, text }: GivenFile,
	context: Pick<QuestionContext, "card" | "tier" | "resolve">,
	own: readonly ScenarioOverride[] = [],
): ScenarioRead {
	const { resolve } = context;
	const parse = (overrides: readonly ScenarioOverride[]): ReturnType<typeof parseScenario> =>
		parseScenario(text, { file, overrides, ...(resolve === undefined ? {} : { resolve }) });
	const plain = parse(own);
	const environment = plain.ok && plain.scenario.cost.kind === "card" ? cardOverrides(context) : [];
	const parsed = environment.length === 0 ? plain : parse([...environment, ...own]);
	if (!parsed.ok) throw halfACard(parsed.issues) ?? fileError(parsed.issues);
	const unused = parsed.warnings.filter(({ code }) => code === "unused-member");
	return { scenario: parsed.scenario, unused: unused.map(({ code, message }) => ({ code, message })) };
}

/** `--card` or `--tier` alone on a scenario that has no rate card. */
function halfACard(issues: readonly Issue[]): FarthingError | undefined {
	const half = issues.find(({ file, path }) => ["--card", "--tier"].includes(file) && path.startsWith("cost.card."));
	if (half === undefined) return undefined;
	const other = half.file === "--card" ? "--tier" : "--card";
	return new FarthingError(
		2,
		"missing-field",
		`the scenario has no rate card, so ${half.file} needs ${other} beside it`,
		{
			field: other,
			expected: "--card and --tier together",
			hint: "--card 2026-09 --tier own_neocloud",
		},
	);
}
