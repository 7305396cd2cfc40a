/**
 * Samples that a Prometheus sends, metered in windows. A request is acknowledged once it is on the disk; a window is
 * handed on when samples beyond its end are there, with those before it, so that its edges are interpolated. What waits
 * is read again at the next start.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../folder.ts";
import { capacityShape } from "../../records/capacity.ts";
import { usageShape } from "../../records/usage.ts";
import { selectors } from "./metric-selectors.ts";
import type { RawSeries } from "./prometheus-api.ts";
import { readingsOf } from "./range-importer.ts";
import { decodeRemoteWrite, encodeRemoteWrite } from "./remote-write.ts";
import { seriesKey } from "./scrape.ts";
import { meteredItems } from "./text-importer.ts";
import type { TimedPoint, Window } from "./integrate.ts";

/** Takes JSON lines of records of one kind under a key; resolves once they are safe. */
export type RecordIntake = (kind: "usage" | "capacity", lines: Uint8Array, key: string) => Promise<unknown>;

export interface RemoteWriteOptions {
	/** Folder of the requests that wait. */
	readonly folder: string;
	/** Milliseconds of a window of the ledger. */
	readonly step: number;
	/** Milliseconds of samples that must lie beyond a window before it is handed on. */
	readonly margin: number;
}

/** Samples before a window that are kept, for its first edge and for series that began before. */
const KEPT_BEFORE = 5 * 60_000;

export class RemoteWriteReceiver {
	private readonly options: RemoteWriteOptions;
	private readonly intake: RecordIntake;
	private readonly series = new Map<string, { name: string; labels: RawSeries["labels"]; points: TimedPoint[] }>();
	/** Requests on the disk by the time of their newest sample. */
	private readonly files = new Map<string, number>();
	private next = 0;
	private newest = 0;
	private from: number | undefined;
	private flushing: Promise<number> | undefined;

	constructor(options: RemoteWriteOptions, intake: RecordIntake) {
		this.options = options;
		this.intake = intake;
		makeFolder(options.folder);
		this.recover();
	}

	/**
	 * Resolves once the request is on the disk, with how many of its series were left out since `isAllowed` says no to their
	 * name. Throws where it cannot be read.
	 */
	async receive(body: Uint8Array, isAllowed: (name: string) => boolean = () => true): Promise<number> {
		const wanted = decodeRemoteWrite(body).filter(({ name }) => WANTED.test(name));
		const kept = wanted.filter(({ name }) => isAllowed(name));
		const leftOut = wanted.length - kept.length;
		if (kept.length === 0) return leftOut;
		const path = join(this.options.folder, `${String(this.next++).padStart(12, "0")}.snappy`);
		const file = await open(`${path}.tmp`, "w");
		try {
			await file.writeFile(leftOut === 0 ? body : encodeRemoteWrite(kept));
			await file.datasync();
		} finally {
			await file.close();
		}
		renameSync(`${path}.tmp`, path);
		this.take(kept, path);
		return leftOut;
	}

	/** Hands on every window that is complete; gives how many. */
	flush(): Promise<number> {
		this.flushing ??= this.flushAll().finally(() => (this.flushing = undefined));
		return this.flushing;
	}

	private async flushAll(): Promise<number> {
		const { step, margin } = this.options;
		let windows = 0;
		while (this.from !== undefined && this.newest >= this.from + step + margin) {
			const window = { from: this.from, to: this.from + step };
			await this.hand(window);
			windows++;
			this.from = window.to;
			this.remember();
			this.forget(window.to - KEPT_BEFORE);
		}
		return windows;
	}

	private async hand(window: Window): Promise<void> {
		const readings = readingsOf([...this.series.values()], window);
		const lines = { usage: "", capacity: "" };
		for (const item of meteredItems(readings, new Map(), {})) {
			if (item.kind === "usage") lines.usage += `${JSON.stringify(usageShape.write(item.record))}\n`;
			if (item.kind === "capacity") lines.capacity += `${JSON.stringify(capacityShape.write(item.record))}\n`;
		}
		for (const kind of ["usage", "capacity"] as const) {
			if (lines[kind] !== "") await this.intake(kind, Buffer.from(lines[kind]), `remote-write:${kind}:${window.from}`);
		}
	}

	private take(series: readonly RawSeries[], path: string): void {
		let newest = 0;
		for (const { name, labels, points } of series) {
			const key = seriesKey(name, labels);
			const known = this.series.get(key) ?? { name, labels, points: [] };
			this.series.set(key, known);
			for (const point of points) {
				insert(known.points, point);
				newest = Math.max(newest, point.at);
				const start = Math.floor(point.at / this.options.step) * this.options.step;
				// A window that began before anything was received is not whole: the first is the next one.
				this.from ??= start + this.options.step;
			}
		}
		this.newest = Math.max(this.newest, newest);
		this.files.set(path, newest);
	}

	private forget(before: number): void {
		for (const [key, { points }] of this.series) {
			const first = points.findIndex(({ at }) => at >= before);
			if (first < 0) this.series.delete(key);
			else points.splice(0, first);
		}
		for (const [path, newest] of this.files) {
			if (newest >= before) continue;
			rmSync(path, { force: true });
			this.files.delete(path);
		}
	}

	private remember(): void {
		const path = join(this.options.folder, "handed-on.json");
		writeFileSync(`${path}.tmp`, JSON.stringify({ from: this.from }));
		renameSync(`${path}.tmp`, path);
	}

	private recover(): void {
		const names = readdirSync(this.options.folder).sort();
		const bodies = names.filter((name) => name.endsWith(".snappy"));
		const state = names.includes("handed-on.json")
			? (JSON.parse(readFileSync(join(this.options.folder, "handed-on.json"), "utf8")) as { from?: number })
			: {};
		this.from = state.from;
		for (const name of bodies) {
			const path = join(this.options.folder, name);
			this.take(
				decodeRemoteWrite(readFileSync(path)).filter((each) => WANTED.test(each.name)),
				path,
			);
		}
		this.next = Number.parseInt(bodies.at(-1) ?? "-1", 10) + 1;
	}
}

function insert(points: TimedPoint[], point: TimedPoint): void {
	let place = points.length;
	while (place > 0 && (points[place - 1] as TimedPoint).at > point.at) place--;
	if (points[place - 1]?.at !== point.at) points.splice(place, 0, point);
}

/** Names that metering reads: others are acknowledged and not kept. */
const WANTED = new RegExp(
	`^(?:${[...selectors().map(({ selector }) => /"(.*)"/.exec(selector)?.[1] ?? ""), "process_start_time_seconds"].join("|")})$`,
);
