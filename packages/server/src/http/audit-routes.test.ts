import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditLog } from "@farthing/ledger/audit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testApp, type TestApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import { type Intake, openIntake } from "../intake.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-audit-routes-"));
const created = "2026-11-01T00:00:00.000Z";
const admin = newKey({ id: "a", tenant: "finance", scopes: ["admin"], created });
const reader = newKey({ id: "r", tenant: "finance", scopes: ["read"], created });
const access = { kind: "keys", keys: [admin.stored, reader.stored] } as const;
const price = (id: string) =>
	`${JSON.stringify({
		id,
		resource: "gpu_hour",
		amount: { value: "1.95", currency: "USD" },
		per: 1,
		selector: { gpu_model: "h100-sxm" },
		valid_from: "2026-11-01T00:00:00Z",
		basis: "owned",
		includes_power: true,
		provenance: "books",
	})}\n`;
let intake: Intake;
beforeAll(async () => {
	intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 3_600_000 });
});
afterAll(async () => {
	await intake.close();
	rmSync(folder, { recursive: true });
});
const as = ({ secret }: { secret: string }) => ({ authorization: `Bearer ${secret}` });
const send = (http: TestApp, body: string) =>
	http.ask("/v1/ingest/prices", { method: "POST", body, headers: as(admin) });

it("prices that a key sends, and those that are at fault, stand in its tenant's log, for admins", async () => {
	const http = testApp({ access, intake, audit: auditLog(join(folder, "log")) });
	expect((await send(http, price("p1"))).status).toBe(200);
	expect((await send(http, "{}\n")).status).toBe(400);
	const answer = await http.ask("/v1/audit", { headers: as(admin) });
	const { result, command } = JSON.parse(await answer.text());
	expect(command).toBe("audit");
	expect(result.logs).toEqual([expect.objectContaining({ tenant: "finance", total: 4, unfinished: [] })]);
	expect(result.entries.map((entry: { state: string; who: object }) => [entry.state, entry.who])).toEqual(
		["failed", "begun", "done", "begun"].map((state) => [state, { kind: "key", id: "a" }]),
	);
	const table = await (await http.ask("/v1/audit?format=csv&limit=1", { headers: as(admin) })).text();
	expect(table.split("\r\n")[1]).toMatch(/,finance,4,key,a,,ingest\.prices,sha256:[0-9a-f]{64},failed,/);
	expect((await http.ask("/v1/audit", { headers: as(reader) })).status).toBe(403);
	expect((await http.ask("/v1/audit?from=yesterday", { headers: as(admin) })).status).toBe(400);
});

it("nothing is changed where the log cannot be written to", async () => {
	const blocked = join(folder, "blocked");
	writeFileSync(blocked, "");
	const http = testApp({ access, intake, audit: auditLog(blocked) });
	const before = intake.records.get("prices");
	const answer = await send(http, price("p2"));
	expect([answer.status, JSON.parse(await answer.text()).code]).toEqual([507, "log-unwritable"]);
	expect(intake.records.get("prices")).toBe(before);
});
