// The parts of docs/ledger-campaign.md that tell of 200 kills, of a ledger in DuckDB and of one in ClickHouse.
import { startOne } from "../real/clickhouse/servers.mjs";
import { faults, runKills } from "./kills.mjs";

const CYCLES = 200;

export async function runKillsPart(log) {
	const file = await runKills({ cycles: CYCLES, seed: 200, log });
	const place = await startOne();
	try {
		const shared = await runKills({ cycles: CYCLES, seed: 201, server: place.servers[0], log });
		const parts = [
			[
				`## ${CYCLES} kills during ingest`,
				"",
				"A process takes events over HTTP, loads them, rolls up, checkpoints and compacts, all at once; after 0.02 to 1.5 seconds it is ended by `kill -9`. Another process counts, body by body, what the ledger holds then, in events and in roll-ups, and sends again what was not acknowledged. Before it looks it leaves a block of the file torn, as a kill amid a checkpoint does about once in 250 times: the ledger has to mend it. `.ci/run` does ten of these.",
				"",
				tableOf(file, [
					["kills that left a write-ahead log of the database", file.seen.log],
					["kills after which a block of the file was torn on purpose", file.torn],
				]),
			],
			[
				"",
				`## ${CYCLES} kills during ingest into ClickHouse`,
				"",
				"The same with a ledger in ClickHouse. In turn the process is killed, the ClickHouse server under it, which is started again while events go on coming in, or both.",
				"",
				tableOf(shared, [["of them kills of the ClickHouse server", shared.servers]]),
			],
		];
		const isMet = [file, shared].every((result) => faults(result) === 0 && result.killed === CYCLES);
		return { text: parts.flat().join("\n"), isMet };
	} finally {
		await place.stop();
	}
}

function tableOf(result, more) {
	const { seen, reopenMs } = result;
	const rows = [
		["kills", result.killed],
		["bodies acknowledged", result.bodies],
		["events acknowledged", result.events],
		["acknowledged events lost", result.lost],
		["events stored twice", result.doubled],
		["bodies stored in part", result.partial],
		["bodies sent again after a kill", result.resent],
		["kills that left events in the spool", seen.spool],
		["kills that hit a segment just begun", seen.begun],
		...more,
		["bodies found stored whole though never acknowledged, and not doubled when sent again", seen.unacknowledged],
		[
			"time to open again, median and longest",
			`${reopenMs[reopenMs.length >> 1].toFixed(0)} ms, ${reopenMs.at(-1).toFixed(0)} ms`,
		],
	];
	return [
		"| | |",
		"|---|---|",
		...rows.map(([name, value]) => `| ${name} | ${typeof value === "number" ? value.toLocaleString("en") : value} |`),
	].join("\n");
}
