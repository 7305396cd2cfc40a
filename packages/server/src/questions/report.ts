/** A report as files, made in a worker thread. */
import type { Envelope } from "@farthing/answers";
import { answerPlan, FarthingError, freshResult, soundResult } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { packOfResult, readTemplate } from "@farthing/report";
import { type Format, formatsNamed, makeFormats, templateNamed } from "@farthing/report/node";
import { contextOf } from "./context.ts";
import type { ReportOrder } from "./question.ts";

export interface ReportFile {
	readonly format: Format;
	readonly bytes: Uint8Array;
}

export interface MadeReport {
	/** Of the result that it is about. */
	readonly of: Pick<Envelope<unknown>, "id" | "as_of" | "catalogue" | "definitions" | "seed" | "warnings">;
	readonly command: string;
	readonly template: string;
	readonly files: readonly ReportFile[];
}

/** Throws FarthingError as plans do, and for a template or format that there is not. */
export async function makeReport(store: CatalogueStore, order: ReportOrder): Promise<MadeReport> {
	const context = contextOf(store, order.words);
	const name = order.template ?? "board";
	const template = name.includes("\n")
		? readTemplate(name, "template", "report")
		: readTemplate(templateNamed(name, order.language), name, name);
	const formats = formatsNamed(order.formats);
	const { language = "en" } = order;
	const saved =
		"saved" in order.subject
			? soundResult(JSON.parse(order.subject.saved) as Envelope<unknown>)
			: freshResult(answerPlan({ scenario: { name: "scenario", text: order.subject.scenario } }, context));
	if ((saved.result as { options?: unknown; strategies?: unknown }).options === undefined && saved.command !== "plan") {
		throw new FarthingError(3, "not-a-plan", `a report is of a plan, not of an answer of ${saved.command}`, {
			field: "result",
			expected: "the id of a plan",
		});
	}
	const inLanguage = language === "en" ? "" : ` --language ${language}`;
	const commandLine = `farthing report scenario.yaml --template ${template.name}${inLanguage}`;
	const files = new Map<Format, Uint8Array>();
	let notes: Envelope<unknown>["warnings"] = [];
	const make = () => {
		const pack = packOfResult({ saved, template, templateFile: "template", commandLine, language }, context);
		notes = pack.notes;
		return pack.report;
	};
	const unshown = await makeFormats(formats, saved, make, (format, content) =>
		files.set(format, new Uint8Array(Buffer.from(content))),
	);
	const { id, as_of, catalogue, definitions, seed, warnings, command } = saved;
	return {
		of: { id, as_of, catalogue, definitions, seed, warnings: [...warnings, ...notes, ...unshown] },
		command,
		template: template.name,
		files: formats.map((format) => ({ format, bytes: files.get(format) as Uint8Array })),
	};
}
