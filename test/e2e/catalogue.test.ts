/** `farthing catalog` and `doctor`: the facts, what is wrong with them, what changed, and the state of a machine. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
	answerOf,
	contentOf,
	farthing,
	folderWith,
	type Json,
	refusal,
	refusalJson,
	resultOf,
	root,
} from "./farthing.ts";

/** A copy of the facts with texts of files replaced; `undefined` takes a file away. */
function copyWith(changes: Readonly<Record<string, ((text: string) => string) | undefined>> = {}): string {
	const folder = folderWith();
	cpSync(join(root, "catalogue"), join(folder, "facts"), { recursive: true });
	for (const [name, change] of Object.entries(changes)) {
		const path = join(folder, "facts", name);
		if (change === undefined) rmSync(path);
		else {
			const before = readFileSync(path, "utf8");
			const after = change(before);
			expect(after, `${name} changed`).not.toBe(before);
			writeFileSync(path, after);
		}
	}
	return folder;
}

describe("list and show", () => {
	it("counts every collection, and lists each", () => {
		const { counts } = resultOf("catalog list --json") as unknown as { counts: Record<string, number> };
		expect(counts["hardware"]).toBe(25);
		expect(counts["claims"]).toBe(11);
		expect(counts["rateCards"]).toBe(3);
		for (const name of ["hardware", "models", "rate-cards", "claims", "stacks", "sources"]) {
			const { entries } = resultOf(`catalog list ${name} --json`) as unknown as { entries: unknown[] };
			expect(entries.length, name).toBeGreaterThan(2);
		}
	});

	it("finds entries by the words in them, and says where none has them", () => {
		const { stdout } = farthing("catalog list hardware blackwell");
		expect(stdout).toContain("rtx-pro-6000-se");
		const none = farthing("catalog list hardware abacus");
		expect(none.code).toBe(3);
		expect(none.stderr).toMatch(/no entry of hardware mentions "abacus"/);
	});

	it("shows an entry by id, by other name, and by collection/id, with source, date and age of each figure", () => {
		const { stdout } = farthing("catalog show b200");
		expect(farthing("catalog show B200").stdout).toBe(stdout);
		expect(farthing("catalog show hardware/b200-sxm").stdout).toBe(stdout);
		expect(stdout).toMatch(/^hardware\/b200-sxm\n/);
		expect(stdout).toMatch(/^fp4 +9000 +TFLOP\/s +\d{4}-\d{2}-\d{2} +\d+ d +vendor +inferencex-gpu-specs$/m);
	});

	it("flags prices older than 90 days at the date asked for", () => {
		expect(farthing("catalog show rate-cards/2026-07").stdout).toMatch(/own_neocloud .* stale/);
		expect(farthing("catalog show rate-cards/2026-07 --as-of 2026-08-15").stdout).not.toContain("stale");
	});

	it("shows a benchmark row with its run", () => {
		const { stdout } = farthing("catalog show ix-255cede9");
		expect(stdout).toMatch(/^benchmarks\/ix-255cede9\n/);
		expect(stdout).toMatch(/tokensPerGpuSecond +2497\.18686/);
		expect(stdout).toMatch(/run +\d+/);
		expect(stdout).toContain("unofficial");
	});

	it("an unknown entry or collection ends with 3 and the nearest", () => {
		expect(refusalJson("catalog show b2000", 3)["nearest"]).toContain("b200-sxm");
		expect(refusalJson("catalog list hardwear", 3)["nearest"]).toContain("hardware");
	});
});

describe("validate", () => {
	it("finds nothing in the facts of the repository", () => {
		const run = farthing(["catalog", "validate", join(root, "catalogue")]);
		expect(run.code).toBe(0);
		expect(run.stdout).toMatch(/: \d+ files, no issue\n$/);
	});

	it("of a broken copy ends with 1, and names file, line and column of every fault", () => {
		const cwd = copyWith({
			"accelerators.yaml": (text) => text.replace(/^( {6})tdp: /m, "$1tpd: "),
			"api-prices.csv": (text) => {
				const lines = text.split("\n");
				lines[3] = (lines[3] as string).replace(/\d+\.\d+/, "minus one");
				return lines.join("\n");
			},
			"rate-cards.yaml": (text) => text.replace(/own_neocloud: \d[\d.]*/, "own_neocloud: two"),
		});
		const run = farthing("catalog validate facts", { cwd });
		expect(run.code).toBe(1);
		expect(run.stderr).toBe("");
		for (const file of ["accelerators.yaml", "api-prices.csv", "rate-cards.yaml"])
			expect(run.stdout).toMatch(new RegExp(`^facts/${file.replace(".", "\\.")}:\\d+:\\d+: .+; expected .+$`, "m"));
		expect(run.stdout).toMatch(/^facts\/api-prices\.csv:4:/m);
		const json = farthing("catalog validate facts --json", { cwd });
		expect(json.code).toBe(1);
		const { valid, issues } = JSON.parse(json.stdout).result;
		expect(valid).toBe(false);
		expect(issues.length).toBeGreaterThanOrEqual(3);
		for (const issue of issues) expect([typeof issue.line, typeof issue.column]).toEqual(["number", "number"]);
	});

	it("finds a missing file, a claim without a verdict rule, and a row whose id is not its own", () => {
		expect(farthing("catalog validate facts", { cwd: copyWith({ "models.yaml": undefined }) }).stdout).toMatch(
			/facts\/models\.yaml:1:1: the file is missing/,
		);
		const noTests = copyWith({ "claims.yaml": (text) => text.replace(/^(\s+)tests:/m, "$1trials:") });
		expect(farthing("catalog validate facts", { cwd: noTests }).code).toBe(1);
		const swapped = copyWith({
			"benchmarks/inferencex-dated.csv": (text) => text.replace("ix-255cede9", "ix-00000000"),
		});
		expect(farthing("catalog validate facts", { cwd: swapped }).stdout).toContain("ix-255cede9");
	});

	it.each([
		["nothing", {}, "no-such-file"],
		["a file", { facts: "version: 1" }, "not-a-folder"],
		["an empty folder", { "facts/readme.txt": "" }, "no-facts"],
	] as const)("of %s ends with 2", (_, files, code) => {
		const cwd = folderWith(files as Record<string, string>);
		expect(refusalJson("catalog validate facts", 2, { cwd })["code"]).toBe(code);
		refusal("catalog validate facts", 2, { cwd });
	});
});

describe("diff", () => {
	it("of the same facts says so", () => {
		expect(farthing(["catalog", "diff", join(root, "catalogue")]).stdout).toBe("no difference\n");
	});

	it("shows what changed, came and went, in either direction", () => {
		const cwd = copyWith({
			"rate-cards.yaml": (text) => text.replace(/own_neocloud: 2\.07/, "own_neocloud: 2.17"),
		});
		const run = farthing("catalog diff facts", { cwd });
		expect(run.code).toBe(0);
		expect(run.stdout).toMatch(/^~ rate-cards\/\d{4}-\d{2}$/m);
		expect(run.stdout).toMatch(/2\.17 → 2\.07/);
		const back = resultOf(["catalog", "diff", join(root, "catalogue"), "facts", "--json"], { cwd });
		const [change] = back["changes"] as readonly Json[];
		expect(change?.["members"]?.[0]).toMatchObject({ before: 2.07, after: 2.17 });
	});

	it("of a broken copy ends with 2, with the place and the command that shows the rest", () => {
		const cwd = copyWith({ "accelerators.yaml": (text) => text.replace(/^(\s+)tdp: /m, "$1tpd: ") });
		const before = contentOf(cwd);
		const told = refusal("catalog diff facts", 2, { cwd });
		expect(told).toMatch(/facts\/accelerators\.yaml:\d+:\d+: /);
		expect(told).toContain("farthing catalog validate facts");
		expect(refusalJson("catalog diff facts", 2, { cwd })["code"]).toBe("invalid-catalogue");
		expect(contentOf(cwd)).toEqual(before);
	});
});

describe("doctor", () => {
	it("says what is there, what is old, and where no last result is kept; it keeps nothing itself", () => {
		const cwd = folderWith();
		const run = farthing("doctor", { cwd });
		expect(run.code).toBe(0);
		expect(run.stdout).toMatch(/^✓ node: Node \d+\.\d+/m);
		expect(run.stdout).toMatch(/^[✓!] catalogue \d{4}\.\d+/m);
		expect(run.stdout).toMatch(/rate card 2026-09/);
		expect(run.stdout).toContain("none in this folder yet");
		expect(contentOf(cwd)).toEqual({});
	});

	it("finds the last result", () => {
		const cwd = folderWith();
		answerOf("price --gpu-hour 2 --tokens-per-second 9 --json", { cwd });
		const { checks } = resultOf("doctor --json", { cwd }) as unknown as {
			checks: { name: string; state: string; detail: string }[];
		};
		expect(checks.find(({ name }) => name === "last result")?.detail).toContain("last.json");
		for (const { state } of checks) expect(["ok", "warning"]).toContain(state);
	});
});
