/** `farthing report`: a saved result, or the plan of a scenario, as the documents of a template. */
import { basename, extname } from "node:path";
import type { Envelope, Language, Warning } from "@farthing/answers";
import { FarthingError, freshResult, refuseBeside, soundResult } from "@farthing/answers";
import { commandText } from "../command-text.ts";
import { questionContext, savedResult } from "../context.ts";
import { FILE_KINDS, readText } from "../files.ts";
import { printNote, printJson, printText } from "../print.ts";
import { planOfFile } from "./plan.ts";
import type { ReportFlags } from "./report-files.ts";
import { MONTHLY, writeReport } from "./report-files.ts";
import { languageOf } from "../language.ts";

/** `typed`: the flags that stand on the command line, without those that have their default. */
export async function runReport(
	of: string | undefined,
	flags: ReportFlags,
	typed: readonly string[] = [],
): Promise<void> {
	if (flags.window !== undefined || flags.keep !== undefined || flags.template === MONTHLY)
		return (await import("./monthly.ts")).runMonthly(of, flags);
	const report = await import("@farthing/report");
	if (flags.schema === true) return printJson(report.templateSchema());
	const language = languageOf(flags);
	const { text, file, name } = await templateText(flags.template, language);
	if (flags.printTemplate === true) return printText(text);
	if (of === undefined) throw nothingToReport();
	const { formatsNamed } = await import("@farthing/report/node");
	const formats = formatsNamed(flags.format);
	refuseUnused(typed, LEDGER_FLAGS, "decides what a month of the ledger costs, and nothing of a plan");
	if (isResultFile(of))
		refuseUnused(typed, ["--as-of", "--seed"], "was settled when the result was made: make it anew with it");
	const saved = isResultFile(of) ? soundResult(savedResult(of), of) : freshResult(planOfFile(of, flags));
	if (flags.template === "board" && !isPlan(saved)) throw boardOfOther(saved.command, of);
	const template = report.readTemplate(text, file, name);
	const inLanguage = language === "en" ? [] : ["--language", language];
	const commandLine = commandText("report", of, "--template", flags.template, ...inLanguage);
	const notes: Warning[] = [...saved.warnings];
	const { files, warnings } = await writeReport(formats, {
		folder: flags.output,
		name: template.name,
		saved,
		make: () => {
			const pack = report.packOfResult(
				{ saved, template, templateFile: file, commandLine, language },
				questionContext(flags),
			);
			notes.push(...pack.notes);
			return pack.report;
		},
	});
	notes.push(...warnings);
	const { graph: _, result: __, command_line: ___, ...from } = saved;
	if (flags.json === true)
		printJson({
			...from,
			command: "report",
			warnings: notes,
			result: { of: saved.command, template: template.name, files },
		});
	else printText(files.map(({ path, bytes }) => `${path}  ${(bytes / 1024).toFixed(0)} kB`).join("\n"));
	if (flags.json !== true && flags.quiet !== true) for (const { message } of notes) printNote(message);
}

/** Flags that `farthing report` shares with `farthing actuals`. */
const LEDGER_FLAGS = [
	"--basis",
	"--bill",
	"--cost",
	"--currency",
	"--rates",
	"--plan",
	"--calibration",
	"--pue",
	"--region",
	"--store",
];

function refuseUnused(typed: readonly string[], flags: readonly string[], reason: string): void {
	const flag = typed.find((each) => flags.includes(each));
	if (flag !== undefined) refuseBeside({ [flag]: true }, reason, `leave ${flag} out`);
}

function isPlan({ result }: Envelope<unknown>): boolean {
	const { options, strategies } = result as { options?: unknown; strategies?: unknown };
	return options !== undefined || strategies !== undefined;
}

/** The board decides between fleets and ways to pay for them; any result has inputs and formulas. */
function boardOfOther(command: string, of: string): FarthingError {
	return new FarthingError(
		2,
		"not-a-plan",
		{
			en: `the board is of a plan, and this is a result of farthing ${command}`,
			zh: `board 模板用于计划，而这是 farthing ${command} 的结果`,
		},
		{
			file: of,
			field: "--template",
			expected: { en: "technical, or a template of your own", zh: "technical，或您自己的模板" },
			hint: commandText("report", of, "--template", "technical"),
		},
	);
}

function nothingToReport(): FarthingError {
	return new FarthingError(
		2,
		"missing-argument",
		{ en: "there is nothing to report on", zh: "没有可以报告的内容" },
		{
			expected: { en: "a scenario, or a result written with -o", zh: "场景，或用 -o 写出的结果" },
			hint: "farthing report scenarios/five-years.yaml -o out",
		},
	);
}

function isResultFile(of: string): boolean {
	return extname(of).toLowerCase() === ".json";
}

/** A name without folder or ending is one of ours; anything else is a file. */
async function templateText(asked: string, language: Language): Promise<{ text: string; file: string; name: string }> {
	if (!/^[\w-]+$/.test(asked))
		return { text: readText(asked, FILE_KINDS.template), file: asked, name: nameOfFile(asked) };
	const { templateNamed } = await import("@farthing/report/node");
	return { text: templateNamed(asked, language, [MONTHLY]), file: asked, name: asked };
}

function nameOfFile(path: string): string {
	return basename(path, extname(path)).replace(/[^\w-]+/g, "-") || "report";
}
