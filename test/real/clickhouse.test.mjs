// The ledger in ClickHouse: the suite that every store passes, against a real server alone and against 2 shards with 2 replicas
// each; and what only several servers can show.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { budgetFileOf } from "@farthing/ledger/budgets";
import { inspectLedger, openLedger, openStore, restoreBackup, SegmentWriter } from "@farthing/ledger/store";
import { runKills } from "../campaign/kills.mjs";
import { outcomesOf, runSuite } from "./clickhouse/run-suite.mjs";
import { startCluster, startOne } from "./clickhouse/servers.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const T0 = Date.UTC(2026, 9, 28) * 1000;
const DAY = 86_400_000_000;

test("a test of the suite that did not come to its end counts as failed", () => {
	const assertionResults = ["passed", "failed", "pending", "skipped"].map((status, i) => {
		const title = `test ${i}`;
		return { title, fullName: `the store ${title}`, status, failureMessages: [] };
	});
	const outcomes = (pattern) =>
		outcomesOf({ testResults: [{ name: "file", assertionResults }] }, pattern).map(({ status }) => status);
	assert.deepEqual(outcomes(""), ["passed", "failed", "failed", "failed"]);
	assert.deepEqual(outcomes("test [02]"), ["passed", "failed"]);
	const broken = { testResults: [{ name: "file", message: "no import", assertionResults: [] }] };
	assert.throws(() => outcomesOf(broken, ""), /no import/);
});

describe("one ClickHouse server", () => {
	let place;
	before(async () => {
		place = await startOne();
	});
	after(() => place?.stop());

	test("the suite that every store passes", (context) => tellSuite(context, place));

	test("kills of the process and of the server lose nothing that was acknowledged, and double nothing", async () => {
		const { killed, servers, lost, doubled, partial } = await runKills({
			cycles: 2,
			seed: 3,
			server: place.servers[0],
		});
		assert.deepEqual(
			{ killed, servers, lost, doubled, partial },
			{ killed: 2, servers: 1, lost: 0, doubled: 0, partial: 0 },
		);
	});

	test("whatever a label holds, it is a label and no part of a query", async () => {
		const store = await openStore(`clickhouse://${place.hosts}/fuzz`);
		try {
			const names = [...new Set(Array.from({ length: 12 }, (_, i) => hostile(i)))];
			await write(store, "fuzz", names.length, (i) => names[i]);
			for (const name of names) {
				const found = await store.requests({ ...RANGE, by: ["team"], where: { team: [name] } });
				assert.deepEqual(
					found.map(({ keys, records: n }) => [keys.team, n]),
					[[name, 1n]],
				);
			}
			assert.equal(await store.rowCount("usage_request"), names.length);
		} finally {
			await store.close();
		}
	});

	test("a backup is put into an empty database, and answers as the ledger that it was made of", async () => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-copy-"));
		const [from, to] = [`clickhouse://${place.hosts}/copied`, `clickhouse://${place.hosts}/restored`];
		const store = await openStore(from);
		try {
			await write(store, "a", 300);
			await store.rollUp();
			await write(store, "b", 50);
			const question = { ...RANGE, by: ["team"], step: "hour" };
			const asked = await store.requests(question);
			await store.backup(join(folder, "copy"));
			const { form, requests } = await inspectLedger(from);
			assert.deepEqual([form, requests, (await inspectLedger(to)).form], [1, 350, 0]);
			await refusesWhatIsDamaged(join(folder, "copy"), `${to}3`);
			const budgets = JSON.stringify({ version: 1, budgets: [BUDGET] });
			writeFileSync(budgetFileOf(join(folder, "copy")), budgets);
			await restoreBackup(join(folder, "copy"), to);
			assert.deepEqual(JSON.parse(readFileSync(budgetFileOf(to), "utf8")), JSON.parse(budgets));
			rmSync(budgetFileOf(to));
			await assert.rejects(restoreBackup(join(folder, "copy"), to), { code: "place-taken" });
			await assert.rejects(restoreBackup(folder, `${to}2`), { code: "store-unreadable" });
			const again = await openStore(to);
			assert.deepEqual(await again.requests(question), asked);
			assert.deepEqual(await write(again, "b", 50), { stored: 0, repeated: 50 });
			assert.equal(await again.rollUp(), 1);
			assert.deepEqual(await again.requests(question), asked);
			await again.close();
		} finally {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		}
	});

	test("two ledgers of two processes write into one database, and one of them alone has a spool", async () => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-two-"));
		const url = `clickhouse://${place.hosts}/shared`;
		const server = await openLedger(url, join(folder, "spool"));
		const importer = await openStore(url);
		try {
			const another = `import { openLedger } from "@farthing/ledger/store";
				await openLedger(${JSON.stringify(url)}, ${JSON.stringify(join(folder, "spool"))})
					.then(() => console.log("opened"), ({ code }) => console.log(code));
				process.exit();`;
			const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", another], { cwd: root });
			assert.equal(String(stdout).trim(), "store-locked");
			await Promise.all([write(server.store, "one", 100), write(importer, "other", 100)]);
			const counts = await Promise.all([server.store.rollUp(), importer.rollUp()]);
			assert.equal(counts[0] + counts[1], 2);
			assert.deepEqual([await records(server.store), await records(importer)], [200, 200]);
		} finally {
			await importer.close();
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	});

	test("a user that the server does not know is told so", async () => {
		await assert.rejects(openStore(`clickhouse://nobody@${place.hosts}/x`), {
			code: "store-unreachable",
			message: /user and password/,
			hint: /FARTHING_CLICKHOUSE_PASSWORD/,
		});
	});
});

/** A byte of a table turned over, a file that is gone, a list that was cut: nothing is made of any. */
async function refusesWhatIsDamaged(copy, to) {
	const refused = (message) => assert.rejects(restoreBackup(copy, to), { code: "store-unreadable", message });
	for (const [file, message] of [
		["usage_request.native", /usage_request\.native has not the SHA-256/],
		["ledger.json", /is no backup/],
	]) {
		const path = join(copy, file);
		const whole = readFileSync(path);
		const changed = Buffer.from(whole);
		changed[Math.floor(whole.length / 2)] ^= 1;
		writeFileSync(path, file === "ledger.json" ? whole.subarray(0, whole.length / 2) : changed);
		await refused(message);
		rmSync(path);
		await refused(file === "ledger.json" ? message : /usage_request\.native is missing/);
		writeFileSync(path, whole);
	}
	assert.equal((await inspectLedger(to)).form, 0, "no table was made");
}

const BUDGET = {
	id: "chat",
	tenant: "local",
	amount: { value: "5000", currency: "USD" },
	period: "month",
	scope: { model: "m" },
	thresholds: [0.8],
};

describe("a ClickHouse cluster of 2 shards with 2 replicas each", () => {
	let place;
	before(async () => {
		place = await startCluster();
	});
	after(() => place?.stop());

	// The whole of it takes minutes on a busy machine: npm run campaign -- cluster.
	test("of the suite that every store passes, what shows most", (context) =>
		tellSuite(context, place, "sums equal|by a grown file|windows, capacity|labels are data"));

	test("with one server killed, questions are answered and segments taken in; once it is back it has them", async () => {
		const url = `clickhouse://${place.hosts}/killed${place.query}`;
		const store = await openStore(url);
		try {
			await write(store, "before", 600);
			// The one that the store speaks to.
			await place.servers[0].kill();
			assert.equal(await records(store), 600);
			await write(store, "meanwhile", 400);
			assert.equal(await records(store), 1000);
			await assert.rejects(store.rollUp(), { code: "store-unreachable" });

			await place.servers[0].start();
			// Its twin goes, so that what the first one has is all there is of their shard.
			// Asking hands over what waits.
			assert.equal(await records(store), 1000);
			await waitUntil(async () => (await rowsOf(place.servers[0])) === (await rowsOf(place.servers[1])));
			await place.servers[1].kill();
			assert.equal(await records(store), 1000);
			assert.deepEqual(await write(store, "meanwhile", 400), { stored: 0, repeated: 400 });
			await place.servers[1].start();
			assert.equal(await store.rollUp(), 2);
			assert.equal(await records(store), 1000);
		} finally {
			await store.close();
		}
	});
});

const RANGE = { from: T0, to: T0 + DAY };

async function records(store) {
	const found = await store.requests({ ...RANGE, by: ["team"] });
	assert.equal(found.length, 7);
	return found.reduce((sum, { records: n }) => sum + Number(n), 0);
}

/** Rows on one server itself. */
async function rowsOf(server) {
	const response = await fetch(`http://${server.host}/?database=killed`, {
		method: "POST",
		body: "SELECT count() FROM usage_request_local",
	});
	return Number(await response.text());
}

async function waitUntil(condition) {
	for (let tries = 0; tries < 300; tries++) {
		if (await condition()) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error("what was waited for did not come in 30 seconds");
}

/** Texts out of what breaks out of texts. */
function hostile(seed) {
	const parts = [
		"'",
		'"',
		"\\",
		"`",
		"{p1:String}",
		"--",
		"/*",
		"*/",
		";",
		" OR 1=1",
		"\n",
		"\t",
		"$1",
		"%",
		"é",
		"☃",
		"a",
	];
	let state = seed + 1;
	return Array.from({ length: 2 + (seed % 7) }, () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return parts[state % parts.length];
	}).join("");
}

async function write(store, id, n, team = (i) => `t${i % 7}`) {
	const writer = new SegmentWriter(store, { name: id, id });
	for (let i = 0; i < n; i++) {
		const t0 = T0 + i * 1_000_000;
		await writer.add({
			kind: "usage",
			record: {
				grain: "request",
				t0,
				t1: t0 + 900_000,
				source: { adapter: "test", version: "1", kind: "gateway" },
				request_id: `${id}-${i}`,
				model: { served: "m" },
				tenant: { team: team(i) },
				tokens: { in_total: 100, out_total: i },
			},
		});
	}
	return writer.finish();
}

/** Tells each test of the suite as one of this file. */
async function tellSuite(context, place, pattern) {
	const tests = await runSuite(place, pattern);
	assert.ok(tests.length >= 3, `the suite ran ${tests.length} tests`);
	for (const { title, status, failureMessages } of tests) {
		await context.test(title, () => assert.equal(status, "passed", failureMessages.join("\n")));
	}
}
