/** Saved answers of the HTTP API of Prometheus: a vector reads like a scrape, a matrix of raw samples like a window. */
import { jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer } from "../importer.ts";
import { isMembers, type JsonMembers, textIn, within } from "../json-fields.ts";
import { readingsOf } from "./range-importer.ts";
import type { Reading } from "./readings.ts";
import { type Labels, promNumber } from "./text-format.ts";
import { meteredItems } from "./text-importer.ts";

export const prometheusApi: Importer = jsonImporter({
	kind: "prometheus-api",
	title: "an answer of the HTTP API of Prometheus",
	detect: ({ keys, text }: Head) => (keys.has("status") && keys.has("data") && /"resultType"/.test(text) ? 0.95 : 0),
	items: function* (answer, line, _, context): Generator<ImportItem> {
		const data = within(answer, "data");
		const type = textIn(data, "resultType");
		const result = Array.isArray(data?.["result"]) ? (data["result"] as unknown[]) : undefined;
		if (textIn(answer, "status") !== "success" || result === undefined || (type !== "vector" && type !== "matrix")) {
			yield { kind: "quarantine", line, reason: "no vector and no matrix: expected the answer to a query of series" };
			return;
		}
		const series = result.filter(isMembers);
		yield { kind: "read", count: series.length };
		if (type === "vector") {
			const readings = series.map(readingOf);
			const times = series.flatMap(({ value }) => (Array.isArray(value) ? Number(value[0]) * 1000 : []));
			const at = times.length === 0 ? {} : { to: Math.max(...times) };
			yield* meteredItems({ readings, sinceStart: true, ...at }, new Map(), context);
			return;
		}
		const raw = series.map((each) => {
			const { name, labels } = namedLabels(each);
			const values = Array.isArray(each["values"]) ? (each["values"] as [number, string][]) : [];
			return {
				name,
				labels,
				points: values.map(([at, text]) => ({ at: at * 1000, value: promNumber(text) ?? Number.NaN })),
			};
		});
		const times = raw.flatMap(({ points }) => points.map(({ at }) => at));
		const window = { from: Math.min(...times), to: Math.max(...times) };
		yield* meteredItems(readingsOf(raw, window), new Map(), context);
	},
});

function readingOf(each: JsonMembers): Reading {
	const { name, labels } = namedLabels(each);
	const pair = Array.isArray(each["value"]) ? (each["value"] as unknown[]) : [];
	const last = promNumber(String(pair[1])) ?? Number.NaN;
	return { name, labels, ...(Number.isFinite(last) ? { rise: last } : {}), mean: last, last, reasons: [], coverage: 1 };
}

function namedLabels(each: JsonMembers): { name: string; labels: Labels } {
	const { __name__: name = "", ...labels } = (within(each, "metric") ?? {}) as Labels;
	return { name, labels };
}
