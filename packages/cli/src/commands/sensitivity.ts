import type { SavedResult } from "@farthing/answers";
import { FarthingError, sensitivity } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { countFlag } from "../given-flags.ts";
import { resultOf } from "../saved-or-scenario.ts";
import { sensitivityText } from "../show/sensitivity.ts";

export interface SensitivityFlags extends CommonFlags {
	readonly of?: string;
	readonly rows: string;
	readonly top: string;
}

/** Draws of the plan itself say nothing here: a few will do. */
const PLAN_DRAWS = 64;

export async function runSensitivity(path: string | undefined, flags: SensitivityFlags): Promise<void> {
	const top = countFlag("--top", flags.top);
	const rows = rowsOf(flags.rows);
	const store = catalogueStore();
	const saved = resultOf(path, flags, store, { draws: PLAN_DRAWS });
	const given = { of: flags.of, rows, result: saved.id };
	const asking = askingOf("sensitivity", given, { ...flags, asOf: flags.asOf ?? saved.as_of }, store);
	const answer = sensitivity(
		saved as SavedResult,
		{ ...(flags.of === undefined ? {} : { of: flags.of }), rows },
		asking,
	);
	deliver({ ...answer, warnings: saved.warnings }, flags, (result) => sensitivityText(result, answer, top));
}

function rowsOf(text: string): number {
	const rows = countFlag("--rows", text);
	if (Number.isInteger(Math.log2(rows)) && rows >= 64 && rows <= 65_536) return rows;
	throw new FarthingError(2, "wrong-type", `--rows takes a power of 2 from 64 to 65536, not "${text}"`, {
		field: "--rows",
		expected: "64, 128, … 65536",
		hint: "--rows 1024",
	});
}
