// The parts of docs/ledger-campaign.md that tell of 100 million events and of a file of 5 GB.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { rateUsage } from "@farthing/ledger";
import { openStore, RATED_COLUMNS } from "@farthing/ledger/store";
import { eventBatch } from "../../bench/ledger/fleet-events.mjs";
import { priceList } from "../../bench/ledger/prices.mjs";
import { rowsOf } from "../../packages/ledger/dist/store/duckdb/connection.js";

const BATCH = 122_880;
const DAYS = 30;
const EVENTS = Number(process.env.CAMPAIGN_EVENTS ?? 100_000_000);
const FILE_BYTES = Number(process.env.CAMPAIGN_BYTES ?? 5e9);
const DAY_MICROS = 86_400_000_000;
const START = Date.UTC(2026, 10, 1) * 1000;
const END = START + DAYS * DAY_MICROS;

/** The part on many events. */
export async function runEvents(log) {
	const { rows, isMet, count } = await manyEvents(log);
	const words =
		"Thirty days of a fleet: 25 models, 64 teams, 500 keys, random ids, log-normal tokens; 3.7 million events, stored again and again. They are loaded, rolled up, and asked for cost per day by model and team, from roll-ups and from every event; the answers must be equal.";
	return { text: pageOf(`${count.toLocaleString("en")} events`, words, rows), isMet };
}

/** The part on a large file. */
export async function runFile(log) {
	const { rows, isMet, bytes } = await largeFile(log);
	const words = "The file holds usage records as JSON lines and is read by `farthing import` into a ledger.";
	return { text: pageOf(`A file of ${(bytes / 1e9).toFixed(1)} GB`, words, rows), isMet };
}

function pageOf(title, words, rows) {
	return [
		`## ${title}`,
		"",
		words,
		"",
		"| | reached | goal |",
		"|---|---|---|",
		...rows.map(({ name, value, goal }) => `| ${name} | ${value} | ${goal} |`),
	].join("\n");
}

async function manyEvents(log) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-scale-"));
	const path = join(folder, "ledger.duckdb");
	const store = await openStore(path, { memory: "4GB" });
	try {
		// A month is made once and stored again and again: what a store does with an event does not hang on its newness.
		const month = Array.from({ length: DAYS }, (_, day) =>
			eventBatch(BATCH, { seed: day + 1, start: START + day * DAY_MICROS, days: 1 }),
		);
		const loads = Math.ceil(EVENTS / (BATCH * DAYS));
		for (let load = 0; load < loads; load++) {
			for (let day = 0; day < DAYS; day += 3) {
				await store.load(`${load}-${day}`, [{ batches: month.slice(day, day + 3) }], { name: "campaign", bytes: 0 });
			}
			log(`${(load + 1) * BATCH * DAYS} events loaded`);
		}
		await store.checkpoint();
		const count = await store.rowCount("usage_request");
		const bytes = statSync(path).size;
		const query = (sql) => store.reading((connection) => rowsOf(connection, sql));
		await store.rollUp();
		log("rolled up");
		const prices = priceList(START, END);
		// A price that changes within an hour, so that roll-ups and events must work together.
		const question = {
			from: START,
			to: END,
			by: ["model", "served", "team"],
			step: "day",
			edges: prices.edges,
			columns: RATED_COLUMNS,
		};
		const sum = await fastest(() => query("SELECT sum(in_total), sum(out_total) FROM usage_request"));
		const rolled = await timed(async () => rateUsage(await store.requests(question), prices.records));
		const raw = await timed(async () =>
			rateUsage(await store.requests({ ...question, detail: "raw" }), prices.records),
		);
		const isEqual = plain(rolled.result) === plain(raw.result);
		const whole = await timed(() => store.requests({ from: START, to: END, by: ["model", "served", "team"] }));
		return {
			count,
			isMet: isEqual && whole.seconds < 2 && raw.seconds / sum <= 20,
			rows: [
				row("bytes of an event in the store", (bytes / count).toFixed(1), "—"),
				row("the month by model and team, from roll-ups", `${whole.seconds.toFixed(2)} s`, "under 2 s"),
				row(
					"cost per day by model and team with a price change, from roll-ups and the events of two hours",
					`${rolled.seconds.toFixed(2)} s`,
					"—",
				),
				row(
					"the same from every event",
					`${raw.seconds.toFixed(1)} s, ${(raw.seconds / sum).toFixed(1)} × a plain sum`,
					"at most 20 ×",
				),
				row("work waiting for the two cores at the end, on average of 15 minutes", loadavg()[2].toFixed(1), "below 2"),
				row("both answers equal, to the billionth", isEqual ? "yes" : "**no**", "yes"),
			],
		};
	} finally {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function largeFile(log) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-large-"));
	const path = join(folder, "usage.jsonl");
	try {
		const lines = await writeLines(path);
		log(`${lines} lines written`);
		const farthing = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));
		const store = join(folder, "ledger.duckdb");
		const importing = spawn(process.execPath, [farthing, "import", path, "--store", store, "--json"], { cwd: folder });
		let output = "";
		importing.stdout.on("data", (piece) => {
			output += piece;
		});
		importing.stderr.pipe(process.stderr);
		let peak = 0;
		const watch = setInterval(() => {
			peak = Math.max(peak, residentBytes(importing.pid));
		}, 200);
		const [code] = await once(importing, "exit");
		clearInterval(watch);
		const { result } = JSON.parse(output);
		const isWhole = code === 0 && result.records === lines && result.quarantined === 0;
		return {
			bytes: statSync(path).size,
			isMet: isWhole && peak < 500e6,
			rows: [
				row(
					"records of the file that are in the ledger",
					`${result.records.toLocaleString("en")} of ${lines.toLocaleString("en")}`,
					"all",
				),
				row("most memory held while importing it", `${(peak / 1e6).toFixed(0)} MB`, "under 500 MB"),
			],
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Writes usage records until the file is long enough; gives how many. */
async function writeLines(path) {
	const out = createWriteStream(path);
	const block = 20_000;
	let written = 0;
	let lines = 0;
	while (written < FILE_BYTES) {
		const text = Array.from({ length: block }, (_, i) => lineOf(lines + i)).join("");
		lines += block;
		written += text.length;
		if (!out.write(text)) await once(out, "drain");
	}
	out.end();
	await once(out, "finish");
	return lines;
}

function lineOf(i) {
	const at = START / 1000 + i * 120;
	return `{"usage":{"grain":"request","t0":"${new Date(at).toISOString()}","t1":"${new Date(at + 900).toISOString()}","source":{"adapter":"campaign","version":"1","kind":"gateway"},"request_id":"request-${i}","status":"ok","scope":{"group":"deployment-${i % 100}","hardware":"h100-sxm"},"model":{"served":"model-${i % 25}"},"tenant":{"team":"team-${i % 64}","key":"key-${i % 500}"},"tokens":{"in_total":${1000 + (i % 7777)},"in_cached_local":100,"in_cached_remote":0,"in_transferred":0,"out_total":${i % 999}},"latency":{"ttft":{"value":${200_000 + (i % 99_991)}}}}}\n`;
}

function residentBytes(pid) {
	try {
		return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
}

async function timed(work) {
	const start = performance.now();
	const result = await work();
	return { result, seconds: (performance.now() - start) / 1000 };
}

async function fastest(work) {
	const times = [];
	for (let round = 0; round < 3; round++) times.push((await timed(work)).seconds);
	return Math.min(...times);
}

function row(name, value, goal) {
	return { name, value, goal };
}

function plain(value) {
	return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}
