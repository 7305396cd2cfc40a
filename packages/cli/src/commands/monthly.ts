/** `farthing report --window … --template monthly`: a month of the ledger as documents. */
import type { ApiPriceOf, ClaimedCost, Envelope, Language, Warning } from "@farthing/answers";
import { apiPriceOf, claimedCosts, envelope, FarthingError, freshResult } from "@farthing/answers";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type { ActualsResult, LedgerReads } from "@farthing/ledger";
import type { MonthlySource } from "@farthing/report";
import type { Format } from "@farthing/report/node";
import { commandText, ledgerWords } from "../command-text.ts";
import { askingOf, catalogueStore } from "../context.ts";
import { reportWords } from "../messages/report.ts";
import { printNote, printJson, printText } from "../print.ts";
import type { ActualsFlags } from "./actuals.ts";
import { actualsAnswer } from "./actuals.ts";
import type { ReportFlags, Written } from "./report-files.ts";
import { MONTHLY, writeReport } from "./report-files.ts";
import { languageOf } from "../language.ts";

export async function runMonthly(of: string | undefined, flags: ReportFlags): Promise<void> {
	const formats = await monthlyFormats(flags);
	if (flags.keep !== undefined) return runKeep(of, flags.keep, formats, flags);
	refuseOthers(of, flags);
	const { answer, files, warnings } = await monthlyPack(flags, formats);
	const { result: _, ...from } = answer;
	if (flags.json === true) printJson({ ...from, warnings, result: { of: "actuals", template: MONTHLY, files } });
	else printText(files.map(({ path, bytes }) => `${path}  ${(bytes / 1024).toFixed(0)} kB`).join("\n"));
	if (flags.json !== true && flags.quiet !== true) for (const { message } of warnings) printNote(message);
}

/** Every closed month that is not kept yet. */
async function runKeep(
	of: string | undefined,
	folder: string,
	formats: readonly Format[],
	flags: ReportFlags,
): Promise<void> {
	if (of !== undefined || flags.window !== undefined) {
		throw new FarthingError(
			2,
			"contradiction",
			{
				en: "--keep takes every closed month of the ledger: it names none",
				zh: "--keep 处理台账中每个已结束的月份：不指定某个月",
			},
			{
				field: of === undefined ? "--window" : "--keep",
				hint: `farthing report --template monthly --keep ${folder}`,
			},
		);
	}
	const { keepPacks } = await import("./keep-packs.ts");
	const result = await keepPacks(folder, formats, flags);
	const asking = askingOf(
		"report",
		{ keep: folder, ledger: sha256Hex(canonicalJson(result.made)) },
		flags,
		catalogueStore(),
	);
	if (flags.json === true) return printJson(envelope(asking, { of: "actuals", template: MONTHLY, ...result }, []));
	const lines = [
		...result.kept.map((period) => reportWords.kept(period)),
		...result.made.map(({ period, before, files }) => {
			return reportWords.made(
				period,
				before,
				files.map(({ name }) => name),
			);
		}),
	];
	printText(lines.length === 0 ? reportWords.noMonth : lines.join("\n"));
}

export interface MonthlyPack {
	readonly answer: Envelope<ActualsResult>;
	readonly files: readonly Written[];
	readonly warnings: readonly Warning[];
}

/** `reads`: a ledger that is open already. `beforeOf`: what changed since an earlier pack. */
export async function monthlyPack(
	flags: ReportFlags,
	formats: readonly Format[],
	reads?: LedgerReads,
	beforeOf: (answer: Envelope<ActualsResult>) => MonthlySource["before"] = () => undefined,
): Promise<MonthlyPack> {
	const asked: ActualsFlags = {
		...flags,
		window: flags.window ?? "30d",
		basis: flags.basis ?? "reserved",
		cost: flags.cost ?? "effective",
		currency: flags.currency ?? "USD",
		into: flags.output,
	};
	const { result, warnings, graph, seed } = await actualsAnswer({ ...asked, by: ["model"] }, undefined, reads);
	const teams = await actualsAnswer({ ...asked, by: ["team"] }, undefined, reads);
	const customers = await actualsAnswer({ ...asked, by: ["org"] }, undefined, reads);
	const store = catalogueStore();
	const given = { window: asked.window, basis: asked.basis, ledger: sha256Hex(canonicalJson(result)) };
	const asking = askingOf("report", given, flags, store);
	const drawn = { ...asking, seed };
	const answer = envelope(drawn, result, warnings);
	const language = languageOf(flags);
	const again = commandText("actuals", ...ledgerWords({ ...asked, by: ["model"] }, drawn));
	const actuals = { ...drawn, command: "actuals", commandLine: again };
	const before = beforeOf(envelope(actuals, result, warnings, graph));
	const report = await import("@farthing/report");
	const { files, warnings: unshown } = await writeReport(formats, {
		folder: flags.output,
		name: MONTHLY,
		saved: freshResult(answer),
		make: () =>
			report.monthlyReport({
				actuals: answer,
				teams: teams.result,
				customers: customers.result,
				claims: claimsOf(result),
				apiPrices: pricesOf(result, asking.asOf),
				commandLine: commandLine(ledgerWords(asked, drawn), flags, formats, language),
				language,
				...(before === undefined ? {} : { before }),
			}),
	});
	return { answer, files, warnings: [...warnings, ...unshown] };
}

function refuseOthers(of: string | undefined, { template, window }: ReportFlags): void {
	if (template !== MONTHLY && template !== "board") {
		throw new FarthingError(
			2,
			"contradiction",
			{
				en: `--window is of the ledger, and the template ${template} is of a plan`,
				zh: `--window 用于台账，而模板 ${template} 用于计划`,
			},
			{
				field: "--template",
				hint: "--template monthly",
			},
		);
	}
	if (of === undefined && window !== undefined) return;
	if (of === undefined) {
		throw new FarthingError(
			2,
			"missing-field",
			{ en: "which month is the report of?", zh: "报告是关于哪个月的？" },
			{
				field: "--window",
				expected: { en: "30d, 2026-10 or FROM..TO", zh: "30d、2026-10 或 FROM..TO" },
				hint: "farthing report --window 2026-10 --template monthly",
			},
		);
	}
	throw new FarthingError(
		2,
		"contradiction",
		{ en: `the monthly report is of the ledger, not of ${of}`, zh: `月报用于台账，而不是 ${of}` },
		{
			hint: "farthing report --window 2026-10 --template monthly --plan plan.json",
		},
	);
}

/** There is no graph behind actuals, and so no workbook of live formulas. */
async function monthlyFormats({ format }: ReportFlags): Promise<readonly Format[]> {
	if (format?.includes("xlsx")) {
		throw new FarthingError(
			2,
			"no-graph",
			{ en: "the monthly report has no live formulas: there is no workbook of it", zh: "月报没有公式：没有它的工作簿" },
			{
				field: "--format",
				expected: "html, pdf, pptx, csv, md",
			},
		);
	}
	const { formatsNamed } = await import("@farthing/report/node");
	return formatsNamed(format).filter((each) => each !== "xlsx");
}

/** What hosts ask for each model at the lengths it was served at. */
function pricesOf({ rows }: ActualsResult, asOf: string): Map<string, ApiPriceOf> {
	const catalogue = catalogueStore().catalogue();
	return new Map(
		rows.flatMap(({ model, tokens }): [string, ApiPriceOf][] => {
			const input = (tokens.input.value ?? 0) + (tokens.cached_input?.value ?? 0);
			const output = tokens.output.value ?? 0;
			if (model === undefined || input + output === 0) return [];
			const found = apiPriceOf(catalogue, model, { input, output }, asOf);
			return found === undefined ? [] : [[model, found]];
		}),
	);
}

/** What claims of the catalogue say of each model. */
function claimsOf({ rows }: ActualsResult): Map<string, ClaimedCost[]> {
	const catalogue = catalogueStore().catalogue();
	return new Map(rows.flatMap(({ model }) => (model === undefined ? [] : [[model, claimedCosts(catalogue, model)]])));
}

/** As it is typed to make the same documents; where those of a kept pack were drawn is gone by then. */
function commandLine(
	words: readonly string[],
	flags: ReportFlags,
	formats: readonly Format[],
	language: Language,
): string {
	return commandText(
		"report",
		"--template",
		MONTHLY,
		...words,
		"--format",
		formats.join(","),
		...(flags.keep === undefined ? ["-o", flags.output] : []),
		...(language === "en" ? [] : ["--language", language]),
	);
}
