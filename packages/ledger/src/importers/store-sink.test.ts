import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { importFiles } from "./import-files.ts";
import { storeSink, withRepeated } from "./store-sink.ts";

test("windows of a file that has grown count once, as often as they stand in it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-sink-"));
	const store = await openStore(join(folder, "ledger.duckdb"));
	const line = (hour: number) =>
		`{"usage":{"grain":"window","t0":"2026-10-01T0${hour}:00:00Z","t1":"2026-10-01T0${hour + 1}:00:00Z","source":{"adapter":"a","version":"1","kind":"engine"},"scope":{"pod":"p"},"model":{"served":"m"},"tokens":{"out_total":7}}}\n`;
	const imports = async (...hours: number[]) => {
		const file = join(folder, "usage.jsonl");
		writeFileSync(file, hours.map(line).join(""));
		const sink = storeSink(store, async () => `hours ${hours.join()}`);
		const imported = await importFiles([file], {}, { item: sink.item });
		const { stored } = withRepeated(imported, await sink.finish(), (await store.dropRepeated()).dropped);
		return [stored.already_there, await store.rowCount("usage_window")];
	};
	try {
		expect(await imports(1, 2)).toEqual([undefined, 2]);
		expect(await imports(1, 2, 2, 3)).toEqual([2, 4]);
		expect(await imports(1, 2, 2, 3)).toEqual([4, 4]);
		expect(await imports(1, 2)).toEqual([2, 4]);
	} finally {
		await store.close();
		rmSync(folder, { recursive: true });
	}
});

test("a file that has grown: requests with an id count once, those without one are named as suspected doubles", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-sink-"));
	const store = await openStore(join(folder, "ledger.duckdb"));
	const line = (i: number) => {
		const id = i % 2 === 0 ? `"request_id":"r${i}",` : "";
		const t0 = new Date(Date.UTC(2026, 9, 1, 0, 0, i)).toISOString();
		return `{"usage":{"grain":"request","t0":"${t0}","t1":"${t0}","source":{"adapter":"a","version":"1","kind":"gateway"},${id}"model":{"served":"m"},"tokens":{"in_total":${i},"in_cached_local":0,"in_cached_remote":0,"in_transferred":0,"out_total":1}}}\n`;
	};
	const imports = async (lines: number) => {
		const file = join(folder, "usage.jsonl");
		writeFileSync(file, Array.from({ length: lines }, (_, i) => line(i)).join(""));
		const sink = storeSink(store, async () => `content of ${lines} lines`);
		const imported = await importFiles([file], {}, { item: sink.item });
		const finished = await sink.finish();
		const { dropped } = await store.dropRepeated();
		const { imported: told, stored } = withRepeated({ ...imported, warnings: [] }, finished, dropped);
		return [stored.suspected_doubles, stored.already_there, told.warnings.map(({ code }) => code)];
	};
	try {
		expect(await imports(20)).toEqual([undefined, undefined, []]);
		expect(await imports(20)).toEqual([undefined, 20, ["already-there"]]);
		expect(await imports(30)).toEqual([10, 10, ["requests-repeated", "suspected-doubles"]]);
		expect(await store.rowCount("usage_request")).toBe(40);
	} finally {
		await store.close();
		rmSync(folder, { recursive: true });
	}
});

test("a bill that comes again in another file is told as there already, row by row", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-sink-"));
	const store = await openStore(join(folder, "ledger.duckdb"));
	const heading =
		"BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeDescription,BilledCost,EffectiveCost,ServiceProviderName,ServiceCategory,ServiceName,ResourceId";
	const row = (day: number, cost: string) =>
		`a-1,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-0${day}T00:00:00Z,2026-10-0${day + 1}T00:00:00Z,Usage,GPU,${cost},${cost},Example,Compute,Instances,node-a`;
	const imports = async (name: string, ...rows: string[]) => {
		const file = join(folder, name);
		writeFileSync(file, `${[heading, ...rows].join("\n")}\n`);
		const sink = storeSink(store, async () => `${name} ${rows.join()}`);
		const imported = await importFiles([file], {}, { item: sink.item });
		const finished = await sink.finish();
		const { imported: told, stored } = withRepeated({ ...imported, warnings: [] }, finished, 0);
		return [stored.charges, stored.already_there, told.warnings.map(({ code }) => code)];
	};
	try {
		expect(await imports("a.csv", row(1, "5"), row(1, "5"), row(2, "6"))).toEqual([3, undefined, []]);
		// Written otherwise, and one row more of a kind than before.
		expect(await imports("b.csv", row(2, "6.00"), row(1, "5.0"), row(3, "7"))).toEqual([3, 2, ["charges-repeated"]]);
		expect(await imports("b.csv", row(2, "6.00"), row(1, "5.0"), row(3, "7"))).toEqual([3, 3, ["already-there"]]);
		expect(await imports("c.csv", row(1, "5"), row(1, "5"), row(1, "5"))).toEqual([3, 2, ["charges-repeated"]]);
	} finally {
		await store.close();
		rmSync(folder, { recursive: true });
	}
});
