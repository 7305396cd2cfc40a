import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import type { ImportItem } from "../import-item.ts";
import { importFiles } from "../import-files.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-parquet-"));

async function parquet(name: string, select: string): Promise<string> {
	const path = join(folder, name);
	const database = await DuckDBInstance.create(":memory:");
	const connection = await database.connect();
	await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
	connection.closeSync();
	database.closeSync();
	return path;
}

const ROW = `
	SELECT CAST(x AS DECIMAL(18, 6)) AS "BilledCost", x AS "EffectiveCost", 'USD' AS "BillingCurrency", 'acct' AS "BillingAccountId",
	'Usage' AS "ChargeCategory", TIMESTAMP '2024-09-24 03:00:00' AS "ChargePeriodStart", TIMESTAMP '2024-09-24 04:00:00.5' AS "ChargePeriodEnd",
	TIMESTAMP '2024-09-01' AS "BillingPeriodStart", TIMESTAMP '2024-10-01' AS "BillingPeriodEnd", 'AWS' AS "ServiceProviderName",
	MAP {'team': 'search'} AS "Tags", NULL AS "InvoiceId", 7 AS "Odd"`;

it("reads a bill in Parquet as the same bill in CSV: amounts, times, maps, empty cells, foreign columns", async () => {
	const path = await parquet("bill.parquet", `${ROW} FROM (VALUES (0.1), (0.2), (-2.6137)) t(x)`);
	const items: ImportItem[] = [];
	const { result } = await importFiles([path], {}, { item: (item) => void items.push(item) });
	expect([result.kind, result.records, result.quarantined]).toEqual(["focus-parquet", 3, 0]);
	expect(result.totals.cost).toMatchObject({ billed_usd: { value: -2.3137 }, effective_usd: { value: -2.3137 } });
	expect(result.unknown).toEqual([{ name: "Odd", count: 1 }]);
	const record = items.find((item) => item.kind === "charge")?.record;
	expect(record).toMatchObject({
		charge_period_start: Date.UTC(2024, 8, 24, 3) * 1000,
		charge_period_end: Date.UTC(2024, 8, 24, 4, 0, 0, 500) * 1000,
		tags: { team: "search" },
		service_provider_name: "AWS",
	});
	expect(record).not.toHaveProperty("invoice_id");
});

it("says so where a Parquet file is damaged, or no bill", async () => {
	const path = await parquet("whole.parquet", `${ROW} FROM (VALUES (0.1)) t(x)`);
	const cut = join(folder, "cut.parquet");
	writeFileSync(cut, readFileSync(path).subarray(0, 300));
	expect((await importFiles([cut])).result).toMatchObject({ records: 0, quarantined: 1 });
	const other = await parquet("other.parquet", "SELECT 1 AS a");
	await expect(importFiles([other])).rejects.toMatchObject({ code: "unknown-format" });
});
