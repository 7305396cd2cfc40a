import type { FieldLaw, IntervalWidths, PredictedName, ServingRow, StepLaw } from "@farthing/engine";

/** A measured serving row beside the benchmark tables; what its names imply is for the reader to find. */
export type ServingSampleRow = Omit<ServingRow, "body" | "family" | "isMixture">;

/** The fitted constants of the performance model, with the command that made them. */
export interface ServingLaw {
	readonly madeBy: string;
	/** Newest measurement in the fit. */
	readonly asOf: string;
	readonly rows: number;
	readonly law: StepLaw;
	readonly fields: Readonly<Record<PredictedName, FieldLaw>>;
	/** What covered 80% of rows that were held out of the fit. */
	readonly intervals: IntervalWidths;
}
