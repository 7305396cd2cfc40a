/** OTLP exports: JSON (one message, NDJSON of the collector's file exporter) and protobuf. */
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { isMembers } from "../json-fields.ts";
import { jsonValues } from "../source/json-values.ts";
import { LONGEST_RECORD } from "../source/text-lines.ts";
import { type MetricMemory, metricRecords, takeMetrics } from "./genai-metrics.ts";
import { type SpanMemory, spanItems } from "./genai-spans.ts";
import type { OtlpExport } from "./otlp-message.ts";
import { decodeOtlp, signalOf } from "./otlp-protobuf.ts";

export const otlpJson: Importer = {
	kind: "otlp",
	title: "an OTLP export in JSON",
	detect: ({ keys }: Head) =>
		["resourceSpans", "resourceMetrics", "resourceLogs"].some((name) => keys.has(name)) ? 0.98 : 0,
	read: readJson,
};

export const otlpProtobuf: Importer = {
	kind: "otlp-protobuf",
	title: "an OTLP export in protobuf",
	// Both requests have one field, 1, which is a message. Names of OTLP stand in the bytes as they are.
	detect: ({ bytes, text }: Head) =>
		bytes[0] === 0x0a && /gen_ai\.|llm\.|service\.name|telemetry\.sdk/.test(text) ? 0.9 : 0,
	read: readProtobuf,
};

/** What one message says; `metricRecords` of the memory gives the rest at the end of the source. */
export interface OtlpMemory {
	readonly spans: SpanMemory;
	readonly metrics: MetricMemory;
}

export function newOtlpMemory(): OtlpMemory {
	return { spans: { seen: new Set(), counted: 0 }, metrics: { streams: new Map() } };
}

export function* otlpItems(message: OtlpExport, line: number | undefined, memory: OtlpMemory): Generator<ImportItem> {
	const { resourceSpans, resourceMetrics, resourceLogs } = message;
	if (Array.isArray(resourceSpans)) yield* spanItems(resourceSpans, line, memory.spans);
	if (Array.isArray(resourceMetrics)) yield* takeMetrics(resourceMetrics, line, memory.metrics);
	if (Array.isArray(resourceLogs)) {
		yield { kind: "skip", reason: "log records: spans and metrics carry the usage", count: resourceLogs.length };
	}
}

export function* otlpEnd(memory: OtlpMemory): Generator<ImportItem> {
	yield* metricRecords(memory.metrics, memory.spans.counted > 0);
}

async function* readJson(source: Source): AsyncGenerator<ImportItem> {
	const memory = newOtlpMemory();
	for await (const item of jsonValues(source.bytes())) {
		if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault };
		else if (isMembers(item.value))
			yield* guarded(() => otlpItems(item.value as OtlpExport, item.line, memory), item.line);
		else yield { kind: "quarantine", line: item.line, reason: "expected an OTLP message" };
	}
	yield* otlpEnd(memory);
}

/** Members of a wrong type, such as spans that are no list, cost their message. */
function* guarded(items: () => Generator<ImportItem>, line: number): Generator<ImportItem> {
	try {
		yield* items();
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		yield { kind: "quarantine", line, reason: `not an OTLP message: ${error.message}` };
	}
}

async function* readProtobuf(source: Source): AsyncGenerator<ImportItem> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of source.bytes()) {
		size += chunk.length;
		if (size > LONGEST_RECORD) {
			yield { kind: "quarantine", reason: `a message of more than ${LONGEST_RECORD} bytes` };
			return;
		}
		parts.push(chunk);
	}
	const bytes = Buffer.concat(parts);
	const signal = signalOf(bytes);
	if (signal === undefined) {
		yield { kind: "quarantine", reason: "neither a trace nor a metric export of OTLP, or one that is cut short" };
		return;
	}
	const memory = newOtlpMemory();
	yield* otlpItems(decodeOtlp(bytes, signal), undefined, memory);
	yield* otlpEnd(memory);
}
