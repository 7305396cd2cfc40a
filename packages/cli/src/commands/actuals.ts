/** `farthing actuals`: what a window cost, whose it was, and how that stands to bill and plan. */
import { join } from "node:path";
import { envelope, FarthingError, gridOfRegion, saturatedRunsOf } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type {
	ActualsQuestion,
	AnsweredActuals,
	BesideLedger,
	Calibration,
	ChargesOnce,
	FiledCharge,
	LedgerReads,
} from "@farthing/ledger";
import {
	ActualsError,
	askActuals,
	calibrationsOf,
	chargesOnce,
	modelledCalibration,
	readRates,
	requestCsvHeading,
	requestCsvLines,
} from "@farthing/ledger";
import { commandText, ledgerWords } from "../command-text.ts";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import type { GrowingFile } from "../files.ts";
import { FILE_KINDS, growingFile, readText } from "../files.ts";
import { ledgerPath, withLedger } from "../ledger-file.ts";
import { frameWords } from "../messages/frame.ts";
import { printErrorLine } from "../print.ts";
import { actualsText } from "../show/actuals.ts";
import { exportActuals, exportKinds } from "./export-actuals.ts";
import { importedItems } from "./imported-items.ts";

export interface ActualsFlags extends CommonFlags {
	readonly window: string;
	readonly by?: readonly string[];
	readonly basis: ActualsQuestion["basis"];
	readonly cost: ActualsQuestion["cost"];
	readonly currency: string;
	readonly bill?: readonly string[];
	readonly rates?: string;
	readonly plan?: readonly string[];
	readonly calibration?: readonly string[];
	readonly pue?: string;
	readonly region?: string;
	readonly store?: string;
	readonly top?: string;
	readonly export?: readonly string[];
	readonly into: string;
}

export async function runActuals(flags: ActualsFlags): Promise<void> {
	const catalogue = catalogueStore();
	const kinds = exportKinds(flags);
	const requests = kinds.includes("requests") ? growingFile(join(flags.into, "requests.csv")) : undefined;
	const { found, result, warnings, graph, seed } = await actualsAnswer(flags, requests).catch((error: unknown) => {
		requests?.drop();
		throw error;
	});
	const written = requests === undefined ? [] : [requests.keep()];
	for (const path of [...written, ...exportActuals(found, kinds, flags.into)]) printErrorLine(frameWords.wrote(path));
	// The result states what was asked for: it alone decides, by whatever files and words, here and over HTTP.
	const asking = askingOf("actuals", { ledger: sha256Hex(canonicalJson(result)) }, flags, catalogue);
	const commandLine = commandText("actuals", ...ledgerWords(flags, { ...asking, seed }));
	deliver(envelope({ ...asking, seed, commandLine }, result, warnings, graph), flags, actualsText);
}

/** All but printing, for commands that go on from it. */
export async function actualsAnswer(
	flags: ActualsFlags,
	requests?: GrowingFile,
	reads?: LedgerReads,
): Promise<AnsweredActuals & { readonly seed: number }> {
	const rates = flags.rates === undefined ? [] : ratesOf(flags.rates);
	const bill = flags.bill === undefined ? undefined : await billOf(flags.bill);
	const calibrations = await calibrationsOfFiles(flags.calibration ?? []);
	const plans = (flags.plan ?? []).map(planIn);
	const store = catalogueStore();
	const { seed, asOf } = askingOf("actuals", {}, flags, store);
	const gramsPerKwh = flags.region === undefined ? undefined : gramsOf(store.catalogue(), flags.region);
	requests?.add(requestCsvHeading(flags.currency));
	const beside = {
		rates,
		calibrations,
		plans,
		seed,
		modelledRuns: modelledRunsOf(store, asOf),
		...(bill === undefined ? {} : { bill: bill.charges, repeatedCharges: bill.repeated }),
		...(gramsPerKwh === undefined ? {} : { gramsPerKwh }),
		...(requests === undefined ? {} : { onRequests: (some) => requests.add(requestCsvLines(some)) }),
	} satisfies BesideLedger;
	const answered = await told(() =>
		reads === undefined
			? withLedger(ledgerPath(flags.store), (ledger) => askActuals(ledger, flags, beside), { create: false })
			: askActuals(reads, flags, beside),
	);
	return { ...answered, seed };
}

/** Runs of the step-time law where nobody measured any, read when they are first asked for. */
export function modelledRunsOf(store: CatalogueStore, asOf: string): NonNullable<BesideLedger["modelledRuns"]> {
	const saturated = saturatedRunsOf(() => store.catalogue(), asOf);
	return (model, hardware) => {
		const runs = saturated(model, hardware);
		return runs === undefined ? undefined : modelledCalibration(runs, { model, hardware });
	};
}

async function billOf(files: readonly string[]): Promise<ChargesOnce> {
	const rows: FiledCharge[] = [];
	for (const [i, path] of files.entries()) {
		const file = `${i} ${path}`;
		for (const item of await importedItems([path]))
			if (item.kind === "charge") rows.push({ file, charge: item.record });
	}
	if (rows.length > 0) return chargesOnce(rows);
	throw new FarthingError(
		2,
		"no-bill",
		{ en: `${files.join(", ")}: no row of a bill in it`, zh: `${files.join("、")}：其中没有账单行` },
		{
			field: "--bill",
			expected: { en: "a bill in FOCUS 1.0 to 1.4", zh: "FOCUS 1.0 至 1.4 的账单" },
		},
	);
}

export async function calibrationsOfFiles(files: readonly string[]): Promise<Calibration[]> {
	if (files.length === 0) return [];
	const items = await importedItems(files);
	const found = calibrationsOf(items.flatMap((item) => (item.kind === "benchmark" ? [item.row] : [])));
	if (found.length > 0) return found;
	throw new FarthingError(
		2,
		"no-benchmark",
		`${files.join(", ")}: no benchmark row with input and output length in it`,
		{
			field: "--calibration",
			expected: "results of saturated benchmarks, of six shapes or more",
		},
	);
}

export function ratesOf(file: string): ActualsQuestion["rates"] {
	const read = readRates(readText(file, FILE_KINDS.rates));
	if (read.ok) return read.rates;
	const [fault] = read.faults;
	throw new FarthingError(2, "malformed-rates", `${fault?.message ?? "no rates"}`, {
		file,
		line: fault?.line,
		field: fault?.column,
		expected: fault?.expected,
		hint: "a heading day,from,to,rate,source, then lines such as 2026-10-05,EUR,USD,1.1042,ECB",
	});
}

function planIn(file: string): unknown {
	const text = readText(file, FILE_KINDS.plan);
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		throw new FarthingError(
			2,
			"malformed-json",
			{ en: `not JSON: ${(error as Error).message}`, zh: `不是 JSON：${(error as Error).message}` },
			{
				file,
				expected: FILE_KINDS.plan,
				hint: "farthing plan SCENARIO -o plan.json",
			},
		);
	}
}

function gramsOf(catalogue: Catalogue, region: string): number {
	const { figure } = gridOfRegion(catalogue, region);
	return Number(figure.value);
}

/** Errors of the ledger in the words and exit codes of the command line. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ActualsError)) throw error;
		const { code, message, detail, isMalformed } = error;
		const { field, expected, hint } = detail;
		throw new FarthingError(
			isMalformed ? 2 : 3,
			code,
			field !== undefined && message.startsWith(`${field} `) ? `--${message}` : message,
			{
				...(field === undefined ? {} : { field: `--${field}` }),
				expected,
				hint: field === undefined || hint === undefined || hint.startsWith("farthing ") ? hint : `--${field} ${hint}`,
			},
		);
	}
}
