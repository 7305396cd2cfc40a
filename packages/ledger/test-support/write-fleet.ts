/** A made-up month as files that a user would have: a FOCUS bill, records of usage and GPUs, exchange rates, benchmarks. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chargeRow } from "../src/focus-out/charge-row.ts";
import { focusCsv } from "../src/focus-out/focus-csv.ts";
import { capacityShape } from "../src/records/capacity.ts";
import { usageShape } from "../src/records/usage.ts";
import type { FleetMonth } from "./fleet-month.ts";

export interface FleetFiles {
	readonly bill: string;
	readonly usage: string;
	readonly capacity: string;
	readonly rates: string;
	readonly benchmarks: string;
}

export function writeFleet(month: FleetMonth, folder: string): FleetFiles {
	mkdirSync(folder, { recursive: true });
	const write = (name: string, text: string): string => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
	const rates = month.rates.map(({ day, from, to, rate, source }) => [day, from, to, rate, source].join(","));
	return {
		bill: write("bill.csv", focusCsv(month.charges.map(chargeRow))),
		usage: write("usage.jsonl", lines(month.usage.map((usage) => ({ usage: usageShape.write(usage) })))),
		capacity: write("gpus.jsonl", lines(month.capacity.map((each) => ({ capacity: capacityShape.write(each) })))),
		rates: write("rates.csv", `${["day,from,to,rate,source", ...rates].join("\n")}\n`),
		benchmarks: write("benchmarks.jsonl", lines(benchmarksOf(month))),
	};
}

/** Each saturated run as a benchmark would report it: tokens a second and GPU at its shape. */
function benchmarksOf({ calibrations }: FleetMonth): unknown[] {
	return calibrations.flatMap(({ model, runs }) =>
		runs.map(({ id, uncachedInputTokens, outputTokens, gpuSeconds }) => {
			const [isl, osl] = id.split("/").map(Number);
			const tput_per_gpu = (uncachedInputTokens + outputTokens) / gpuSeconds;
			return {
				hw: undefined,
				hardware: undefined,
				infmax_model_prefix: model,
				framework: "vllm",
				precision: "fp8",
				tp: 8,
				conc: 512,
				isl,
				osl,
				tput_per_gpu,
			};
		}),
	);
}
