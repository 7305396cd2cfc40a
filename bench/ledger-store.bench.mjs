// The store of the ledger as ratios in one run: typed append against CREATE TABLE AS per CPU second, bytes against
// Parquet with zstd, the rated roll-up against a plain sum, and a reader beside 50,000 rows a second of writes.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { rateUsage } from "@farthing/ledger";
import { openStore, RATED_COLUMNS } from "@farthing/ledger/store";
import { rowsOf } from "../packages/ledger/dist/store/duckdb/connection.js";
import { eventBatch } from "./ledger/fleet-events.mjs";
import { priceList, tokenPrices } from "./ledger/prices.mjs";

const BATCH = 122_880;
const BATCHES = 16;
const START = Date.UTC(2026, 10, 1) * 1000;
const DAYS = 16;
const END = START + DAYS * 86_400_000_000;

const folder = mkdtempSync(join(tmpdir(), "farthing-bench-"));
const path = join(folder, "ledger.duckdb");
const store = await openStore(path, { memory: "2GB" });
const query = (sql) => store.reading((connection) => rowsOf(connection, sql));
try {
	const batches = Array.from({ length: BATCHES }, (_, i) =>
		eventBatch(BATCH, { seed: i + 1, start: START + i * 86_400_000_000, days: 1 }),
	);
	const rows = BATCH * BATCHES;

	// In turns, and the least of each, since other work on the machine slows now the one and now the other.
	let [append, copy] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	for (let from = 0; from < BATCHES; from += 4) {
		const loading = await cpuSeconds(async () => {
			for (let i = from; i < from + 4; i++)
				await store.load(`b${i}`, [{ batches: [batches[i]] }], { name: "bench", bytes: 0 });
			await store.checkpoint();
		});
		const copying = await cpuSeconds(async () => {
			await query(`CREATE TABLE copied AS SELECT * FROM usage_request WHERE segment_no > ${from}`);
			await store.checkpoint();
		});
		await query("DROP TABLE copied");
		await store.checkpoint();
		[append, copy] = [Math.min(append, loading), Math.min(copy, copying)];
	}
	show("typed append, rows per CPU second, of CREATE TABLE AS", copy / append, "at least 0.8");
	const bytes = await usedBytes();

	const parquet = await exported(folder);
	show("bytes of the store, of Parquet with zstd", bytes / parquet, "at most 1.2");

	const prices = priceList(START, END);
	const sum = await least(() => query("SELECT sum(in_total), sum(out_total) FROM usage_request"));
	const question = {
		from: START,
		to: END,
		by: ["model", "served", "team"],
		step: "day",
		edges: prices.edges,
		columns: RATED_COLUMNS,
		detail: "raw",
	};
	const rated = await least(async () => rateUsage(await store.requests(question), prices.records));
	show(
		`rated cost per day, model and team over ${millions(rows)} events, CPU seconds of a plain sum`,
		rated / sum,
		"at most 20 over 100 million",
	);

	await store.rollUp();
	const fromRollUps = await least(async () =>
		rateUsage(await store.requests({ ...question, detail: "auto" }), prices.records),
	);
	show("the same from roll-ups, CPU seconds of a plain sum", fromRollUps / sum, "none set");

	const alone = await fastest(() => store.requests(question));
	const writer = writing(store, 50_000);
	const beside = await fastest(() => store.requests(question));
	const written = await writer.stop();
	show(
		`reader beside ${Math.round(written / 1000)},000 rows a second of writes, of alone`,
		beside / alone,
		"at most 1.5",
	);
	if (tokenPrices(prices.records) === 0) throw new Error("nothing was priced");
} finally {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
}

/** Bytes of the file that hold something: a table that was dropped leaves room in it. */
async function usedBytes() {
	const [[used, size]] = await query(
		"SELECT used_blocks, block_size FROM pragma_database_size() WHERE database_name = 'ledger'",
	);
	return Number(used) * Number(size);
}

async function exported(where) {
	await store.exportParquet(join(where, "parquet"));
	return statSync(join(where, "parquet/usage_request.parquet")).size;
}

/** Writes so many rows a second in batches of 5,000, until it is stopped; tells what it reached. */
function writing(target, rowsPerSecond) {
	const size = 5000;
	const batch = eventBatch(size, { seed: 99, start: END, days: 1 });
	const start = performance.now();
	let written = 0;
	let isOn = true;
	const done = (async () => {
		while (isOn) {
			await target.load(`w${written}`, [{ batches: [batch] }], { name: "bench", bytes: 0 });
			written += size;
			const ahead = (written / rowsPerSecond) * 1000 - (performance.now() - start);
			await new Promise((resolve) => setTimeout(resolve, Math.max(0, ahead)));
		}
	})();
	return {
		stop: async () => {
			isOn = false;
			await done;
			return (written / (performance.now() - start)) * 1000;
		},
	};
}

async function cpuSeconds(work) {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
}

async function least(work) {
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 5; round++) best = Math.min(best, await cpuSeconds(work));
	return best;
}

async function fastest(work) {
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 5; round++) {
		const start = performance.now();
		await work();
		best = Math.min(best, performance.now() - start);
	}
	return best;
}

function show(name, ratio, goal) {
	console.log(`${ratio.toFixed(2).padStart(7)} ×  ${name} (${goal})`);
}

function millions(n) {
	return `${(n / 1e6).toFixed(1)} million`;
}
