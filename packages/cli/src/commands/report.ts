/** `farthing report`: a saved result, or the plan of a scenario, as the documents of a template. */
import { basename, extname } from "node:path";
import type { ClaimList, Envelope, SavedResult, SensitivityResult } from "@farthing/answers";
import { claims, FarthingError, sensitivity } from "@farthing/answers";
import type { Report, Template } from "@farthing/report";
import { nearestNames } from "@farthing/scenario";
import { askingOf, catalogueStore, savedResult } from "../context.ts";
import { readText } from "../files.ts";
import { printErrorLine, printJson, printText } from "../print.ts";
import { planOfFile } from "./plan.ts";
import type { Module, ReportFlags } from "./report-files.ts";
import { formatsOf, MONTHLY, writeReport } from "./report-files.ts";

export async function runReport(of: string | undefined, flags: ReportFlags): Promise<void> {
	if (flags.window !== undefined || flags.template === MONTHLY)
		return (await import("./monthly.ts")).runMonthly(of, flags);
	const report = await import("@farthing/report");
	if (flags.schema === true) return printJson(report.templateSchema());
	const { text, file, name } = await templateText(flags.template);
	if (flags.printTemplate === true) return printText(text);
	if (of === undefined) throw nothingToReport();
	const template = parsed(report, text, file, name);
	const formats = formatsOf(flags.format);
	const saved = isResultFile(of) ? savedResult(of) : planOfFile(of, flags);
	const work: Work = { of, saved, template, file, flags };
	const files = await writeReport(report, formats, {
		folder: flags.output,
		name: template.name,
		saved,
		make: () => reportOf(report, work),
	});
	const { graph: _, result: __, ...from } = saved;
	if (flags.json === true)
		printJson({ ...from, command: "report", result: { of: saved.command, template: template.name, files } });
	else printText(files.map(({ path, bytes }) => `${path}  ${(bytes / 1024).toFixed(0)} kB`).join("\n"));
	if (flags.json !== true && flags.quiet !== true)
		for (const { message } of saved.warnings) printErrorLine(`note: ${message}`);
}

interface Work {
	readonly of: string;
	readonly saved: Envelope<unknown>;
	readonly template: Template;
	readonly file: string;
	readonly flags: ReportFlags;
}

function reportOf(module: Module, { of, saved, template, file, flags }: Work): Report {
	const store = catalogueStore();
	const facts = store.facts();
	const said = headlines(saved, flags);
	const leaning = sensitivityOf(saved, flags);
	try {
		return module.packReport(
			{
				plan: saved,
				...(said === undefined ? {} : { claims: said }),
				...(leaning === undefined ? {} : { sensitivity: leaning }),
				names: module.namesOf(facts),
				commandLine: `farthing report ${basename(of)} --template ${basename(flags.template)}`,
			},
			template,
		);
	} catch (error) {
		if (error instanceof module.TemplateError) throw templateFault(file, error.issue);
		throw error;
	}
}

/** Headlines are tested on the installed catalogue: beside a result of another one they would speak of other rows. */
function headlines(saved: Envelope<unknown>, flags: ReportFlags): Envelope<ClaimList> | undefined {
	const store = catalogueStore();
	const asking = askingOf("claim", {}, { ...flags, asOf: saved.as_of }, store);
	const { version, hash } = store.manifest();
	if (saved.catalogue === `${version}+${hash.slice(0, 12)}`) return claims(store.catalogue(), asking);
	if (flags.quiet !== true)
		printErrorLine(
			`note: the result is of catalogue ${saved.catalogue}, this is ${version}: headlines are left out of the report`,
		);
	return undefined;
}

/** Few rows: a pack shows the ends of each input, and shares to one digit. What learning is worth it does not show. */
const SENSITIVITY_ROWS = 64;
const LEARNING_DRAWS = 1;

/** What the number that decides leans on; nothing where the result decides nothing or has no range. */
function sensitivityOf(saved: Envelope<unknown>, flags: ReportFlags): Envelope<SensitivityResult> | undefined {
	if (saved.graph === undefined || (saved.result as { strategies?: unknown }).strategies === undefined)
		return undefined;
	const asking = askingOf(
		"sensitivity",
		{ rows: SENSITIVITY_ROWS, result: saved.id },
		{ ...flags, asOf: saved.as_of },
		catalogueStore(),
	);
	try {
		return sensitivity(saved as SavedResult, { rows: SENSITIVITY_ROWS, draws: LEARNING_DRAWS }, asking);
	} catch (error) {
		if (error instanceof FarthingError && error.code === "no-ranges") return undefined;
		throw error;
	}
}

function nothingToReport(): FarthingError {
	return new FarthingError(2, "missing-argument", "there is nothing to report on", {
		expected: "a scenario, or a result written with -o",
		hint: "farthing report scenarios/five-years.yaml -o out",
	});
}

function isResultFile(of: string): boolean {
	return extname(of).toLowerCase() === ".json";
}

/** A name without folder or ending is one of ours; anything else is a file. */
async function templateText(asked: string): Promise<{ text: string; file: string; name: string }> {
	if (!/^[\w-]+$/.test(asked)) return { text: readText(asked, "a template"), file: asked, name: nameOfFile(asked) };
	const { builtInTemplate, builtInTemplates } = await import("@farthing/report/node");
	const known = builtInTemplates();
	if (known.includes(asked)) return { text: builtInTemplate(asked), file: asked, name: asked };
	throw new FarthingError(2, "unknown-template", `there is no template "${asked}"`, {
		field: "--template",
		expected: `${known.join(", ")}, or a file such as my-board.md`,
		nearest: nearestNames(asked, known),
	});
}

function nameOfFile(path: string): string {
	return basename(path, extname(path)).replace(/[^\w-]+/g, "-") || "report";
}

function parsed(module: Module, text: string, file: string, name: string): Template {
	const found = module.parseTemplate(text, name);
	if (found.ok) return found.template;
	throw templateFault(file, found.issues[0] as (typeof found.issues)[number]);
}

function templateFault(
	file: string,
	{ line, column, message, expected, nearest = [] }: InstanceType<Module["TemplateError"]>["issue"],
): FarthingError {
	return new FarthingError(2, "bad-template", message, { file, line, column, expected, nearest });
}
