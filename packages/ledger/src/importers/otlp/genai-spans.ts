/**
 * Spans of model calls: both generations of the GenAI conventions, OpenInference, OpenLLMetry and Langfuse. One record for each
 * call. A call without usage is named, so that coverage shows what streaming and old instrumentations lose.
 */
import { formatInstant, type Instant } from "../../records/units.ts";
import type { ImportItem } from "../import-item.ts";
import { present } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import {
	isLangfuseCall,
	isLangfuseError,
	LANGFUSE_MODEL,
	langfuseFirstToken,
	langfuseTokens,
} from "./langfuse-span.ts";
import {
	type Attributes,
	attributesOf,
	microsOfNanos,
	numberAt,
	type OtlpSpan,
	type ResourceSpans,
	type Scope,
	textAt,
} from "./otlp-message.ts";

/** Operations that call a model. Agents, tools and chains repeat what their calls say. */
const INFERENCE = new Set([
	"chat",
	"text_completion",
	"generate_content",
	"embeddings",
	"completion",
	"response",
	"responses",
]);

interface Call {
	readonly span: OtlpSpan;
	readonly scope: Scope | undefined;
	readonly resource: Attributes;
	readonly attributes: Attributes;
}

/** Keeps what was seen over all messages of a source, so that a span that is sent twice counts once. */
export interface SpanMemory {
	readonly seen: Set<string>;
	counted: number;
}

export function* spanItems(
	resources: readonly ResourceSpans[],
	line: number | undefined,
	memory: SpanMemory,
): Generator<ImportItem> {
	const all = callsOf(resources);
	const calls = all.filter(isInference);
	const others = all.length - calls.length;
	if (others > 0)
		yield { kind: "skip", reason: "spans of agents, tools and other work: not calls of a model", count: others };
	const parents = new Set(
		calls
			.filter(({ attributes }) => hasUsage(attributes))
			.map(({ span }) => `${span.traceId}/${span.parentSpanId ?? ""}`),
	);
	for (const call of calls) {
		const id = `${call.span.traceId}/${call.span.spanId}`;
		if (parents.has(id)) {
			yield { kind: "skip", reason: "calls of a model that wrap another one, which is counted", count: 1 };
		} else if (memory.seen.has(id)) yield { kind: "skip", reason: "spans that stand twice", count: 1 };
		else {
			memory.seen.add(id);
			yield* callItems(call, id, line, memory);
		}
	}
}

function callsOf(resources: readonly ResourceSpans[]): Call[] {
	return resources.flatMap(({ resource, scopeSpans }) => {
		const own = attributesOf(resource?.attributes);
		return (scopeSpans ?? []).flatMap(({ scope, spans }) =>
			(spans ?? []).map((span) => ({ span, scope, resource: own, attributes: attributesOf(span.attributes) })),
		);
	});
}

function isInference({ attributes }: Call): boolean {
	const ofLangfuse = isLangfuseCall(attributes);
	if (ofLangfuse !== undefined) return ofLangfuse;
	const kind = textAt(attributes, "openinference.span.kind");
	if (kind !== undefined) return kind === "LLM" || kind === "EMBEDDING";
	const operation = textAt(attributes, "gen_ai.operation.name");
	if (operation !== undefined) return INFERENCE.has(operation);
	const traceloop = textAt(attributes, "traceloop.span.kind");
	if (traceloop !== undefined) return false;
	return textAt(attributes, "llm.request.type", "gen_ai.request.model") !== undefined;
}

function hasUsage(attributes: Attributes): boolean {
	if (langfuseTokens(attributes) !== undefined) return true;
	const { input, output } = usageOf(attributes);
	return input !== undefined || output !== undefined;
}

function* callItems(
	{ span, scope, resource, attributes }: Call,
	id: string,
	line: number | undefined,
	memory: SpanMemory,
): Generator<ImportItem> {
	const start = microsOfNanos(span.startTimeUnixNano);
	const end = microsOfNanos(span.endTimeUnixNano) ?? start;
	const place = line === undefined ? {} : { line };
	if (start === undefined || end === undefined || end < start) {
		yield { kind: "quarantine", ...place, reason: `span ${id} has no start, or ends before it` };
		return;
	}
	for (const name of attributes.keys()) if (isUnknown(name)) yield { kind: "unknown", name };
	const isError =
		textAt(attributes, "error.type") !== undefined || isErrorCode(span.status?.code) || isLangfuseError(attributes);
	const tokens = tokensOf(attributes);
	if ("fault" in tokens) {
		yield { kind: "quarantine", ...place, reason: `span ${id}: ${tokens.fault}` };
		return;
	}
	if (!isError && !hasUsage(attributes)) {
		const by = scope?.name ?? "an instrumentation";
		yield { kind: "uncounted", reason: `calls whose span has no token counts (${by} ${scope?.version ?? ""})`.trim() };
	}
	if (hasUsage(attributes)) memory.counted++;
	const ttft = ttftOf(attributes, start, end);
	yield usageItem(
		present({
			grain: "request",
			t0: formatInstant(start as Instant),
			t1: formatInstant(end as Instant),
			source: present({
				adapter: "otlp",
				version: "1",
				kind: "client",
				instance: textAt(resource, "service.name")?.slice(0, 256),
			}),
			request_id: id.slice(0, 256),
			status: isError ? "error" : "ok",
			model: {
				served:
					textAt(
						attributes,
						"gen_ai.request.model",
						"gen_ai.response.model",
						"llm.model_name",
						"embedding.model_name",
						LANGFUSE_MODEL,
					)?.slice(0, 256) ?? "unknown",
			},
			tenant: tenantOf(attributes, resource),
			tokens: tokens.tokens,
			latency: present({
				e2e: end > start ? { value: end - start } : undefined,
				ttft: ttft === undefined ? undefined : { value: Math.round(ttft * 1e6) },
			}),
			quality: tokens.reasons.length === 0 ? undefined : { reasons: tokens.reasons },
		}),
		line,
	);
}

/** Seconds. */
function ttftOf(attributes: Attributes, start: number, end: number): number | undefined {
	const told = numberAt(attributes, "gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token");
	if (told !== undefined) return told;
	const first = langfuseFirstToken(attributes);
	const micros = first === undefined ? undefined : first * 1000 - start;
	// A clock of whole milliseconds may say that the first token came before the call.
	return micros === undefined || micros <= 0 || start + micros > end ? undefined : micros / 1e6;
}

interface Usage {
	readonly input: number | undefined;
	readonly output: number | undefined;
	readonly cached: number | undefined;
	readonly written: number | undefined;
	readonly reasoning: number | undefined;
}

/** Names of both generations, of OpenLLMetry (snake case) and of OpenInference. */
function usageOf(attributes: Attributes): Usage {
	return {
		input: numberAt(
			attributes,
			"gen_ai.usage.input_tokens",
			"gen_ai.usage.prompt_tokens",
			"llm.token_count.prompt",
			"llm.usage.prompt_tokens",
		),
		output: numberAt(
			attributes,
			"gen_ai.usage.output_tokens",
			"gen_ai.usage.completion_tokens",
			"llm.token_count.completion",
			"llm.usage.completion_tokens",
		),
		cached: numberAt(
			attributes,
			"gen_ai.usage.cache_read.input_tokens",
			"gen_ai.usage.cache_read_input_tokens",
			"gen_ai.usage.input_tokens.cached",
			"llm.token_count.prompt_details.cache_read",
			"llm.usage.cache_read_input_tokens",
		),
		written: numberAt(
			attributes,
			"gen_ai.usage.cache_write.input_tokens",
			"gen_ai.usage.cache_creation.input_tokens",
			"gen_ai.usage.cache_creation_input_tokens",
			"llm.token_count.prompt_details.cache_write",
			"llm.usage.cache_creation_input_tokens",
		),
		reasoning: numberAt(
			attributes,
			"gen_ai.usage.reasoning.output_tokens",
			"gen_ai.usage.reasoning_tokens",
			"gen_ai.usage.output_tokens.reasoning",
			"llm.token_count.completion_details.reasoning",
			"llm.usage.reasoning_tokens",
		),
	};
}

function tokensOf(
	attributes: Attributes,
): { readonly tokens: Record<string, number>; readonly reasons: string[] } | { readonly fault: string } {
	const ofLangfuse = langfuseTokens(attributes);
	if (ofLangfuse !== undefined) {
		return "fault" in ofLangfuse ? ofLangfuse : { tokens: ofLangfuse.counts, reasons: [] };
	}
	const usage = usageOf(attributes);
	for (const [name, value] of Object.entries(usage) as [string, number | undefined][]) {
		if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
			return { fault: `${name} tokens are ${value}: expected a whole number from 0` };
		}
	}
	const { input, output, cached, written, reasoning } = usage;
	// The convention counts cached tokens within input. Some emitters count them beside it: then they exceed it.
	const beside = input !== undefined && (cached ?? 0) + (written ?? 0) > input;
	const total = input === undefined ? undefined : beside ? input + (cached ?? 0) + (written ?? 0) : input;
	const split =
		total === undefined || cached === undefined
			? {}
			: { in_computed: total - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 };
	const counted = reasoning !== undefined && output !== undefined && reasoning > output ? output + reasoning : output;
	return {
		tokens: present({
			in_total: total,
			...split,
			cache_write: written,
			out_total: counted,
			out_reasoning: reasoning,
		}) as Record<string, number>,
		reasons: [...(beside ? ["cached-beside-input"] : []), ...(counted === output ? [] : ["reasoning-beside-output"])],
	};
}

function tenantOf(attributes: Attributes, resource: Attributes): Record<string, unknown> {
	const tags = present({
		service: textAt(resource, "service.name"),
		environment:
			textAt(resource, "deployment.environment.name", "deployment.environment") ??
			textAt(attributes, "langfuse.environment"),
		conversation: textAt(attributes, "gen_ai.conversation.id", "session.id"),
		provider: textAt(attributes, "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"),
	});
	return present({
		team: textAt(resource, "team", "team.name", "service.namespace")?.slice(0, 256),
		user: textAt(attributes, "enduser.id", "user.id", "enduser.pseudo.id")?.slice(0, 256),
		tags:
			Object.keys(tags).length === 0
				? undefined
				: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value).slice(0, 256)])),
	});
}

function isErrorCode(code: number | string | undefined): boolean {
	return code === 2 || code === "STATUS_CODE_ERROR";
}

/** Usage under a name that nothing here reads: other attributes describe the call and meter nothing. */
function isUnknown(name: string): boolean {
	return (
		/^(gen_ai\.usage|llm\.usage|llm\.token_count)\./.test(name) &&
		!/\.(total_tokens|total|input_tokens|output_tokens|prompt_tokens|completion_tokens|prompt|completion)$/.test(
			name,
		) &&
		!/(cache_read|cache_write|cache_creation|reasoning|audio|cached)/.test(name)
	);
}
