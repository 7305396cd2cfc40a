/**
 * `bench_serving --output-file` of SGLang, a line for each run. Tokens as the server reported them; the retokenised count
 * is a check. `cache_report` says what was cached.
 */
import type { BenchmarkRow } from "../benchmark-row.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { countFault, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";

export const sglangBench: Importer = jsonImporter({
	kind: "sglang-bench",
	title: "results of SGLang's bench_serving",
	detect: ({ keys }: Head) =>
		keys.has("total_output_tokens_retokenized") || (keys.has("server_info") && keys.has("total_output_tokens"))
			? 0.96
			: 0,
	items,
});

function* items(run: JsonMembers, line: number, _: Source, { gpus, model }: ImportContext): Generator<ImportItem> {
	const seconds = numberIn(run, "duration");
	const faults = ["completed", "total_input_tokens", "total_output_tokens"].flatMap(
		(name) => countFault(name, run[name]) ?? [],
	);
	if (seconds === undefined || !(seconds > 0) || !Number.isFinite(seconds))
		faults.push("duration: expected seconds above 0");
	if (faults.length > 0 || seconds === undefined) {
		yield aside(line, faults.join("; "), run);
		return;
	}
	yield { kind: "read", count: 1 };
	for (const name of Object.keys(run)) if (!KNOWN.test(name)) yield { kind: "unknown", name };
	const [requests, inputTotal, output] = ["completed", "total_input_tokens", "total_output_tokens"].map((name) =>
		numberIn(run, name),
	);
	const retokenized = numberIn(run, "total_output_tokens_retokenized");
	if (output !== undefined && retokenized !== undefined && Math.abs(retokenized - output) > output * 0.05) {
		yield {
			kind: "warning",
			code: "figures-disagree",
			message: `the server reports ${output} output tokens, retokenised they are ${retokenized}`,
		};
	}
	const cached = numberIn(within(run, "cache_report"), "total_cached_tokens");
	const split =
		cached === undefined || inputTotal === undefined || cached > inputTotal
			? {}
			: { cachedInput: cached, input: inputTotal - cached };
	yield {
		kind: "figures",
		figures: present({
			requests,
			tokens: present({ inputTotal, ...split, output }),
			gpuSeconds: gpus === undefined ? undefined : gpus * seconds,
			gpus,
			details: present({ duration_s: seconds, tag: textIn(run, "tag"), accept_length: numberIn(run, "accept_length") }),
		}),
	};
	const tpot = numberIn(run, "median_tpot_ms");
	const per = (tokens: number | undefined): number | undefined =>
		tokens === undefined || gpus === undefined ? undefined : tokens / seconds / gpus;
	const row = present({
		layout: "sglang-bench",
		model: textIn(within(run, "server_info"), "model_path", "served_model_name") ?? model ?? "unknown",
		stack: "sglang",
		gpus,
		concurrency: numberIn(run, "max_concurrency"),
		isl: requests === undefined || requests === 0 || inputTotal === undefined ? undefined : inputTotal / requests,
		osl: requests === undefined || requests === 0 || output === undefined ? undefined : output / requests,
		tokensPerGpuSecond: per(inputTotal === undefined || output === undefined ? undefined : inputTotal + output),
		outputPerGpuSecond: per(output),
		medianTpot: tpot === undefined ? undefined : tpot / 1000,
		interactivity: tpot === undefined || tpot === 0 ? undefined : 1000 / tpot,
	}) as BenchmarkRow;
	yield { kind: "benchmark", row, line };
}

const KNOWN =
	/^(tag|backend|dataset_name|request_rate|max_concurrency|sharegpt_output_len|random_.*|server_info|duration|completed|total_.*|.*_throughput|(mean|median|std|p\d+|max)_(e2e_latency|ttft|tpot|itl)_ms|concurrency|accept_length|max_output_tokens_per_s|max_concurrent_requests|cache_report|input_lens|output_lens|ttfts|itls|generated_texts|errors|model_id|tokenizer_id|num_prompts|gsp_.*)$/;
