// The ledger where the machine fails it: killed, no room on the disk, no right to write, opened twice. Needs root, for a
// disk that is small on purpose; without it these tests fail and say so.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { openLedger, openStore, SegmentWriter } from "@farthing/ledger/store";
import { faults, runKills } from "../campaign/kills.mjs";

const DAY = 86_400_000_000;
const T0 = Date.UTC(2026, 9, 28) * 1000;

test("ten kills at random instants lose nothing that was acknowledged, and double nothing", async () => {
	const result = await runKills({ cycles: 10, seed: 10 });
	assert.equal(result.killed, 10);
	assert.ok(result.bodies > 10, `only ${result.bodies} bodies were acknowledged`);
	assert.equal(faults(result), 0, JSON.stringify(result));
	assert.ok(result.torn > 0, "no block was left torn");
});

test("a spool on a full disk refuses by name, and takes in again once there is room", async () => {
	await onSmallDisk(6, async (disk) => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-full-"));
		try {
			const ledger = await openLedger(join(folder, "ledger.duckdb"), join(disk, "spool"), { loadEveryMs: 3_600_000 });
			let stored = 0;
			let refusal;
			for (let i = 0; i < 2000 && refusal === undefined; i++) {
				await ledger.ingest.accept("usage", body(`a${i}`, 500)).then(
					() => stored++,
					(error) => {
						refusal = error;
					},
				);
			}
			assert.equal(refusal?.code, "disk-full", String(refusal?.stack));
			assert.ok(stored > 5);
			await ledger.loader.drain();
			assert.equal(await ledger.store.rowCount("usage_request"), stored * 500);
			assert.equal((await ledger.ingest.accept("usage", body("b", 500))).outcome, "stored");
			await ledger.close();
			const again = await openLedger(join(folder, "ledger.duckdb"), join(disk, "spool"));
			assert.equal(await again.store.rowCount("usage_request"), (stored + 1) * 500);
			await again.close();
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

test("a store on a full disk refuses by name, opens afterwards, and holds what it said it stored", async () => {
	await onSmallDisk(24, async (disk) => {
		const path = join(disk, "ledger.duckdb");
		const store = await openStore(path, { memory: "256MB" });
		let stored = 0;
		let refusal;
		for (let i = 0; i < 400 && refusal === undefined; i++) {
			const writer = new SegmentWriter(store, { name: "fill", id: `fill-${i}` });
			try {
				for (let j = 0; j < 20_000; j++) await writer.add(record(`fill-${i}-${j}`, j));
				await writer.finish();
				stored++;
			} catch (error) {
				refusal = error;
			}
		}
		assert.equal(refusal?.code, "disk-full", String(refusal?.cause ?? refusal));
		await store.close();
		// Where the log cannot be taken in for want of room, it can on a larger disk.
		const again = await openStore(path, { memory: "256MB" }).catch(() => openCopy(disk));
		const rows = await again.rowCount("usage_request");
		assert.ok(rows === stored * 20_000 || rows === (stored + 1) * 20_000, `${rows} rows after ${stored} segments`);
		await again.close();
	});
});

test("without the right to write the ledger says so, and what is there stays as it is", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-locked-"));
	try {
		const path = join(folder, "ledger.duckdb");
		await (await openStore(path)).close();
		chmodSync(path, 0o444);
		chmodSync(folder, 0o555);
		const before = statSync(path).size;
		const { stdout } = asNobody(
			`import { openStore } from "@farthing/ledger/store";
			await openStore(${JSON.stringify(path)}).then(() => console.log("opened"), (error) => console.log(error.code));`,
		);
		assert.equal(stdout.trim(), "store-read-only");
		assert.equal(statSync(path).size, before);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("import and serve on a full disk say so, and the ledger opens afterwards with what was acknowledged", async () => {
	await onSmallDisk(24, async (disk) => {
		const ballast = join(disk, "ballast");
		writeFileSync(ballast, Buffer.alloc(12e6, 1));
		const path = join(disk, "ledger.duckdb");
		const server = await serving(path);
		let acknowledged = 0;
		let refusal;
		for (let i = 0; i < 400 && refusal === undefined; i++) {
			const response = await server.post(body(`s${i}`, 500));
			if (response.status === 200) acknowledged += 500;
			else refusal = { status: response.status, ...(await response.json()) };
		}
		assert.deepEqual([refusal?.status, refusal?.code], [507, "disk-full"]);
		const { code, errors } = await server.end();
		assert.equal(code, 2, errors);
		assert.match(errors, /the disk is full[\s\S]*ledger\.duckdb\.spool and is loaded at the next start/);
		// Room enough for all that waits, also while the store is rewritten as it closes.
		rmSync(ballast);
		execFileSync("mount", ["-o", "remount,size=96m", disk]);
		const next = await serving(path);
		assert.equal((await next.post(body("again", 500))).status, 200);
		assert.deepEqual(await next.end(), { code: 0, errors: "" });
		const again = await openLedger(path, `${path}.spool`, { store: { memory: "256MB" } });
		assert.equal(await again.store.rowCount("usage_request"), acknowledged + 500);
		await again.close();
		const { bavail, bsize } = statfsSync(disk);
		writeFileSync(ballast, Buffer.alloc(bavail * bsize - 2e6, 1));
		const lines = Array.from({ length: 60_000 }, (_, i) => importLine(`i${i}`, i));
		const full = farthing(["import", "-", "--store", join(disk, "other.duckdb"), "--json"], lines.join(""));
		assert.deepEqual([full.status, JSON.parse(full.stdout).error.code], [2, "disk-full"], full.stderr);
		assert.equal(farthing(["ledger", "status", "--store", path]).status, 0);
	});
});

test("import into a ledger that another process writes, or that this user may not write, says so", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-refused-"));
	try {
		const path = join(folder, "ledger.duckdb");
		const store = await openStore(path);
		const line = importLine("a", 1);
		const locked = farthing(["import", "-", "--store", path, "--json"], line);
		assert.deepEqual([locked.status, JSON.parse(locked.stdout).error.code], [2, "store-locked"]);
		await store.close();
		chmodSync(path, 0o444);
		chmodSync(folder, 0o555);
		const readOnly = farthing(["import", "-", "--store", path, "--json"], line, { uid: 65_534, gid: 65_534 });
		assert.deepEqual([readOnly.status, JSON.parse(readOnly.stdout).error.code], [2, "store-read-only"]);
		chmodSync(folder, 0o755);
		chmodSync(path, 0o644);
		const last = farthing(["import", "-", "--store", path], line);
		assert.equal(last.status, 0, last.stderr);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("a line of 1 GB is set aside within bounded memory, what stands around it is stored", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-long-"));
	try {
		const file = join(folder, "long.jsonl.gz");
		// Sixteen members of 64 MB: gzip may be put together.
		const filling = gzipSync(Buffer.alloc(64 * 1_048_576, 97), { level: 1 });
		const around = [`${importLine("a", 1)}{"usage":"`, `"}\n${importLine("b", 2)}`].map((text) => gzipSync(text));
		writeFileSync(file, Buffer.concat([around[0], ...Array.from({ length: 16 }, () => filling), around[1]]));
		const path = join(folder, "ledger.duckdb");
		const peak = `data:text/javascript,process.on("exit",()=>process.stderr.write(\`peak \${process.resourceUsage().maxRSS}\\n\`))`;
		const { status, stdout, stderr } = farthing(["import", file, "--store", path, "--json"], "", {
			node: ["--import", peak],
			cwd: folder,
		});
		const { records, quarantined, faults: [fault] = [] } = JSON.parse(stdout).result;
		assert.deepEqual([status, records, quarantined, fault?.line], [4, 2, 1, 2]);
		assert.match(fault.reason, /longer than/);
		const kilobytes = Number(/peak (\d+)/.exec(stderr)?.[1]);
		assert.ok(kilobytes > 0 && kilobytes < 500e6 / 1024, `${kilobytes} kB`);
		const store = await openStore(path);
		assert.equal(await store.rowCount("usage_request"), 2);
		await store.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("a second process cannot open the ledger, and says why; the first goes on", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-two-"));
	try {
		const [path, spool] = [join(folder, "ledger.duckdb"), join(folder, "spool")];
		const ledger = await openLedger(path, spool);
		const { stdout } = spawnSync(
			process.execPath,
			[
				"--input-type=module",
				"-e",
				`import { openLedger } from "@farthing/ledger/store";
				await openLedger(${JSON.stringify(path)}, ${JSON.stringify(spool)}).then(() => console.log("opened"), (e) => console.log(e.code, e.hint));`,
			],
			{ cwd: import.meta.dirname, encoding: "utf8" },
		);
		assert.match(stdout, /^store-locked stop the other process/);
		assert.equal((await ledger.ingest.accept("usage", body("a", 10))).outcome, "stored");
		await ledger.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

async function onSmallDisk(megabytes, work) {
	assert.equal(process.getuid?.(), 0, "this test mounts a small disk: run it as root");
	const disk = mkdtempSync(join(tmpdir(), "farthing-disk-"));
	execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", disk]);
	try {
		await work(disk);
	} finally {
		execFileSync("umount", ["-l", disk]);
		rmSync(disk, { recursive: true, force: true });
	}
}

async function openCopy(disk) {
	const roomy = mkdtempSync(join(tmpdir(), "farthing-roomy-"));
	cpSync(disk, roomy, { recursive: true });
	return openStore(join(roomy, "ledger.duckdb"));
}

/** Runs as the user that may nothing, where this one is root. */
function asNobody(code) {
	assert.equal(process.getuid?.(), 0, "this test gives up its rights: run it as root");
	return spawnSync(process.execPath, ["--input-type=module", "-e", code], {
		cwd: import.meta.dirname,
		encoding: "utf8",
		uid: 65_534,
		gid: 65_534,
	});
}

const bin = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));

function farthing(args, input = "", { node = [], ...options } = {}) {
	return spawnSync(process.execPath, [...node, bin, ...args], { input, encoding: "utf8", cwd: tmpdir(), ...options });
}

async function serving(path) {
	const child = spawn(process.execPath, [bin, "serve", "--port", "0", "--ledger", path, "--quiet"], {
		cwd: tmpdir(),
		stdio: ["ignore", "pipe", "pipe"],
	});
	let errors = "";
	child.stderr.on("data", (piece) => {
		errors += piece;
	});
	let text = "";
	for await (const piece of child.stdout) {
		text += piece;
		if (text.includes("/v1/ingest/usage")) break;
	}
	const [, url] = /by (http\S+)/.exec(text) ?? [];
	return {
		// A busy server asks to be asked again.
		post: async (bytes) => {
			for (;;) {
				const response = await fetch(url, { method: "POST", body: bytes });
				if (response.status !== 429) return response;
				await response.body.cancel();
				await new Promise((resolve) => setTimeout(resolve, 200));
			}
		},
		end: async () => {
			const ended = once(child, "close");
			child.kill("SIGTERM");
			const [code] = await ended;
			return { code, errors };
		},
	};
}

function importLine(id, i) {
	const { record: usage } = record(id, i);
	const at = (micros) => new Date(micros / 1000).toISOString();
	return `${JSON.stringify({ usage: { ...usage, t0: at(usage.t0), t1: at(usage.t1) } })}\n`;
}

function body(key, size) {
	const event = (i) => ({
		grain: "request",
		t0: new Date(T0 / 1000 + i * 211).toISOString(),
		t1: new Date(T0 / 1000 + i * 211 + 900).toISOString(),
		source: { adapter: "fault", version: "1", kind: "gateway" },
		request_id: `${key}-${i}`,
		model: { served: "m" },
		tokens: { in_total: 100 + i, out_total: i },
	});
	return Buffer.from(Array.from({ length: size }, (_, i) => `${JSON.stringify(event(i))}\n`).join(""));
}

function record(id, i) {
	return {
		kind: "usage",
		record: {
			grain: "request",
			t0: T0 + ((i * 7919) % DAY),
			t1: T0 + ((i * 7919) % DAY) + 1000,
			source: { adapter: "fault", version: "1", kind: "gateway" },
			request_id: id,
			model: { served: "m" },
			tokens: { in_total: (i * 104_729) % 100_003, out_total: (i * 1_299_709) % 4001 },
		},
	};
}
