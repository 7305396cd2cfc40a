/** The machine of a plan as it is told, with the accuracy of its number format. */
import type { Catalogue } from "@farthing/catalogue";
import { layoutOf } from "../rows.ts";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Machine } from "./machine.ts";
import type { PrecisionChange } from "./precision.ts";
import type { YearsMachine } from "./result.ts";

export function machineJson(
	catalogue: Catalogue,
	answer: Answer,
	{ point, host }: Machine,
	change: PrecisionChange | undefined,
): YearsMachine {
	const accuracy = accuracyOf(catalogue, point.model, point.precision);
	return {
		row: point.id,
		hardware: point.hardware,
		precision: point.precision,
		stack: point.stack,
		speculative: point.speculative,
		layout: layoutOf(point),
		...(host === undefined ? {} : { host }),
		...(accuracy === undefined ? {} : { accuracy }),
		...(change === undefined ? {} : { precision_change: changeJson(catalogue, answer, change) }),
	};
}

function changeJson(
	catalogue: Catalogue,
	answer: Answer,
	{ fromMonth, node, to: { point } }: PrecisionChange,
): NonNullable<YearsMachine["precision_change"]> {
	const accuracy = accuracyOf(catalogue, point.model, point.precision);
	return {
		month: fromMonth,
		precision: point.precision,
		row: point.id,
		gain: json(answer, node),
		...(accuracy === undefined ? {} : { accuracy }),
	};
}

/** Median score of a format and of FP8 on the same model and task; nothing where either was not run. */
function accuracyOf(catalogue: Catalogue, model: string, precision: string): YearsMachine["accuracy"] {
	if (precision === "fp8") return undefined;
	const runs = catalogue.accuracyRuns.filter((run) => run.model === model);
	const scores = (format: string): number[] =>
		runs
			.filter((run) => run.precision === format)
			.map((run) => run.scoreStrict)
			.sort((a, b) => a - b);
	const [own, fp8] = [scores(precision), scores("fp8")];
	const task = runs[0]?.task;
	if (own.length === 0 || fp8.length === 0 || task === undefined) return undefined;
	return {
		task,
		precision: own[own.length >> 1] as number,
		fp8: fp8[fp8.length >> 1] as number,
		runs: own.length,
		runs_fp8: fp8.length,
	};
}
