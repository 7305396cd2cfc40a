// A ledger behind HTTP for the bench: prints its port; on each line of input loads what waits and prints its events, and
// the CPU seconds since the last, of all threads and of the one that serves; "stop" is the last.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { ingestHandler, openLedger } from "@farthing/ledger/store";

const [folder] = process.argv.slice(2);
const ledger = await openLedger(join(folder, "ledger.duckdb"), join(folder, "spool"), {
	store: { memory: "1GB" },
	spool: { capBytes: 2 ** 30 },
});
const handle = ingestHandler(ledger.ingest);
const server = createServer((request, response) => {
	if (!handle(request, response)) response.writeHead(404).end();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
let before = process.cpuUsage();
let servedBefore = servingSeconds();
for await (const command of process.stdin) {
	const isLast = String(command).includes("stop");
	if (isLast) server.closeAllConnections();
	await ledger.loader.stop();
	await ledger.loader.drain();
	const { user, system } = process.cpuUsage(before);
	console.log(
		JSON.stringify({
			events: await ledger.store.rowCount("usage_request"),
			cpuSeconds: (user + system) / 1e6,
			servingSeconds: servingSeconds() - servedBefore,
		}),
	);
	if (isLast) break;
	ledger.loader.start();
	before = process.cpuUsage();
	servedBefore = servingSeconds();
}
await ledger.close();
process.exit(0);

/** CPU seconds of the main thread, as Linux counts them; NaN elsewhere. */
function servingSeconds() {
	const path = `/proc/self/task/${process.pid}/schedstat`;
	return existsSync(path) ? Number(readFileSync(path, "utf8").split(" ")[0]) / 1e9 : Number.NaN;
}
