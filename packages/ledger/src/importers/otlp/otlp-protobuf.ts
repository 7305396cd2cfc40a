/** OTLP in protobuf to the shape of its JSON. Field numbers: opentelemetry-proto 1.x, of the members that are read. */
import protobuf from "protobufjs/light.js";
import type { OtlpExport } from "./otlp-message.ts";

const field = (id: number, type: string, rule?: "repeated"): { id: number; type: string; rule?: "repeated" } =>
	rule === undefined ? { id, type } : { id, type, rule };

const root = protobuf.Root.fromJSON({
	nested: {
		AnyValue: {
			oneofs: { value: { oneof: ["stringValue", "boolValue", "intValue", "doubleValue"] } },
			fields: {
				stringValue: field(1, "string"),
				boolValue: field(2, "bool"),
				intValue: field(3, "int64"),
				doubleValue: field(4, "double"),
			},
		},
		KeyValue: { fields: { key: field(1, "string"), value: field(2, "AnyValue") } },
		Resource: { fields: { attributes: field(1, "KeyValue", "repeated") } },
		Scope: { fields: { name: field(1, "string"), version: field(2, "string") } },
		Status: { fields: { code: field(3, "int32") } },
		Span: {
			fields: {
				traceId: field(1, "bytes"),
				spanId: field(2, "bytes"),
				parentSpanId: field(4, "bytes"),
				name: field(5, "string"),
				startTimeUnixNano: field(7, "fixed64"),
				endTimeUnixNano: field(8, "fixed64"),
				attributes: field(9, "KeyValue", "repeated"),
				status: field(15, "Status"),
			},
		},
		ScopeSpans: { fields: { scope: field(1, "Scope"), spans: field(2, "Span", "repeated") } },
		ResourceSpans: { fields: { resource: field(1, "Resource"), scopeSpans: field(2, "ScopeSpans", "repeated") } },
		Traces: { fields: { resourceSpans: field(1, "ResourceSpans", "repeated") } },
		NumberPoint: {
			oneofs: { value: { oneof: ["asDouble", "asInt"] } },
			fields: {
				startTimeUnixNano: field(2, "fixed64"),
				timeUnixNano: field(3, "fixed64"),
				asDouble: field(4, "double"),
				asInt: field(6, "sfixed64"),
				attributes: field(7, "KeyValue", "repeated"),
			},
		},
		HistogramPoint: {
			oneofs: { _sum: { oneof: ["sum"] } },
			fields: {
				startTimeUnixNano: field(2, "fixed64"),
				timeUnixNano: field(3, "fixed64"),
				count: field(4, "fixed64"),
				sum: field(5, "double"),
				attributes: field(9, "KeyValue", "repeated"),
			},
		},
		ExponentialPoint: {
			oneofs: { _sum: { oneof: ["sum"] } },
			fields: {
				attributes: field(1, "KeyValue", "repeated"),
				startTimeUnixNano: field(2, "fixed64"),
				timeUnixNano: field(3, "fixed64"),
				count: field(4, "fixed64"),
				sum: field(5, "double"),
			},
		},
		Gauge: { fields: { dataPoints: field(1, "NumberPoint", "repeated") } },
		Sum: { fields: { dataPoints: field(1, "NumberPoint", "repeated"), aggregationTemporality: field(2, "int32") } },
		Histogram: {
			fields: { dataPoints: field(1, "HistogramPoint", "repeated"), aggregationTemporality: field(2, "int32") },
		},
		ExponentialHistogram: {
			fields: { dataPoints: field(1, "ExponentialPoint", "repeated"), aggregationTemporality: field(2, "int32") },
		},
		Metric: {
			oneofs: { data: { oneof: ["gauge", "sum", "histogram", "exponentialHistogram"] } },
			fields: {
				name: field(1, "string"),
				gauge: field(5, "Gauge"),
				sum: field(7, "Sum"),
				histogram: field(9, "Histogram"),
				exponentialHistogram: field(10, "ExponentialHistogram"),
			},
		},
		ScopeMetrics: { fields: { scope: field(1, "Scope"), metrics: field(2, "Metric", "repeated") } },
		ResourceMetrics: { fields: { resource: field(1, "Resource"), scopeMetrics: field(2, "ScopeMetrics", "repeated") } },
		Metrics: { fields: { resourceMetrics: field(1, "ResourceMetrics", "repeated") } },
	},
});

export type OtlpSignal = "traces" | "metrics";

/** Decodes one export request. Throws where the bytes are no such message. */
export function decodeOtlp(bytes: Uint8Array, signal: OtlpSignal): OtlpExport {
	const type = root.lookupType(signal === "traces" ? "Traces" : "Metrics");
	const read = type.toObject(type.decode(bytes), { longs: String, bytes: Array });
	return withHexIds(read) as OtlpExport;
}

/**
 * The signal of a message of which nothing is said: both begin alike, so that what the parts hold decides. Undefined
 * where it is neither.
 */
export function signalOf(bytes: Uint8Array): OtlpSignal | undefined {
	for (const signal of ["traces", "metrics"] as const) {
		try {
			const read = decodeOtlp(bytes, signal);
			const holds =
				signal === "traces"
					? read.resourceSpans?.some(({ scopeSpans }) =>
							scopeSpans?.some(({ spans }) => spans?.some((span) => span.traceId?.length === 32)),
						)
					: read.resourceMetrics?.some(({ scopeMetrics }) =>
							scopeMetrics?.some(({ metrics }) => metrics?.some(({ name }) => (name ?? "") !== "")),
						);
			if (holds === true) return signal;
		} catch {
			// Not this one.
		}
	}
	return undefined;
}

/** JSON writes ids as hex text. */
function withHexIds(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withHexIds);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, each]) =>
			ID_NAMES.has(name) && Array.isArray(each)
				? [name, Buffer.from(each as number[]).toString("hex")]
				: [name, withHexIds(each)],
		),
	);
}

const ID_NAMES = new Set(["traceId", "spanId", "parentSpanId"]);
