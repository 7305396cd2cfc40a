/** `farthing report --window … --template monthly`: a month of the ledger as documents. */
import type { ApiPriceOf, ClaimedCost } from "@farthing/answers";
import { apiPriceOf, claimedCosts, envelope, FarthingError } from "@farthing/answers";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";
import type { Format } from "@farthing/report/node";
import { askingOf, catalogueStore } from "../context.ts";
import { printErrorLine, printJson, printText } from "../print.ts";
import type { ActualsFlags } from "./actuals.ts";
import { actualsAnswer } from "./actuals.ts";
import type { ReportFlags } from "./report-files.ts";
import { MONTHLY, writeReport } from "./report-files.ts";

export async function runMonthly(of: string | undefined, flags: ReportFlags): Promise<void> {
	refuseOthers(of, flags);
	const formats = await monthlyFormats(flags);
	const asked: ActualsFlags = {
		...flags,
		window: flags.window ?? "30d",
		basis: flags.basis ?? "reserved",
		cost: flags.cost ?? "effective",
		currency: flags.currency ?? "USD",
		into: flags.output,
	};
	const { result, warnings, seed } = await actualsAnswer({ ...asked, by: ["model"] });
	const teams = await actualsAnswer({ ...asked, by: ["team"] });
	const customers = await actualsAnswer({ ...asked, by: ["org"] });
	const store = catalogueStore();
	const given = { window: asked.window, basis: asked.basis, ledger: sha256Hex(canonicalJson(result)) };
	const asking = askingOf("report", given, flags, store);
	const answer = envelope({ ...asking, seed }, result, warnings);
	const report = await import("@farthing/report");
	const { files, warnings: unshown } = await writeReport(formats, {
		folder: flags.output,
		name: MONTHLY,
		saved: report.freshResult(answer),
		make: () =>
			report.monthlyReport({
				actuals: answer,
				teams: teams.result,
				customers: customers.result,
				claims: claimsOf(result),
				apiPrices: pricesOf(result, asking.asOf),
				commandLine: commandLine(asked),
			}),
	});
	const { result: _, ...from } = answer;
	if (flags.json === true)
		printJson({ ...from, warnings: [...warnings, ...unshown], result: { of: "actuals", template: MONTHLY, files } });
	else printText(files.map(({ path, bytes }) => `${path}  ${(bytes / 1024).toFixed(0)} kB`).join("\n"));
	if (flags.json !== true && flags.quiet !== true)
		for (const { message } of [...warnings, ...unshown]) printErrorLine(`note: ${message}`);
}

function refuseOthers(of: string | undefined, { template, window }: ReportFlags): void {
	if (template !== MONTHLY && template !== "board") {
		throw new FarthingError(
			2,
			"contradiction",
			`--window is of the ledger, and the template ${template} is of a plan`,
			{
				field: "--template",
				hint: "--template monthly",
			},
		);
	}
	if (of === undefined && window !== undefined) return;
	if (of === undefined) {
		throw new FarthingError(2, "missing-field", "which month is the report of?", {
			field: "--window",
			expected: "30d, 2026-10 or FROM..TO",
			hint: "farthing report --window 2026-10 --template monthly",
		});
	}
	throw new FarthingError(2, "contradiction", `the monthly report is of the ledger, not of ${of}`, {
		hint: "farthing report --window 2026-10 --template monthly --plan plan.json",
	});
}

/** There is no graph behind actuals, and so no workbook of live formulas. */
async function monthlyFormats({ format }: ReportFlags): Promise<readonly Format[]> {
	if (format?.includes("xlsx")) {
		throw new FarthingError(2, "no-graph", "the monthly report has no live formulas: there is no workbook of it", {
			field: "--format",
			expected: "html, pdf, pptx, csv, md",
		});
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

function commandLine({ window, basis, rates, bill, plan, calibration, currency, cost }: ActualsFlags): string {
	const flags: [string, string | undefined][] = [
		["window", window],
		["template", MONTHLY],
		["basis", basis],
		["cost", cost === "effective" ? undefined : cost],
		["currency", currency === "USD" ? undefined : currency],
		["rates", rates],
		["bill", bill?.join(",")],
		["plan", plan?.join(",")],
		["calibration", calibration?.join(",")],
	];
	return [
		"farthing report",
		...flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`])),
	].join(" ");
}
