/**
 * Reports of inference-perf. The lifecycle report, of the client, is believed; its Prometheus twin counts other traffic
 * of the same server and is set apart.
 */
import { clientRow } from "../client-row.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { type JsonMembers, numberIn, present, within } from "../json-fields.ts";

export const inferencePerf: Importer = jsonImporter({
	kind: "inference-perf",
	title: "a report of inference-perf",
	detect: ({ keys }: Head) => (keys.has("load_summary") && keys.has("successes") ? 0.95 : 0),
	items,
});

export function* items(
	value: JsonMembers,
	line: number,
	_: Source,
	{ gpus, model }: ImportContext,
): Generator<ImportItem> {
	const successes = within(value, "successes");
	const load = within(value, "load_summary");
	const requests = numberIn(successes, "count");
	if (requests === undefined || !Number.isSafeInteger(requests) || requests < 0) {
		yield aside(line, "successes.count is missing or no whole number from 0", value);
		return;
	}
	yield { kind: "read", count: 1 };
	if (load === undefined || numberIn(load, "count") === undefined) {
		yield { kind: "skip", reason: "the server's view of a stage: the client's lifecycle report counts", count: 1 };
		return;
	}
	const seconds = numberIn(value, "benchmark_time_seconds") ?? numberIn(load, "send_duration");
	const mean = (name: string): number | undefined => numberIn(within(successes, name), "mean");
	const total = (name: string): number | undefined => {
		const length = mean(name);
		return length === undefined ? undefined : Math.round(length * requests);
	};
	const throughput = within(successes, "throughput");
	yield {
		kind: "figures",
		figures: present({
			requests,
			tokens: present({ inputTotal: total("prompt_len") ?? total("input_len"), output: total("output_len") }),
			gpuSeconds: gpus === undefined || seconds === undefined ? undefined : gpus * seconds,
			gpus,
			details: present({
				duration_s: seconds,
				errored: numberIn(within(value, "failures"), "count"),
				output_tokens_per_second: numberIn(throughput, "output_tokens_per_sec"),
				total_tokens_per_second: numberIn(throughput, "total_tokens_per_sec"),
				requested_rate: numberIn(load, "requested_rate"),
				achieved_rate: numberIn(load, "achieved_rate"),
			}),
		}),
	};
	const latency = within(successes, "latency");
	yield* clientRow(
		{
			layout: "inference-perf",
			model,
			gpus,
			requests,
			inputTotal: total("prompt_len") ?? total("input_len"),
			output: total("output_len"),
			seconds,
			concurrency: undefined,
			medianTtft: numberIn(within(latency, "time_to_first_token"), "median"),
			medianTpot: numberIn(within(latency, "time_per_output_token"), "median"),
		},
		line,
	);
}
