/** What is wrong with a file, told by its cause. */
import { FarthingError } from "../farthing-error.ts";
import type { Issue } from "@farthing/scenario";
import { scenarioError } from "./scenario-error.ts";
import { flagError } from "./words.ts";

/** The first issue with its place, or its flag; the others counted. */
export function fileError(issues: readonly Issue[]): unknown {
	return rowListGiven(issues) ?? flagError(scenarioError(withoutShadows(issues)));
}

/** A member under a misspelt name is not missing as well. */
function withoutShadows(issues: readonly Issue[]): readonly Issue[] {
	const meant = new Set(
		issues
			.filter(({ code }) => code === "unknown-field")
			.flatMap(({ file, path, nearest = [] }) => nearest.map((name) => `${file} ${siblingOf(path, name)}`)),
	);
	return issues.filter(({ code, file, path }) => code !== "missing-field" || !meant.has(`${file} ${path}`));
}

function siblingOf(path: string, name: string): string {
	return path.includes(".") ? path.replace(/[^.]*$/, name) : name;
}

function rowListGiven(issues: readonly Issue[]): FarthingError | undefined {
	const rows = issues.find(({ code, path }) => code === "unknown-field" && path === "rows");
	if (rows === undefined) return undefined;
	const { file, line, column } = rows;
	return new FarthingError(
		2,
		"not-a-scenario",
		{ en: "this is a list of benchmark rows, no scenario", zh: "这是基准测试行的列表，不是场景" },
		{
			file,
			line,
			column,
			expected: {
				en: "a scenario file; a list of rows goes with --rows",
				zh: "场景文件；行的列表请用 --rows",
			},
			hint: `farthing plan scenarios/prototype-to-5b.yaml --rows ${file}`,
		},
	);
}
