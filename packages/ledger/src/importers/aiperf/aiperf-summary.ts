/**
 * Summaries of AIPerf: `profile_export_aiperf.json` of both schemas (metrics in `records`, later at the top) and its CSV
 * of two stacked tables. `total_output_tokens` leaves reasoning out; `total_osl` is all that was generated.
 */
import { clientRow } from "../client-row.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, within } from "../json-fields.ts";
import { csvRows } from "../source/csv-rows.ts";

export const aiperfJson: Importer = jsonImporter({
	kind: "aiperf",
	title: "a summary of AIPerf",
	detect: ({ keys, text }: Head) =>
		keys.has("aiperf_version") || (keys.has("input_config") && /"(request_count|benchmark_duration)"/.test(text))
			? 0.95
			: 0,
	items: (value, line, _, context) => {
		const metrics = within(value, "records") ?? value;
		const figure = (...names: readonly string[]): number | undefined =>
			names.map((name) => numberIn(within(metrics, name), "avg", "value", "sum")).find((n) => n !== undefined);
		const unknown = Object.entries(metrics).flatMap(([name, each]): ImportItem[] =>
			isMembers(each) && "unit" in each && !KNOWN.test(name) ? [{ kind: "unknown", name }] : [],
		);
		return [...unknown, ...summaryItems(figure, value, line, context), ...runItems(figure, value, line, context)];
	},
});

export const aiperfCsv: Importer = {
	kind: "aiperf",
	title: "a summary of AIPerf in CSV",
	detect: ({ cells }: Head) => (cells[0] === "Metric" && cells[1] === "avg" && cells.includes("p99") ? 0.95 : 0),
	read: readCsv,
};

async function* readCsv(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const values = new Map<string, number>();
	for await (const item of csvRows(source.bytes())) {
		if ("fault" in item) {
			yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
			continue;
		}
		const [name = "", first = ""] = item.cells;
		const value = Number(first.replaceAll(",", ""));
		if (first !== "" && Number.isFinite(value)) values.set(name.replace(/ \(.*\)$/, ""), value);
	}
	const figure = (...names: readonly string[]): number | undefined =>
		names.map((name) => values.get(CSV_NAMES[name] ?? "")).find((n) => n !== undefined);
	yield* summaryItems(figure, Object.fromEntries(values), 1, context);
}

const CSV_NAMES: Readonly<Record<string, string>> = {
	request_count: "Request Count",
	error_request_count: "Error Request Count",
	total_isl: "Total Input Sequence Length",
	total_osl: "Total Output Sequence Length",
	total_output_tokens: "Total Output Tokens",
	total_reasoning_tokens: "Total Reasoning Tokens",
	benchmark_duration: "Benchmark Duration",
};

function* summaryItems(
	figure: (...names: readonly string[]) => number | undefined,
	value: JsonMembers,
	line: number,
	{ gpus }: ImportContext,
): Generator<ImportItem> {
	const requests = figure("request_count");
	const reasoning = figure("total_reasoning_tokens");
	const visible = figure("total_output_tokens");
	const output =
		figure("total_osl", "total_output_sequence_length") ??
		(visible === undefined ? undefined : visible + (reasoning ?? 0));
	const inputTotal =
		figure("total_isl", "total_input_sequence_length") ?? timesMean(requests, figure("input_sequence_length"));
	const seconds = figure("benchmark_duration");
	const faults = [requests, reasoning, output, inputTotal].filter(
		(n) => n !== undefined && !(n >= 0 && Number.isFinite(n)),
	);
	if (requests === undefined || faults.length > 0) {
		yield aside(line, requests === undefined ? "request_count is missing" : "a count that is no number from 0", value);
		return;
	}
	yield { kind: "read", count: 1 };
	yield {
		kind: "figures",
		figures: present({
			requests,
			tokens: present({ inputTotal, output, reasoning }),
			gpuSeconds: gpus === undefined || seconds === undefined ? undefined : gpus * seconds,
			gpus,
			details: present({ errored: figure("error_request_count"), duration_s: seconds }),
		}),
	};
}

/** The times of the run: the JSON summary alone has them as medians. */
function runItems(
	figure: (...names: readonly string[]) => number | undefined,
	value: JsonMembers,
	line: number,
	{ gpus, model }: ImportContext,
): ImportItem[] {
	const requests = figure("request_count");
	if (requests === undefined) return [];
	const metrics = within(value, "records") ?? value;
	const median = (name: string): number | undefined => {
		const millis = numberIn(within(metrics, name), "p50");
		return millis === undefined ? undefined : millis / 1000;
	};
	const config = within(value, "input_config");
	const names = within(config, "endpoint")?.["model_names"];
	const total = (of: string): number | undefined => timesMean(requests, figure(of));
	return clientRow(
		{
			layout: "aiperf",
			model: Array.isArray(names) && typeof names[0] === "string" ? names[0] : model,
			gpus,
			requests,
			inputTotal: total("input_sequence_length"),
			output: total("output_sequence_length"),
			seconds: figure("benchmark_duration"),
			concurrency: numberIn(within(config, "loadgen"), "concurrency"),
			medianTtft: median("time_to_first_token") ?? median("ttft"),
			medianTpot: median("inter_token_latency"),
		},
		line,
	);
}

function timesMean(count: number | undefined, mean: number | undefined): number | undefined {
	return count === undefined || mean === undefined ? undefined : Math.round(count * mean);
}

const KNOWN =
	/(request|sequence_length|_isl|_osl|isl|osl|token|latency|ttft|ttst|tt2t|itl|time_to|throughput|duration|timestamp|goodput|thinking|cache|usage|http_|credit|concurrency|effective|image|audio|video)/;
