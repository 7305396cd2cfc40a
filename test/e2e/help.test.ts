/** Help, its examples, and what is said about commands and options that there are not. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BENCH_VLLM } from "./bench-results.ts";
import { answerOf, farthing, folderWith, refusal, refusalJson, root } from "./farthing.ts";

const COMMANDS = ["price", "frontier", "plan", "why", "claim", "catalog", "doctor"];

/** A folder in which every example of the help can run. */
let prepared: string | undefined;
function workshop(): string {
	if (prepared !== undefined) return prepared;
	prepared = folderWith({ "run.json": BENCH_VLLM, "out/.keep": "" }, { scenarios: true });
	symlinkSync(join(root, "catalogue"), join(prepared, "catalogue"));
	answerOf("plan scenarios/prototype-to-5b.yaml -o out/plan.json --json", { cwd: prepared });
	return prepared;
}

function examplesOf(help: string): string[] {
	return help.split("\n").flatMap((line) => (line.startsWith("  farthing ") ? [line.trim()] : []));
}

/** Words of a line as a shell would split them. */
function words(line: string): string[] {
	return [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
}

describe("farthing --help", () => {
	const { stdout, stderr, code } = farthing("--help");

	it("is on stdout, ends with 0, and names every command, the exit codes and the environment", () => {
		expect([code, stderr]).toEqual([0, ""]);
		for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
		expect(stdout).toMatch(/Exit codes: 0 .* 1 .* 2 .* 3 .* 70/);
		expect(stdout).toContain("FARTHING_CARD");
		expect(stdout).toContain("NO_COLOR");
	});

	it.each(examplesOf(stdout))("%s runs", (line) => {
		const run = farthing(words(line).slice(1), { cwd: workshop() });
		expect(run.code, run.stderr).toBe(0);
		expect(run.stdout).not.toBe("");
	});

	it("is the same as farthing help, and -h", () => {
		expect(farthing("help").stdout).toBe(stdout);
		expect(farthing("-h").stdout).toBe(stdout);
	});
});

describe.each(["price", "frontier", "plan", "why", "claim", "catalog"])("farthing %s --help", (command) => {
	const { stdout, code } = farthing(`${command} --help`);
	const examples = examplesOf(stdout);

	it("has examples, and farthing help says the same", () => {
		expect(code).toBe(0);
		expect(examples.length).toBeGreaterThan(1);
		for (const example of examples) expect(example).toContain(`farthing ${command}`);
		expect(farthing(`help ${command}`).stdout).toBe(stdout);
	});

	it.each(examples)("%s runs", (line) => {
		const cwd = workshop();
		if (line.startsWith("farthing why")) answerOf("plan scenarios/prototype-to-5b.yaml --json", { cwd });
		const run = farthing(words(line).slice(1), { cwd });
		expect(run.code, run.stderr).toBe(0);
		expect(run.stdout).not.toBe("");
	});
});

it.each([
	["--version", /^\d+\.\d+\.\d+\n$/],
	["-V", /^\d+\.\d+\.\d+\n$/],
])("farthing %s", (flag, expected) => {
	expect(farthing(flag).stdout).toMatch(expected);
});

describe("what there is not", () => {
	it.each([
		["pan scenarios/prototype-to-5b.yaml", "plan"],
		["claims", "claim"],
		["catalogue list", "catalog"],
		["wy 1", "why"],
		["catalog lst", "list"],
		["price --gpuhour 2", "--gpu-hour"],
		["price --gpu-hour 2 --tokens-per-sec 9", "--tokens-per-second"],
		["plan scenarios/prototype-to-5b.yaml --whole-host off", "--whole-hosts"],
	])("farthing %s suggests %s", (line, nearest) => {
		expect(refusal(line, 2)).toContain(nearest);
	});

	it.each([
		["frobnicate", "unknown-command"],
		["price --frobnicate", "unknown-option"],
		["price --tokens both --gpu-hour 2 --tokens-per-second 9", "invalid-argument"],
		["plan a.yaml b.yaml", "excess-arguments"],
	])("farthing %s --json is one error object with code %s", (line, code) => {
		expect(refusalJson(line, 2)["code"]).toBe(code);
	});

	it("a choice that there is not: the choices", () => {
		expect(refusal("plan scenarios/prototype-to-5b.yaml --ttft-statistic p95", 2)).toMatch(/median, p90, p99, mean/);
	});
});

describe("farthing complete", () => {
	it("prints a script for each shell, and suggests commands, flags and their values", () => {
		for (const shell of ["bash", "zsh", "fish", "powershell"]) {
			const run = farthing(["complete", shell]);
			expect(run).toMatchObject({ code: 0, stderr: "" });
			expect(run.stdout).toMatch(/farthing complete '?--'?/);
		}
		const words = (...typed: string[]): string[] =>
			farthing(["complete", "--", ...typed])
				.stdout.split("\n")
				.map((line) => line.split("\t")[0] as string);
		expect(words("pl")).toContain("plan");
		expect(words("plan", "--dem")).toContain("--demand");
		expect(words("price", "--tokens", "")).toEqual(expect.arrayContaining(["total", "input", "output"]));
		expect(farthing(["complete", "tcsh"]).code).toBe(2);
	});
});

describe("a command line in a process that stays", () => {
	it.each([
		"plan scenarios/prototype-to-5b.yaml --json",
		"plan scenarios/prototype-to-5b.yaml --set demand.tokens_per_day=lots",
		"claim blackwell-15x-cost",
		"price --json",
		"why 1 --depth 2",
		"ledger status --json",
		"actuals",
		"report nothing.json",
		"--version",
	])("says what it says in one of its own: %s", (line) => {
		expect(farthing(line)).toEqual(farthing(line, { isOwn: true }));
	});
});
