import type { Warning } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { Scenario } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";

export interface ReadScenario {
	readonly scenario: Scenario;
	readonly unused: readonly Warning[];
}

/** A scenario sent as the text of its file. `extends:` names files, and a server opens none: it is refused. */
export function scenarioOf(text: string): ReadScenario {
	const parsed = parseScenario(text, { file: "scenario" });
	if (parsed.ok) {
		const unused = parsed.warnings.filter(({ code }) => code === "unused-member");
		return { scenario: parsed.scenario, unused: unused.map(({ code, message }) => ({ code, message })) };
	}
	const [first, ...more] = parsed.issues;
	if (first === undefined) throw new Error("a scenario was refused without a reason");
	const { code, message, line, column, path, expected, hint, nearest } = first;
	const rest = more.map((issue) => `line ${issue.line}: ${issue.message}`);
	throw new FarthingError(2, code, [message, ...rest].join("; "), {
		file: "scenario",
		line,
		column,
		field: path,
		...(expected === undefined ? {} : { expected }),
		...(hint === undefined ? {} : { hint }),
		...(nearest === undefined ? {} : { nearest }),
	});
}
