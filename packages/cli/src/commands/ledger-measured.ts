/** `farthing ledger measured`: what deployments did, as rows that `farthing predict --fit` calibrates with. */
import { countFlag, envelope, FarthingError } from "@farthing/answers";
import { lastDayIn, type MeasuredRows, measuredRows, parseWindow, type Span, wholeHours } from "@farthing/ledger";
import type { LedgerStore } from "@farthing/ledger/store";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { writeWhole } from "../files.ts";
import { ledgerPath, withLedger } from "../ledger-file.ts";
import { measuredText } from "../show/ledger.ts";
import type { LedgerFlags } from "./ledger.ts";

export interface MeasuredFlags extends LedgerFlags {
	readonly window: string;
	readonly gpusPerReplica: string;
	readonly stack: string;
	readonly precision?: string;
	readonly leastRequests: string;
}

export interface LedgerMeasured {
	readonly store: string;
	readonly file: string;
	readonly rows: number;
	readonly gaps: MeasuredRows["gaps"];
}

/** Exit 3 where no hour gives a row, with what each lacks. */
export async function runLedgerMeasured(file: string, flags: MeasuredFlags): Promise<void> {
	const store = ledgerPath(flags.store);
	const { stack, precision } = flags;
	const by = {
		gpusPerReplica: countFlag("--gpus-per-replica", flags.gpusPerReplica),
		leastRequests: countFlag("--least-requests", flags.leastRequests),
		stack,
		...(precision === undefined ? {} : { precision }),
	};
	const { rows, gaps } = await withLedger(
		store,
		async (ledger) => measuredRows(ledger, await windowOf(ledger, flags.window), by),
		{ create: false },
	);
	if (rows.length === 0) {
		const lacks = gaps.map(({ reason, hours }) => `${reason} (${hours})`).join("; ");
		throw new FarthingError(
			3,
			"no-rows",
			`no hour of the window gives a row: ${lacks || "there are no requests in it"}`,
			{
				field: "--window",
				expected: "whole hours with requests, their hardware and durations, and GPU time of the deployment",
				hint: "farthing ledger status",
			},
		);
	}
	writeWhole(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
	const result: LedgerMeasured = { store, file, rows: rows.length, gaps };
	deliver(
		envelope(askingOf("ledger measured", { ...flags, file }, flags, catalogueStore()), result, []),
		flags,
		measuredText,
	);
}

async function windowOf(ledger: LedgerStore, text: string): Promise<Span> {
	const last = await lastDayIn(ledger);
	const window = last === undefined ? undefined : parseWindow(text, () => last);
	const hours = window === undefined ? undefined : wholeHours(window);
	if (hours !== undefined && hours.to > hours.from) return hours;
	throw new FarthingError(
		last === undefined ? 3 : 2,
		last === undefined ? "no-usage" : "wrong-type",
		last === undefined
			? "the ledger knows of no usage"
			: `--window takes a length or a time of whole hours, not "${text}"`,
		{ field: "--window", expected: "30d, 36h, 2026-11, 2026-11-28 or FROM..TO", hint: "--window 7d" },
	);
}
