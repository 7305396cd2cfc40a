/**
 * A table keyed in by hand from a published load test, such as Artificial Analysis' System Load Test: `system, gpus,
 * model, precision, concurrency, output_tps, speed_per_query, ttft, e2e, price`. Tokens are output only; `ttft` and `e2e`
 * are seconds, `speed_per_query` output tokens a second, `price` USD a GPU-hour.
 */
import type { BenchmarkRow } from "../benchmark-row.ts";
import { rateFault } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { present } from "../json-fields.ts";
import { csvRows } from "../source/csv-rows.ts";

const NEEDED = ["system", "gpus", "model", "concurrency", "output_tps"] as const;
const KNOWN = [...NEEDED, "precision", "speed_per_query", "ttft", "e2e", "price", "source", "as_of"] as const;

export const loadTestTemplate: Importer = {
	kind: "load-test",
	title: "a table of a load test, keyed in by hand",
	detect: ({ cells }: Head) => (NEEDED.every((name) => cells.includes(name)) ? 0.97 : 0),
	read,
};

async function* read(source: Source): AsyncGenerator<ImportItem> {
	let heading: readonly string[] | undefined;
	for await (const item of csvRows(source.bytes())) {
		if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
		else if (heading === undefined) {
			heading = item.cells.map((cell) => cell.trim());
			for (const name of heading) if (!(KNOWN as readonly string[]).includes(name)) yield { kind: "unknown", name };
		} else yield* rowItems(item.cells, heading, item.line);
	}
}

function* rowItems(cells: readonly string[], heading: readonly string[], line: number): Generator<ImportItem> {
	const text = (name: string): string | undefined => cells[heading.indexOf(name)]?.trim() || undefined;
	const number = (name: string): number | undefined => (text(name) === undefined ? undefined : Number(text(name)));
	const faults = ["gpus", "concurrency", "output_tps", "speed_per_query", "ttft", "e2e", "price"].flatMap(
		(name) => rateFault(name, number(name)) ?? [],
	);
	for (const name of NEEDED) if (text(name) === undefined) faults.push(`${name} is empty`);
	const [gpus, rate, speed] = [number("gpus"), number("output_tps"), number("speed_per_query")];
	if (gpus !== undefined && !(Number.isSafeInteger(gpus) && gpus > 0))
		faults.push(`gpus is ${gpus}: expected a whole number above 0`);
	const concurrency = number("concurrency");
	if (rate !== undefined && speed !== undefined && concurrency !== undefined && speed * concurrency < rate * 0.5) {
		faults.push(`output_tps ${rate} is more than ${concurrency} queries at ${speed} tokens a second give`);
	}
	if (faults.length > 0 || gpus === undefined || rate === undefined) {
		yield { kind: "quarantine", line, reason: faults.join("; "), text: cells.join(",").slice(0, 200) };
		return;
	}
	yield { kind: "read", count: 1 };
	const row = present({
		layout: "load-test",
		model: text("model") as string,
		hardware: text("system"),
		precision: text("precision"),
		date: text("as_of"),
		gpus,
		concurrency,
		outputPerGpuSecond: rate / gpus,
		medianTtft: number("ttft"),
		interactivity: speed,
	}) as BenchmarkRow;
	yield { kind: "benchmark", row, line };
}
