/** LiteLLM's /user/daily/activity: a day in one row, and the same again by model, key and provider, which is not added. */
import { parseAmountNearest } from "../../records/money.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { countFault, isMembers, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { jsonValues } from "../source/json-values.ts";

export const litellmDaily: Importer = {
	kind: "litellm-daily",
	title: "daily activity of LiteLLM",
	detect: ({ text, isJson }: Head) =>
		isJson && /"results"\s*:/.test(text) && /"breakdown"\s*:/.test(text) && /"api_requests"\s*:/.test(text) ? 0.95 : 0,
	read,
};

async function* read(source: Source): AsyncGenerator<ImportItem> {
	for await (const item of jsonValues(source.bytes())) {
		if ("fault" in item) {
			yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
			continue;
		}
		const results = isMembers(item.value) ? item.value["results"] : undefined;
		if (!Array.isArray(results)) {
			yield { kind: "quarantine", line: item.line, reason: "results is missing: expected a list of days" };
			continue;
		}
		for (const day of results as unknown[]) yield* dayItems(isMembers(day) ? day : {}, item.line);
	}
}

function* dayItems(day: JsonMembers, line: number): Generator<ImportItem> {
	const metrics = within(day, "metrics");
	const faults = ["prompt_tokens", "completion_tokens", "api_requests"].flatMap(
		(name) => countFault(name, metrics?.[name]) ?? [],
	);
	if (metrics === undefined || faults.length > 0) {
		const reason = metrics === undefined ? "a day without metrics" : faults.join("; ");
		yield { kind: "quarantine", line, reason, text: JSON.stringify(day).slice(0, 200) };
		return;
	}
	yield { kind: "read", count: 1 };
	const inputTotal = numberIn(metrics, "prompt_tokens");
	const cachedInput = numberIn(metrics, "cache_read_input_tokens");
	const spend = numberIn(metrics, "spend");
	const amount = spend === undefined ? undefined : parseAmountNearest(String(spend), "USD");
	yield {
		kind: "figures",
		figures: present({
			requests: numberIn(metrics, "successful_requests", "api_requests"),
			tokens: present({
				inputTotal,
				cachedInput,
				input: inputTotal === undefined || cachedInput === undefined ? undefined : inputTotal - cachedInput,
				cacheWrite: numberIn(metrics, "cache_creation_input_tokens"),
				output: numberIn(metrics, "completion_tokens"),
			}),
			money: amount === undefined ? undefined : [{ of: "list" as const, amount }],
			details: { days: [textIn(day, "date") ?? "unknown"] },
		}),
	};
}
