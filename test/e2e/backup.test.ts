/** A copy of a ledger that is taken while events come in: what was acknowledged before it is in what is restored, once. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { answerOf, bin, cleanEnvironment, farthing, folderWith, type Json } from "./farthing.ts";

const started: ChildProcess[] = [];
afterAll(() => {
	for (const child of started) child.kill("SIGKILL");
});

it("a backup under load restores each event that was acknowledged before it began, and none twice", async () => {
	const folder = folderWith();
	const server = await serving(folder, ["--backups", "backups", "--keep-backups", "2"]);
	const acknowledged: string[] = [];
	const sent: string[] = [];
	let isOver = false;
	let next = 0;
	const sender = async (): Promise<void> => {
		while (!isOver) {
			const ids = Array.from({ length: 20 }, () => `request-${next++}`);
			sent.push(...ids);
			const body = ids.map((id) => `${JSON.stringify(event(id))}\n`).join("");
			const reply = await fetch(`${server.url}/v1/ingest/usage`, { method: "POST", body }).catch(() => undefined);
			if (reply?.status === 200) acknowledged.push(...ids);
		}
	};
	const senders = Array.from({ length: 6 }, sender);
	await until(() => acknowledged.length >= 2000);
	const before = new Set(acknowledged);
	const reply = await fetch(`${server.url}/v1/backups`, { method: "POST" });
	const { result } = (await reply.json()) as Json;
	expect(reply.status).toBe(200);
	const during = acknowledged.length;
	expect(during, "events were taken in while the copy was made").toBeGreaterThan(before.size);
	await until(() => acknowledged.length >= during + 200);
	// the copy must not need the server that made it
	server.child.kill("SIGKILL");
	isOver = true;
	await Promise.all(senders);

	answerOf(`ledger restore backups/${result.file} --store restored.duckdb --json`, { cwd: folder });
	const restored = await requestIds(join(folder, "restored.duckdb"));
	const distinct = new Set(restored);
	expect(distinct.size).toBe(restored.length);
	expect([...before].filter((id) => !distinct.has(id))).toEqual([]);
	const all = new Set(sent);
	expect(restored.filter((id) => !all.has(id))).toEqual([]);
	// and the ledger itself has lost nothing by being copied
	const itself = await requestIds(join(folder, "ledger.duckdb"), `${join(folder, "ledger.duckdb")}.spool`);
	expect(acknowledged.filter((id) => !new Set(itself).has(id))).toEqual([]);
	expect(itself.length).toBe(new Set(itself).size);
});

it("keeps as many copies as it was told, lists them, and writes over none", async () => {
	const folder = folderWith();
	const server = await serving(folder, ["--backups", "backups", "--keep-backups", "2"]);
	const made: string[] = [];
	for (let i = 0; i < 3; i++) {
		const reply = await fetch(`${server.url}/v1/backups`, { method: "POST" });
		made.push(((await reply.json()) as Json).result.file as string);
	}
	const { result } = (await (await fetch(`${server.url}/v1/backups`)).json()) as Json;
	expect((result.backups as readonly Json[]).map(({ file }) => file as string)).toEqual(made.slice(1));
	expect(readdirSync(join(folder, "backups"))).toEqual(made.slice(1).flatMap((file) => [file, `${file}.sha256`]));
	const log = (await (await fetch(`${server.url}/v1/audit?action=ledger.backed-up`)).json()) as Json;
	expect((log.result.entries as readonly Json[]).length).toBeGreaterThanOrEqual(3);
	const open = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => !name.endsWith(".lock"))
		.filter((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.mode ?? 0) & 0o077);
	expect(open, "what a server makes is its own").toEqual([]);
	server.child.kill("SIGTERM");
});

it("carries samples that wait to be metered, and restores into no place where a ledger's events wait", async () => {
	const folder = folderWith();
	mkdirSync(join(folder, "ledger.duckdb.remote-write/single-user"), { recursive: true });
	writeFileSync(join(folder, "ledger.duckdb.remote-write/single-user/handed-on.json"), '{"from": 1795824000000}');
	const server = await serving(folder, ["--backups", "backups"]);
	const reply = await fetch(`${server.url}/v1/backups`, { method: "POST" });
	const { file } = ((await reply.json()) as Json).result;
	server.child.kill("SIGTERM");
	await new Promise((resolve) => server.child.once("close", resolve));
	chmodSync(join(folder, "backups", file as string), 0o644);
	answerOf(`ledger restore backups/${file} --store restored.duckdb --json`, { cwd: folder });
	expect(statSync(join(folder, "restored.duckdb")).mode & 0o777).toBe(0o600);
	expect(existsSync(join(folder, "restored.duckdb.remote-write/single-user/handed-on.json"))).toBe(true);
	mkdirSync(join(folder, "taken.duckdb.spool"));
	writeFileSync(join(folder, "taken.duckdb.spool/1.frames"), "");
	const taken = farthing(`ledger restore backups/${file} --store taken.duckdb`, { cwd: folder });
	expect([taken.code, taken.stderr]).toEqual([2, expect.stringMatching(/taken\.duckdb\.spool exists already/)]);
});

it("needs a ledger to copy", () => {
	const run = farthing("serve --backups backups --port 0");
	expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(/it needs --ledger/)]);
});

function event(id: string): object {
	return {
		grain: "request",
		t0: "2026-11-28T10:00:00Z",
		t1: "2026-11-28T10:00:01Z",
		source: { adapter: "test", version: "1", kind: "gateway" },
		request_id: id,
		model: { served: "m" },
		tokens: { in_total: 10, out_total: 5 },
	};
}

async function requestIds(path: string, spool?: string): Promise<string[]> {
	const { openLedger, openStore } = await import("../../packages/ledger/dist/store/index.js");
	const live = spool === undefined ? undefined : await openLedger(path, spool);
	const store = live?.store ?? (await openStore(path));
	try {
		const { instant } = await import("../../packages/ledger/dist/index.js");
		const day = Date.UTC(2026, 10, 28) * 1000;
		const ids: string[] = [];
		for await (const rows of store.requestRows({
			from: instant(day),
			to: instant(day + 86_400_000_000),
			isOrdered: false,
		}))
			ids.push(...rows.map((row) => row.request as string));
		return ids;
	} finally {
		await (live ?? store).close();
	}
}

async function serving(folder: string, args: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
	const all = [bin, "serve", "--port", "0", "--ledger", "ledger.duckdb", ...args];
	const child = spawn(process.execPath, all, { cwd: folder, env: cleanEnvironment() });
	started.push(child);
	let output = "";
	child.stderr.resume();
	for await (const part of child.stdout) {
		output += part;
		const url = /answers at (\S+)\/v1 /.exec(output)?.[1];
		if (url !== undefined) return { url, child };
	}
	throw new Error(output);
}

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
