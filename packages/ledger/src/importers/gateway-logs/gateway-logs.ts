/** Access logs of Envoy AI Gateway and audit logs of Kong, one request an object. */
import { parseAmountNearest } from "../../records/money.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { countFault, isMembers, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { isoOfMillis, isoTime } from "../times.ts";

export const envoyAccessLog: Importer = jsonImporter({
	kind: "envoy-ai-gateway",
	title: "an access log of Envoy AI Gateway",
	detect: ({ keys }: Head) =>
		[...keys].some((name) => name.startsWith("gen_ai.")) && (keys.has("response_code") || keys.has("start_time"))
			? 0.95
			: 0,
	items: envoyItems,
});

/** Values may be text, `-` or null. */
function* envoyItems(row: JsonMembers, line: number, source: Source, context: ImportContext): Generator<ImportItem> {
	const counted = Object.entries(row).filter(([name]) => name.startsWith("gen_ai.usage."));
	const faults = counted.flatMap(([name, value]) => (value === "-" ? [] : (countFault(name, value) ?? [])));
	const start = isoTime(row["start_time"], context.zoneMinutes);
	if (start === undefined) faults.push("start_time is missing or no time");
	if (faults.length > 0) {
		yield aside(line, faults.join("; "), row);
		return;
	}
	for (const [name] of counted) if (!ENVOY_KNOWN.test(name)) yield { kind: "unknown", name };
	const code = numberIn(row, "response_code");
	const isError = code !== undefined && code >= 400;
	const cached = numberIn(
		row,
		"gen_ai.usage.cached_input_tokens",
		"gen_ai.usage.cache_read.input_tokens",
		"gen_ai.usage.cached_tokens",
	);
	const duration = numberIn(row, "duration") ?? 0;
	const tokens = requestTokens(
		numberIn(row, "gen_ai.usage.input_tokens"),
		numberIn(row, "gen_ai.usage.output_tokens"),
		cached,
		numberIn(row, "gen_ai.usage.reasoning_tokens", "gen_ai.usage.reasoning.output_tokens"),
		numberIn(
			row,
			"gen_ai.usage.cache_creation_input_tokens",
			"gen_ai.usage.cache_creation.input_tokens",
			"gen_ai.usage.cache_write.input_tokens",
		),
	);
	if (!isError && tokens["out_total"] === undefined) yield { kind: "uncounted", reason: "a request without usage" };
	yield usageItem(
		present({
			grain: "request",
			t0: start,
			t1: isoOfMillis(Date.parse(start as string) + Math.max(0, duration)),
			source: { adapter: "envoy-ai-gateway", version: "1", kind: "gateway", instance: source.name.slice(-256) },
			request_id: textIn(row, "x-request-id"),
			status: isError ? "error" : "ok",
			model: {
				served:
					textIn(row, "gen_ai.request.model_override", "gen_ai.request.model", "gen_ai.response.model") ?? "unknown",
			},
			tokens: isError ? {} : tokens,
			latency: duration > 0 ? { e2e: { value: Math.round(duration * 1000) } } : undefined,
		}),
		line,
	);
}

const ENVOY_KNOWN =
	/^gen_ai\.usage\.((input|output|total|cached|reasoning|cached_input|cache_creation_input)_tokens|(cache_read|cache_creation|cache_write)\.input_tokens|reasoning\.output_tokens)$/;

export const kongAuditLog: Importer = jsonImporter({
	kind: "kong",
	title: "an audit log of Kong's AI plugins",
	detect: ({ keys, text }: Head) => (keys.has("ai") && /"(prompt_tokens|llm_latency|plugin_id)"/.test(text) ? 0.95 : 0),
	items: kongItems,
});

/** Usage stands under the plugin that served the request: proxy, advanced proxy and others, once each. */
function* kongItems(row: JsonMembers, line: number, source: Source): Generator<ImportItem> {
	const ai = within(row, "ai") ?? {};
	const plugins = Object.entries(ai).filter(([, each]) => isMembers(each) && within(each, "usage") !== undefined);
	if (plugins.length === 0) {
		yield { kind: "read", count: 1 };
		yield { kind: "uncounted", reason: "a request without usage" };
		return;
	}
	for (const [, plugin] of plugins) yield* kongPlugin(row, plugin as JsonMembers, line, source);
}

function* kongPlugin(row: JsonMembers, plugin: JsonMembers, line: number, source: Source): Generator<ImportItem> {
	const usage = within(plugin, "usage");
	const meta = within(plugin, "meta");
	const faults = ["prompt_tokens", "completion_tokens"].flatMap((name) => countFault(name, usage?.[name]) ?? []);
	if (faults.length > 0) {
		yield aside(line, faults.join("; "), row);
		return;
	}
	if (/^hit$/i.test(textIn(within(plugin, "cache"), "cache_status") ?? "")) {
		yield {
			kind: "warning",
			code: "cache-hit",
			message: "a request that Kong's semantic cache answered is counted as logged",
		};
	}
	const tokens = requestTokens(
		numberIn(usage, "prompt_tokens"),
		numberIn(usage, "completion_tokens"),
		numberIn(within(usage, "prompt_tokens_details"), "cached_tokens"),
		numberIn(within(usage, "completion_tokens_details"), "reasoning_tokens"),
		undefined,
	);
	const cost = numberIn(usage, "cost");
	const amount = cost === undefined || cost === 0 ? undefined : parseAmountNearest(String(cost), "USD");
	if (amount !== undefined) yield { kind: "figures", figures: { money: [{ of: "list", amount }] } };
	const start = isoTime(numberIn(row, "started_at") ?? row["started_at"]);
	if (start === undefined) {
		yield { kind: "read", count: 1 };
		yield { kind: "figures", figures: { requests: 1, tokens: figuresOf(tokens) } };
		return;
	}
	const latency = numberIn(meta, "llm_latency");
	yield usageItem(
		present({
			grain: "request",
			t0: start,
			t1: isoOfMillis(Date.parse(start) + (latency ?? 0)),
			source: { adapter: "kong", version: "1", kind: "gateway", instance: source.name.slice(-256) },
			request_id: textIn(within(row, "request"), "id"),
			status: "ok",
			model: { served: textIn(meta, "request_model", "response_model") ?? "unknown" },
			tenant:
				textIn(within(row, "consumer"), "username", "id") === undefined
					? undefined
					: { user: textIn(within(row, "consumer"), "username", "id") },
			tokens,
			latency: present({
				e2e: latency === undefined ? undefined : { value: Math.round(latency * 1000) },
				ttft:
					numberIn(usage, "time_to_first_token") === undefined
						? undefined
						: { value: Math.round((numberIn(usage, "time_to_first_token") as number) * 1000) },
			}),
		}),
		line,
	);
}

function requestTokens(
	input: number | undefined,
	output: number | undefined,
	cached: number | undefined,
	reasoning: number | undefined,
	written: number | undefined,
): Record<string, number> {
	const split =
		input === undefined || cached === undefined || cached > input
			? {}
			: { in_computed: input - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 };
	return present({
		in_total: input,
		...split,
		cache_write: written,
		out_total: output,
		out_reasoning: reasoning,
	}) as Record<string, number>;
}

function figuresOf(tokens: Readonly<Record<string, number>>): Record<string, number> {
	return present({
		inputTotal: tokens["in_total"],
		input: tokens["in_computed"],
		cachedInput: tokens["in_cached_local"],
		output: tokens["out_total"],
		reasoning: tokens["out_reasoning"],
	}) as Record<string, number>;
}
