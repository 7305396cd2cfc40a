/** Files to records: finds the format of each, streams it, keeps account. Writes nothing itself: a sink does. */
import { createReadStream, statSync } from "node:fs";
import { formatInstant } from "../records/units.ts";
import { type Account, countedTwice, coverageOf, merge, newAccount, note } from "./account.ts";
import { HEAD_BYTES, headOf } from "./head.ts";
import type { ImportItem, Quarantined } from "./import-item.ts";
import type { Importer, ImportContext, Source } from "./importer.ts";
import { type ImportedFile, type ImportResult, resultOf } from "./import-result.ts";
import { readPair } from "./prometheus/text-importer.ts";
import { importerFor, IMPORTERS } from "./registry.ts";
import { ImportError } from "./source/import-error.ts";
import { peek, type Unpacking, unpack } from "./source/unpack.ts";

/** Where records and what could not be read go; called in order, one at a time. */
export interface ImportSink {
	readonly item?: (item: ImportItem, file: string) => void | Promise<void>;
	readonly quarantine?: (item: Quarantined, file: string) => void | Promise<void>;
}

export interface ImportOptions extends ImportContext {
	/** The first piece that cannot be read ends the import. */
	readonly strict?: boolean;
	/** Milliseconds since 1970: events that begin later, or end after that day, are set aside, as a wrong date or clock makes them. */
	readonly latest?: number;
	/** What records call the file that they come from, where its path says nothing. */
	readonly name?: string;
	/** Only this format, instead of finding it. */
	readonly kind?: string;
}

export interface Imported {
	readonly result: ImportResult;
	readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Imports files; `-` is standard input. Throws {@link ImportError}. */
export async function importFiles(
	files: readonly string[],
	options: ImportOptions = {},
	sink: ImportSink = {},
): Promise<Imported> {
	const total: { account?: Account } = {};
	const imported: ImportedFile[] = [];
	const faults: (Quarantined & { file: string })[] = [];
	for (const file of files) {
		const opened = await open(file, options.name);
		const importer = chosen(opened.head, file, options.kind);
		const account = newAccount(importer.kind);
		await take(importer.read(opened.source, options), account, file, opened.state, options, sink);
		refuseEmpty(account, file);
		imported.push(fileOf(file, account, opened.state));
		faults.push(...account.firstFaults.map((fault) => ({ ...fault, file })));
		const kind = total.account === undefined || total.account.kind === importer.kind ? importer.kind : "mixed";
		const all = newAccount(kind);
		if (total.account !== undefined) merge(all, total.account);
		merge(all, account);
		total.account = all;
	}
	return finished(total.account ?? newAccount("none"), imported, faults);
}

/** Two text scrapes of one target, `seconds` apart. */
export async function importScrapes(
	before: string,
	after: string,
	seconds: number,
	options: ImportOptions = {},
	sink: ImportSink = {},
): Promise<Imported> {
	const [first, second] = [await open(before), await open(after)];
	for (const [{ head }, file] of [
		[first, before],
		[second, after],
	] as const) {
		if (importerFor(head)?.kind === "prometheus") continue;
		throw new ImportError(
			"unknown-format",
			"it is no scrape",
			{ file, line: 1 },
			{
				expected: "the text format of Prometheus or OpenMetrics, as /metrics serves it",
			},
		);
	}
	const account = newAccount("prometheus");
	const items = readPair(first.source, second.source, seconds, options);
	await take(items, account, after, second.state, options, sink);
	if (first.state.brokenOff !== undefined) account.quarantined++;
	refuseEmpty(account, after);
	return finished(
		account,
		[fileOf(after, account, second.state)],
		account.firstFaults.map((fault) => ({ ...fault, file: after })),
	);
}

interface Opened {
	readonly head: ReturnType<typeof headOf>;
	readonly source: Source;
	readonly state: Unpacking;
}

async function open(file: string, name = file === "-" ? "standard input" : file): Promise<Opened> {
	const state: Unpacking = { compression: "none", encoding: "utf-8" };
	const { head, all } = await peek(unpack(bytesOf(file), file, state), HEAD_BYTES);
	const source = {
		name,
		bytes: () => all,
		...(file === "-" ? {} : { path: file }),
	};
	return { head: headOf(source.name, head), source, state };
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
	if (file === "-") return process.stdin;
	try {
		if (statSync(file).isDirectory()) {
			throw new ImportError("unreadable-file", `${file} is a folder`, { file }, { expected: "a file" });
		}
	} catch (error) {
		if (error instanceof ImportError) throw error;
		const { code, message } = error as NodeJS.ErrnoException;
		throw new ImportError(
			"unreadable-file",
			code === "ENOENT" ? `no file ${file}` : `cannot read ${file}: ${message}`,
			{
				file,
			},
		);
	}
	return createReadStream(file, { highWaterMark: 256 * 1024 });
}

function chosen(head: Opened["head"], file: string, kind: string | undefined): Importer {
	if (kind !== undefined) {
		const named = IMPORTERS.find((each) => each.kind === kind);
		if (named !== undefined) return named;
		throw new ImportError(
			"unknown-format",
			`no format is called "${kind}"`,
			{ file, field: "--kind" },
			{
				expected: IMPORTERS.map((each) => each.kind).join(", "),
			},
		);
	}
	if (head.text.trim() === "") throw new ImportError("empty-file", `${file} is empty`, { file });
	const found = importerFor(head);
	if (found !== undefined) return found;
	throw new ImportError(
		"unknown-format",
		"it is in no format that import knows",
		{ file, line: 1 },
		{
			expected: IMPORTERS.map(({ title }) => title).join("; "),
			hint: "say the format with --kind where the beginning of the file does not show it",
		},
	);
}

async function take(
	items: AsyncIterable<ImportItem>,
	account: Account,
	file: string,
	state: Unpacking,
	options: ImportOptions,
	sink: ImportSink,
): Promise<void> {
	await takeItems(items, account, file, options, sink);
	if (state.brokenOff !== undefined) {
		const reason = `the file is damaged or ends early (${state.brokenOff}): what came before it was read`;
		await takeOne({ kind: "quarantine", reason }, account, file, options, sink);
	}
}

export async function takeItems(
	items: AsyncIterable<ImportItem>,
	account: Account,
	file: string,
	options: ImportOptions,
	sink: ImportSink,
): Promise<void> {
	for await (const item of items) await takeOne(item, account, file, options, sink);
}

async function takeOne(
	read: ImportItem,
	account: Account,
	file: string,
	{ strict, latest }: ImportOptions,
	sink: ImportSink,
): Promise<void> {
	const item = withoutFuture(read, latest);
	note(account, item);
	if (item.kind !== "quarantine") {
		await sink.item?.(item, file);
		return;
	}
	if (strict === true) {
		const { line, column, reason } = item;
		throw new ImportError(
			"malformed-record",
			reason,
			{ file, line, column },
			{
				expected: "a file without faults, since --strict was given",
				hint: "leave --strict out to read the rest and set this aside",
			},
		);
	}
	await sink.quarantine?.(item.text === undefined ? item : { ...item, text: withoutKeys(item.text) }, file);
}

function withoutFuture(item: ImportItem, latest: number | undefined): ImportItem {
	if (latest === undefined || (item.kind !== "usage" && item.kind !== "capacity")) return item;
	const { record, line } = item;
	// Usage that providers give by the day reaches to the end of today.
	const [name, at, limit] =
		record.t0 > latest * 1000
			? (["begins", record.t0, latest] as const)
			: (["ends", record.t1, endOfDay(latest)] as const);
	if (at <= limit * 1000) return item;
	const end = new Date(limit).toISOString().replace(".000Z", "Z");
	const reason = `an event that ${name} at ${formatInstant(at)} is not over yet: expected one that ${name} by ${end}`;
	return { kind: "quarantine", reason, ...(line === undefined ? {} : { line }) };
}

/** UTC; of midnight itself that. */
function endOfDay(millis: number): number {
	return Math.ceil(millis / 86_400_000) * 86_400_000;
}

/** Logs may hold keys in clear: what is set aside is written to a file, and they are not. */
function withoutKeys(text: string): string {
	return text.replace(/\b(sk|pk|rk|Bearer|Basic)([-_ ])[A-Za-z0-9_\-+/=.]{6,}/g, "$1$2…");
}

function refuseEmpty({ records, quarantined, skipped }: Account, file: string): void {
	if (records > 0 || quarantined > 0 || skipped.size > 0) return;
	throw new ImportError("empty-file", `${file} holds no record`, { file });
}

function fileOf(file: string, account: Account, { compression, encoding }: Unpacking): ImportedFile {
	return {
		file,
		kind: account.kind,
		records: account.records,
		quarantined: account.quarantined,
		coverage: coverageOf(account),
		...(compression === "none" ? {} : { compression }),
		...(encoding === "utf-8" ? {} : { encoding }),
	};
}

export function finished(
	account: Account,
	files: readonly ImportedFile[],
	faults: readonly (Quarantined & { file: string })[],
): Imported {
	const shown = faults.slice(0, 20).map(({ file, line, column, reason }) => ({
		file,
		...(line === undefined ? {} : { line }),
		...(column === undefined ? {} : { column }),
		reason,
	}));
	const warnings = [...account.warnings.values()];
	if (account.totals.tokens.unsplit !== undefined) {
		warnings.push({
			code: "cached-not-split",
			message: "the source does not say which prompt tokens were cached: input holds all of them, an upper limit",
		});
	}
	for (const { model, by } of countedTwice(account)) {
		const counts = by.map(([kind, { tokens }]) => `${kind} ${tokens.toLocaleString("en-US")}`).join(", ");
		warnings.push({
			code: "token-of-record",
			message: `${model} was counted by several sources in the same time (${counts} tokens): the totals add them up, the ledger counts the log nearest to the user as its tokens of record and compares the others`,
		});
	}
	return { result: resultOf(account, files, shown), warnings };
}
