import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { someRequests, T0 } from "../../../test-support/usage-records.ts";
import { instant } from "../../records/units.ts";
import { usageShape } from "../../records/usage.ts";
import { openLedger } from "./open-ledger.ts";

const DAY = 86_400_000_000;
const days = { from: T0, to: instant(T0 + 3 * DAY), by: [], step: "day" as const };

test("a live ledger rolls up, drops what came twice once its day is closed, and then the events that are too old", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-tidy-"));
	let at = BigInt(T0 + 20 * 3_600_000_000);
	const ledger = await openLedger(join(folder, "ledger.duckdb"), join(folder, "spool"), {
		store: { memory: "256MB", now: () => at },
		loadEveryMs: 20,
		tidyEveryMs: 20,
		retainDays: 2,
	});
	const rows = (): Promise<number> => ledger.store.rowCount("usage_request");
	try {
		const records = someRequests(300, 1, 20);
		const send = (some: typeof records): Promise<unknown> =>
			ledger.ingest.accept("usage", Buffer.from(some.map((each) => JSON.stringify(usageShape.write(each))).join("\n")));
		await send(records);
		await send(records.slice(0, 100));
		// Also on the day that is not over.
		await vi.waitFor(async () => expect(await rows()).toBe(300), WAIT);
		// Half an hour past midnight the day before is still open to what comes late.
		at = BigInt(T0 + DAY + 30 * 60_000_000);
		await send(records.slice(0, 50).map((each) => ({ ...each, request_id: `late ${each.request_id}` })));
		at = BigInt(T0 + DAY + 90 * 60_000_000);
		await vi.waitFor(async () => expect(await rows()).toBe(350), WAIT);
		const [sum] = await ledger.store.requests(days);
		expect(sum?.records).toBe(350n);
		at = BigInt(T0 + 3 * DAY + 90 * 60_000_000);
		await vi.waitFor(async () => expect(await rows()).toBe(0), WAIT);
		expect(await ledger.store.requests(days)).toEqual([sum]);
		await expect(ledger.store.requests({ ...days, detail: "raw" })).rejects.toMatchObject({ code: "beyond-retention" });
	} finally {
		await ledger.close();
		rmSync(folder, { recursive: true, force: true });
	}
});

const WAIT = { timeout: 20_000, interval: 20 };
