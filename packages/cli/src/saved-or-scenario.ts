/** What a command is asked about: a saved result, or a scenario file that is planned first. */
import { type Subject, soundResult } from "@farthing/answers";
import { savedResult } from "./context.ts";
import { FILE_KINDS, givenFile } from "./files.ts";

/** A path that ends in `.json` is a result of farthing; anything else is a scenario. No path: the last result here. */
export function subjectOf(path: string | undefined): Subject {
	if (path === undefined || path.endsWith(".json")) {
		return { kind: "result", name: path ?? "the last result", saved: soundResult(savedResult(path), path) };
	}
	return { kind: "scenario", file: givenFile(path, FILE_KINDS.scenarioOrResult) };
}
