/** Request traces in the layouts that the engine reads: Azure 2023 and 2024, BurstGPT, Mooncake. */
import { type TraceLayout, traceLayoutOf } from "@farthing/engine";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { present } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { textLines } from "../source/text-lines.ts";
import { isoOfMillis } from "../times.ts";

export const requestTrace: Importer = {
	kind: "trace",
	title: "a request trace of Azure, BurstGPT or Mooncake",
	detect: ({ text }: Head) => (traceLayoutOf(firstLine(text)) === undefined ? 0 : 0.98),
	read,
};

function firstLine(text: string): string {
	return (text.split("\n").find((line) => line.trim() !== "") ?? "").replace(/\r$/, "");
}

/** Lines may stand in any order: the ledger sorts by time, unlike a simulation. */
async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	let layout: TraceLayout | undefined;
	let requests = 0;
	let inputTotal = 0;
	let output = 0;
	for await (const { line, text, fault } of textLines(source.bytes())) {
		if (text.trim() === "" && fault === undefined) continue;
		if (fault !== undefined) {
			yield { kind: "quarantine", line, reason: fault, text };
			continue;
		}
		if (layout === undefined) {
			layout = traceLayoutOf(text);
			if (layout === undefined) {
				yield { kind: "quarantine", line, reason: "no heading and no line of a known trace", text: text.slice(0, 200) };
				return;
			}
			if (layout.headingLines === 1) continue;
		}
		const reading = layout.read(text);
		if (reading.kind === "fault") {
			if (reading.code === "empty-length" && layout.name === "burstgpt") {
				yield { kind: "skip", reason: "requests that failed: no response tokens", count: 1 };
			} else yield { kind: "quarantine", line, reason: reading.reason, text: text.slice(0, 200) };
			continue;
		}
		requests++;
		inputTotal += reading.inputTokens;
		output += reading.outputTokens;
		const start = startOf(layout, reading.seconds, context);
		if (start === undefined) {
			yield { kind: "read", count: 1 };
			continue;
		}
		const made = usageItem(
			present({
				grain: "request",
				t0: isoOfMillis(start),
				t1: isoOfMillis(start + (reading.elapsedSeconds ?? 0) * 1000),
				source: { adapter: `trace-${layout.name}`, version: "1", kind: "client", instance: source.name.slice(0, 256) },
				request_id: `${source.name.slice(-200)}:${line}`,
				status: "ok",
				model: { served: reading.model ?? context.model ?? "unknown" },
				tokens: { in_total: reading.inputTokens, out_total: reading.outputTokens },
				tenant: reading.session === undefined ? undefined : { tags: { session: reading.session } },
				latency:
					reading.elapsedSeconds === undefined
						? undefined
						: { e2e: { value: Math.round(reading.elapsedSeconds * 1e6) } },
			}),
			line,
		);
		yield made.kind === "usage" ? { ...made, counted: false } : made;
	}
	yield {
		kind: "figures",
		figures: { requests, tokens: { inputTotal, output }, details: layout === undefined ? {} : { layout: layout.name } },
	};
	if (layout?.clock === "relative" && context.from === undefined) {
		const message = "times count from the start of the trace: no record of the ledger is made without --from";
		yield { kind: "warning", code: "relative-times", message };
	}
}

function startOf(layout: TraceLayout, seconds: number, { from }: ImportContext): number | undefined {
	if (layout.clock === "utc") return seconds * 1000;
	return from === undefined ? undefined : from + seconds * 1000;
}
