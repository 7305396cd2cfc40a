/** What of an OTLP export in JSON must be a list or an object, checked at the door: what reads them takes it as given. */
import type { OtlpSignal } from "./otlp-protobuf.ts";

/** Members by name, with their own; a name that ends with `[]` is a list of objects. */
interface Shape {
	readonly [member: string]: Shape;
}

const ATTRIBUTES: Shape = { "attributes[]": { value: {} } };
const POINTS: Shape = { "dataPoints[]": ATTRIBUTES };
const SHAPES: Readonly<Record<OtlpSignal, Shape>> = {
	traces: { "resourceSpans[]": { resource: ATTRIBUTES, "scopeSpans[]": { scope: {}, "spans[]": ATTRIBUTES } } },
	metrics: {
		"resourceMetrics[]": {
			resource: ATTRIBUTES,
			"scopeMetrics[]": {
				scope: {},
				"metrics[]": { histogram: POINTS, exponentialHistogram: POINTS, sum: POINTS, gauge: POINTS },
			},
		},
	},
};

/** Throws with the first member that is something else. What is absent or null has its default, as Protobuf has it. */
export function requireOtlpShape(message: object, signal: OtlpSignal): void {
	requireShape(message, SHAPES[signal], "");
}

function requireShape(of: object, shape: Shape, at: string): void {
	for (const [member, inner] of Object.entries(shape)) {
		const isList = member.endsWith("[]");
		const name = isList ? member.slice(0, -2) : member;
		const value = (of as Readonly<Record<string, unknown>>)[name];
		if (value === undefined || value === null) continue;
		if (!isList) requireObject(value, inner, `${at}${name}`);
		else if (!Array.isArray(value)) throw new TypeError(`${at}${name} is no list`);
		else for (const [i, each] of value.entries()) requireObject(each, inner, `${at}${name}[${i}]`);
	}
}

function requireObject(value: unknown, shape: Shape, at: string): void {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${at} is no object`);
	requireShape(value, shape, `${at}.`);
}
