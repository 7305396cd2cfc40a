import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerReads } from "@farthing/ledger";
import { auditLog, readAudit } from "@farthing/ledger/audit";
import { afterAll, expect, it, vi } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import { packDesk } from "../pack-desk.ts";

const root = mkdtempSync(join(tmpdir(), "farthing-packs-"));
afterAll(() => rmSync(root, { recursive: true }));
const created = "2026-11-01T00:00:00.000Z";
const admin = newKey({ id: "a", tenant: "a", scopes: ["admin"], created });
const reader = newKey({ id: "r", tenant: "a", scopes: ["read"], created });
const reads = {} as LedgerReads;
const pack = (period: string) => {
	mkdirSync(join(root, period), { recursive: true });
	const sha256 = createHash("sha256").update(period).digest("hex");
	writeFileSync(join(root, period, "monthly.md"), period);
	const files = [{ name: "monthly.md", bytes: period.length, sha256 }];
	writeFileSync(join(root, period, "pack.json"), JSON.stringify({ period, files }));
	return period;
};

it("makes packs by itself, writes down which, and hands them out to admins alone", async () => {
	const log = auditLog(join(root, "log"));
	let rounds = 0;
	const make = async () => (rounds++ === 0 ? [pack("2026-09"), pack("2026-10")] : []);
	const desk = packDesk({ folder: root, make }, reads, log, 20);
	const http = testApp({ access: { kind: "keys", keys: [admin.stored, reader.stored] }, packs: desk });
	const ask = (path: string, { secret } = admin, headers = {}) =>
		http.ask(path, { headers: { authorization: `Bearer ${secret}`, ...headers } });
	await vi.waitFor(() => expect(rounds).toBeGreaterThan(1));
	const { packs, last_failure } = JSON.parse(await (await ask("/v1/packs")).text());
	expect(packs.map((each: { period: string }) => each.period)).toEqual(["2026-10", "2026-09"]);
	expect(last_failure).toBeUndefined();
	const file = await ask(packs[0].files[0].path);
	expect([file.status, await file.text()]).toEqual([200, "2026-10"]);
	const etag = file.headers.get("etag") ?? "";
	expect((await ask(packs[0].files[0].path, admin, { "if-none-match": etag })).status).toBe(304);
	for (const path of ["/v1/packs/2026-08", "/v1/packs/2026-10/other.md", "/v1/packs/2026-10/pack.json"]) {
		expect((await ask(path)).status, path).toBe(404);
	}
	expect((await ask("/v1/packs/..%2F/monthly.md")).status).toBe(400);
	expect((await ask("/v1/packs", reader)).status).toBe(403);
	const { entries } = await readAudit(log.folder, "local", { limit: 10 });
	expect(entries.map(({ of, who }) => [of, who.kind])).toEqual([
		["2026-10", "schedule"],
		["2026-09", "schedule"],
	]);
	await desk.stop();
});

it("says why the last could not be made, and tries again", async () => {
	let rounds = 0;
	const make = async () => {
		if (rounds++ === 0) throw new Error("no rate of EUR");
		return [];
	};
	const desk = packDesk({ folder: root, make }, reads, undefined, 60);
	await vi.waitFor(() => expect(desk.failure).toBe("no rate of EUR"), { interval: 1 });
	await vi.waitFor(() => expect(desk.failure).toBeUndefined());
	await desk.stop();
});
