import type { Envelope } from "@farthing/answers";
import {
	buildModel,
	define,
	divide,
	evaluate,
	gpuHour,
	input,
	modelToJson,
	type ModelJson,
	per,
	usd,
} from "@farthing/engine";
import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { resultWorkbook, workbookOfResult } from "./result-workbook.ts";

const evidence = { source: "an invoice", asOf: "2026-10-01", grade: "A" } as const;

function graph(): ModelJson {
	const bill = input("bill", usd, { ...evidence, label: "the bill", value: { kind: "point", value: 1950 } });
	const hours = input("hours", gpuHour, {
		...evidence,
		label: "GPU-hours",
		value: { kind: "point", value: 1000 * 3600 },
	});
	const rate = define("rate", per(usd, gpuHour), divide(bill, hours), { label: "price of a GPU-hour" });
	return modelToJson(evaluate(buildModel([rate])));
}

function saved(more: Partial<Envelope<unknown>> = {}): Envelope<unknown> {
	return {
		schema: "farthing/1",
		command: "price",
		id: "3f9c0123456789ab",
		as_of: "2026-11-22",
		catalogue: "2026.11.0+c41d00000000",
		definitions: "1",
		seed: 1,
		warnings: [{ code: "stale-price", message: "the price is 60 days old" }],
		result: {},
		graph: graph(),
		...more,
	};
}

describe("resultWorkbook", () => {
	it("writes the formulas of a saved result, and what it says of itself", async () => {
		const read = await readXlsx(await resultWorkbook(saved()), { readStyles: true });
		const summary = read.sheets.find(({ name }) => name === "Summary");
		expect(summary?.rows.slice(0, 8).map((row) => row.slice(0, 2))).toEqual([
			["farthing price", null],
			["command", "farthing price"],
			["result", "3f9c0123456789ab"],
			["as of", "2026-11-22"],
			["catalogue", "2026.11.0+c41d00000000"],
			["definitions", "1"],
			["seed", "1"],
			["warning", "the price is 60 days old"],
		]);
		const model = read.sheets.find(({ name }) => name === "Model");
		expect(model?.cells?.get("3,2")?.formula).toBe("bill/hours");
		expect(read.properties?.modified?.toISOString()).toBe("2026-11-22T00:00:00.000Z");
	});

	it("takes a title", () => {
		expect(workbookOfResult(saved(), { title: "The decision" }).title).toBe("The decision");
	});

	it("has nothing to write where the graph was not saved", async () => {
		const { graph: _, ...bare } = saved();
		await expect(resultWorkbook(bare)).rejects.toThrow(TypeError);
	});
});
