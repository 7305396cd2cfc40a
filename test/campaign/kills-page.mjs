// The part of docs/ledger-campaign.md that tells of 200 kills.
import { faults, runKills } from "./kills.mjs";

const CYCLES = 200;

export async function runKillsPart(log) {
	const result = await runKills({ cycles: CYCLES, seed: 200, log });
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
		["kills that left a write-ahead log of the database", seen.log],
		["bodies found stored whole though never acknowledged, and not doubled when sent again", seen.unacknowledged],
		[
			"time to open again, median and longest",
			`${reopenMs[reopenMs.length >> 1].toFixed(0)} ms, ${reopenMs.at(-1).toFixed(0)} ms`,
		],
	];
	const text = [
		`## ${CYCLES} kills during ingest`,
		"",
		"A process takes events over HTTP, loads them, rolls up, checkpoints and compacts, all at once; after 0.02 to 1.5 seconds it is ended by `kill -9`. Another process counts, body by body, what the ledger holds then, in events and in roll-ups, and sends again what was not acknowledged. `.ci/run` does ten of these.",
		"",
		"| | |",
		"|---|---|",
		...rows.map(([name, value]) => `| ${name} | ${typeof value === "number" ? value.toLocaleString("en") : value} |`),
	].join("\n");
	return { text, isMet: faults(result) === 0 && result.killed === CYCLES };
}
