import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { FarthingError, requireMostOf, traceWarnings } from "@farthing/answers";
import { afterAll, expect, it } from "vitest";
import type { TraceFile } from "./trace-file.ts";
import { openTrace } from "./trace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-trace-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADING = "TIMESTAMP,ContextTokens,GeneratedTokens";
const LINES = Array.from(
	{ length: 2000 },
	(_, i) =>
		`2024-05-12 00:${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")},${100 + i},${1 + (i % 7)}`,
);
const TEXT = `${[HEADING, ...LINES].join("\n")}\n`;

async function opened(name: string, content: string | Uint8Array): Promise<TraceFile> {
	const path = join(folder, name);
	writeFileSync(path, content);
	return openTrace(path);
}

/** Everything, read ahead a few at a time as the command does. */
async function drained(trace: TraceFile): Promise<number> {
	let tokens = 0;
	for (;;) {
		await trace.readAhead(3);
		const record = trace.pull();
		if (record === undefined) break;
		tokens += record.inputTokens;
	}
	trace.close();
	return tokens;
}

const ALL = LINES.reduce((sum, _, i) => sum + 100 + i, 0);

it.each([
	["as it is", TEXT],
	["with CRLF", TEXT.replaceAll("\n", "\r\n")],
	["with a byte order mark", `\uFEFF${TEXT}`],
	["as UTF-16", Buffer.from(`\uFEFF${TEXT}`, "utf16le")],
	["as gzip", gzipSync(TEXT)],
	["as gzip of two members", Buffer.concat([gzipSync(TEXT.slice(0, 5000)), gzipSync(TEXT.slice(5000))])],
])("reads the same requests from a trace %s", async (_, content) => {
	const trace = await opened("trace", content);
	expect(await drained(trace)).toBe(ALL);
	expect(trace.account()).toMatchObject({ requests: 2000, quarantined: 0, coverage: 1, isUnfinished: false });
	expect(trace.share).toBe(1);
});

it("says of a gzip file that is cut short where it breaks off, and takes what came before", async () => {
	const whole = gzipSync(TEXT);
	const trace = await opened("cut.gz", whole.subarray(0, whole.length / 2));
	await drained(trace);
	const account = trace.account();
	expect(account.brokenOff).toMatch(/unexpected end/);
	expect(account.requests).toBeGreaterThan(100);
	expect(account.requests).toBeLessThan(2000);
	expect(traceWarnings("cut.gz", account).map(({ code }) => code)).toContain("trace-broken-off");
});

it("warns of a last line without its end: its numbers may be cut", async () => {
	const trace = await opened("cut.csv", TEXT.slice(0, -2));
	await drained(trace);
	expect(traceWarnings("cut.csv", trace.account()).map(({ code }) => code)).toEqual([
		"trace-quarantine",
		"trace-unfinished",
	]);
});

it("refuses a trace of which most is out of order, and says how to sort it", async () => {
	const trace = await opened("backwards.csv", `${[HEADING, ...[...LINES].reverse()].join("\n")}\n`);
	await drained(trace);
	const refused = (): void => requireMostOf("backwards.csv", trace.account());
	expect(refused).toThrow(FarthingError);
	expect(refused).toThrow(/1999 of 2000 lines.*backwards/);
});
