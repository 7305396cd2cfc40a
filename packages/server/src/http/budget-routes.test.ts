import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditLog, readAudit } from "@farthing/ledger/audit";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { directAsker } from "../../test-support/direct-asker.ts";
import { testApp, type TestApp } from "../../test-support/test-app.ts";
import { newKey, type Scope } from "../access/keys.ts";
import { budgetDesk } from "../budget-desk.ts";
import { type Intake, openIntake } from "../intake.ts";

const made = (["a/ingest", "a/read", "b/ingest", "b/read", "a/admin"] as const).map((name) => {
	const [tenant, scope] = name.split("/") as [string, Scope];
	return { name, ...newKey({ id: name.replace("/", "-"), tenant, scopes: [scope], created: "2026-11-28T00:00:00Z" }) };
});
const bearer = (name: string) => ({ authorization: `Bearer ${made.find((each) => each.name === name)?.secret}` });
/** Each tenant the same work on each of two days: one GPU at 2 USD an hour is 48 USD a day, 24 for each. */
const request = (day: string, id: string) => ({
	grain: "request",
	t0: `${day}T10:00:00Z`,
	t1: `${day}T10:01:00Z`,
	source: { adapter: "test", version: "1", kind: "gateway" },
	scope: { group: "chat" },
	request_id: `${day}-${id}`,
	model: { served: "m" },
	tokens: { in_total: 1000, out_total: 100 },
});
const held = (day: string) => ({
	t0: `${day}T00:00:00Z`,
	t1: day === "2026-11-26" ? "2026-11-27T00:00:00Z" : "2026-11-28T00:00:00Z",
	source: { adapter: "own", version: "1" },
	gpu: { uuid: "GPU-0", model: "h100-sxm" },
	held_by: { group: "chat" },
	gpu_time: { held: 86_400_000_000, held_source: "static" },
});
const price = {
	id: "h100",
	resource: "gpu_hour",
	amount: { value: "2", currency: "USD" },
	per: 1,
	selector: { gpu_model: "h100-sxm" },
	valid_from: "2026-01-01T00:00:00Z",
	basis: "on_demand",
	includes_power: true,
	provenance: "test",
};
const folder = mkdtempSync(join(tmpdir(), "farthing-budget-routes-"));
const log = auditLog(join(folder, "log"));
let intake: Intake;
let http: TestApp;
beforeAll(async () => {
	intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 20 });
	const asker = directAsker();
	const budgets = budgetDesk(join(folder, "budgets.json"), intake, asker, {});
	http = testApp({
		asker,
		access: { kind: "keys", keys: made.map(({ stored }) => stored) },
		intake,
		budgets,
		audit: log,
	});
	const days = ["2026-11-26", "2026-11-27"];
	const sends = [
		["a/ingest", "usage", days.map((day) => request(day, "a"))],
		["b/ingest", "usage", days.map((day) => request(day, "b"))],
		["a/admin", "capacity", days.map(held)],
		["a/admin", "prices", [price]],
	] as const;
	for (const [name, kind, records] of sends) {
		const body = records.map((each) => `${JSON.stringify(each)}\n`).join("");
		const sent = await http.ask(`/v1/ingest/${kind}`, { method: "POST", body, headers: bearer(name) });
		expect(sent.status, await sent.text()).toBe(200);
	}
	await vi.waitFor(async () => expect(await intake.reads.prices()).toHaveLength(1), { timeout: 30_000 });
});
afterAll(async () => {
	await intake.close();
	rmSync(folder, { recursive: true });
});

const put = (path: string, body: object, name = "a/admin") =>
	http.ask(path, {
		method: "PUT",
		body: JSON.stringify(body),
		headers: { "content-type": "application/json", ...bearer(name) },
	});
const get = async (path: string, name: string) => {
	const reply = await http.ask(path, { headers: bearer(name) });
	return { status: reply.status, body: JSON.parse(await reply.text()) };
};
const usd = (value: string) => ({ value, currency: "USD" });

it("is made by admins alone, stands in the log, and is told to its tenant with what was spent", async () => {
	expect((await put("/v1/budgets/chat", { amount: usd("50") }, "a/read")).status).toBe(403);
	expect((await put("/v1/budgets/chat?tenant=a", { amount: usd("50"), thresholds: [0.4, 0.9] })).status).toBe(200);
	expect((await put("/v1/budgets/chat?tenant=b", { amount: usd("40"), scope: { model: "m" } })).status).toBe(200);
	const whole = await put("/v1/budgets/all", { amount: usd("1000"), period: "year" });
	expect([whole.status, JSON.parse(await whole.text()).tenant]).toEqual([200, "local"]);
	const { body } = await get("/v1/budgets/status", "a/admin");
	const told = body.result.budgets.map((each: { tenant: string; spent: { value: number }; state: string }) => [
		each.tenant,
		Number(each.spent.value.toFixed(4)),
		each.state,
	]);
	expect(told).toEqual([
		["a", 48, "warned"],
		["b", 48, "over"],
		["local", 96, "within"],
	]);
	expect(body.result.budgets[0].thresholds).toEqual([
		{ at: 0.4, passed: "2026-11-26" },
		{ at: 0.9, passed: "2026-11-27" },
	]);
	const { entries } = await readAudit(log.folder, "b", { limit: 10 });
	expect(entries[0]).toMatchObject({ action: "budget.set", of: "chat", state: "done", detail: { amount: "40 USD" } });
});

it("of another tenant is not seen, by status, list or metrics", async () => {
	const own = await get("/v1/budgets/status?on=2026-11-26", "b/read");
	expect(own.body.result.budgets).toEqual([
		expect.objectContaining({ tenant: "b", through: "2026-11-26", state: "within" }),
	]);
	expect((await get("/v1/budgets/status?tenant=a", "b/read")).status).toBe(403);
	const table = await http.ask("/v1/budgets/status?on=2026-11-26&format=csv", { headers: bearer("b/read") });
	const [heading, ...rows] = (await table.text()).trim().split(/\r?\n/);
	expect(heading).toMatch(/^id,tenant,.*,amount_usd,state,.*,spent_usd,/);
	expect(rows).toEqual([expect.stringMatching(/^chat,b,.*,within,/)]);
	expect((await get("/v1/budgets", "b/read")).body.budgets.map(({ tenant }: { tenant: string }) => tenant)).toEqual([
		"b",
	]);
	const metrics = await (await http.ask("/metrics", { headers: bearer("b/read") })).text();
	const [, spent] = /farthing_budget_spent\{tenant="b",budget="chat",currency="USD",period="month"\} (\S+)/.exec(
		metrics,
	) as RegExpExecArray;
	// Half of what both cost, to the billionth that one of two equal shares is rounded to.
	expect(Number(spent)).toBeCloseTo(48, 8);
	expect(metrics).not.toContain('tenant="a"');
	// Who brings events in is told how the server does, and not what it spends.
	const writer = await http.ask("/metrics", { headers: bearer("b/ingest") });
	expect([writer.status, writer.headers.get("content-type")]).toEqual([
		200,
		"text/plain; version=0.0.4; charset=utf-8",
	]);
	expect(await writer.text()).not.toContain("farthing_budget_spent{");
});

it("says that nothing is known of a period without usage, and what is wrong with a budget", async () => {
	const later = await get("/v1/budgets/status?on=2027-03-01", "a/read");
	expect(later.body.result.budgets).toEqual([expect.objectContaining({ state: "unknown" })]);
	expect(later.body.result.budgets[0]).not.toHaveProperty("spent");
	expect((await put("/v1/budgets/none?tenant=c", { amount: usd("5") })).status).toBe(200);
	const [none] = (await get("/v1/budgets/status?tenant=c", "a/admin")).body.result.budgets;
	expect(none).toMatchObject({ state: "unknown", reason: expect.stringContaining("tenant c") });
	const faulty = await put("/v1/budgets/chat", { amount: usd("-5") });
	expect([faulty.status, JSON.parse(await faulty.text()).field]).toEqual([400, "amount"]);
});

it("is dropped, once", async () => {
	const drop = () => http.ask("/v1/budgets/chat?tenant=b", { method: "DELETE", headers: bearer("a/admin") });
	expect([(await drop()).status, (await drop()).status]).toEqual([204, 404]);
	const whole = () => http.ask("/v1/budgets/all", { method: "DELETE", headers: bearer("a/admin") });
	expect([(await whole()).status, (await whole()).status]).toEqual([204, 404]);
});
