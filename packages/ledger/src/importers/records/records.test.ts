import { describe, expect, it } from "vitest";
import type { ImportItem } from "../import-item.ts";
import { headOf } from "../head.ts";
import { ledgerRecords } from "./records.ts";

const price = {
	price: {
		id: "h100",
		resource: "gpu_hour",
		amount: { value: "2.07", currency: "USD" },
		per: 1,
		selector: { gpu_model: "h100-sxm" },
		valid_from: "2026-10-01T00:00:00Z",
		basis: "owned",
		includes_power: true,
		provenance: "own books",
	},
};

describe("ledgerRecords", () => {
	it("reads a record a line and sets aside what is none, each with its line", async () => {
		const lines = [price, { price: { id: "h100" } }, { usage: {}, price: {} }, { other: {} }, 7];
		const items = await itemsOf(lines.map((each) => JSON.stringify(each)).join("\n"));
		expect(items[0]).toMatchObject({
			kind: "price",
			line: 1,
			record: { amount: { currency: "USD", nano: 2_070_000_000n } },
		});
		expect(items.slice(1).map((item) => [item.kind, "line" in item ? item.line : undefined])).toEqual(
			[2, 3, 4, 5].map((line) => ["quarantine", line]),
		);
	});

	it("knows its own lines and no others", () => {
		const sure = (text: string): number => ledgerRecords.detect(headOf("file", new TextEncoder().encode(text)));
		expect(sure(JSON.stringify(price))).toBeGreaterThan(0.9);
		expect(sure('{"usage": {}, "model": "x"}')).toBe(0);
		expect(sure("price\n1\n")).toBe(0);
	});
});

async function itemsOf(text: string): Promise<ImportItem[]> {
	const bytes = async function* (): AsyncGenerator<Uint8Array> {
		yield new TextEncoder().encode(text);
	};
	const items: ImportItem[] = [];
	for await (const item of ledgerRecords.read({ name: "file", bytes }, {})) items.push(item);
	return items;
}
