/** `farthing doctor` for a deployment: what a server would find, before it is started. */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bin, cleanEnvironment, farthing, folderWith, type Json } from "./farthing.ts";

interface Check {
	readonly name: string;
	readonly state: "ok" | "warning" | "broken";
	readonly detail: string;
	readonly fix?: string;
}

async function doctor(
	args: readonly string[],
	cwd: string,
): Promise<{ code: number | null; of: (name: string) => Check[] }> {
	const { code, output } = await ran(["doctor", ...args], cwd);
	const { checks } = (output as { result: { checks: readonly Check[] } }).result;
	return { code, of: (name) => checks.filter((check) => check.name === name) };
}

/** Not a synchronous child: servers that it asks run in this process. */
async function ran(args: readonly string[], cwd: string): Promise<{ code: number | null; output: Json }> {
	const child = spawn(process.execPath, [bin, ...args, "--json"], { cwd, env: cleanEnvironment() });
	let output = "";
	child.stdout.on("data", (part) => (output += part));
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, output: JSON.parse(output) as Json };
}

it("finds nothing wrong with what a server can run on, and leaves it as it is", async () => {
	const folder = folderWith({ "used.jsonl": `${JSON.stringify({ usage: EVENT })}\n` });
	expect(farthing("import used.jsonl --store ledger.duckdb", { cwd: folder }).code).toBe(0);
	expect(farthing("serve --keys keys.json --add-key a --scopes read,ingest", { cwd: folder }).code).toBe(0);
	mkdirSync(join(folder, "backups"));
	expect(farthing("ledger backup backups/ledger-1.duckdb --store ledger.duckdb", { cwd: folder }).code).toBe(0);
	const target = await listening((path) => (path === "/metrics" ? "up 1\n" : undefined));
	const scrapes = {
		version: 1,
		allow: ["127.0.0.1/32"],
		scrapes: [{ job: "vllm", targets: [`${target.url}/metrics`] }],
	};
	writeFileSync(join(folder, "scrapes.json"), JSON.stringify(scrapes));
	const asked = "--ledger ledger.duckdb --keys keys.json --listen 0.0.0.0 --backups backups --scrapes scrapes.json";
	const { code, of } = await doctor(asked.split(" "), folder);
	target.close();
	const names = ["clock", "ledger", "spool", "disk", "keys", "backups", "scrape", "file modes"];
	expect(names.flatMap(of).map(({ name, state }) => [name, state])).toEqual(names.map((name) => [name, "ok"]));
	expect(of("ledger")[0]?.detail).toMatch(/opens: form 2, 1 requests/);
	expect(of("keys")[0]?.detail).toMatch(/1 in keys\.json for 0\.0\.0\.0, with ingest, read/);
	expect(code).toBe(0);
	const made = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /ledger|keys/.test(name));
	const open = made.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
	expect([made.length >= 5, open]).toEqual([true, []]);
});

it("names what is broken, each with what to do", async () => {
	const folder = folderWith({ "ledger.duckdb": "no ledger", "keys.json": "{", "scrapes.json": "[]" });
	mkdirSync(join(folder, "ledger.duckdb.spool"));
	writeFileSync(join(folder, "ledger.duckdb.spool/1"), Buffer.alloc(1));
	const broken = await doctor(
		"--ledger ledger.duckdb --keys keys.json --scrapes scrapes.json --backups none --server http://127.0.0.1:9".split(
			" ",
		),
		folder,
	);
	expect(broken.code).toBe(1);
	for (const name of ["ledger", "keys", "scrape", "server"]) {
		expect(broken.of(name)[0], name).toMatchObject({ state: "broken", fix: expect.any(String) });
	}
	expect(broken.of("backups")[0]).toMatchObject({ state: "warning", fix: expect.stringContaining("/v1/backups") });
	const open = await doctor(["--listen", "0.0.0.0"], folder);
	expect([open.code, open.of("keys")[0]?.detail]).toEqual([1, "0.0.0.0 is open to others, and there are no keys"]);
	writeFileSync(join(folder, "keys.json"), "");
	farthing("serve --keys own.json --add-key a --scopes read", { cwd: folder });
	chmodSync(join(folder, "own.json"), 0o666);
	const written = await doctor(["--keys", "own.json"], folder);
	expect([written.code, written.of("file modes")[0]]).toMatchObject([
		0,
		{
			state: "warning",
			detail: "others on this machine may read own.json, write to own.json",
			fix: "chmod o-rwx,g-w own.json",
		},
	]);
	chmodSync(join(folder, "own.json"), 0o640);
	farthing("serve --keys own.json --add-key b --scopes read", { cwd: folder });
	expect(statSync(join(folder, "own.json")).mode & 0o777, "a mode that was chosen stays").toBe(0o640);
	const mended = await doctor("--keys own.json --scrapes gone.json --server 127.0.0.1:9".split(" "), folder);
	expect(mended.of("file modes")[0]?.state).toBe("ok");
	expect(mended.of("scrape")[0]?.detail).toBe("no file gone.json");
	expect(mended.of("server")[0]).toMatchObject({
		detail: "127.0.0.1:9 is no address of a server",
		fix: "--server http://127.0.0.1:9",
	});
});

it("tells a ClickHouse server that is down from another program, as commands on a ledger do", async () => {
	const folder = folderWith();
	const page = await listening(() => "<html>Welcome</html>");
	const none = await listening(() => undefined);
	const down = await doctor(["--ledger", "clickhouse://127.0.0.1:9/usage"], folder);
	expect([down.code, ...down.of("ledger")]).toEqual([
		1,
		{
			name: "ledger",
			state: "broken",
			detail: expect.stringMatching(/^no ClickHouse server answers: .*127\.0\.0\.1:9$/),
			fix: expect.stringMatching(/^start it/),
		},
	]);
	for (const { url } of [page, none]) {
		const place = url.replace("http", "clickhouse");
		const other = await doctor(["--ledger", `${place}/usage`], folder);
		expect([other.code, ...other.of("ledger")]).toEqual([
			1,
			expect.objectContaining({ state: "broken", detail: expect.stringContaining("is no ClickHouse server") }),
		]);
		expect(other.of("disk")[0]?.detail).toContain("for what waits");
		const status = await ran(["ledger", "status", "--store", `${place}/usage`], folder);
		expect([status.code, status.output.error.code]).toEqual([2, "store-unreachable"]);
	}
	page.close();
	none.close();
	const odd = await doctor(["--ledger", "clickhouse://me:secret@h/usage"], folder);
	expect([odd.code, ...odd.of("ledger"), ...odd.of("spool")]).toEqual([
		1,
		expect.objectContaining({ state: "broken", detail: expect.stringContaining("a password does not belong") }),
	]);
});

it("sees a server that answers, and one whose clock is wrong", async () => {
	const body = JSON.stringify({ status: "ok", catalogue: "2026.1+abc", ledger: true });
	const wrong = await listening((path) => (path === "/healthz" ? body : undefined), new Date(Date.now() - 3_600_000));
	const { code, of } = await doctor(["--server", wrong.url], folderWith());
	wrong.close();
	expect(code).toBe(0);
	expect(of("server")[0]).toMatchObject({ state: "ok", detail: expect.stringContaining("2026.1+abc, with a ledger") });
	expect(of("clock of the server")[0]).toMatchObject({
		state: "warning",
		detail: expect.stringMatching(/^36\d\d s from/),
	});
});

const EVENT = {
	grain: "request",
	t0: "2026-10-01T10:00:00Z",
	t1: "2026-10-01T10:00:01Z",
	source: { adapter: "test", version: "1", kind: "gateway" },
	request_id: "request-1",
	model: { served: "m" },
	tokens: { in_total: 10, out_total: 5 },
};

async function listening(
	answer: (path: string) => string | undefined,
	date?: Date,
): Promise<{ readonly url: string; close(): void }> {
	const server = createServer((request, response) => {
		const body = answer(request.url ?? "");
		response.writeHead(body === undefined ? 404 : 200, date === undefined ? {} : { date: date.toUTCString() });
		response.end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
