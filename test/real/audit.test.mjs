// The audit log under kill -9: no change that was acknowledged is missing, and the chain holds.
import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));
const KILLS = 5;

it(`after ${KILLS} kill -9 in the middle of changes, the log holds each that was acknowledged, and is whole`, async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-audit-"));
	const ledger = join(folder, "ledger.duckdb");
	const run = (...args) => execFileSync(process.execPath, [bin, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
	try {
		const key = ["--keys", join(folder, "keys.json"), "--audit", `${ledger}.audit`];
		const secret = run(
			"serve",
			...key,
			"--add-key",
			"boss",
			"--scopes",
			"admin",
			"--tenant",
			"finance",
			"--quiet",
		).trim();
		const headers = { authorization: `Bearer ${secret}` };
		const serve = async () => {
			const child = spawn(process.execPath, [bin, "serve", "--port", "0", "--ledger", ledger, ...key, "--quiet"]);
			const ended = new Promise((resolve) => child.once("exit", resolve));
			const url = await new Promise((resolve, reject) => {
				child.stdout.on("data", (text) => {
					const found = /answers at (http:\S+)\/v1/.exec(String(text))?.[1];
					if (found !== undefined) resolve(found);
				});
				child.stderr.pipe(process.stderr);
				void ended.then((code) => reject(new Error(`farthing serve ended with ${code}`)));
			});
			return { url, ended, child };
		};
		const acknowledged = [];
		let sent = 0;
		/** A price that no other is like, so that each is a change. */
		const price = () => {
			const record = {
				id: `price-${sent++}`,
				resource: "gpu_hour",
				amount: { value: "1.95", currency: "USD" },
				per: 1,
				selector: { gpu_model: "h100-sxm" },
				valid_from: "2026-11-01T00:00:00Z",
				basis: "owned",
				includes_power: true,
				provenance: "books of 2026-11",
			};
			return `${JSON.stringify(record)}\n`;
		};
		const changes = async (url, isOver) => {
			while (!isOver()) {
				const body = price();
				const answer = await fetch(`${url}/v1/ingest/prices`, { method: "POST", body, headers }).catch(() => undefined);
				if (answer === undefined) return;
				const told = await answer.text().catch(() => undefined);
				if (told === undefined) return;
				assert.equal(answer.status, 200, told);
				acknowledged.push(`sha256:${createHash("sha256").update(body).digest("hex")}`);
			}
		};
		for (let kill = 0; kill < KILLS; kill++) {
			const { url, ended, child } = await serve();
			let isOver = false;
			const before = acknowledged.length;
			const writers = Array.from({ length: 4 }, () => changes(url, () => isOver));
			while (acknowledged.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
			await new Promise((resolve) => setTimeout(resolve, randomInt(250)));
			child.kill("SIGKILL");
			isOver = true;
			await Promise.all([ended, ...writers]);
		}
		const { url, ended, child } = await serve();
		const answer = await (await fetch(`${url}/v1/audit?limit=10000`, { headers })).json();
		child.kill("SIGTERM");
		await ended;
		const { result } = JSON.parse(run("audit", "--store", ledger, "--limit", "10000", "--json"));
		assert.deepEqual(answer.result.logs, result.logs);
		const [log, own] = result.logs;
		assert.deepEqual([result.logs.length, log.tenant, log.fault], [2, "finance", undefined]);
		// of all starts the first alone found other facts than before
		assert.deepEqual([own.tenant, own.total, own.fault], ["local", 1, undefined]);
		const done = new Set(result.entries.filter(({ state }) => state === "done").map(({ of }) => of));
		assert.ok(acknowledged.length >= KILLS, `${acknowledged.length} acknowledged`);
		assert.deepEqual(
			acknowledged.filter((of) => !done.has(of)),
			[],
		);
		assert.ok(log.unfinished.length <= KILLS * 4);
		// What is in the ledger began in the log, acknowledged or not.
		const { rows } = JSON.parse(run("ledger", "status", "--store", ledger, "--json")).result;
		const begun = result.entries.filter(({ state, action }) => state === "begun" && action === "ingest.prices");
		assert.ok(rows.price >= acknowledged.length && rows.price <= begun.length, `${rows.price} of ${begun.length}`);
		assert.ok(!JSON.stringify(result).includes(secret));
	} finally {
		rmSync(folder, { recursive: true });
	}
});
