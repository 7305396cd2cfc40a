// Handing segments of the spool on to ClickHouse, as CPU time of this process a row: reading the segment, making ClickHouse's
// columns of it, sending, and asking whether all of it is there. Needs the parts of the real tests: npm ci in test/real.
import process from "node:process";
import { openStore } from "@farthing/ledger/store";
import { decodeFrames, encodeFrame } from "../packages/ledger/dist/store/frame.js";
import { startOne } from "../test/real/clickhouse/servers.mjs";
import { eventBatch } from "./ledger/fleet-events.mjs";

const ROWS = 122_880;
const SEGMENTS = 8;
const START = Date.UTC(2026, 10, 1) * 1000;

const place = await startOne();
const store = await openStore(`clickhouse://${place.hosts}/bench`);
try {
	const segments = Array.from({ length: SEGMENTS }, (_, i) =>
		encodeFrame({ batches: [eventBatch(ROWS, { seed: i + 1, start: START, days: 1 })] }),
	);
	let least = Number.POSITIVE_INFINITY;
	for (const [i, bytes] of segments.entries()) {
		const before = process.cpuUsage();
		const { isNew } = await store.load(`s${i}`, decodeFrames(bytes).frames, { name: "bench", bytes: bytes.length });
		const { user, system } = process.cpuUsage(before);
		if (!isNew) throw new Error("a segment was there before it was sent");
		least = Math.min(least, (user + system) / ROWS);
	}
	if ((await store.rowCount("usage_request")) !== ROWS * SEGMENTS) throw new Error("rows are missing");
	console.log(`${least.toFixed(2).padStart(7)} µs  of CPU a row to hand a segment on to ClickHouse (at most 0.5)`);
} finally {
	await store.close();
	await place.stop();
}
