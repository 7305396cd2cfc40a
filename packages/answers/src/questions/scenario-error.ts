import { FarthingError } from "../farthing-error.ts";
import type { Issue } from "@farthing/scenario";

/** The first issue of a file as one error; the others are counted, so that nobody mends blindly. */
export function scenarioError(issues: readonly Issue[]): FarthingError {
	const [first, ...others] = issues as [Issue, ...Issue[]];
	const { code, message, file, line, column, path, expected, hint, nearest } = first;
	const more =
		others.length === 0
			? ""
			: ` (and ${others.length} more: ${others
					.slice(0, 3)
					.map((each) => `line ${each.line}: ${each.message}`)
					.join("; ")}${others.length > 3 ? "; …" : ""})`;
	return new FarthingError(2, code, `${message}${more}`, { file, line, column, field: path, expected, hint, nearest });
}
