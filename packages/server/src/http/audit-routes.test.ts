import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditLog, readAudit } from "@farthing/ledger/audit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testApp, type TestApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import { parseSignOnConfig } from "../access/sign-on/config.ts";
import type { Provider } from "../access/sign-on/provider.ts";
import { signOn } from "../access/sign-on/sign-on.ts";
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
	await http.ask("/v1/ingest/capacity", { method: "POST", body: "{}\n", headers: as(admin) });
	const last = await (await http.ask("/v1/audit?format=csv&limit=1", { headers: as(admin) })).text();
	expect(last.split("\r\n")[1]).toMatch(/,ingest\.capacity,sha256:[0-9a-f]{64},failed,/);
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

it("a sign-in that is refused stands in the log, some of many, and an address that tries without end waits", async () => {
	let now = 0;
	const provider: Provider = {
		begin: async () => ({ url: new URL("http://127.0.0.1/"), begun: { state: "s", nonce: "n", verifier: "v" } }),
		finish: async () => ({ claims: { sub: "eve", email: "eve@other.test" }, idToken: "" }),
		claimsOfToken: async () => ({}),
		signOutUrl: async () => undefined,
	};
	const config = parseSignOnConfig(SIGN_ON, "sign-on.json", { variable: () => undefined, file: () => undefined });
	const log = auditLog(join(folder, "refused"));
	const signOnOf = signOn(config, () => now, undefined, provider);
	const http = testApp({ access: { ...access, signOn: signOnOf }, audit: log, clock: () => now });
	const begun = await http.ask("/auth/sign-in", { headers: { host: "127.0.0.1" } });
	const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
	const refused = await http.ask("/auth/callback?code=c", { headers: { host: "127.0.0.1", cookie } });
	expect(refused.status).toBe(403);
	const statuses: number[] = [];
	for (let i = 0; i < 220; i++) statuses.push((await http.ask("/auth/callback")).status);
	expect([statuses[0], statuses.at(-1), statuses.filter((status) => status === 401).length]).toEqual([401, 429, 198]);
	now += 60_000;
	expect((await http.ask("/auth/callback")).status).toBe(401);
	const { entries } = await readAudit(log.folder, "local", { limit: 1000 });
	expect(entries.at(-1)).toMatchObject({
		action: "sign-in.refused",
		who: { kind: "person", id: "person:eve", name: "eve@other.test" },
		detail: { reason: "no-role", address: "unknown" },
	});
	expect([entries.length, entries[0]?.detail]).toEqual([101, { reason: "no-sign-in", address: "unknown", untold: 99 }]);
});

const SIGN_ON = JSON.stringify({
	version: 1,
	issuer: "http://127.0.0.1:1",
	client_id: "farthing",
	public_url: "http://127.0.0.1",
	roles: [{ claim: "groups", value: "finops", tenant: "finance", scopes: ["admin"] }],
});
