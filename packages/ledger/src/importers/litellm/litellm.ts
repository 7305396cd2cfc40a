/**
 * LiteLLM: rows of LiteLLM_SpendLogs (JSON, NDJSON, CSV, the pages of /spend/logs) and StandardLoggingPayload (webhook,
 * S3, GCS). Prompt tokens include cached ones; what was cached stands in `metadata` alone, which exports write as text.
 */
import { createHash } from "node:crypto";
import { parseAmountNearest } from "../../records/money.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { countFault, isMembers, type JsonMembers, nested, numberIn, present, textIn, within } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { csvRows } from "../source/csv-rows.ts";
import { jsonValues } from "../source/json-values.ts";
import { isoTime, lacksZone } from "../times.ts";

export const litellm: Importer = {
	kind: "litellm",
	title: "spend logs or logging payloads of LiteLLM",
	detect: ({ keys, cells }: Head) => {
		const has = (name: string): boolean => keys.has(name) || cells.includes(name);
		const counts = has("prompt_tokens") && has("completion_tokens");
		if (counts && has("startTime") && (has("spend") || has("response_cost"))) return 0.97;
		if (counts && has("request_id") && has("call_type")) return 0.9;
		return counts && has("model_group") ? 0.6 : 0;
	},
	read,
};

async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const seen = new Set<string>();
	let zoneless = false;
	for await (const item of rows(source)) {
		if ("fault" in item) {
			yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
			continue;
		}
		zoneless ||= lacksZone(item.row["startTime"]);
		yield* rowItems(item.row, item.line, source, context, seen);
	}
	if (zoneless) {
		const message = "times without a zone were taken as UTC: give --zone +02:00 where they are not";
		yield { kind: "warning", code: "zone-assumed", message };
	}
}

type RowItem =
	| { readonly line: number; readonly row: JsonMembers }
	| { readonly line: number; readonly fault: string; readonly text: string };

async function* rows(source: Source): AsyncGenerator<RowItem> {
	const bytes = source.bytes();
	const iterator = bytes[Symbol.asyncIterator]();
	const first = await iterator.next();
	const start = first.done === true ? "" : Buffer.from(first.value.subarray(0, 64)).toString("utf8").trimStart();
	const all = (async function* (): AsyncGenerator<Uint8Array> {
		if (first.done !== true) yield first.value;
		for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
	})();
	if (start.startsWith("{") || start.startsWith("[")) {
		for await (const item of jsonValues(all)) yield* opened(item);
		return;
	}
	let heading: readonly string[] | undefined;
	for await (const item of csvRows(all)) {
		if ("fault" in item) yield item;
		else if (heading === undefined) heading = item.cells;
		else if (item.cells.length !== heading.length) {
			const fault = `${item.cells.length} cells under a heading of ${heading.length}`;
			yield { line: item.line, fault, text: item.cells.join(",").slice(0, 200) };
		} else yield { line: item.line, row: Object.fromEntries(heading.map((name, i) => [name, item.cells[i]])) };
	}
}

/** A page `{data: […]}` is opened. */
function* opened(
	item: { line: number; value: unknown } | { line: number; fault: string; text: string },
): Generator<RowItem> {
	if ("fault" in item) {
		yield item;
		return;
	}
	const { line, value } = item;
	const list = isMembers(value) && !("prompt_tokens" in value) ? (value["data"] ?? value["logs"]) : undefined;
	for (const each of Array.isArray(list) ? (list as unknown[]) : [value]) {
		if (isMembers(each)) yield { line, row: each };
		else yield { line, fault: "expected an object for a request", text: JSON.stringify(each)?.slice(0, 200) ?? "" };
	}
}

function* rowItems(
	row: JsonMembers,
	line: number,
	source: Source,
	context: ImportContext,
	seen: Set<string>,
): Generator<ImportItem> {
	const faults = ["prompt_tokens", "completion_tokens", "total_tokens"].flatMap(
		(name) => countFault(name, row[name]) ?? [],
	);
	const start = isoTime(row["startTime"], context.zoneMinutes);
	const end = isoTime(row["endTime"], context.zoneMinutes) ?? start;
	if (start === undefined)
		faults.push(`startTime is ${JSON.stringify(row["startTime"])?.slice(0, 60)}: expected a time`);
	if (faults.length > 0) {
		yield { kind: "quarantine", line, reason: faults.join("; "), text: JSON.stringify(row).slice(0, 200) };
		return;
	}
	for (const name of Object.keys(row)) if (!KNOWN.has(name)) yield { kind: "unknown", name };
	const id = textIn(row, "request_id", "id", "litellm_call_id");
	if (id !== undefined) {
		if (seen.has(id)) {
			yield { kind: "skip", reason: "rows that stand twice (same request_id)", count: 1 };
			return;
		}
		seen.add(id);
	}
	if (row["cache_hit"] === true || /^true$/i.test(textIn(row, "cache_hit") ?? "")) {
		yield { kind: "skip", reason: "answers from the gateway's own cache: no model worked", count: 1 };
		return;
	}
	const metadata = nested(row["metadata"]);
	const status = statusOf(row, metadata);
	const tokens = tokensOf(row, metadata, status);
	if (status === "ok" && tokens["in_total"] === undefined)
		yield { kind: "uncounted", reason: "a request without usage" };
	const made = usageItem(
		present({
			grain: "request",
			t0: start,
			t1: end,
			source: present({ adapter: "litellm", version: "1", kind: "gateway", instance: source.name.slice(-256) }),
			request_id: id?.slice(0, 256),
			status,
			model: present({ served: textIn(row, "model_group") ?? textIn(row, "model") ?? context.model ?? "unknown" }),
			tenant: tenantOf(row, metadata),
			tokens,
			latency: latencyOf(row, start as string, end as string, context),
		}),
		line,
	);
	if (made.kind === "quarantine") {
		yield { ...made, text: JSON.stringify(row).slice(0, 200) };
		return;
	}
	yield made;
	const spend = spendOf(row);
	if (spend !== undefined) yield { kind: "figures", figures: { money: [{ of: "list", amount: spend }] } };
}

function statusOf(row: JsonMembers, metadata: JsonMembers | undefined): "ok" | "error" {
	const said = textIn(row, "status") ?? textIn(metadata, "status");
	return said === undefined || said === "success" ? "ok" : "error";
}

/** Cached and reasoning tokens as LiteLLM keeps them: in the usage object of `metadata`, or on the payload. */
function tokensOf(row: JsonMembers, metadata: JsonMembers | undefined, status: "ok" | "error"): Record<string, number> {
	const usages: (JsonMembers | undefined)[] = [
		within(metadata, "usage_object"),
		within(metadata, "additional_usage_values"),
		within(row, "response", "usage"),
		nested(row["usage_object"]),
	];
	const prompt = usages.map((usage) => within(usage, "prompt_tokens_details"));
	const completion = usages.map((usage) => within(usage, "completion_tokens_details"));
	const pick = (places: readonly (JsonMembers | undefined)[], ...names: readonly string[]): number | undefined =>
		places.map((place) => numberIn(place, ...names)).find((n) => n !== undefined);
	const total = numberIn(row, "prompt_tokens");
	const output = numberIn(row, "completion_tokens");
	const cached =
		pick([...usages, row], "cache_read_input_tokens") ?? pick(prompt, "cached_tokens", "cache_read_tokens");
	const written =
		pick([...usages, row], "cache_creation_input_tokens") ??
		pick(prompt, "cache_creation_tokens", "cache_write_tokens");
	const reasoning = pick(completion, "reasoning_tokens") ?? pick(usages, "reasoning_tokens");
	// A failure is logged with zeros, which say that nothing is known of it.
	if (status === "error" && (total ?? 0) === 0 && (output ?? 0) === 0) return {};
	const split =
		total !== undefined && cached !== undefined && cached <= total
			? { in_computed: total - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 }
			: {};
	const kept = written === undefined || (total !== undefined && written > total - (cached ?? 0)) ? undefined : written;
	return present({
		in_total: total,
		...split,
		cache_write: kept,
		out_total: output,
		out_reasoning: reasoning,
	}) as Record<string, number>;
}

function tenantOf(row: JsonMembers, metadata: JsonMembers | undefined): JsonMembers | undefined {
	const key = textIn(metadata, "user_api_key_alias") ?? textIn(row, "api_key_alias") ?? textIn(row, "api_key");
	const tags = present({
		end_user: textIn(row, "end_user"),
		session: textIn(row, "session_id", "trace_id"),
		agent: textIn(row, "agent_id"),
		request_tags: tagsOf(row["request_tags"]),
	});
	const tenant = present({
		org: textIn(row, "organization_id") ?? textIn(metadata, "user_api_key_org_id"),
		team:
			textIn(metadata, "user_api_key_team_alias") ?? textIn(row, "team_id") ?? textIn(metadata, "user_api_key_team_id"),
		user: textIn(row, "user") ?? textIn(metadata, "user_api_key_user_id"),
		// A log may hold a key in clear: the ledger keeps a hash.
		key:
			key === undefined
				? undefined
				: key.startsWith("sk-")
					? `sha256:${createHash("sha256").update(key).digest("hex").slice(0, 16)}`
					: key.slice(0, 256),
		tags: Object.keys(tags).length === 0 ? undefined : tags,
	});
	return Object.keys(tenant).length === 0 ? undefined : tenant;
}

function tagsOf(value: unknown): string | undefined {
	let list = value;
	if (typeof value === "string" && value.startsWith("[")) {
		try {
			list = JSON.parse(value);
		} catch {
			return undefined;
		}
	}
	const words = Array.isArray(list) ? list.filter((each) => typeof each === "string" && each !== "") : [];
	return words.length === 0 ? undefined : words.join(",").slice(0, 256);
}

/** TTFT of streamed answers only: else completionStartTime is the end. */
function latencyOf(row: JsonMembers, start: string, end: string, { zoneMinutes }: ImportContext): JsonMembers {
	const millis = (text: string): number => Date.parse(text);
	const first = isoTime(row["completionStartTime"], zoneMinutes);
	const e2e = Math.round((millis(end) - millis(start)) * 1000);
	const ttft = first === undefined ? undefined : Math.round((millis(first) - millis(start)) * 1000);
	return present({
		e2e: e2e > 0 ? { value: e2e } : undefined,
		ttft: ttft !== undefined && ttft > 0 && ttft < e2e ? { value: ttft } : undefined,
	});
}

function spendOf(row: JsonMembers): ReturnType<typeof parseAmountNearest> {
	const spend = numberIn(row, "spend", "response_cost");
	return spend === undefined || !Number.isFinite(spend) ? undefined : parseAmountNearest(String(spend), "USD");
}

const KNOWN = new Set(
	`request_id session_id call_type api_key cache_hit startTime endTime completionStartTime request_duration_ms model user
	team_id organization_id metadata cache_key spend total_tokens prompt_tokens completion_tokens request_tags end_user
	api_base model_group model_id requester_ip_address custom_llm_provider messages response proxy_server_request status
	mcp_namespaced_tool_name agent_id api_key_alias project_id
	id litellm_call_id trace_id stream response_cost cost_breakdown response_cost_failure_debug_info status_fields
	custom_pricing saved_cache_cost model_map_information model_parameters hidden_params error_str error_information
	standard_built_in_tools_params guardrail_information litellm_trace_id user_agent response_time usage_object
	cache_read_input_tokens cache_creation_input_tokens`
		.trim()
		.split(/\s+/),
);
