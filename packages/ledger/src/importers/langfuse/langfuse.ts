/**
 * Ingestion batches of Langfuse. Creates and updates of one generation are merged by id, in whatever order they come.
 * `usageDetails` counts cached tokens beside `input`, unlike the GenAI conventions; usage of OpenAI that is handed on as it
 * came, with `prompt_tokens_details`, counts them within.
 */
import { parseAmountNearest } from "../../records/money.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { isoTime } from "../times.ts";

export const langfuse: Importer = jsonImporter({
	kind: "langfuse",
	title: "an ingestion batch of Langfuse",
	detect: ({ keys, text }: Head) =>
		keys.has("batch") && /"(generation|trace|span)-(create|update)"/.test(text) ? 0.95 : 0,
	items,
});

function* items(value: JsonMembers, line: number, source: Source, context: ImportContext): Generator<ImportItem> {
	const batch = Array.isArray(value["batch"]) ? (value["batch"] as unknown[]) : [];
	const generations = new Map<string, JsonMembers>();
	const traces = new Map<string, JsonMembers>();
	let others = 0;
	for (const event of batch) {
		const type = textIn(isMembers(event) ? event : undefined, "type") ?? "";
		const body = within(event, "body");
		const id = textIn(body, "id");
		if (type.startsWith("generation-") && body !== undefined && id !== undefined) {
			const known = generations.get(id) ?? {};
			// What an update leaves out stays as it was.
			generations.set(id, {
				...known,
				...Object.fromEntries(Object.entries(body).filter(([, each]) => each !== null && each !== undefined)),
			});
		} else if (type === "trace-create" && body !== undefined && id !== undefined)
			traces.set(id, { ...traces.get(id), ...body });
		else others++;
	}
	const left = others + traces.size;
	if (left > 0) yield { kind: "skip", reason: "events that are no generation", count: left };
	for (const [id, body] of generations) yield* generationItems(id, body, traces, line, source, context);
}

function* generationItems(
	id: string,
	body: JsonMembers,
	traces: ReadonlyMap<string, JsonMembers>,
	line: number,
	source: Source,
	{ zoneMinutes }: ImportContext,
): Generator<ImportItem> {
	const start = isoTime(body["startTime"], zoneMinutes);
	const tokens = tokensOfLangfuse(body);
	if (start === undefined || "fault" in tokens) {
		yield aside(line, "fault" in tokens ? tokens.fault : "a generation without startTime", { id });
		return;
	}
	const isError = textIn(body, "level") === "ERROR";
	if (!isError && tokens.counts["out_total"] === undefined)
		yield { kind: "uncounted", reason: "a generation without usage" };
	const end = isoTime(body["endTime"], zoneMinutes) ?? start;
	const first = isoTime(body["completionStartTime"], zoneMinutes);
	const span = (to: string): number => Math.round((Date.parse(to) - Date.parse(start)) * 1000);
	const trace = traces.get(textIn(body, "traceId") ?? "");
	const tags = present({ session: textIn(trace, "sessionId"), environment: textIn(body, "environment") });
	yield usageItem(
		present({
			grain: "request",
			t0: start,
			t1: end,
			source: { adapter: "langfuse", version: "1", kind: "client", instance: source.name.slice(-256) },
			request_id: id.slice(0, 256),
			status: isError ? "error" : "ok",
			model: { served: textIn(body, "model") ?? "unknown" },
			tenant: tenantOf(textIn(trace, "userId"), tags),
			tokens: isError ? {} : tokens.counts,
			latency: present({
				e2e: span(end) > 0 ? { value: span(end) } : undefined,
				ttft: first !== undefined && span(first) > 0 && span(first) < span(end) ? { value: span(first) } : undefined,
			}),
		}),
		line,
	);
	const cost = numberIn(within(body, "costDetails"), "total") ?? numberIn(within(body, "usage"), "totalCost");
	const amount = cost === undefined ? undefined : parseAmountNearest(String(cost), "USD");
	if (amount !== undefined) yield { kind: "figures", figures: { money: [{ of: "list", amount }] } };
}

function tenantOf(user: string | undefined, tags: JsonMembers): JsonMembers | undefined {
	if (user === undefined && Object.keys(tags).length === 0) return undefined;
	return present({ user, tags: Object.keys(tags).length === 0 ? undefined : tags });
}

/** Counts of a generation, from its `usageDetails` or `usage`. */
export function tokensOfLangfuse(
	body: JsonMembers,
): { readonly counts: Record<string, number> } | { readonly fault: string } {
	const details = within(body, "usageDetails");
	const legacy = within(body, "usage");
	const unit = textIn(legacy, "unit");
	if (details === undefined && unit !== undefined && unit !== "TOKENS")
		return { fault: `usage is in ${unit}, not in tokens` };
	const pick = (pattern: RegExp): number | undefined => {
		const found = Object.entries(details ?? {}).filter(([name, n]) => pattern.test(name) && typeof n === "number");
		return found.length === 0 ? undefined : found.reduce((sum, [, n]) => sum + (n as number), 0);
	};
	const inside = {
		cached: numberIn(within(details, "prompt_tokens_details"), "cached_tokens"),
		reasoning: numberIn(within(details, "completion_tokens_details"), "reasoning_tokens"),
	};
	const cached = inside.cached ?? pick(/^(input_)?cache(d|_read)(_input)?(_tokens)?$/);
	const written = pick(/^(input_)?cache_(creation|write)(_input)?(_tokens)?(_5m|_1h)?$/);
	const reasoning = inside.reasoning ?? pick(/^(output_)?reasoning(_tokens)?$/);
	const plain =
		numberIn(details, "input", "input_tokens", "prompt_tokens") ??
		numberIn(legacy, "input", "promptTokens", "prompt_tokens");
	const visible =
		numberIn(details, "output", "output_tokens", "completion_tokens") ??
		numberIn(legacy, "output", "completionTokens", "completion_tokens");
	for (const n of [cached, written, reasoning, plain, visible]) {
		if (n !== undefined && !(Number.isSafeInteger(n) && n >= 0))
			return { fault: `a count of tokens is ${n}: expected a whole number from 0` };
	}
	const cachedBeside = inside.cached === undefined ? (cached ?? 0) : 0;
	const input = plain === undefined ? undefined : plain + cachedBeside + (written ?? 0);
	const split =
		input === undefined || cached === undefined
			? {}
			: { in_computed: input - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 };
	const reasoningBeside = inside.reasoning === undefined ? (reasoning ?? 0) : 0;
	const output = visible === undefined ? undefined : visible + reasoningBeside;
	return {
		counts: present({
			in_total: input,
			...split,
			cache_write: written,
			out_total: output,
			out_reasoning: reasoning,
		}) as Record<string, number>,
	};
}
