// A ledger that takes events over HTTP until it is killed: node ingest-child.mjs FOLDER STORE. Prints its port, then works on
// everything at once, so that a kill may hit any of it: writes, loads, checkpoints, roll-ups, compaction.
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { ingestHandler, openLedger } from "@farthing/ledger/store";

const [folder, url] = process.argv.slice(2);
const ledger = await openLedger(url, join(folder, "spool"), {
	store: { memory: "512MB", threads: 1 },
	spool: { rollBytes: 100_000 },
	loadEveryMs: 20,
});
const handle = ingestHandler(ledger.ingest);
const server = createServer((request, response) => {
	if (!handle(request, response)) response.writeHead(404).end();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));

for (let round = 0; ; round++) {
	await new Promise((resolve) => setTimeout(resolve, 90));
	try {
		await tidy(round);
	} catch (error) {
		// The server of a ClickHouse ledger may have been killed in the place of this process.
		if (error.code !== "store-unreachable") throw error;
	}
}

async function tidy(round) {
	if (round % 3 === 0) await ledger.store.rollUp();
	if (round % 3 === 1) await ledger.store.checkpoint();
	if (round % 3 === 2) {
		const { dropped } = await ledger.store.compact(Number.MAX_SAFE_INTEGER);
		// A request that was stored twice must not be hidden by what mends overlapping files.
		if (dropped > 0) throw new Error(`${dropped} requests were stored twice`);
	}
}
