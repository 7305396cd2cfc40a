// A trace of 10 GB through `farthing simulate --trace`: written a piece at a time, with lines broken on purpose at known
// places; the answer must count every request and token, name the broken lines, and hold little memory.
import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { root } from "../../scripts/setup.mjs";

const BYTES = Number(process.env.FARTHING_TRACE_BYTES ?? 10e9);
/** A line in so many is broken, in turn by each of these. */
const BROKEN_EVERY = 10_000_019;
const BROKEN = ["garbage", "2024-05-10 00:00:00.0000000,1,1", "{time},0,7", "{time},12,-3"];
const MOST_MEGABYTES = 500;

export async function runTrace(log) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-trace-"));
	try {
		const path = join(folder, "trace.csv");
		const written = await writeTrace(path, log);
		const { result, megabytes, seconds, code } = await simulated(path, folder);
		const read = result.trace;
		const lines = read.faults.map(({ line }) => line);
		const input = result.tokens.input.value;
		const output = result.tokens.output.value;
		const isCounted =
			read.requests === written.requests &&
			result.requests === written.requests &&
			input === written.input &&
			output === written.output;
		const isNamed = JSON.stringify(lines) === JSON.stringify(written.broken.slice(0, lines.length));
		const rows = [
			["requests simulated", `${count(result.requests)} of ${count(written.requests)}`, "all"],
			["tokens in and out", `${count(input)} and ${count(output)}`, "those written"],
			[
				"broken lines set aside, named with their numbers",
				`${count(read.quarantined)} of ${count(written.broken.length)}`,
				"all",
			],
			["saturated", result.saturated ? "yes" : "no", "no"],
			["exit code", String(code), "0"],
			["most memory held", `${megabytes.toFixed(0)} MB`, `under ${MOST_MEGABYTES} MB`],
			[
				"processor time",
				`${seconds.toFixed(0)} s, ${count(Math.round(written.requests / seconds))} requests a second`,
				"—",
			],
			["virtual time", `${(result.duration.value / 86_400).toFixed(1)} days`, "—"],
		];
		const isMet =
			isCounted &&
			isNamed &&
			read.quarantined === written.broken.length &&
			code === 0 &&
			!result.saturated &&
			megabytes < MOST_MEGABYTES;
		const text = [
			`## A trace of ${(statSync(path).size / 1e9).toFixed(1)} GB`,
			"",
			"Requests in the layout of Azure, 80 a second, with lines broken on purpose: no request, a time that runs backwards, lengths of zero and below. `farthing simulate --trace` replays it on the example.",
			"",
			"| | reached | goal |",
			"|---|---|---|",
			...rows.map((row) => `| ${row.join(" | ")} |`),
		].join("\n");
		return { text, isMet };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function writeTrace(path, log) {
	const file = createWriteStream(path);
	const start = Date.UTC(2024, 4, 12);
	let state = 12345;
	const draw = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 4294967296;
	};
	let [micros, bytes, line, requests, input, output] = [0, 0, 1, 0, 0, 0];
	let text = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
	const broken = [];
	while (bytes + text.length < BYTES) {
		micros += Math.floor(draw() * 25_000);
		const time = timeOf(start, micros);
		line++;
		if (line % BROKEN_EVERY === 0) {
			text += `${BROKEN[broken.length % BROKEN.length].replace("{time}", time)}\n`;
			broken.push(line);
			continue;
		}
		const [inTokens, outTokens] = [1 + Math.floor(draw() * 2000), 1 + Math.floor(draw() * 100)];
		text += `${time},${inTokens},${outTokens}\n`;
		requests++;
		input += inTokens;
		output += outTokens;
		if (text.length < 1 << 20) continue;
		bytes += text.length;
		if (!file.write(text)) await once(file, "drain");
		if (bytes % (1 << 30) < text.length) log(`${(bytes / 1e9).toFixed(1)} GB written`);
		text = "";
	}
	file.end(text);
	await once(file, "close");
	return { requests, input, output, broken };
}

let knownSecond = -1;
let knownText = "";

/** `2024-05-12 00:00:00.0000000`; the text of a second is made once. */
function timeOf(start, micros) {
	const second = Math.floor(micros / 1e6);
	if (second !== knownSecond) {
		knownSecond = second;
		knownText = new Date(start + second * 1000).toISOString().slice(0, 19).replace("T", " ");
	}
	return `${knownText}.${String(micros % 1_000_000).padStart(6, "0")}0`;
}

/** Runs the command; the child says itself how much memory it held at most. */
async function simulated(path, folder) {
	const answer = join(folder, "answer.json");
	const usage = join(folder, "usage.json");
	const told = `import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(usage)},JSON.stringify(process.resourceUsage())))`;
	const child = spawn(
		process.execPath,
		[
			"--import",
			`data:text/javascript,${encodeURIComponent(told)}`,
			join(root, "packages/cli/bin/farthing.js"),
			"simulate",
			join(root, "scenarios/prototype-to-5b.yaml"),
			"--trace",
			path,
			"--replicas",
			"8",
			"--quiet",
			"-o",
			answer,
		],
		{ stdio: ["ignore", "ignore", "inherit"] },
	);
	const [code] = await once(child, "close");
	const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(usage, "utf8"));
	const { result } = JSON.parse(readFileSync(answer, "utf8"));
	return { result, code, megabytes: maxRSS / 1024, seconds: (userCPUTime + systemCPUTime) / 1e6 };
}

function count(n) {
	return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
