/**
 * MLPerf Inference: a submitter's summary.csv, the repository's summary_results.json, and the dashboard's exports (v5.1
 * crosstab, v6.0 long). Tokens/s are output tokens of the whole system. GPUs are nodes × accelerators a node, or the
 * stated total: names of systems mislead. Results are MLCommons'; name the round and entry where you show them.
 */
import type { BenchmarkRow } from "../benchmark-row.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { numberIn, present, textIn } from "../json-fields.ts";
import { csvRows } from "../source/csv-rows.ts";

interface Entry {
	readonly model: string;
	readonly hardware?: string | undefined;
	readonly stack?: string | undefined;
	readonly precision?: string | undefined;
	readonly gpus?: number | undefined;
	readonly units?: string | undefined;
	readonly result?: number | undefined;
}

export const mlperfResultsJson: Importer = jsonImporter({
	kind: "mlperf-inference",
	title: "summary_results.json of MLPerf Inference",
	detect: ({ keys }: Head) => (keys.has("Performance_Result") || (keys.has("UsedModel") && keys.has("a#")) ? 0.95 : 0),
	items: (row, line) => {
		const [nodes, each] = [numberIn(row, "Nodes"), numberIn(row, "a#")];
		return entryItems(
			{
				model: textIn(row, "UsedModel", "Model") ?? "unknown",
				hardware: textIn(row, "Accelerator"),
				stack: textIn(row, "Software"),
				precision: textIn(row, "weight_data_types"),
				gpus: nodes === undefined || each === undefined ? undefined : nodes * each,
				units: textIn(row, "Performance_Units"),
				result: numberIn(row, "Performance_Result"),
			},
			line,
			row,
		);
	},
});

export const mlperfTable: Importer = {
	kind: "mlperf-inference",
	title: "a table of MLPerf Inference results",
	detect: ({ cells, text }: Head) => {
		if (cells.includes("MlperfModel") && cells.includes("accelerators_per_node")) return 0.97;
		if (cells.includes("Model MLC") && cells.includes("Scenario")) return 0.97;
		return /Benchmark {2}\/ {2}Model MLC {2}\/ {2}Scenario/.test(text.slice(0, 2000)) ? 0.97 : 0;
	},
	read: readTable,
};

async function* readTable(source: Source): AsyncGenerator<ImportItem> {
	let heading: readonly string[] | undefined;
	/** Of a crosstab: benchmark, scenario and units above each column. */
	const above: string[][] = [];
	let system: readonly string[] = [];
	for await (const item of csvRows(source.bytes())) {
		if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
		else if (heading !== undefined && item.cells.length !== heading.length) {
			const reason = `${item.cells.length} cells under a heading of ${heading.length}`;
			yield { kind: "quarantine", line: item.line, reason, text: item.cells.join(",").slice(0, 200) };
		} else if (heading === undefined) {
			const { cells } = item;
			if (cells[0] === "Public ID" || cells.includes("MlperfModel")) heading = cells;
			else above.push([...cells]);
		} else if (above.length > 0) {
			// Each measure of a system is a line; what names the system stands on the first of them.
			if ((item.cells[0] ?? "").trim() !== "") system = item.cells;
			if (item.cells.includes("Avg. Result at System Name"))
				yield* crosstabItems(item.cells, system, heading, above, item.line);
		} else yield* longItems(item.cells, heading, item.line);
	}
	if (heading === undefined) yield { kind: "quarantine", line: 1, reason: "no heading with Public ID or MlperfModel" };
}

/** One result a row. Columns have names twice: the first that is filled counts. */
function longItems(cells: readonly string[], heading: readonly string[], line: number): ImportItem[] {
	const at = (...names: readonly string[]): string | undefined => {
		for (const name of names) {
			for (const [i, title] of heading.entries()) {
				const value = cells[i]?.trim() ?? "";
				if (title.trim() === name && value !== "") return value;
			}
		}
		return undefined;
	};
	const number = (...names: readonly string[]): number | undefined => {
		const text = at(...names)?.replaceAll(",", "");
		return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
	};
	const [nodes, each] = [
		number("number_of_nodes", "# of Nodes"),
		number("accelerators_per_node", "Accelerators per node"),
	];
	return entryItems(
		{
			model: at("MlperfModel", "Model MLC", "Model") ?? "unknown",
			hardware: at("accelerator_model_name", "Accelerator (click + for details)", "Accelerator"),
			stack: at("framework"),
			precision: at("weight_data_types"),
			gpus: number("Total Accelerators") ?? (nodes === undefined || each === undefined ? undefined : nodes * each),
			units: at("Units"),
			result: number("Result", "Avg. Result at System Name"),
		},
		line,
		cells,
	);
}

/** Results of a system stand under benchmark, scenario and units of the lines above. */
function crosstabItems(
	cells: readonly string[],
	system: readonly string[],
	heading: readonly string[],
	above: readonly (readonly string[])[],
	line: number,
): ImportItem[] {
	const [models = [], scenarios = []] = above.slice(-2);
	const nodes = Number(system[heading.indexOf("# of Nodes")]);
	const total = Number((system[heading.indexOf("# of Accelerators")] ?? "").replaceAll(",", ""));
	const found: ImportItem[] = [];
	let model = "";
	for (const [i, scenario] of scenarios.entries()) {
		if ((models[i] ?? "").trim() !== "") model = (models[i] as string).trim();
		const text = (cells[i] ?? "").replaceAll(",", "").trim();
		if (scenario.trim() === "" || text === "") continue;
		found.push(
			...entryItems(
				{
					model,
					hardware: system[heading.indexOf("Accelerator")],
					gpus: total > 0 && nodes > 0 ? total * nodes : undefined,
					units: heading[i],
					result: Number(text),
				},
				line,
				cells,
			),
		);
	}
	return found;
}

function entryItems({ model, units, result, gpus, ...rest }: Entry, line: number, whole: unknown): ImportItem[] {
	if (result === undefined || !Number.isFinite(result) || result < 0) {
		return [aside(line, `the result is ${result}: expected a number from 0`, whole)];
	}
	const isTokens = units === "Tokens/s";
	const row = present({
		layout: "mlperf-inference",
		model,
		...rest,
		gpus,
		outputPerGpuSecond: isTokens && gpus !== undefined && gpus > 0 ? result / gpus : undefined,
	}) as BenchmarkRow;
	const skip: ImportItem[] = isTokens
		? []
		: [{ kind: "skip", reason: `results that count no tokens (${units ?? "no unit"})`, count: 1 }];
	return [{ kind: "read", count: 1 }, ...skip, ...(isTokens ? [{ kind: "benchmark", row, line } as const] : [])];
}
