// Reads of the API over loopback: how many a second and how late the slowest of a hundred, below capacity; and what
// becomes of three times as many as it can answer. Client and server share the machine: the server has a process of its
// own, the load another. Requests are sent at their times, whether earlier ones were answered or not, and a latency
// counts from the time a request was due.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const PATHS = [
	"/v1/claims",
	"/v1/claims/gb300-35x",
	"/v1/catalog/hardware/b200-sxm",
	"/v1/frontier?model=deepseek-r1&isl=8192&osl=1024&at=50&hardware=b200",
];
const READS_PER_SECOND = 2000;
const SECONDS = 5;
const CONNECTIONS = 64;

if (isMainThread) await measure();
else await askAlone(workerData);

async function measure() {
	const bin = fileURLToPath(new URL("../packages/cli/bin/farthing.js", import.meta.url));
	const server = spawn(process.execPath, [bin, "serve", "--port", "0", "--quiet"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	try {
		const port = await portOf(server);
		const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: "fifo" });
		for (const path of PATHS)
			await once(
				send(agent, port, path, () => undefined),
				"close",
			);
		await load(agent, port, 1000, 2);

		const before = cpuSeconds(server.pid);
		const steady = await load(agent, port, READS_PER_SECOND, SECONDS);
		const cpu = cpuSeconds(server.pid) - before;
		line(steady.answered / SECONDS, "", `reads a second answered of ${READS_PER_SECOND} asked (at least 2,000)`, 0);
		line(steady.quantile(0.5), " ms", "median, from the time a read was due", 2);
		line(steady.quantile(0.99), " ms", "slowest of a hundred (at most 50)", 2);

		line(
			(cpu / steady.sent) * 1e6,
			" µs",
			"of processor time of the server for a read, all its threads (at most 500)",
			0,
		);

		const capacity = await capacityOf(agent, port);
		line(capacity, "", "reads a second are its capacity: as many as come back on all connections", 0);
		const other = new Worker(fileURLToPath(import.meta.url), { workerData: { port, path: PATHS[1] } });
		const flood = await load(new Agent({ keepAlive: true, maxSockets: 512 }), port, 3 * capacity, SECONDS);
		const told = once(other, "message");
		other.postMessage("enough");
		const [lone] = await told;
		line(flood.answered / SECONDS, "", `answered a second at three times that, ${flood.lost} lost`, 0);
		line((100 * flood.shed) / flood.sent, " %", "refused with 429 and Retry-After", 1);
		line(flood.quantile(0.99), " ms", "slowest of a hundred answered, from the time it was due", 1);
		line(
			lone.late,
			" ms",
			"slowest of a hundred answered to another that asks one thing after another (at most 250)",
			1,
		);
		line((100 * lone.refused) / lone.asked, " %", `of its ${lone.asked} questions refused`, 1);
		await new Promise((resolve) => setTimeout(resolve, 2000));
		const after = await load(agent, port, READS_PER_SECOND, 2);
		line(after.shed, "", "refused at the first load two seconds later (none)", 0);
		line(after.quantile(0.99), " ms", "slowest of a hundred then (at most 50)", 2);
		agent.destroy();
	} finally {
		server.kill("SIGTERM");
	}
}

async function portOf({ stdout }) {
	let text = "";
	for await (const part of stdout) {
		text += part;
		const port = /answers at http:\/\/[^:]+:(\d+)\//.exec(text)?.[1];
		if (port !== undefined) return Number(port);
	}
	throw new Error(`the server did not start: ${text}`);
}

function send(agent, port, path, done) {
	const asked = request({ agent, port, path, host: "127.0.0.1" }, (response) => {
		response.resume();
		response.once("end", () => done(response.statusCode, response.headers["retry-after"]));
	});
	asked.on("error", () => done(0));
	asked.end();
	return asked;
}

/** Of all threads of a process, where the system tells it. */
function cpuSeconds(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** So many a second, at their times. */
async function load(agent, port, perSecond, seconds) {
	const total = Math.round(perSecond * seconds);
	const latencies = [];
	let [sent, shed, lost, open] = [0, 0, 0, 0];
	const start = performance.now();
	await new Promise((resolve) => {
		const turn = () => {
			const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond));
			while (sent < due) {
				const at = start + (sent / perSecond) * 1000;
				open++;
				send(agent, port, PATHS[sent++ % PATHS.length], (status, retryAfter) => {
					open--;
					if (status === 200) latencies.push(performance.now() - at);
					else if (status === 429 && Number(retryAfter) > 0) shed++;
					else lost++;
					if (sent === total && open === 0) resolve();
				});
			}
			if (sent < total) setTimeout(turn, 1);
		};
		turn();
	});
	return {
		sent,
		shed,
		lost,
		answered: latencies.length,
		quantile: (share) => quantileOf(latencies, share),
	};
}

/** One that asks one thing after another on a connection of its own, by a thread of its own, until told that it is enough. */
async function askAlone({ port, path }) {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const latencies = [];
	let [asked, refused, isEnough] = [0, 0, false];
	parentPort.once("message", () => {
		isEnough = true;
	});
	while (!isEnough) {
		const start = performance.now();
		asked++;
		const status = await new Promise((resolve) => send(agent, port, path, resolve));
		if (status === 200) latencies.push(performance.now() - start);
		else refused++;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	agent.destroy();
	parentPort.postMessage({ asked, refused, late: quantileOf(latencies, 0.99) });
}

function quantileOf(times, share) {
	times.sort((a, b) => a - b);
	return times[Math.min(times.length - 1, Math.floor(share * times.length))];
}

/** Each connection asks again as soon as it is answered. */
async function capacityOf(agent, port) {
	const until = performance.now() + 3000;
	let answered = 0;
	await Promise.all(
		Array.from({ length: CONNECTIONS }, async (_, i) => {
			for (let n = i; performance.now() < until; n++) {
				await new Promise((resolve) => {
					send(agent, port, PATHS[n % PATHS.length], (status) => {
						if (status === 200) answered++;
						resolve();
					});
				});
			}
		}),
	);
	return answered / 3;
}

function line(value, unit, words, digits) {
	console.log(`${value.toFixed(digits).padStart(9)}${unit.padEnd(3)}  ${words}`);
}
