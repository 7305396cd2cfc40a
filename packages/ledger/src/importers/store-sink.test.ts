import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { importFiles } from "./import-files.ts";
import { storeSink, withRepeated } from "./store-sink.ts";

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
		const { suspected_doubles } = await sink.finish();
		const { dropped } = await store.dropRepeated();
		const { warnings } = withRepeated({ ...imported, warnings: [] }, dropped, suspected_doubles);
		return [suspected_doubles, dropped, warnings.map(({ code }) => code)];
	};
	try {
		expect(await imports(20)).toEqual([undefined, 0, []]);
		expect(await imports(20)).toEqual([undefined, 0, []]);
		expect(await imports(30)).toEqual([10, 10, ["requests-repeated", "suspected-doubles"]]);
		expect(await store.rowCount("usage_request")).toBe(40);
	} finally {
		await store.close();
		rmSync(folder, { recursive: true });
	}
});
