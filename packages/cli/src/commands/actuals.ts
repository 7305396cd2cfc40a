/** `farthing actuals`: what a window cost, whose it was, and how that stands to bill and plan. */
import { envelope, FarthingError, gridOfRegion } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type {
	Actuals,
	ActualsQuestion,
	ActualsResult,
	Calibration,
	ChargeRecord,
	Dimension,
	LedgerFacts,
} from "@farthing/ledger";
import {
	actuals,
	ActualsError,
	actualsGraph,
	actualsResult,
	actualsWarnings,
	calibrationsOf,
	DIMENSIONS,
	factsFromStore,
	lastDayIn,
	outlookOf,
	parseWindow,
	planOfModel,
	readRates,
	RecordError,
	varianceToPlan,
} from "@farthing/ledger";
import type { LedgerStore } from "@farthing/ledger/store";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { readText } from "../files.ts";
import { ledgerPath, withLedger } from "../ledger-file.ts";
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
	readonly export?: readonly string[];
	readonly into: string;
}

export async function runActuals(flags: ActualsFlags): Promise<void> {
	const catalogue = catalogueStore();
	const kinds = exportKinds(flags);
	const { found, result, warnings, seed } = await actualsAnswer(flags);
	for (const path of exportActuals(found, kinds, flags.into)) printErrorLine(`wrote ${path}`);
	const asking = askingOf(
		"actuals",
		{ ...withoutFiles(flags), ledger: sha256Hex(canonicalJson(result)) },
		flags,
		catalogue,
	);
	deliver(envelope({ ...asking, seed }, result, warnings, actualsGraph(result)), flags, actualsText);
}

/** Where things are written does not decide the answer. */
function withoutFiles({ export: _, into: __, ...given }: ActualsFlags): Omit<ActualsFlags, "export" | "into"> {
	return given;
}

export interface ActualsAnswer {
	readonly found: Actuals;
	readonly result: ActualsResult;
	readonly warnings: readonly { readonly code: string; readonly message: string }[];
	readonly seed: number;
}

/** All but printing, for commands that go on from it. */
export async function actualsAnswer(flags: ActualsFlags): Promise<ActualsAnswer> {
	const by = dimensionsOf(flags.by ?? ["model"]);
	const rates = flags.rates === undefined ? [] : ratesOf(flags.rates);
	const bill = flags.bill === undefined ? undefined : await billOf(flags.bill);
	const calibrations = await calibrationsOfFiles(flags.calibration ?? []);
	const pue = flags.pue === undefined ? undefined : pueOf(flags.pue);
	const store = catalogueStore();
	const { seed } = askingOf("actuals", {}, flags, store);
	const gramsPerKwh = flags.region === undefined ? undefined : gramsOf(store.catalogue(), flags.region);
	const { facts, window } = await withLedger(
		ledgerPath(flags.store),
		(ledger) => factsOf(ledger, flags.window, by, bill),
		{ create: false },
	);
	const question: ActualsQuestion = {
		window,
		basis: flags.basis,
		by,
		cost: flags.cost,
		currency: flags.currency,
		rates,
		calibrations,
		...(pue === undefined ? {} : { pue }),
	};
	return told(() => {
		const found = actuals(facts, question);
		const plans = (flags.plan ?? []).map((file) => planOfModel(planIn(file), window));
		const variance = plans.length === 0 ? undefined : varianceToPlan(facts, found, plans);
		const result = actualsResult(found, {
			outlook: outlookOf(found, seed),
			...(variance === undefined ? {} : { variance }),
			...(gramsPerKwh === undefined ? {} : { gramsPerKwh }),
			...(pue === undefined ? {} : { pue: Number(pue) }),
		});
		return { found, result, warnings: actualsWarnings(found), seed };
	});
}

async function factsOf(
	ledger: LedgerStore,
	text: string,
	by: readonly Dimension[],
	bill: readonly ChargeRecord[] | undefined,
): Promise<{ readonly facts: LedgerFacts; readonly window: ActualsQuestion["window"] }> {
	const last = await lastDayIn(ledger);
	if (last === undefined) {
		throw new FarthingError(3, "no-usage", "the ledger knows of no token served", {
			expected: "usage of engines, gateways or logs",
			hint: "farthing import FILE",
		});
	}
	const window = parseWindow(text, () => last);
	if (window === undefined) {
		throw new FarthingError(2, "wrong-type", `--window takes a length or a time, not "${text}"`, {
			field: "--window",
			expected: "30d, 36h, 2026-10, 2026-10-05 or 2026-10-01..2026-10-08",
			hint: "--window 30d",
		});
	}
	return { facts: await factsFromStore(ledger, window, by, bill), window };
}

function dimensionsOf(names: readonly string[]): Dimension[] {
	return names.map((name) => {
		const found = DIMENSIONS.find((dimension) => dimension === name);
		if (found !== undefined && found !== "request") return found;
		throw new FarthingError(2, "unknown-value", `--by does not know "${name}"`, {
			field: "--by",
			expected: DIMENSIONS.filter((dimension) => dimension !== "request").join(", "),
			hint: "--by model,team",
		});
	});
}

async function billOf(files: readonly string[]): Promise<ChargeRecord[]> {
	const items = await importedItems(files);
	const rows = items.flatMap((item) => (item.kind === "charge" ? [item.record] : []));
	if (rows.length > 0) return rows;
	throw new FarthingError(2, "no-bill", `${files.join(", ")}: no row of a bill in it`, {
		field: "--bill",
		expected: "a bill in FOCUS 1.0 to 1.4",
	});
}

async function calibrationsOfFiles(files: readonly string[]): Promise<Calibration[]> {
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

function ratesOf(file: string): ActualsQuestion["rates"] {
	const read = readRates(readText(file, "a file of exchange rates"));
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
	const text = readText(file, "a result of farthing plan");
	try {
		return JSON.parse(text) as unknown;
	} catch (error) {
		throw new FarthingError(2, "malformed-json", `not JSON: ${(error as Error).message}`, {
			file,
			expected: "a result of farthing plan",
			hint: "farthing plan SCENARIO -o plan.json",
		});
	}
}

function pueOf(text: string): string {
	if (/^\d{1,2}(\.\d{1,6})?$/.test(text) && Number(text) >= 1) return text;
	throw new FarthingError(2, "wrong-type", `--pue takes a ratio of 1 or more, not "${text}"`, {
		field: "--pue",
		expected: "facility energy over IT energy, such as 1.25",
	});
}

function gramsOf(catalogue: Catalogue, region: string): number {
	const { figure } = gridOfRegion(catalogue, region);
	return Number(figure.value);
}

/** Errors of the ledger in the words and exit codes of the command line. */
function told<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof ActualsError) {
			const exit = error.code === "bad-plan" || error.code === "not-a-plan" ? 2 : 3;
			throw new FarthingError(exit, error.code, error.message, { hint: error.hint });
		}
		if (error instanceof RecordError && error.code === "unknown-rate") {
			throw new FarthingError(3, error.code, error.message, {
				field: "--rates",
				expected: "a file day,from,to,rate,source with a rate of each day or the week before it",
				hint: "--rates rates.csv",
			});
		}
		throw error;
	}
}
