/** The workbook of a saved result: its graph as live formulas, and what the result says about itself. */
import type { Envelope } from "@farthing/answers";
import type { Draws, Evaluation, Workbook } from "@farthing/engine";
import { modelFromJson, workbookOf } from "@farthing/engine";
import { workbookXlsx } from "./write-xlsx.ts";

export interface ResultWorkbookOptions {
	readonly title?: string;
	/** The first month of the plan, `2026-10`. */
	readonly start?: string;
	readonly draws?: Draws;
}

/** Bytes of an XLSX file. Throws `TypeError` where the result was saved without its graph. */
export async function resultWorkbook(
	saved: Envelope<unknown>,
	options: ResultWorkbookOptions = {},
): Promise<Uint8Array> {
	const book = workbookOfResult(saved, options);
	return workbookXlsx(book, { date: dayOf(saved.as_of), description: `farthing ${saved.command}, result ${saved.id}` });
}

export function workbookOfResult(saved: Envelope<unknown>, options: ResultWorkbookOptions = {}): Workbook {
	return workbookOfEvaluation(saved, evaluationOf(saved), options);
}

/** The graph of a saved result. Throws `TypeError` where it was saved without one. */
export function evaluationOf({ graph }: Envelope<unknown>): Evaluation {
	if (graph === undefined)
		throw new TypeError("this result was saved without its graph: there are no formulas to write");
	return modelFromJson(graph);
}

export function workbookOfEvaluation(
	{ command, id, as_of, catalogue, definitions, seed, warnings }: Envelope<unknown>,
	evaluation: Evaluation,
	options: ResultWorkbookOptions,
): Workbook {
	const about: [string, string][] = [
		["command", `farthing ${command}`],
		["result", id],
		["as of", as_of],
		["catalogue", catalogue],
		["definitions", definitions],
		["seed", String(seed)],
		...warnings.map(({ message }): [string, string] => ["warning", message]),
	];
	return workbookOf(evaluation, { ...options, title: options.title ?? `farthing ${command}`, about });
}

/** Properties of a document need a day. */
export function dayOf(asOf: string): string {
	return /^\d{4}-\d{2}-\d{2}/.exec(asOf)?.[0] ?? "1980-01-01";
}
