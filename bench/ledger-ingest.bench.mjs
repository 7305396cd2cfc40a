// Durable, validated ingest over HTTP against bare JSON.parse of the same bytes on one thread: bodies of 500 events over
// eight connections, each acknowledged after it is on the disk. Client, server and loader share the machine, so the rate
// by the clock is what is left to the server; what the serving thread itself spends does not hang on what else runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { stream } from "./ledger/fleet-events.mjs";

const EVENTS = 500;
const BODIES = 40;
const CONNECTIONS = 8;
const ROUNDS = 3;
/** Bodies of a round: the first warms up and is not counted. */
const SENT = 400;

const bodies = Array.from({ length: BODIES }, (_, i) => Buffer.from(makeBody(i)));
const lines = bodies.flatMap((body) => body.toString().trimEnd().split("\n"));
const folder = mkdtempSync(join(tmpdir(), "farthing-ingest-bench-"));
try {
	const server = spawn(
		process.execPath,
		[fileURLToPath(new URL("ledger/ingest-server.mjs", import.meta.url)), folder],
		{
			stdio: ["pipe", "pipe", "inherit"],
		},
	);
	const ended = once(server, "exit");
	const port = Number(String((await once(server.stdout, "data"))[0]));
	const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
	let best = 0;
	let sent = 0;
	const cpu = { all: Number.POSITIVE_INFINITY, serving: Number.POSITIVE_INFINITY };
	for (let round = 0; round <= ROUNDS; round++) {
		const parsePerSecond = parseRate();
		const eventsPerSecond = await ingestRate(agent, port, round);
		sent += SENT * EVENTS;
		const answer = once(server.stdout, "data");
		server.stdin.write(round < ROUNDS ? "mark\n" : "stop\n");
		const { events, cpuSeconds, servingSeconds } = JSON.parse(String((await answer)[0]));
		if (events !== sent) throw new Error(`${sent} events were acknowledged, ${events} are in the store`);
		if (round === 0) continue;
		best = Math.max(best, eventsPerSecond / parsePerSecond);
		cpu.all = Math.min(cpu.all, cpuSeconds);
		cpu.serving = Math.min(cpu.serving, servingSeconds);
	}
	agent.destroy();
	// It rolls up as it closes, in the folder that is removed at the end.
	await ended;
	show(best, "durable ingest, of JSON.parse on one thread, by the clock (at least 0.5)");
	const parse = (parseCpuSeconds() / lines.length) * SENT * EVENTS;
	show(parse / cpu.serving, "the same with loading, per CPU second of the serving thread (at least 0.5)");
	show(parse / cpu.all, "the same with loading, per CPU second of all threads (none set)");
	console.log(`         all ${sent} acknowledged events are in the store`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function show(ratio, name) {
	console.log(`${ratio.toFixed(2).padStart(7)} ×  ${name}`);
}

async function ingestRate(agent, port, round) {
	const start = performance.now();
	let next = 0;
	const sender = async () => {
		while (next < SENT) {
			const body = next++;
			const send = () => post(agent, port, `${round}-${body}`, bodies[body % BODIES]);
			let status = await send();
			for (; status === 429; status = await send()) await new Promise((resolve) => setTimeout(resolve, 100));
			if (status !== 200) throw new Error(`the server answered ${status}`);
		}
	};
	await Promise.all(Array.from({ length: CONNECTIONS }, sender));
	return (SENT * EVENTS) / ((performance.now() - start) / 1000);
}

function post(agent, port, key, body) {
	return new Promise((resolve, reject) => {
		const headers = { "content-length": body.length, "idempotency-key": key };
		const sending = request(
			{ agent, port, host: "127.0.0.1", method: "POST", path: "/v1/ingest/usage", headers },
			(answer) => {
				answer.resume();
				answer.on("end", () => resolve(answer.statusCode));
			},
		);
		sending.on("error", reject);
		sending.end(body);
	});
}

function parseRate() {
	const start = performance.now();
	let parsed = 0;
	while (performance.now() - start < 1000) for (const line of lines) if (JSON.parse(line) !== null) parsed++;
	return parsed / ((performance.now() - start) / 1000);
}

function parseCpuSeconds() {
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 5; round++) {
		const before = process.cpuUsage();
		for (const line of lines) JSON.parse(line);
		const { user, system } = process.cpuUsage(before);
		best = Math.min(best, (user + system) / 1e6);
	}
	return best;
}

function makeBody(i) {
	const draw = stream(i + 1);
	const event = (j, key = Math.floor(draw() * 500)) => ({
		grain: "request",
		t0: new Date(Date.UTC(2026, 9, 28) + j * 173).toISOString(),
		t1: new Date(Date.UTC(2026, 9, 28) + j * 173 + 900).toISOString(),
		source: { adapter: "otlp", version: "1", kind: "gateway" },
		request_id: uuid(draw),
		status: "ok",
		scope: { group: `deployment-${Math.floor(draw() * 100)}`, hardware: "h100-sxm" },
		model: { served: `model-${Math.floor(draw() * 25)}` },
		// A key belongs to one team, as in the other bench.
		tenant: { team: `team-${key % 64}`, key: `key-${key}` },
		tokens: { in_total: 2000, in_cached_local: 800, in_cached_remote: 0, in_transferred: 0, out_total: 300 },
		latency: { ttft: { value: Math.floor(draw() * 1e6) }, e2e: { value: Math.floor(draw() * 1e7) } },
	});
	return Array.from({ length: EVENTS }, (_, j) => `${JSON.stringify(event(j))}\n`).join("");
}

function uuid(draw) {
	const hex = (digits) => Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join("");
	return [8, 4, 4, 4, 12].map(hex).join("-");
}
