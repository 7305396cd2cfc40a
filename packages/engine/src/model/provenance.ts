/**
 * How good the evidence for a number is. A: your own meters or invoice. B: independent benchmark, exact configuration.
 * C: interpolated on a measured frontier. D: modelled. E: vendor claim or assumption.
 */
export type Grade = "A" | "B" | "C" | "D" | "E";

/** How a value came about where a measured table is involved. */
export type ValueState = "measured" | "interpolated" | "clamped" | "modelled" | "unreachable" | "unknown";

/** Where an input comes from. Every input has one; a number without a source cannot enter a model. */
export interface Provenance {
	/** Citation in words, or the id of a source in the catalogue. */
	readonly source: string;
	/** Date the fact holds for, as precise as known: `2026`, `2026-07` or `2026-07-20`. */
	readonly asOf: string;
	readonly grade: Grade;
	readonly note?: string;
	readonly owner?: string;
	/** Catalogue row or file position the number stands at. */
	readonly at?: string;
	readonly state?: ValueState;
	/**
	 * `condition`: part of the question (demand, SLO, redundancy), not evidence for the answer; it is shown with its
	 * source but does not set the grade of a result. Evidence unless said.
	 */
	readonly role?: "evidence" | "condition";
}

export function worstGrade(grades: Iterable<Grade>): Grade | undefined {
	let worst: Grade | undefined;
	for (const grade of grades) if (worst === undefined || grade > worst) worst = grade;
	return worst;
}

const STATE_ORDER: readonly ValueState[] = [
	"measured",
	"interpolated",
	"clamped",
	"modelled",
	"unknown",
	"unreachable",
];

export function worstState(states: Iterable<ValueState>): ValueState | undefined {
	let worst: ValueState | undefined;
	for (const state of states) {
		if (worst === undefined || STATE_ORDER.indexOf(state) > STATE_ORDER.indexOf(worst)) worst = state;
	}
	return worst;
}
