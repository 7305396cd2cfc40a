/**
 * GenAI metrics of both generations: the histogram `gen_ai.client.token.usage` by token type, and the counters
 * `gen_ai.client.inference.usage.…` that replace it. Where a service sends both, the counters are believed.
 */
import { formatInstant, type Instant } from "../../records/units.ts";
import type { ImportItem } from "../import-item.ts";
import { present } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import {
	attributesOf,
	type DataPoint,
	microsOfNanos,
	type OtlpMetric,
	type ResourceMetrics,
	textAt,
} from "./otlp-message.ts";

const OLD_USAGE = "gen_ai.client.token.usage";
const DURATION = "gen_ai.client.operation.duration";
const NEW_USAGE =
	/^gen_ai\.client\.inference\.usage\.(input_tokens|output_tokens|cache_read\.input_tokens|cache_write\.input_tokens|reasoning\.output_tokens)$/;
/** Understood, and not for cost: distributions of the same tokens, and the server's latencies. */
const OTHERS =
	/^gen_ai\.(client\.inference\.operation\.(input_tokens|output_tokens|duration|time_to_first_chunk|time_per_output_chunk)|client\.operation\.time_.*|server\..*)$/;

type TokenName = "input" | "output" | "cached" | "written" | "reasoning";

/** Streams of points by what they count, the newest cumulated value of each, over all messages of a source. */
export interface MetricMemory {
	readonly streams: Map<string, Stream>;
}

export interface Stream {
	readonly isDelta: boolean;
	readonly group: string;
	readonly what: "requests" | "errors" | TokenName;
	readonly generation: "old" | "new" | "both";
	readonly service: string;
	readonly model: string;
	from: number;
	to: number;
	value: number;
}

/** Takes the points in; {@link metricRecords} gives the records once all messages are read. */
export function* takeMetrics(
	resources: readonly ResourceMetrics[],
	line: number | undefined,
	memory: MetricMemory,
): Generator<ImportItem> {
	for (const { resource, scopeMetrics } of resources) {
		const service = textAt(attributesOf(resource?.attributes), "service.name") ?? "unknown";
		const instance = textAt(attributesOf(resource?.attributes), "service.instance.id", "process.pid") ?? "";
		for (const metric of (scopeMetrics ?? []).flatMap(({ metrics }) => metrics ?? [])) {
			yield* takeMetric(metric, { service, instance }, line, memory);
		}
	}
}

function* takeMetric(
	metric: OtlpMetric,
	from: { readonly service: string; readonly instance: string },
	line: number | undefined,
	memory: MetricMemory,
): Generator<ImportItem> {
	const { name = "" } = metric;
	const isNew = NEW_USAGE.exec(name);
	if (name !== OLD_USAGE && name !== DURATION && isNew === null) {
		if (OTHERS.test(name)) yield { kind: "skip", reason: "metrics that are understood and meter nothing", count: 1 };
		else yield { kind: "unknown", name };
		return;
	}
	const points = metric.histogram ?? metric.exponentialHistogram ?? metric.sum;
	const temporality = points?.aggregationTemporality;
	const isDelta = temporality === 1 || temporality === "AGGREGATION_TEMPORALITY_DELTA";
	for (const point of points?.dataPoints ?? []) {
		const attributes = attributesOf(point.attributes);
		const value = valueOf(name, point);
		const [t0, t1] = [microsOfNanos(point.startTimeUnixNano), microsOfNanos(point.timeUnixNano)];
		if (value === undefined || !Number.isSafeInteger(value) || value < 0 || t1 === undefined) {
			const reason = `a point of ${name} without a whole number from 0 and a time`;
			yield { kind: "quarantine", reason, ...(line === undefined ? {} : { line }) };
			continue;
		}
		const what =
			isNew === null
				? name === DURATION
					? textAt(attributes, "error.type") === undefined
						? "requests"
						: "errors"
					: typeOf(textAt(attributes, "gen_ai.token.type"))
				: NEW_NAMES[isNew[1] as string];
		if (what === undefined) {
			yield { kind: "unknown", name: `${name}{gen_ai.token.type=${textAt(attributes, "gen_ai.token.type")}}` };
			continue;
		}
		const model = textAt(attributes, "gen_ai.request.model", "gen_ai.response.model") ?? "unknown";
		const labels = [...attributes].map(([key, each]) => `${key}=${String(each)}`).sort();
		const key = JSON.stringify([from, name, labels, isDelta ? t1 : (t0 ?? 0)]);
		const known = memory.streams.get(key);
		if (known !== undefined && (known.to > t1 || (known.to === t1 && known.value >= value))) continue;
		memory.streams.set(key, {
			isDelta,
			group: JSON.stringify([from, model]),
			what,
			generation: name === OLD_USAGE ? "old" : name === DURATION ? "both" : "new",
			service: from.service,
			model,
			from: t0 ?? t1,
			to: t1,
			value,
		});
	}
}

const NEW_NAMES: Readonly<Record<string, TokenName>> = {
	input_tokens: "input",
	output_tokens: "output",
	"cache_read.input_tokens": "cached",
	"cache_write.input_tokens": "written",
	"reasoning.output_tokens": "reasoning",
};

/** Other types (cache_read, reasoning) are parts of these in some emitters: not added. */
function typeOf(type: string | undefined): TokenName | undefined {
	const names: Readonly<Record<string, TokenName>> = {
		input: "input",
		output: "output",
		completion: "output",
		cache_read: "cached",
		"cache_read.input": "cached",
		cache_creation: "written",
		cache_write: "written",
		reasoning: "reasoning",
	};
	return type === undefined ? undefined : names[type];
}

function valueOf(name: string, point: DataPoint): number | undefined {
	if (name === DURATION) return point.count === undefined ? undefined : Number(point.count);
	if (point.sum !== undefined) return point.sum;
	if (point.asInt !== undefined) return Number(point.asInt);
	return point.asDouble;
}

/** One window for each service and model. `repeats`: spans of the same source are counted already. */
export function* metricRecords({ streams }: MetricMemory, repeats: boolean): Generator<ImportItem> {
	const groups = new Map<string, Stream[]>();
	for (const stream of streams.values()) groups.set(stream.group, [...(groups.get(stream.group) ?? []), stream]);
	for (const all of groups.values()) {
		const hasNew = all.some(({ generation }) => generation === "new");
		const used = all.filter(({ generation }) => generation !== (hasNew ? "old" : "new"));
		if (used.length < all.length) {
			yield {
				kind: "skip",
				reason: "token histograms of the older generation beside the new counters",
				count: all.length - used.length,
			};
		}
		if (repeats) {
			yield { kind: "skip", reason: "metrics of calls whose spans are counted", count: used.length };
			continue;
		}
		const sum = (what: Stream["what"]): number | undefined => {
			const found = used.filter((each) => each.what === what);
			return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
		};
		const [input, cached] = [sum("input"), sum("cached")];
		const first = used[0] as Stream;
		const from = Math.min(...used.map((each) => each.from));
		const to = Math.max(...used.map((each) => each.to));
		const split =
			input !== undefined && cached !== undefined && cached <= input
				? { in_computed: input - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 }
				: {};
		const made = usageItem(
			present({
				grain: "window",
				t0: formatInstant(Math.min(from, to - 1) as Instant),
				t1: formatInstant(to as Instant),
				source: { adapter: "otlp-metrics", version: "1", kind: "client", instance: first.service.slice(0, 256) },
				model: { served: first.model.slice(0, 256) },
				tokens: present({
					in_total: input,
					...split,
					cache_write: sum("written"),
					out_total: sum("output"),
					out_reasoning: sum("reasoning"),
				}),
				requests: present({ finished: sum("requests"), errored: sum("errors") }),
				quality: { double_count_risk: true },
			}),
			undefined,
		);
		yield made;
	}
}
