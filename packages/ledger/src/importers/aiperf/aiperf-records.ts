/** `profile_export.jsonl` of AIPerf, one request a line, in both layouts of its metadata. */
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { countFault, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { isoOfMillis } from "../times.ts";

export const aiperfRecords: Importer = jsonImporter({
	kind: "aiperf-records",
	title: "records of requests of AIPerf",
	detect: ({ keys, text }: Head) =>
		keys.has("metadata") && keys.has("metrics") && /"(benchmark_phase|credit_phase|x_request_id)"/.test(text)
			? 0.95
			: 0,
	items,
});

function* items(value: JsonMembers, line: number, source: Source, context: ImportContext): Generator<ImportItem> {
	const metadata = within(value, "metadata");
	const phase = textIn(metadata, "benchmark_phase", "credit_phase");
	if (phase !== undefined && phase !== "profiling") {
		yield { kind: "skip", reason: `requests of the phase ${phase}`, count: 1 };
		return;
	}
	const metric = (...names: readonly string[]): number | undefined =>
		names.map((name) => numberIn(within(value, "metrics", name), "value")).find((n) => n !== undefined);
	const [input, output, reasoning] = [
		metric("input_sequence_length", "isl"),
		metric("output_sequence_length", "osl"),
		metric("reasoning_token_count"),
	];
	const faults = [countFault("input_sequence_length", input), countFault("output_sequence_length", output)].flatMap(
		(each) => each ?? [],
	);
	const start = numberIn(metadata, "request_start_ns", "timestamp_ns");
	if (start === undefined || faults.length > 0) {
		yield aside(line, faults.join("; ") || "a request without its start", value);
		return;
	}
	const isError = within(value, "error") !== undefined;
	if (!isError && output === undefined) yield { kind: "uncounted", reason: "a request without output_sequence_length" };
	const latency = metric("request_latency");
	const end = numberIn(metadata, "request_end_ns") ?? start + (latency ?? 0) * 1e6;
	const ttft = metric("time_to_first_token", "ttft");
	yield usageItem(
		present({
			grain: "request",
			t0: isoOfMillis(start / 1e6),
			t1: isoOfMillis(Math.max(start, end) / 1e6),
			source: { adapter: "aiperf", version: "1", kind: "benchmark", instance: source.name.slice(-256) },
			request_id: textIn(metadata, "x_request_id"),
			status: isError ? (metadata?.["was_cancelled"] === true ? "aborted" : "error") : "ok",
			model: { served: context.model ?? "unknown" },
			tokens: isError ? {} : present({ in_total: input, out_total: output, out_reasoning: reasoning }),
			latency: present({
				e2e: latency === undefined ? undefined : { value: Math.round(latency * 1000) },
				ttft: ttft === undefined ? undefined : { value: Math.round(ttft * 1000) },
			}),
		}),
		line,
	);
}
