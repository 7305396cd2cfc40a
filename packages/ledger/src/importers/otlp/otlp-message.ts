/**
 * OTLP as plain objects: the members that are read here, of trace and metric exports. JSON has them under these names;
 * protobuf is decoded to the same shape.
 */
export interface OtlpExport {
	readonly resourceSpans?: readonly ResourceSpans[];
	readonly resourceMetrics?: readonly ResourceMetrics[];
	readonly resourceLogs?: readonly unknown[];
}

export interface ResourceSpans {
	readonly resource?: { readonly attributes?: readonly KeyValue[] };
	readonly scopeSpans?: readonly { readonly scope?: Scope; readonly spans?: readonly OtlpSpan[] }[];
}

export interface ResourceMetrics {
	readonly resource?: { readonly attributes?: readonly KeyValue[] };
	readonly scopeMetrics?: readonly { readonly scope?: Scope; readonly metrics?: readonly OtlpMetric[] }[];
}

export interface Scope {
	readonly name?: string;
	readonly version?: string;
}

export interface OtlpSpan {
	readonly traceId?: string;
	readonly spanId?: string;
	readonly parentSpanId?: string;
	readonly name?: string;
	readonly startTimeUnixNano?: string | number;
	readonly endTimeUnixNano?: string | number;
	readonly attributes?: readonly KeyValue[];
	readonly status?: { readonly code?: number | string };
}

export interface OtlpMetric {
	readonly name?: string;
	readonly histogram?: Points;
	readonly exponentialHistogram?: Points;
	readonly sum?: Points;
	readonly gauge?: Points;
}

interface Points {
	/** 1 delta, 2 cumulative; JSON may write the name. */
	readonly aggregationTemporality?: number | string;
	readonly dataPoints?: readonly DataPoint[];
}

export interface DataPoint {
	readonly attributes?: readonly KeyValue[];
	readonly startTimeUnixNano?: string | number;
	readonly timeUnixNano?: string | number;
	readonly count?: string | number;
	readonly sum?: number;
	readonly asInt?: string | number;
	readonly asDouble?: number;
}

export interface KeyValue {
	readonly key?: string;
	readonly value?: Readonly<Record<string, unknown>>;
}

export type Attributes = ReadonlyMap<string, string | number | boolean>;

/** Attributes with a plain value; lists and objects are left out. */
export function attributesOf(list: readonly KeyValue[] | undefined): Attributes {
	const found = new Map<string, string | number | boolean>();
	for (const { key, value } of list ?? []) {
		const plain = plainValue(value);
		if (key !== undefined && plain !== undefined) found.set(key, plain);
	}
	return found;
}

function plainValue(value: KeyValue["value"]): string | number | boolean | undefined {
	if (value === undefined || value === null) return undefined;
	const { stringValue, intValue, doubleValue, boolValue } = value;
	if (typeof stringValue === "string") return stringValue;
	if (typeof intValue === "string" || typeof intValue === "number") return Number(intValue);
	if (typeof doubleValue === "number") return doubleValue;
	return typeof boolValue === "boolean" ? boolValue : undefined;
}

/** The first of several names that has a number. */
export function numberAt(attributes: Attributes, ...names: readonly string[]): number | undefined {
	for (const name of names) {
		const value = attributes.get(name);
		if (typeof value === "number") return value;
		if (typeof value === "string" && /^\d+(\.\d+)?$/.test(value)) return Number(value);
	}
	return undefined;
}

export function textAt(attributes: Attributes, ...names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = attributes.get(name);
		if (value !== undefined && value !== "") return String(value);
	}
	return undefined;
}

/** Microseconds of a time in nanoseconds, exact; undefined where there is none. */
export function microsOfNanos(nanos: string | number | undefined): number | undefined {
	if (nanos === undefined || nanos === "" || !/^\d+$/.test(String(nanos))) return undefined;
	const micros = Number(BigInt(String(nanos)) / 1000n);
	return micros > 0 && Number.isSafeInteger(micros) ? micros : undefined;
}
