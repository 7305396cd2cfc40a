/**
 * Usage and cost pages of the admin APIs of OpenAI and Anthropic. OpenAI's input holds cached and written tokens;
 * Anthropic's three kinds of input add up to it, and its amounts are cents as text.
 */
import { parseAmountNearest } from "../../records/money.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { countFault, isMembers, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { isoTime } from "../times.ts";

export const providerUsage: Importer = jsonImporter({
	kind: "provider-usage",
	title: "usage or costs of OpenAI or Anthropic",
	detect: ({ keys, text }: Head) =>
		keys.has("data") && /"(organization\.(usage|costs)\.|uncached_input_tokens|starting_at)/.test(text) ? 0.95 : 0,
	items: function* (page, line, source) {
		const { data } = page;
		if (!Array.isArray(data)) {
			yield aside(line, "data is missing: expected a list of buckets", page);
			return;
		}
		for (const bucket of data as unknown[]) {
			const { results } = isMembers(bucket) ? bucket : {};
			for (const each of Array.isArray(results) ? (results as unknown[]) : []) {
				yield* resultItems(isMembers(each) ? each : {}, isMembers(bucket) ? bucket : {}, line, source);
			}
		}
		if (page["has_more"] === true) {
			yield {
				kind: "warning",
				code: "more-pages",
				message: "has_more is true: this page is not all; import the next ones too",
			};
		}
	},
});

function* resultItems(result: JsonMembers, bucket: JsonMembers, line: number, source: Source): Generator<ImportItem> {
	const object = textIn(result, "object") ?? "";
	const amount = amountOf(result);
	if (amount !== undefined || object.includes(".costs.")) {
		if (amount === undefined) yield aside(line, "a cost without an amount", result);
		else {
			yield { kind: "read", count: 1 };
			yield { kind: "figures", figures: { money: [{ of: "billed", amount }] } };
		}
		return;
	}
	const tokens = tokensOf(result);
	if (tokens === undefined) {
		yield { kind: "read", count: 1 };
		yield { kind: "skip", reason: `results without tokens: ${object || "unknown"}`, count: 1 };
		return;
	}
	const faults = Object.entries(tokens.counts).flatMap(([name, n]) => countFault(name, n) ?? []);
	if (faults.length > 0) {
		yield aside(line, faults.join("; "), result);
		return;
	}
	const { counts } = tokens;
	const requests = numberIn(result, "num_model_requests");
	yield usageItem(
		present({
			grain: "window",
			t0: isoTime(bucket["start_time"] ?? bucket["starting_at"]),
			t1: isoTime(bucket["end_time"] ?? bucket["ending_at"]),
			source: { adapter: tokens.provider, version: "1", kind: "provider", instance: source.name.slice(-256) },
			model: present({ served: textIn(result, "model") ?? "unknown", tier: textIn(result, "service_tier") }),
			tenant: tenantOf(result),
			tokens: present(counts),
			requests: requests === undefined ? undefined : { finished: requests },
		}),
		line,
	);
}

function tokensOf(result: JsonMembers): { provider: string; counts: Record<string, number | undefined> } | undefined {
	const output = numberIn(result, "output_tokens");
	const uncached = numberIn(result, "uncached_input_tokens");
	if (uncached !== undefined) {
		const creation = within(result, "cache_creation");
		const written =
			(numberIn(creation, "ephemeral_5m_input_tokens") ?? 0) + (numberIn(creation, "ephemeral_1h_input_tokens") ?? 0);
		const cached = numberIn(result, "cache_read_input_tokens") ?? 0;
		return {
			provider: "anthropic",
			counts: {
				in_total: uncached + written + cached,
				in_computed: uncached + written,
				in_cached_local: cached,
				in_cached_remote: 0,
				in_transferred: 0,
				cache_write: written,
				out_total: output,
			},
		};
	}
	const input = numberIn(result, "input_tokens");
	if (input === undefined) return undefined;
	const cached = numberIn(result, "input_cached_tokens");
	const split =
		cached === undefined || cached > input
			? {}
			: { in_computed: input - cached, in_cached_local: cached, in_cached_remote: 0, in_transferred: 0 };
	return {
		provider: "openai",
		counts: { in_total: input, ...split, cache_write: numberIn(result, "input_cache_write_tokens"), out_total: output },
	};
}

/** OpenAI: an object in dollars. Anthropic: cents as text. */
function amountOf(result: JsonMembers): ReturnType<typeof parseAmountNearest> {
	const amount = result["amount"];
	if (isMembers(amount)) {
		const value = numberIn(amount, "value");
		const currency = (textIn(amount, "currency") ?? "usd").toUpperCase();
		return value === undefined || !Number.isFinite(value) ? undefined : parseAmountNearest(String(value), currency);
	}
	if (typeof amount !== "string") return undefined;
	const cents = parseAmountNearest(amount, (textIn(result, "currency") ?? "usd").toUpperCase());
	return cents === undefined ? undefined : { currency: cents.currency, nano: cents.nano / 100n };
}

function tenantOf(result: JsonMembers): JsonMembers | undefined {
	const tenant = present({
		team: textIn(result, "project_id", "workspace_id"),
		user: textIn(result, "user_id"),
		key: textIn(result, "api_key_id"),
	});
	return Object.keys(tenant).length === 0 ? undefined : tenant;
}
