// kill -9 at random instants during ingest. A child takes events over HTTP; this process sends bodies, notes which were
// acknowledged, kills the child or in turn the ClickHouse server that it loads into, opens the ledger itself and counts: an acknowledged body must be there once and whole,
// any other not at all or once and whole. What was not acknowledged is sent again under the same key.
// After each kill a block of the DuckDB file is left torn, as a kill amid a checkpoint leaves one by chance now and then.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openLedger } from "@farthing/ledger/store";

const child = fileURLToPath(new URL("ingest-child.mjs", import.meta.url));
const T0 = Date.UTC(2026, 9, 28);

/**
 * Runs so many kills. Gives the counts: bodies and events sent and acknowledged, lost, doubled, in part; and what the
 * kills hit. `seed` decides sizes and instants; where a kill lands is left to the machine.
 * `server`: one ClickHouse server with `kill` and `start`, into which events go; without it they go into a DuckDB file.
 */
export async function runKills({ cycles, seed = 1, server, log = () => undefined }) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-kills-"));
	const draw = stream(seed);
	const url = server === undefined ? join(folder, "ledger.duckdb") : `clickhouse://${server.host}/kills_${seed}`;
	const place = { folder, url };
	const bodies = [];
	const total = {
		cycles,
		killed: 0,
		bodies: 0,
		events: 0,
		resent: 0,
		lost: 0,
		doubled: 0,
		partial: 0,
		servers: 0,
		torn: 0,
	};
	const seen = { spool: 0, begun: 0, log: 0, unacknowledged: 0 };
	const reopenMs = [];
	try {
		for (let cycle = 0; cycle < cycles; cycle++) {
			// In turn the process, the server, and both.
			const victims = server === undefined ? ["process"] : [["process"], ["server"], ["process", "server"]][cycle % 3];
			await oneLife({ ...place, server, victims }, bodies, total, draw);
			noteState(folder, seen);
			if (server === undefined && tearBlock(url, draw)) total.torn++;
			const start = performance.now();
			await check(place, bodies, total, seen);
			reopenMs.push(performance.now() - start);
			if (cycle % 10 === 9) log(`${cycle + 1} kills, ${total.bodies} bodies acknowledged, ${faults(total)} faults`);
		}
		return { ...total, seen, reopenMs: reopenMs.sort((a, b) => a - b) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export function faults({ lost, doubled, partial }) {
	return lost + doubled + partial;
}

async function oneLife({ folder, url: store, server, victims }, bodies, total, draw) {
	const ingest = spawn(process.execPath, [child, folder, store], { stdio: ["ignore", "pipe", "inherit"] });
	const exit = once(ingest, "exit");
	const started = await Promise.race([once(ingest.stdout, "data"), exit.then(() => undefined)]);
	if (started === undefined) throw new Error("the ledger did not open after a kill");
	const url = `http://127.0.0.1:${Number(String(started[0]))}/v1/ingest/usage`;
	const life = new AbortController();
	let restarted = Promise.resolve();
	const timer = setTimeout(
		() => {
			if (victims.includes("server")) {
				restarted = server.kill().then(() => server.start());
				total.servers++;
			}
			// Where the server alone is killed, events go on being taken in while it is away.
			setTimeout(
				() => {
					ingest.kill("SIGKILL");
					life.abort();
				},
				victims.includes("process") ? 0 : 400,
			);
		},
		20 + draw() ** 2 * 1500,
	);
	const open = bodies.filter(({ isAcknowledged }) => !isAcknowledged);
	total.resent += open.length;
	const sender = async () => {
		while (!life.signal.aborted) {
			const body = open.pop() ?? newBody(bodies, draw);
			await send(url, body, total, life.signal);
			if (!body.isAcknowledged) return;
		}
	};
	await Promise.all([sender(), sender(), sender()]);
	await exit;
	clearTimeout(timer);
	await restarted;
	if (ingest.signalCode !== "SIGKILL") throw new Error(`the ledger ended by itself, with ${ingest.exitCode}`);
	total.killed++;
}

async function send(url, body, total, signal) {
	try {
		const response = await fetch(url, {
			method: "POST",
			body: textOf(body),
			headers: { "idempotency-key": body.key },
			signal,
		});
		if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
		// The acknowledgement is its status; whether its text still came through the kill does not matter.
		body.isAcknowledged = true;
		total.bodies++;
		total.events += body.size;
	} catch (error) {
		// A request on its way when the child was killed may never be told so.
		const isKilled = error instanceof TypeError || error.name === "AbortError";
		if (!isKilled) throw error;
	}
}

/** Counts what the ledger holds of each body, after the recovery that opening it is. */
async function check({ folder, url }, bodies, total, seen) {
	const ledger = await openLedger(url, join(folder, "spool"), { store: { memory: "512MB" } });
	try {
		const range = { from: 0, to: (T0 + 86_400_000) * 1000 };
		const found = await ledger.store.requests({ ...range, by: ["key"], detail: "raw" });
		const rolled = await ledger.store.requests({ ...range, by: ["key"] });
		const held = new Map(found.map(({ keys, records }) => [keys.key, Number(records)]));
		const inRollUps = new Map(rolled.map(({ keys, records }) => [keys.key, Number(records)]));
		for (const body of bodies) {
			const n = held.get(body.key) ?? 0;
			if (n !== (inRollUps.get(body.key) ?? 0)) throw new Error(`roll-ups tell ${body.key} otherwise than events`);
			if (n === 0 && body.isAcknowledged) total.lost++;
			else if (n > body.size) total.doubled++;
			else if (n > 0 && n < body.size) total.partial++;
			else if (n > 0 && !body.isAcknowledged) seen.unacknowledged++;
		}
		const known = new Set(bodies.map(({ key }) => key));
		if ([...held.keys()].some((key) => !known.has(key))) throw new Error("the ledger holds what nobody sent");
	} finally {
		await ledger.close();
	}
}

/** What the kill left behind, before it is mended: events in the spool, a segment just begun, the database's log. */
function noteState(folder, seen) {
	const segments = readdirSync(join(folder, "spool"));
	if (segments.length > 0) seen.spool++;
	if (segments.some((name) => statSync(join(folder, "spool", name)).size === 0)) seen.begun++;
	if (readdirSync(folder).some((name) => name.endsWith(".wal"))) seen.log++;
}

/**
 * Writes over the last page of a block of metadata that the file's last checkpoint has, and whose copy is therefore kept beside it. False where
 * the kill came between a checkpoint and its copy, or before the first: then none was under way.
 */
function tearBlock(path, draw) {
	if (!existsSync(`${path}.blocks`)) return false;
	const [headerAt, headerBytes, page] = [18, 12_288, 4096];
	const [file, copy] = [readFileSync(path), readFileSync(`${path}.blocks`)];
	if (!copy.subarray(headerAt, headerAt + headerBytes).equals(file.subarray(0, headerBytes))) return false;
	const counts = headerAt + headerBytes;
	const [size, blocks] = [0, 8].map((at) => Number(copy.readBigUInt64LE(counts + at)));
	if (blocks === 0) return false;
	const chosen = Math.floor(draw() * blocks);
	const id = Number(copy.readBigUInt64LE(counts + 16 + chosen * (8 + size)));
	const end = headerBytes + (id + 1) * size;
	file.fill(0xa5, end - page, end);
	writeFileSync(path, file);
	return true;
}

function newBody(bodies, draw) {
	const body = { key: `body-${bodies.length}`, size: 1 + Math.floor(draw() * 400), isAcknowledged: false };
	bodies.push(body);
	return body;
}

function textOf({ key, size }) {
	return Array.from({ length: size }, (_, i) =>
		JSON.stringify({
			grain: "request",
			t0: new Date(T0 + i * 211).toISOString(),
			t1: new Date(T0 + i * 211 + 900).toISOString(),
			source: { adapter: "campaign", version: "1", kind: "gateway" },
			request_id: `${key}-${i}`,
			model: { served: "m" },
			tenant: { key },
			tokens: { in_total: 100 + i, out_total: i },
		}),
	).join("\n");
}

function stream(seed) {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 4_294_967_296;
	};
}
