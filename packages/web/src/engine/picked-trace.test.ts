import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pickedTrace } from "./picked-trace.ts";

const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
const LINES = [HEADER, "2023-11-16 18:15:46.68,400,50", "2023-11-16 18:15:47.12,no,50", "2023-11-16 18:15:48,300,10"];
const TEXT = `${LINES.join("\n")}\n`;

async function read(bytes: Uint8Array<ArrayBuffer> | string) {
	const trace = await pickedTrace(new File([bytes], "trace.csv"));
	const tokens: number[] = [];
	for (;;) {
		await trace.readAhead(1);
		const record = trace.pull();
		if (record === undefined) return { tokens, account: trace.account(), share: trace.share };
		tokens.push(record.inputTokens);
	}
}

describe("a trace that was picked", () => {
	test.each([
		["text", TEXT],
		["gzip", Uint8Array.from(gzipSync(TEXT))],
		["UTF-16", Uint8Array.from(Buffer.from(`\ufeff${TEXT}`, "utf16le"))],
	])("is read as %s, and what is no request is set aside with its line", async (_, bytes) => {
		const { tokens, account, share } = await read(bytes);
		expect(tokens).toEqual([400, 300]);
		expect(account).toMatchObject({ lines: 4, requests: 2, quarantined: 1, faults: [{ line: 3 }] });
		expect(share).toBe(1);
	});

	test("that is cut short is told so", async () => {
		expect((await read(TEXT.trimEnd())).account).toMatchObject({ isUnfinished: true });
		const cut = await read(Uint8Array.from(gzipSync(TEXT.repeat(50))).slice(0, -9));
		expect(cut.account.brokenOff).toMatch(/cannot be read on/);
	});

	test.each([
		["nothing", new Uint8Array(), { exit: 2, code: "empty-trace" }],
		["another file", "name,age\nx,1\n", { exit: 2, code: "unknown-trace" }],
		["zstd", Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0]), { exit: 2, code: "unsupported-compression" }],
	])("that is %s is refused", async (_, bytes, refusal) => {
		await expect(read(bytes)).rejects.toMatchObject(refusal);
	});
});
