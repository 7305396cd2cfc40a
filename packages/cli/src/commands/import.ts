/** `farthing import`: files to the ledger, with an account of what was read, set aside and left out. */
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { envelope, FarthingError, flagQuantity, flagTime, importOptionsOf } from "@farthing/answers";
import { quantity, inUnit, second, type Distribution } from "@farthing/engine";
import { makeFolder } from "@farthing/ledger/folder";
import {
	ImportError,
	importFiles,
	importPrometheus,
	importScrapes,
	type Imported,
	type ImportOptions,
	type ImportSink,
	type PrometheusServer,
	type Quarantined,
	type StoredCounts,
	storeSink,
	withRepeated,
} from "@farthing/ledger/importers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { auditedAt, beginningIn, contentOfFile, ledgerPath, withLedger } from "../ledger-file.ts";
import { importText } from "../show/import.ts";

export interface ImportFlags extends CommonFlags {
	readonly scrapes?: boolean;
	readonly duration?: string;
	readonly prometheus?: string;
	readonly step?: string;
	readonly match?: string;
	readonly gpus?: string;
	readonly from?: string;
	readonly to?: string;
	readonly model?: string;
	readonly zone?: string;
	readonly kind?: string;
	readonly strict?: boolean;
	readonly minCoverage?: string;
	readonly quarantine?: string;
	/** False for --no-store. */
	readonly store?: string | false;
}

const PARTIAL = 4;

/** Exit 4 where something was set aside, or the coverage is below --min-coverage. */
export async function runImport(files: readonly string[], flags: ImportFlags): Promise<number> {
	const options = importOptionsOf(flags);
	const quarantine = new QuarantineFile(flags.quarantine ?? join(".farthing", "quarantine.jsonl"));
	const setAside: ImportSink = { quarantine: (item, file) => quarantine.add(item, file) };
	const least = shareOf(flags.minCoverage);
	const { imported, stored } = await told(() => readAndStore(files, flags, options, setAside)).catch(
		(error: unknown) => {
			quarantine.drop();
			throw error;
		},
	);
	const kept = quarantine.keep();
	const result = {
		...imported.result,
		...(kept === undefined ? {} : { quarantine_file: kept }),
		...(stored === undefined ? {} : { stored }),
	};
	const asking = askingOf("import", { ...flags, files }, flags, catalogueStore());
	deliver(envelope(asking, result, imported.warnings), flags, importText);
	return result.quarantined > 0 || result.coverage < least ? PARTIAL : 0;
}

/** Into the ledger too, unless --no-store. With --strict only once all of it was read without a fault. */
async function readAndStore(
	files: readonly string[],
	flags: ImportFlags,
	options: ImportOptions,
	sink: ImportSink,
): Promise<{ readonly imported: Imported; readonly stored?: StoredCounts }> {
	if (flags.store === false) return { imported: await read(files, flags, options, sink) };
	if (flags.strict === true) {
		refuseStandardInput(files);
		await read(files, flags, options, sink);
	}
	const path = ledgerPath(flags.store);
	const version = JSON.stringify(options);
	const begins = beginningIn(path);
	return withLedger(
		path,
		(store) =>
			auditedAt(
				path,
				{ action: "import", of: path, detail: { from: flags.prometheus === undefined ? files : [flags.prometheus] } },
				async () => {
					const stores = storeSink(store, async (file) => `${await contentOf(file, files, flags)} ${version}`);
					const imported = await read(files, flags, options, { ...sink, item: stores.item });
					const finished = await stores.finish();
					const { dropped } = await store.dropRepeated();
					const told = withRepeated(imported, finished, dropped, options.gpus);
					const warnings = [...begins, ...told.imported.warnings];
					return { imported: { ...told.imported, warnings }, stored: { store: path, ...told.stored } };
				},
				({ imported: { result } }) => ({ kind: result.kind, records: result.records, quarantined: result.quarantined }),
			),
		IMPORT_STORE,
	);
}

/** A file goes through, it is not held: the database needs little beside it, and each of its threads its own memory. Rolling up at the end takes most, and as much as it may. */
const IMPORT_STORE = { memory: "100MB", threads: 1, log: "16MB" };

/** What makes importing again harmless: the bytes, of two scrapes both, of a server the question put to it. */
async function contentOf(file: string, files: readonly string[], flags: ImportFlags): Promise<string> {
	const { prometheus, step, match, duration } = flags;
	if (prometheus !== undefined) return JSON.stringify([prometheus, step, match]);
	if (flags.scrapes !== true) return contentOfFile(file);
	return JSON.stringify([...(await Promise.all(files.map(contentOfFile))), duration]);
}

function refuseStandardInput(files: readonly string[]): void {
	if (!files.includes("-")) return;
	throw new FarthingError(2, "contradiction", "--strict reads a file twice, and standard input can be read once", {
		field: "--strict",
		hint: "save it to a file first, or give --no-store",
	});
}

function read(files: readonly string[], flags: ImportFlags, said: ImportOptions, sink: ImportSink): Promise<Imported> {
	// The clock is no part of what names the content of a file.
	const options = { ...said, latest: endOfToday() };
	if (flags.prometheus !== undefined) return readServer(files, flags, flags.prometheus, options, sink);
	if (files.length === 0) {
		throw new FarthingError(2, "missing-argument", "import needs something to read", {
			field: "files",
			expected: "one or more files, or --prometheus with a URL",
			hint: "farthing import run.json --gpus 8",
		});
	}
	if (flags.scrapes !== true) {
		if (flags.duration !== undefined) {
			throw new FarthingError(2, "contradiction", "--duration is the time between two scrapes: it needs --scrapes", {
				field: "--duration",
				hint: "farthing import --scrapes before.prom after.prom --duration 405.18s",
			});
		}
		return importFiles(files, options, sink);
	}
	const [before, after, ...more] = files;
	if (before === undefined || after === undefined || more.length > 0) {
		throw new FarthingError(2, "wrong-arguments", `--scrapes takes two files, not ${files.length}`, {
			field: "--scrapes",
			expected: "the scrape before and the scrape after, of one target",
			hint: "farthing import --scrapes before.prom after.prom --duration 405.18s",
		});
	}
	return importScrapes(before, after, secondsOf(flags, options), options, sink);
}

/** UTC. What begins later has a wrong date: ages, and the last day served, are counted from the newest events. */
function endOfToday(): number {
	const aDay = 86_400_000;
	return (Math.floor(Date.now() / aDay) + 1) * aDay;
}

function readServer(
	files: readonly string[],
	flags: ImportFlags,
	url: string,
	options: ImportOptions,
	sink: ImportSink,
): Promise<Imported> {
	const hint = `farthing import --prometheus ${url} --from 2026-11-28T12:00:00Z --to 2026-11-28T13:00:00Z`;
	if (files.length > 0 || flags.scrapes === true) {
		throw new FarthingError(2, "contradiction", "--prometheus reads a server: leave the files out", {
			field: "--prometheus",
			hint,
		});
	}
	const { from, to } = options;
	if (from === undefined || to === undefined || to <= from) {
		throw new FarthingError(2, "missing-field", "--prometheus needs the window to read", {
			field: from === undefined ? "--from" : "--to",
			expected: "--from and --to, the end after the start",
			hint,
		});
	}
	const step = flags.step === undefined ? 3600 : lengthOf("--step", flags.step);
	return importPrometheus(
		serverOf(url),
		{ from, to, step: step * 1000, ...(flags.match === undefined ? {} : { match: flags.match }) },
		options,
		sink,
	);
}

/** The token comes from the environment alone: flags stand in histories and process lists. */
export function serverOf(url: string): PrometheusServer {
	const token = process.env["FARTHING_PROMETHEUS_TOKEN"];
	return { url, ...(token === undefined || token === "" ? {} : { token }) };
}

function secondsOf({ duration }: ImportFlags, { from, to }: ImportOptions): number {
	if (duration !== undefined) return lengthOf("--duration", duration);
	if (from !== undefined && to !== undefined && to > from) return (to - from) / 1000;
	throw new FarthingError(2, "missing-field", "how far apart are the two scrapes?", {
		field: "--duration",
		expected: "--duration, or --from and --to",
		hint: "farthing import --scrapes before.prom after.prom --duration 405.18s",
	});
}

/** Seconds of a flag. */
function lengthOf(flag: string, text: string): number {
	const given: Distribution = flagQuantity(flag, flagTime(text), second, { bounds: { above: 0, max: 1e9 } });
	if (given.kind === "point") return inUnit(quantity(given.value, second), second);
	throw new FarthingError(2, "wrong-type", `${flag} is one length of time, not a range`, {
		field: flag,
		expected: "a time such as 405.18s",
	});
}

function shareOf(text: string | undefined): number {
	if (text === undefined) return 0;
	const share = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number(text);
	if (share >= 0 && share <= 1) return share;
	throw new FarthingError(2, "wrong-type", `--min-coverage takes a share from 0 to 1, not "${text}"`, {
		field: "--min-coverage",
		expected: "a share such as 95% or 0.95",
	});
}

/** Errors of the importers in the words and exit codes of the command line. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ImportError)) throw error;
		const { code, message, place, expected, hint } = error;
		throw new FarthingError(code === "empty-file" ? 3 : 2, code, message, { ...place, expected, hint });
	}
}

/** What could not be read, a JSON object a line: written beside and put in place at the end, or not at all. */
class QuarantineFile {
	private readonly path: string;
	private readonly draft: string;
	private hasLines = false;

	constructor(path: string) {
		this.path = path;
		this.draft = `${path}.${process.pid}.tmp`;
	}

	add(item: Quarantined, file: string): void {
		const { line, column, reason, text } = item;
		const json = `${JSON.stringify({ file, line, column, reason, text })}\n`;
		try {
			if (this.hasLines) appendFileSync(this.draft, json);
			else {
				makeFolder(dirname(this.path));
				writeFileSync(this.draft, json);
			}
			this.hasLines = true;
		} catch (error) {
			throw new FarthingError(2, "cannot-write", `cannot write ${this.path}: ${(error as Error).message}`, {
				file: this.path,
				expected: "a path that can be written",
				hint: "--quarantine FILE",
			});
		}
	}

	/** The path, where something was set aside. */
	keep(): string | undefined {
		if (!this.hasLines) return undefined;
		renameSync(this.draft, this.path);
		return this.path;
	}

	drop(): void {
		if (this.hasLines) rmSync(this.draft, { force: true });
	}
}
