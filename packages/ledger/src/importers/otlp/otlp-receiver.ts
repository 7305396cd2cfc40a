/**
 * OTLP as it comes from a running SDK or collector: each export becomes records of usage. Cumulated metrics become the
 * difference to the export before; of a service whose spans carry usage, metrics are not counted again.
 */
import { type UsageRecord, usageShape } from "../../records/usage.ts";
import { metricRecords, type Stream } from "./genai-metrics.ts";
import { newOtlpMemory, otlpItems } from "./otlp-importer.ts";
import { requireOtlpShape } from "./otlp-json-shape.ts";
import type { OtlpExport } from "./otlp-message.ts";
import { decodeOtlp, type OtlpSignal } from "./otlp-protobuf.ts";

export interface Received {
	/** JSON lines of usage records, as the ledger's ingest takes them. */
	readonly lines: string;
	readonly records: number;
	/** Spans or points that cannot be read. */
	readonly rejected: number;
	readonly reasons: readonly string[];
	/** Forgets this export, where its records could not be kept: the sender sends it again. */
	takeBack(): void;
}

export class OtlpReceiver {
	private readonly since: number;
	private readonly last = new Map<string, Stream>();
	private readonly servicesWithSpans = new Set<string>();

	/** `since`: microseconds since 1970 at which receiving began. Streams that began before are counted from then on. */
	constructor(since: number) {
		this.since = since;
	}

	/** Takes one export. Throws where the body is no message of the signal. */
	receive(body: Uint8Array, contentType: string, signal: OtlpSignal): Received {
		const message = messageOf(body, contentType, signal);
		const memory = newOtlpMemory();
		const items = [...otlpItems(message, undefined, memory)];
		const before = new Map([...memory.metrics.streams.keys()].map((key) => [key, this.last.get(key)]));
		const metered = this.differences(memory.metrics.streams);
		const after = new Map([...before.keys()].map((key) => [key, this.last.get(key)]));
		items.push(...metricRecords({ streams: metered }, false));
		const records = items.flatMap((item) => (item.kind === "usage" ? [item.record] : []));
		this.rememberServices(records);
		const faults = items.flatMap((item) => (item.kind === "quarantine" ? [item.reason] : []));
		return {
			lines: records.map((record) => `${JSON.stringify(usageShape.write(record))}\n`).join(""),
			records: records.length,
			rejected: faults.length,
			reasons: [...new Set(faults)].slice(0, 5),
			takeBack: () => {
				for (const [key, stream] of before) {
					// A later export has counted on from this one.
					if (this.last.get(key) !== after.get(key)) continue;
					if (stream === undefined) this.last.delete(key);
					else this.last.set(key, stream);
				}
			},
		};
	}

	private rememberServices(records: readonly UsageRecord[]): void {
		for (const { grain, source, tokens } of records) {
			if (grain === "request" && tokens.out_total !== undefined)
				this.servicesWithSpans.add(source.instance ?? "unknown");
		}
	}

	/** Streams with what they counted since the export before. */
	private differences(streams: ReadonlyMap<string, Stream>): Map<string, Stream> {
		const found = new Map<string, Stream>();
		for (const [key, stream] of streams) {
			const before = this.last.get(key);
			if (!stream.isDelta) this.last.set(key, { ...stream });
			if (this.servicesWithSpans.has(stream.service)) continue;
			if (stream.isDelta) found.set(key, stream);
			else if (before !== undefined) {
				if (stream.to > before.to && stream.value > before.value) {
					found.set(key, { ...stream, from: before.to, value: stream.value - before.value });
				}
			} else if (stream.from >= this.since) found.set(key, stream);
		}
		return found;
	}
}

function messageOf(body: Uint8Array, contentType: string, signal: OtlpSignal): OtlpExport {
	if (contentType.startsWith("application/x-protobuf")) return decodeOtlp(body, signal);
	const read: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
	if (typeof read !== "object" || read === null || Array.isArray(read)) throw new TypeError("expected one JSON object");
	requireOtlpShape(read, signal);
	const { resourceSpans, resourceMetrics } = read as OtlpExport;
	return signal === "traces" ? { resourceSpans: resourceSpans ?? [] } : { resourceMetrics: resourceMetrics ?? [] };
}
