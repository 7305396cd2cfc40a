/** Scenario files that are wrong: one clear error with its place, no trace, nothing written. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contentOf, farthing, folderWith, refusal, refusalJson } from "./farthing.ts";

const GOOD = `version: 1
name: trial
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand:
  tokens_per_day: 5B
  peak_to_mean: 2
cost:
  rates: {b200: 2.07 USD/GPU-hr}
`;

/** Text to replace, what to put there, and what the error must say. */
const WRONG: readonly (readonly [
	name: string,
	from: string,
	to: string,
	code: string,
	place: readonly [line: number, column: number],
	words: RegExp,
])[] = [
	["an unknown field", "  peak_to_mean", "  peek_to_mean", "unknown-field", [7, 3], /peek_to_mean.*peak_to_mean/s],
	["an unknown field at the top", "model:", "modle:", "unknown-field", [3, 1], /modle.*model/s],
	["a wrong unit", "5B", "5B USD", "wrong-unit", [6, 19], /USD.*such as 5B/s],
	["power where energy is priced", "2.07 USD/GPU-hr", "2.07 USD/kWh", "wrong-unit", [9, 17], /USD\/GPU-hr/],
	["an impossible range", "5B", "6B to 5B", "impossible-range", [6, 19], /5B to 6B/],
	["a range without a difference", "5B", "5B to 5B", "impossible-range", [6, 19], /one number/],
	["a negative price", "2.07 USD", "-2.07 USD", "out-of-bounds", [9, 17], /above 0/],
	["a missing currency", "2.07 USD/GPU-hr", "2.07", "missing-currency", [9, 17], /currency.*USD\/GPU-hr/s],
	["a currency that is not read", "2.07 USD/GPU-hr", "2.07 EUR/GPU-hr", "wrong-unit", [9, 17], /EUR/],
	["a decimal comma", "5B", '"5,2B"', "unreadable-quantity", [6, 19], /5\.2/],
	["a word for a number", "5B", "lots", "unreadable-quantity", [6, 19], /lots/],
	["a peak below the mean", "peak_to_mean: 2", "peak_to_mean: 0.5", "out-of-bounds", [7, 17], /at least 1/],
	["half a token", "input: 8192", "input: 8192.5", "out-of-bounds", [4, 19], /whole/],
	["a member twice", "  peak_to_mean: 2", "  tokens_per_day: 6B", "duplicate-field", [7, 3], /tokens_per_day/],
	["a missing member", "demand:\n  tokens_per_day: 5B\n  peak_to_mean: 2\n", "", "missing-field", [1, 1], /demand/],
	[
		"two ways to pay",
		"cost:\n",
		"cost:\n  build_up: {assumptions: neocloud}\n",
		"contradiction",
		[9, 3],
		/rates.*build_up|build_up.*rates/s,
	],
	["a version of the future", "version: 1", "version: 2", "wrong-version", [1, 10], /1/],
	["an empty member", "model: deepseek-r1", "model:", "missing-field", [3, 7], /model/],
	["a list where a section belongs", "{input: 8192, output: 1024}", "[8192, 1024]", "wrong-type", [4, 1], /workload/],
	["a tab", "  tokens_per_day", "\ttokens_per_day", "not-yaml", [6, 1], /tab/i],
	["an open bracket", "{b200: 2.07 USD/GPU-hr}", "{b200: 2.07 USD/GPU-hr", "not-yaml", [10, 1], /}/],
	[
		"a base that is not there",
		"name: trial",
		"name: trial\nextends: base.yaml",
		"unresolved-extends",
		[3, 10],
		/base\.yaml/,
	],
];

describe("a scenario file with", () => {
	it.each(WRONG)("%s", (_, from, to, code, [line, column], words) => {
		expect(GOOD).toContain(from);
		const folder = folderWith({ "trial.yaml": GOOD.replace(from, to), "kept.json": "mine" });
		const before = contentOf(folder);
		const told = refusal("plan trial.yaml -o kept.json", 2, { cwd: folder });
		expect(told).toMatch(words);
		expect(told).toContain(`trial.yaml:${line}:${column}: `);
		const error = refusalJson("plan trial.yaml -o new.json", 2, { cwd: folder });
		expect([error["code"], error["file"], error["line"], error["column"]]).toEqual([code, "trial.yaml", line, column]);
		expect(contentOf(folder)).toEqual(before);
	});

	it("several faults: the first with its place, the others counted", () => {
		const text = GOOD.replace("5B", "5B USD").replace("peak_to_mean: 2", "peak_to_mean: 0.1").replace("8192", "none");
		const told = refusal("plan trial.yaml", 2, { cwd: folderWith({ "trial.yaml": text }) });
		expect(told).toContain("trial.yaml:4:19");
		expect(told).toContain("2 more");
		expect(told).toContain("line 6");
		expect(told).toContain("line 7");
	});
});

describe("names that the catalogue does not know end with 3 and the nearest", () => {
	it.each([
		["model: deepseek-r1", "model: deepsek-r1", "unknown-model", [3, 8], "deepseek-r1"],
		["cost:", "supply: {hardware: [b2000]}\ncost:", "unknown-hardware", [8, 21], "b200-sxm"],
		["cost:", "supply: {stack: [tensorflow]}\ncost:", "unknown-stack", [8, 18], "tensorrt-llm"],
		["cost:", "supply: {precision: [fp5]}\ncost:", "unknown-precision", [8, 22], "fp8"],
		["{b200:", "{b300x:", "unknown-hardware", [9, 18], "b300-sxm"],
	] as const)("%s → %s", (from, to, code, [line, column], nearest) => {
		const folder = folderWith({ "trial.yaml": GOOD.replace(from, to) });
		const before = contentOf(folder);
		const error = refusalJson("plan trial.yaml -o out.json", 3, { cwd: folder });
		expect([error["code"], error["line"], error["column"]]).toEqual([code, line, column]);
		expect(error["nearest"]).toContain(nearest);
		const told = refusal("plan trial.yaml", 3, { cwd: folder });
		expect(told).toContain("nearest: ");
		expect(contentOf(folder)).toEqual(before);
	});

	it.each([
		["{rates: {b200: 2.07 USD/GPU-hr}}", '{card: {id: "2031-01", tier: own_neocloud}}', "unknown-card", "2026-09"],
		["{rates: {b200: 2.07 USD/GPU-hr}}", '{card: {id: "2026-07", tier: own_cloud}}', "unknown-tier", "own_neocloud"],
		["{rates: {b200: 2.07 USD/GPU-hr}}", "{build_up: {assumptions: hyperscale}}", "unknown-assumptions", "hyperscaler"],
	])("cost: %s → %s", (from, to, code, nearest) => {
		const flat = GOOD.replace("cost:\n  rates: {b200: 2.07 USD/GPU-hr}", `cost: ${from}`);
		const folder = folderWith({ "trial.yaml": flat.replace(from, to) });
		const error = refusalJson("plan trial.yaml", 3, { cwd: folder });
		expect(error["code"]).toBe(code);
		expect(error["nearest"]).toContain(nearest);
	});

	it("a model that nobody measured: the nearest models, and the measurement that would close the gap", () => {
		const told = refusal("plan scenarios/no-benchmark.yaml", 3);
		expect(told).toContain("scenarios/no-benchmark.yaml:6:8: ");
		expect(told).toContain("vllm bench serve");
		expect(told).toContain("farthing price --gpu-hour");
	});
});

describe("files that are no scenario", () => {
	const cases: readonly (readonly [name: string, content: string | Uint8Array, code: string])[] = [
		["an empty file", "", "missing-field"],
		["blanks", "\n\n   \n", "missing-field"],
		["a comment", "# nothing yet\n", "missing-field"],
		["a sentence", "this is a note to myself\n", "wrong-type"],
		["JSON of something else", '{"name": "left-pad", "version": "1.3.0"}\n', "wrong-version"],
		["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00, 0x01, 0x80, 0x81]), "not-text"],
		["zeros", Buffer.alloc(4096), "not-text"],
		["text in UTF-16", Buffer.from("version: 1\n", "utf16le"), "not-text"],
		["anchors that multiply (a YAML bomb)", bomb(), "too-many-nodes"],
		["brackets 100,000 deep", "[".repeat(100_000), "too-many-nodes"],
		["sections 200 deep", `{a: `.repeat(200) + "1" + "}".repeat(200), "too-deep"],
		["50 MB of noise", noise(50 * 1024 * 1024), "file-too-large"],
		["70 MB of zeros", Buffer.alloc(70 * 1024 * 1024), "file-too-large"],
		["one line of 5 MB", `name: ${"x".repeat(5 * 1024 * 1024)}\n`, "file-too-large"],
	];

	it.each(cases)("%s", (_, content, code) => {
		const folder = folderWith({ "trial.yaml": content });
		const before = Object.keys(contentOf(folder));
		const start = performance.now();
		const error = refusalJson("plan trial.yaml -o out.json", 2, { cwd: folder });
		expect(performance.now() - start, "an answer in time").toBeLessThan(10_000);
		expect(error["file"]).toBe("trial.yaml");
		expect(error["code"], String(error["message"])).toBe(code);
		if (code !== "file-too-large") expect([typeof error["line"], typeof error["column"]]).toEqual(["number", "number"]);
		expect(String(error["message"]).length, "a message that one can read").toBeLessThan(400);
		expect(Object.keys(contentOf(folder))).toEqual(before);
	});

	it("a folder", () => {
		const folder = folderWith();
		mkdirSync(join(folder, "trial.yaml"));
		expect(refusalJson("plan trial.yaml", 2, { cwd: folder })["code"]).toBe("not-a-file");
	});

	it("a file that is not there", () => {
		const folder = folderWith();
		expect(refusalJson("plan trial.yaml", 2, { cwd: folder })).toMatchObject({
			code: "no-such-file",
			file: "trial.yaml",
		});
		expect(refusal("plan trial.yaml", 2, { cwd: folder })).toContain("trial.yaml");
		expect(contentOf(folder)).toEqual({});
	});

	it("a row list in place of a scenario, and a scenario in place of a row list", () => {
		expect(refusal("plan scenarios/six-rows.yaml", 2)).toContain("--rows scenarios/six-rows.yaml");
		const told = refusal("plan scenarios/prototype-to-5b.yaml --rows scenarios/gpt-oss-120b.yaml", 2);
		expect(told).toContain("scenarios/gpt-oss-120b.yaml:");
	});
});

describe("row lists", () => {
	it.each([
		["version: 1\nrows:\n  - id: ix-00000000\n", 3, "unknown-row", 3],
		["version: 1\nrows:\n  - selector: {hardware: b200}\n", 3, "ambiguous-row", 3],
		["version: 1\nrows:\n  - selector: {hardware: b200, gpus: 5}\n", 3, "unknown-row", 3],
		["version: 1\nrows:\n  - selector: {hardware: b2000}\n", 3, "unknown-hardware", 0],
		["version: 1\nrows: []\n", 2, "missing-field", 2],
		["version: 1\nrows:\n  - ix-255cede9\n", 2, "wrong-type", 3],
	])("%j ends with %d", (text, exit, code, line) => {
		const folder = folderWith({ "rows.yaml": text }, { scenarios: true });
		const error = refusalJson("plan scenarios/prototype-to-5b.yaml --rows rows.yaml", exit, { cwd: folder });
		expect(error["code"]).toBe(code);
		if (line > 0) expect([error["file"], error["line"]]).toEqual(["rows.yaml", line]);
	});

	it("a row of another model", () => {
		const folder = folderWith({ "rows.yaml": "version: 1\nrows:\n  - id: ix-255cede9\n" }, { scenarios: true });
		const error = refusalJson("plan scenarios/gpt-oss-120b.yaml --rows rows.yaml", 3, { cwd: folder });
		expect(error).toMatchObject({ code: "wrong-model", file: "rows.yaml", line: 3 });
	});
});

it("an overlay changes what it names and keeps the rest", () => {
	const overlay = "version: 1\nname: twice\nextends: base.yaml\ndemand: {tokens_per_day: 10B}\n";
	const folder = folderWith({ "base.yaml": GOOD, "sub/over.yaml": overlay.replace("base.yaml", "../base.yaml") });
	const run = farthing("plan sub/over.yaml --json --quiet", { cwd: folder });
	expect(run.code).toBe(0);
	const { result } = JSON.parse(run.stdout);
	expect(result.scenario).toBe("twice");
	expect(result.question.tokens.value).toBe(1e10);
});

/** Nine lists, each nine times the one before: 387 million entries if opened. */
function bomb(): string {
	const lines = ['a0: &a0 ["x","x","x","x","x","x","x","x","x"]'];
	for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(",")}]`);
	return `version: 1\nname: bomb\n${lines.join("\n")}\nmodel: *a8\n`;
}

/** Printable text of a linear congruential generator. */
function noise(bytes: number): Buffer {
	const text = Buffer.alloc(bytes);
	let state = 1;
	for (let i = 0; i < bytes; i++) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		text[i] = (state >>> 16) % 97 === 96 ? 10 : 32 + ((state >>> 16) % 95);
	}
	return text;
}
