/**
 * Samples that a Prometheus sends, metered in windows. A request is acknowledged once it is on the disk; a window of a
 * target is handed on when its samples beyond the end are there, with those before it, so that its edges are
 * interpolated. What waits is read again at the next start.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../folder.ts";
import { capacityShape } from "../../records/capacity.ts";
import { usageShape } from "../../records/usage.ts";
import { selectors } from "./metric-selectors.ts";
import { readingsOf } from "./range-importer.ts";
import { decodeRemoteWrite, encodeRemoteWrite } from "./remote-write.ts";
import { meteredItems } from "./text-importer.ts";
import { type Handing, type Horizons, type LeftOut, WaitingSeries } from "./waiting-series.ts";

/** Takes JSON lines of records of one kind under a key; resolves once they are safe. */
export type RecordIntake = (kind: "usage" | "capacity", lines: Uint8Array, key: string) => Promise<unknown>;

export interface RemoteWriteOptions {
	/** Folder of the requests that wait. */
	readonly folder: string;
	/** Milliseconds of a window of the ledger. */
	readonly step: number;
	/** Milliseconds of samples that must lie beyond a window before it is handed on. */
	readonly margin: number;
	/** Milliseconds since 1970; the clock of the machine unless given. */
	readonly now?: () => number;
}

/** What was left out of a request; everything else is on the disk. */
export interface RemoteWritten {
	/** Series whose name may not be written. */
	readonly leftOut: number;
	/** Samples more than an hour ahead of the clock: their date is wrong. */
	readonly ahead?: LeftOut;
	/** Samples of windows that their target was handed on for. */
	readonly late?: LeftOut;
}

export class RemoteWriteReceiver {
	private readonly options: RemoteWriteOptions;
	private readonly intake: RecordIntake;
	private readonly waiting: WaitingSeries;
	/** Requests on the disk: the newest sample of each target in them. */
	private readonly files = new Map<string, ReadonlyMap<string, number>>();
	private next = 0;
	private flushing: Promise<number> | undefined;

	constructor(options: RemoteWriteOptions, intake: RecordIntake) {
		this.options = options;
		this.intake = intake;
		makeFolder(options.folder);
		const names = readdirSync(options.folder).sort();
		const state = names.includes(STATE) ? (JSON.parse(readFileSync(this.statePath, "utf8")) as Horizons) : {};
		this.waiting = new WaitingSeries({ ...options, now: options.now ?? Date.now }, state);
		const bodies = names.filter((name) => name.endsWith(".snappy"));
		for (const name of bodies) {
			const path = join(options.folder, name);
			const series = decodeRemoteWrite(readFileSync(path)).filter((each) => WANTED.test(each.name));
			this.files.set(path, this.waiting.take(series));
		}
		this.next = Number.parseInt(bodies.at(-1) ?? "-1", 10) + 1;
	}

	/** Resolves once the request is on the disk. Throws where it cannot be read. */
	async receive(body: Uint8Array, isAllowed: (name: string) => boolean = () => true): Promise<RemoteWritten> {
		const wanted = decodeRemoteWrite(body).filter(({ name }) => WANTED.test(name));
		const allowed = wanted.filter(({ name }) => isAllowed(name));
		const { kept, ...not } = this.waiting.sorted(allowed);
		const written = { leftOut: wanted.length - allowed.length, ...not };
		if (kept.length === 0) return written;
		const path = join(this.options.folder, `${String(this.next++).padStart(12, "0")}.snappy`);
		const file = await open(`${path}.tmp`, "w");
		try {
			const isWhole = written.leftOut === 0 && not.ahead === undefined && not.late === undefined;
			await file.writeFile(isWhole ? body : encodeRemoteWrite(kept));
			await file.datasync();
		} finally {
			await file.close();
		}
		renameSync(`${path}.tmp`, path);
		// A window may have been handed on meanwhile.
		const { kept: still, late } = this.waiting.sorted(kept);
		this.files.set(path, this.waiting.take(still));
		return late === undefined
			? written
			: { ...written, late: { ...late, samples: late.samples + (written.late?.samples ?? 0) } };
	}

	/** Hands on every window that is complete; gives how many. */
	flush(): Promise<number> {
		this.flushing ??= this.flushAll().finally(() => (this.flushing = undefined));
		return this.flushing;
	}

	private async flushAll(): Promise<number> {
		let windows = 0;
		for (let handing = this.waiting.next(); handing !== undefined; handing = this.waiting.next()) {
			await this.hand(handing);
			windows++;
			this.waiting.handed(handing);
			this.remember();
			this.forget();
		}
		return windows;
	}

	private async hand(handing: Handing): Promise<void> {
		const window = { from: handing.from, to: handing.from + this.options.step };
		const readings = readingsOf(this.waiting.seriesOf(handing), window);
		const lines = { usage: "", capacity: "" };
		for (const item of meteredItems({ ...readings, podsAreExported: this.waiting.podsAreExported }, new Map(), {})) {
			if (item.kind === "usage") lines.usage += `${JSON.stringify(usageShape.write(item.record))}\n`;
			if (item.kind === "capacity") lines.capacity += `${JSON.stringify(capacityShape.write(item.record))}\n`;
		}
		if (lines.usage === "" && lines.capacity === "") return;
		// Whoever goes on after a crash hands on the same again, under the same key.
		this.remember();
		for (const kind of ["usage", "capacity"] as const) {
			if (lines[kind] !== "") await this.intake(kind, Buffer.from(lines[kind]), `remote-write:${kind}:${handing.key}`);
		}
	}

	private forget(): void {
		for (const [path, newest] of this.files) {
			if ([...newest].some(([target, at]) => this.waiting.isWaitedFor(target, at))) continue;
			rmSync(path, { force: true });
			this.files.delete(path);
		}
	}

	private get statePath(): string {
		return join(this.options.folder, STATE);
	}

	private remember(): void {
		writeFileSync(`${this.statePath}.tmp`, JSON.stringify(this.waiting.horizons));
		renameSync(`${this.statePath}.tmp`, this.statePath);
	}
}

const STATE = "handed-on.json";

/** Names that metering reads: others are acknowledged and not kept. */
const WANTED = new RegExp(
	`^(?:${[...selectors().map(({ selector }) => /"(.*)"/.exec(selector)?.[1] ?? ""), "process_start_time_seconds"].join("|")})$`,
);
