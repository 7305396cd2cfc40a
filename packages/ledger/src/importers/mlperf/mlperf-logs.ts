/** Logs of MLPerf: the summary of a loadgen run of Inference, and the MLLOG lines of a run of Training. */
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, within } from "../json-fields.ts";
import { textLines } from "../source/text-lines.ts";

export const mlperfSummaryLog: Importer = {
	kind: "mlperf-loadgen",
	title: "mlperf_log_summary.txt",
	detect: ({ text }: Head) => (text.slice(0, 400).includes("MLPerf Results Summary") ? 0.97 : 0),
	read: readSummary,
};

async function* readSummary(source: Source, { gpus }: ImportContext): AsyncGenerator<ImportItem> {
	const fields = new Map<string, string>();
	for await (const { line, text, fault } of textLines(source.bytes())) {
		if (fault !== undefined) yield { kind: "quarantine", line, reason: fault, text };
		const [, name, value] = /^\s*([^:=]+?)\s*:\s*(.+?)\s*$/.exec(text) ?? [];
		if (name !== undefined && value !== undefined && !fields.has(name)) fields.set(name, value);
	}
	const number = (...names: readonly string[]): number | undefined => {
		const text = names.map((name) => fields.get(name)).find((each) => each !== undefined);
		return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
	};
	const rate = number("Completed tokens per second", "Tokens per second");
	if (fields.get("Scenario") === undefined || fields.get("Result is") === undefined) {
		yield { kind: "quarantine", line: 1, reason: "no Scenario or no result: the summary is cut short" };
		return;
	}
	yield { kind: "read", count: 1 };
	if (rate === undefined) yield { kind: "uncounted", reason: "a run that says no tokens per second" };
	if (fields.get("Result is") !== "VALID") {
		yield { kind: "warning", code: "invalid-run", message: `loadgen calls the run ${fields.get("Result is")}` };
	}
	yield {
		kind: "figures",
		figures: {
			details: present({
				scenario: fields.get("Scenario"),
				output_tokens_per_second: rate,
				samples_per_second: number("Completed samples per second", "Samples per second"),
				result: fields.get("Result is"),
				output_tokens_per_gpu_second: rate === undefined || gpus === undefined ? undefined : rate / gpus,
			}),
		},
	};
}

export const mlperfTrainingLog: Importer = {
	kind: "mlperf-training",
	title: "a result of MLPerf Training",
	detect: ({ text }: Head) => (/^.{0,200}:::MLLOG \{/m.test(text) ? 0.97 : 0),
	read: readTraining,
};

async function* readTraining(source: Source, { gpus }: ImportContext): AsyncGenerator<ImportItem> {
	const events = new Map<string, JsonMembers>();
	let samples: number | undefined;
	let lines = 0;
	for await (const { line, text, fault } of textLines(source.bytes())) {
		const at = text.indexOf(":::MLLOG ");
		if (at < 0) continue;
		const event = fault === undefined ? parsed(text.slice(at + 9)) : undefined;
		const key = event?.["key"];
		if (event === undefined || typeof key !== "string") {
			yield { kind: "quarantine", line, reason: fault ?? "an MLLOG line without its JSON", text: text.slice(0, 200) };
			continue;
		}
		lines++;
		// The first start and the last end of a run count.
		if (key !== "run_start" || !events.has(key)) events.set(key, event);
		const count = numberIn(within(event, "metadata"), "samples_count");
		if (key === "eval_accuracy" && count !== undefined) samples = count;
	}
	yield { kind: "read", count: lines };
	const [start, end] = [numberIn(events.get("run_start"), "time_ms"), numberIn(events.get("run_stop"), "time_ms")];
	if (start === undefined || end === undefined || end <= start) {
		yield { kind: "uncounted", reason: "a run without run_start and run_stop" };
		return;
	}
	const seconds = (end - start) / 1000;
	const word = (key: string): unknown => events.get(key)?.["value"];
	yield {
		kind: "figures",
		figures: present({
			gpuSeconds: gpus === undefined ? undefined : gpus * seconds,
			gpus,
			details: present({
				benchmark: word("submission_benchmark"),
				platform: word("submission_platform"),
				duration_s: seconds,
				status: within(events.get("run_stop"), "metadata")?.["status"],
				global_batch_size: word("global_batch_size"),
				eval_accuracy: word("eval_accuracy"),
				samples,
			}),
		}),
	};
}

function parsed(text: string): JsonMembers | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isMembers(value) ? value : undefined;
	} catch {
		return undefined;
	}
}
