/**
 * The ledger behind a server: what comes in is on the disk before it is acknowledged. One ledger, one process, one
 * connection that writes. Each tenant has its own memory of cumulated metrics and its own folder of samples that wait,
 * so that series of one name do not mix.
 */
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LedgerReads } from "@farthing/ledger";
import { budgetFileOf, copyBudgets } from "@farthing/ledger/budgets";
import { makeFolder } from "@farthing/ledger/folder";
import type {
	Imported,
	ImportOptions,
	LeftOut,
	OtlpReceiver,
	OtlpSignal,
	Received,
	RemoteWriteReceiver,
	RemoteWritten,
	Scraped,
	StoredCounts,
} from "@farthing/ledger/importers";
import type { Accepted, LiveOptions, WireKind } from "@farthing/ledger/store";

export interface Intake {
	/**
	 * A body of JSON lines. `org`: whose it is, written into each usage record whatever the body says; undefined for a
	 * single user, whose records stay as they are. Throws StoreError where it cannot be kept now.
	 */
	accept(kind: WireKind, body: Uint8Array, of: { readonly org?: string; readonly key?: string }): Promise<Accepted>;
	/** One OTLP export. Throws OtlpFault where the body is no message, StoreError where it cannot be kept now. */
	otlp(signal: OtlpSignal, body: Uint8Array, contentType: string, org?: string): Promise<Received>;
	/**
	 * One Prometheus remote-write request. Series of GPUs hold for all tenants: without `withGpus` they are left out, and the
	 * answer says how many, as it does of samples with a wrong date or of a time that was metered. Throws StoreError `spool-full`, and what the disk or the decoder says.
	 */
	remoteWrite(body: Uint8Array, of: { readonly org?: string; readonly withGpus: boolean }): Promise<RemoteWritten>;
	/** The text of a scrape, with the labels of its target, as remote write of that moment. Throws as that does. */
	scraped(text: Uint8Array, target: Readonly<Record<string, string>>, at: number, org?: string): Promise<Scraped>;
	/** A file into the store, by the importer that knows its format. Throws ImportError and StoreError. */
	importFile(path: string, name: string, options: ImportOptions): Promise<ImportedFileResult>;
	/**
	 * A copy of the ledger at `path`, while events come in: it holds each that was acknowledged before the call, and may
	 * hold later ones. Samples that wait to be metered go into a folder beside it.
	 */
	backup(path: string): Promise<void>;
	/** Records taken in since the start, by the way they came. */
	readonly records: ReadonlyMap<string, number>;
	/** Samples of remote write and scrapes that were left out since the start, by the reason. */
	readonly samplesLeftOut: ReadonlyMap<SampleFault, number>;
	/** What is in the store, to answer from. */
	readonly reads: LedgerReads;
	/** Bytes acknowledged and not yet in the store. */
	readonly spoolBytes: number;
	/** Call once no request is open: hands on and loads what waits, then closes. */
	close(): Promise<void>;
}

/** More than an hour ahead of the clock; of a time that their target was metered for. */
export type SampleFault = "ahead" | "late";

export interface IntakeOptions extends LiveOptions {
	/** Told of samples that are left out, at most once a minute for each reason and tenant. */
	readonly warn?: (message: string) => void;
}

export interface ImportedFileResult {
	readonly imported: Imported;
	readonly stored: Omit<StoredCounts, "store">;
}

/** A body that is no message of its signal. */
export class OtlpFault extends Error {}

/** A window of the ledger that samples are metered in, and how far beyond it samples must lie, in milliseconds. */
const WINDOW_MS = 5 * 60_000;
const MARGIN_MS = 2 * 60_000;
const WARN_EVERY_MS = 60_000;
const TENANT_FOLDER = "tenant-";
const SINGLE_USER_FOLDER = "single-user";

/** Opens a ledger by path or URL, and takes over what an earlier process acknowledged and did not load. */
export async function openIntake(url: string, options: IntakeOptions = {}): Promise<Intake> {
	const { makeFolderOf, openLedger, spoolFolderOf, StoreError } = await import("@farthing/ledger/store");
	const importers = await import("@farthing/ledger/importers");
	// What waits lies beside the ledger's file, or where that would be.
	const path = spoolFolderOf(url).replace(/\.spool$/, "");
	makeFolderOf(url);
	const ledger = await openLedger(url, spoolFolderOf(url), options);
	const records = new Map<string, number>();
	const count = (way: string, n: number): void => void records.set(way, (records.get(way) ?? 0) + n);

	const accept: Intake["accept"] = async (kind, body, { org, key }) => {
		const accepted = await ledger.ingest.accept(kind, body, key, org);
		if (accepted.outcome === "stored") count(kind, accepted.records);
		return accepted;
	};

	const since = Date.now() * 1000;
	const otlpOf = byTenant((): OtlpReceiver => new importers.OtlpReceiver(since));

	const waiting = `${path}.remote-write`;
	const remoteWriteOf = byTenant((org): RemoteWriteReceiver => {
		const folder = join(waiting, org === undefined ? SINGLE_USER_FOLDER : `${TENANT_FOLDER}${org}`);
		return new importers.RemoteWriteReceiver(
			{ folder, step: WINDOW_MS, margin: MARGIN_MS },
			async (kind, lines, key) => {
				const accepted = await ledger.ingest.accept(kind, lines, key, org).catch((error: unknown) => {
					// It was handed on before a crash, with fewer samples beyond its end.
					if (error instanceof StoreError && error.code === "body-conflict") return { outcome: "repeated" } as const;
					throw error;
				});
				if (accepted.outcome === "refused") throw new Error(accepted.issues[0]?.message ?? "records at fault");
				if (accepted.outcome === "stored") count("remote-write", accepted.records);
			},
		);
	});
	const flush = (receiver: RemoteWriteReceiver): Promise<unknown> =>
		// What cannot be handed on stays on the disk, and is tried again with the next request or start.
		receiver.flush().catch(() => undefined);
	for (const name of existsSync(waiting) ? readdirSync(waiting) : []) {
		if (name === SINGLE_USER_FOLDER) remoteWriteOf.get(undefined);
		else if (name.startsWith(TENANT_FOLDER)) remoteWriteOf.get(name.slice(TENANT_FOLDER.length));
	}

	const samplesLeftOut = new Map<SampleFault, number>([
		["ahead", 0],
		["late", 0],
	]);
	const warned = new Map<string, number>();
	const noteLeftOut = (fault: SampleFault, leftOut: LeftOut | undefined, org: string | undefined): void => {
		if (leftOut === undefined) return;
		samplesLeftOut.set(fault, (samplesLeftOut.get(fault) ?? 0) + leftOut.samples);
		const of = `${fault} ${org ?? ""}`;
		if (Date.now() - (warned.get(of) ?? 0) < WARN_EVERY_MS) return;
		warned.set(of, Date.now());
		const words = fault === "ahead" ? importers.samplesAhead(leftOut) : importers.samplesLate(leftOut);
		options.warn?.(`remote write${org === undefined ? "" : ` of tenant ${org}`}: ${words}`);
	};

	const remoteWrite: Intake["remoteWrite"] = async (body, { org, withGpus }) => {
		ledger.spool.requireRoom(body.length);
		const receiver = remoteWriteOf.get(org);
		const written = await receiver.receive(body, withGpus ? undefined : (name) => !importers.isOfGpus(name));
		noteLeftOut("ahead", written.ahead, org);
		noteLeftOut("late", written.late, org);
		void flush(receiver);
		return written;
	};

	return {
		accept,
		async otlp(signal, body, contentType, org) {
			ledger.spool.requireRoom(body.length);
			const received = receivedBy(otlpOf.get(org), body, contentType, signal);
			if (received.records === 0) return received;
			try {
				const accepted = await ledger.ingest.accept("usage", Buffer.from(received.lines), undefined, org);
				if (accepted.outcome === "stored") count(`otlp-${signal}`, accepted.records);
			} catch (error) {
				received.takeBack();
				throw error;
			}
			return received;
		},
		remoteWrite,
		async scraped(text, target, at, org) {
			const scraped = await importers.scrapedRemoteWrite(text, target, at);
			// What is scraped, whoever runs the server has said.
			await remoteWrite(scraped.body, { ...(org === undefined ? {} : { org }), withGpus: true });
			return scraped;
		},
		async importFile(path, name, options) {
			if (options.strict === true) await importers.importFiles([path], options, {});
			const { hash: id, brokenOff } = await importers.unpackedContent(path);
			if (brokenOff !== undefined) {
				const reason = `the file is damaged or ends early (${brokenOff}): nothing was stored`;
				throw new importers.ImportError("cut-off", reason, { file: path }, { hint: "send it again, whole" });
			}
			const sink = importers.storeSink(ledger.store, async () => `${id} ${JSON.stringify(options)}`);
			const imported = await importers.importFiles(
				[path],
				{ ...options, latest: Date.now() + AN_HOUR, name },
				{ item: (item) => sink.item(item, name) },
			);
			const finished = await sink.finish();
			const { dropped } = await ledger.store.dropRepeated();
			const { usage, capacity, charges, prices } = finished.counts;
			count("imports", usage + capacity + charges + prices - finished.repeated);
			return importers.withRepeated(imported, finished, dropped, options.gpus);
		},
		async backup(to) {
			copyWaitingSamples(waiting, `${to}.remote-write`);
			await ledger.loader.catchUp();
			await ledger.store.backup(to);
			copyBudgets(budgetFileOf(url), budgetFileOf(to));
		},
		records,
		samplesLeftOut,
		reads: ledger.store,
		get spoolBytes() {
			return ledger.spool.bytes;
		},
		async close() {
			for (const receiver of remoteWriteOf.all()) await flush(receiver);
			await ledger.close();
		},
	};
}

/** Milliseconds: an event that begins later than that from now has a wrong date. */
const AN_HOUR = 3_600_000;

/**
 * First the samples, then what says how far they were handed on, and the ledger after both: a window that was handed on
 * meanwhile is in the ledger, and one that is handed on again after a restore is known by its key.
 */
function copyWaitingSamples(from: string, to: string): void {
	for (const name of existsSync(from) ? readdirSync(from) : []) {
		const files = readdirSync(join(from, name));
		const last = (file: string): number => (file.endsWith(".json") ? 1 : 0);
		for (const file of files.filter((each) => !each.endsWith(".tmp")).sort((a, b) => last(a) - last(b))) {
			makeFolder(join(to, name));
			try {
				copyFileSync(join(from, name, file), join(to, name, file));
			} catch (error) {
				// One that was handed on meanwhile is gone.
				if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			}
		}
	}
}

interface ByTenant<T> {
	get(org: string | undefined): T;
	all(): Iterable<T>;
}

function byTenant<T>(make: (org: string | undefined) => T): ByTenant<T> {
	const made = new Map<string | undefined, T>();
	return {
		get(org) {
			const known = made.get(org);
			if (known !== undefined) return known;
			const fresh = make(org);
			made.set(org, fresh);
			return fresh;
		},
		all: () => made.values(),
	};
}

function receivedBy(receiver: OtlpReceiver, body: Uint8Array, contentType: string, signal: OtlpSignal): Received {
	try {
		return receiver.receive(body, contentType, signal);
	} catch (error) {
		throw new OtlpFault(`no OTLP message of ${signal}: ${(error as Error).message}`);
	}
}
