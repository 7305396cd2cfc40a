import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readZip } from "../../packages/report/test-support/zip.ts";
import { answerOf, bin, cleanEnvironment, farthing, folderWith, root, type Json } from "./farthing.ts";

const running: ChildProcess[] = [];
afterEach(() => {
	for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts `farthing serve` on a free port; resolves with its address when it answers. */
async function served(
	args: readonly string[] = [],
): Promise<{ url: string; ended: Promise<number | null>; child: ChildProcess }> {
	const child = spawn(process.execPath, [bin, "serve", "--port", "0", ...args], { env: cleanEnvironment(), cwd: root });
	running.push(child);
	const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
	const url = await new Promise<string>((resolve, reject) => {
		let text = "";
		const seen = (chunk: Buffer): void => {
			text += chunk;
			const found = /answers at (http:\S+)\/v1/.exec(text)?.[1];
			if (found !== undefined) resolve(found);
		};
		child.stdout?.on("data", seen);
		child.stderr?.on("data", seen);
		void ended.then((code) => reject(new Error(`serve ended with ${code}: ${text}`)));
	});
	return { url, ended, child };
}

describe("farthing serve", () => {
	it("gives the numbers of the command line, to the last digit, and ends with 0 after what it was asked", async () => {
		const { url, ended, child } = await served();
		const claim = (await (await fetch(`${url}/v1/claims/gb300-35x`)).json()) as Json;
		expect(claim.result).toEqual(answerOf("claim gb300-35x --json").result);
		const scenario = readFileSync(join(root, "scenarios/prototype-to-5b.yaml"), "utf8");
		const body = JSON.stringify({ scenario });
		const asked = fetch(`${url}/v1/plans`, { method: "POST", body, headers: { "content-type": "application/json" } });
		await new Promise((resolve) => setTimeout(resolve, 200));
		child.kill("SIGTERM");
		const plan = (await (await asked).json()) as Json;
		expect(plan.result.options).toEqual(answerOf("plan scenarios/prototype-to-5b.yaml --json").result.options);
		expect(await ended).toBe(0);
	});

	it("makes a workbook, whose cells are formulas", async () => {
		const { url } = await served();
		const scenario = readFileSync(join(root, "scenarios/prototype-to-5b.yaml"), "utf8");
		const body = JSON.stringify({ scenario, formats: ["xlsx"] });
		const made = await fetch(`${url}/v1/reports`, {
			method: "POST",
			body,
			headers: { "content-type": "application/json" },
		});
		const { result } = (await made.json()) as Json;
		expect([made.status, result.files.length]).toEqual([201, 1]);
		const file = await fetch(`${url}${result.files[0].path}`);
		expect(file.headers.get("content-type")).toContain("spreadsheetml");
		const bytes = new Uint8Array(await file.arrayBuffer());
		expect([bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([
			result.files[0].bytes,
			result.files[0].sha256,
		]);
		const sheets = [...readZip(bytes)].filter(([name]) => name.startsWith("xl/worksheets/"));
		const formulas = sheets.flatMap(([, text]) => [...text.toString("utf8").matchAll(/<f[^>]*>/g)]);
		expect(formulas.length).toBeGreaterThan(20);
	});

	it("asks for a key where it is told to, and keeps no secret", async () => {
		const folder = folderWith();
		const keys = join(folder, "keys.json");
		const { code, stdout } = farthing(["serve", "--keys", keys, "--add-key", "ci", "--scopes", "read"]);
		expect(code).toBe(0);
		const secret = stdout.trim();
		expect(readFileSync(keys, "utf8")).not.toContain(secret.slice(3, 20));
		const { url } = await served(["--keys", keys]);
		expect((await fetch(`${url}/v1/catalog`)).status).toBe(401);
		expect((await fetch(`${url}/healthz`)).status).toBe(200);
		const known = await fetch(`${url}/v1/catalog`, { headers: { authorization: `Bearer ${secret}` } });
		expect(known.status).toBe(200);
		expect(farthing(["serve", "--keys", keys, "--revoke-key", "ci"]).stdout).toMatch(/refuses it within a second/);
		await vi.waitFor(
			async () => {
				const revoked = await fetch(`${url}/v1/catalog`, { headers: { authorization: `Bearer ${secret}` } });
				expect(revoked.status).toBe(401);
			},
			{ timeout: 20_000, interval: 100 },
		);
	});

	it("takes events into a ledger, and has them all in it when it ends", async () => {
		const ledger = join(folderWith(), "ledger.duckdb");
		const { url, ended, child } = await served(["--ledger", ledger]);
		const event = (i: number): string =>
			`${JSON.stringify({
				grain: "request",
				t0: "2026-11-28T10:00:00Z",
				t1: "2026-11-28T10:00:01Z",
				source: { adapter: "test", version: "1", kind: "gateway" },
				request_id: `r${i}`,
				model: { served: "m" },
				tokens: { in_total: 10, out_total: 5 },
			})}\n`;
		const sent = Array.from({ length: 40 }, (_, i) =>
			fetch(`${url}/v1/ingest/usage`, { method: "POST", body: event(i) }).then(({ status }) => status),
		);
		expect(await sent[0]).toBe(200);
		const busy = farthing(["actuals", "--store", ledger]);
		expect([busy.code, busy.stderr]).toEqual([2, expect.stringMatching(/store-locked|another process|open/i)]);
		child.kill("SIGTERM");
		const answered = (await Promise.allSettled(sent)).filter(
			(each) => each.status === "fulfilled" && each.value === 200,
		).length;
		expect(await ended).toBe(0);
		const { openStore } = await import("../../packages/ledger/dist/store/index.js");
		const store = await openStore(ledger);
		try {
			expect(await store.rowCount("usage_request")).toBeGreaterThanOrEqual(answered);
		} finally {
			await store.close();
		}
	});

	it("that is killed has lost nothing it acknowledged", async () => {
		const ledger = join(folderWith(), "ledger.duckdb");
		const { url, ended, child } = await served(["--ledger", ledger]);
		const body = JSON.stringify({
			grain: "request",
			t0: "2026-11-28T10:00:00Z",
			t1: "2026-11-28T10:00:01Z",
			source: { adapter: "test", version: "1", kind: "gateway" },
			request_id: "r",
			model: { served: "m" },
			tokens: { in_total: 10, out_total: 5 },
		});
		expect((await fetch(`${url}/v1/ingest/usage`, { method: "POST", body })).status).toBe(200);
		child.kill("SIGKILL");
		await ended;
		const { rows } = answerOf(`ledger status --store ${ledger} --json`).result as { rows: Json };
		expect(rows).toMatchObject({ usage_request: 1 });
	});

	it("refuses to be open to others, and says what to give", () => {
		const open = farthing("serve --listen 0.0.0.0 --port 0");
		expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/--keys/)]);
		expect(farthing("serve --port x").code).toBe(2);
		const broken = join(folderWith({ "ledger.duckdb": "no ledger" }), "ledger.duckdb");
		const refused = farthing(["serve", "--port", "0", "--ledger", broken]);
		expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(broken)]);
		expect(farthing("serve --keys nothing.json").code).toBe(2);
		const retaining = farthing("serve --retain 9d");
		expect([retaining.code, retaining.stderr]).toEqual([2, expect.stringMatching(/--ledger/)]);
	});
});
