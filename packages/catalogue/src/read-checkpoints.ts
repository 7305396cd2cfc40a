import { WEIGHT_FORMATS } from "@farthing/engine";
import type { Checkpoint } from "./catalogue.ts";
import { EVIDENCE_MEMBERS, readEvidence, type Evidence, type Reading } from "./read-figure.ts";
import type { Cursor } from "./yaml-cursor.ts";
import { choiceOf, elements, members, need, report, textOf } from "./yaml-cursor.ts";

const TENSORS = ["attention", "experts", "dense", "ends"] as const;

/** The published checkpoints of a model: the format of each kind of tensor. */
export function readCheckpoints(at: Cursor | undefined, base: Evidence | undefined, reading: Reading): Checkpoint[] {
	const seen = new Set<string>();
	return elements(at).flatMap((entry) => {
		const found = members(entry, ["name", "precision", ...TENSORS, "note", ...EVIDENCE_MEMBERS]);
		const name = textOf(need(entry, found, "name"));
		const precision = choiceOf(need(entry, found, "precision"), WEIGHT_FORMATS);
		const [attention, experts, dense, ends] = TENSORS.map((tensor) =>
			choiceOf(need(entry, found, tensor), WEIGHT_FORMATS),
		);
		const note = textOf(found.get("note"));
		const evidence = readEvidence(entry, found, reading, base);
		if (precision !== undefined && seen.has(precision)) {
			report(entry, `a checkpoint in ${precision} stands twice`, "one to a precision: the one that benchmarks run");
		}
		if (precision !== undefined) seen.add(precision);
		if (name === undefined || precision === undefined || evidence === undefined) return [];
		if (attention === undefined || experts === undefined || dense === undefined || ends === undefined) return [];
		const formats = { attention, experts, dense, ends };
		return [{ name, precision, formats, ...evidence, ...(note !== undefined && { note }) }];
	});
}
