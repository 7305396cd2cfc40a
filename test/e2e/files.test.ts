/** Where answers are written and where questions come from: nothing is lost, nothing is read without end. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, contentOf, farthing, folderWith, refusal, refusalJson } from "./farthing.ts";

const PRICE = ["price", "--gpu-hour", "2.07", "--tokens-per-second", "2497"];
const ROW = "ix-255cede9";

describe("-o", () => {
	it.each([
		["the scenario itself", "scenarios/prototype-to-5b.yaml"],
		["the scenario by another path", "./scenarios/../scenarios/prototype-to-5b.yaml"],
		["a link to it", "link.yaml"],
		["the list of rows", "scenarios/six-rows.yaml"],
	])("does not write over what the answer was made from: %s", (_, path) => {
		const cwd = folderWith({}, { scenarios: true });
		symlinkSync(join(cwd, "scenarios/prototype-to-5b.yaml"), join(cwd, "link.yaml"));
		const before = contentOf(cwd);
		const args = ["plan", "scenarios/prototype-to-5b.yaml", "--rows", "scenarios/six-rows.yaml", "-o", path];
		expect(refusalJson(args, 2, { cwd })).toMatchObject({ code: "own-input", field: "-o" });
		expect(contentOf(cwd)).toEqual(before);
	});

	it("does not write over the result that why explains", () => {
		const cwd = folderWith();
		expect(farthing([...PRICE, "-o", "price.json"], { cwd }).code).toBe(0);
		const before = contentOf(cwd);
		expect(refusalJson(["why", "1", "price.json", "-o", "price.json"], 2, { cwd })).toMatchObject({
			code: "own-input",
		});
		expect(contentOf(cwd)).toEqual(before);
	});

	it.each([
		["a folder that is not there", "results/price.json", "no-such-folder"],
		["a folder that is a file", "taken/price.json", "no-such-folder"],
		["a folder", "full", "not-a-file"],
		["no name", "", "missing-argument"],
	])("refuses %s and makes none", (_, path, code) => {
		const cwd = folderWith({ taken: "x", "full/keep": "y" });
		const before = contentOf(cwd);
		expect(refusalJson([...PRICE, "-o", path], 2, { cwd })).toMatchObject({ code });
		expect(contentOf(cwd)).toEqual(before);
		expect(existsSync(join(cwd, "results"))).toBe(false);
	});

	it("writes to a device instead of replacing it, and follows a link", () => {
		const cwd = folderWith({ "real/price.json": "old" });
		symlinkSync(join(cwd, "real/price.json"), join(cwd, "link.json"));
		expect(farthing([...PRICE, "-o", "/dev/null"], { cwd }).code).toBe(0);
		expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
		expect(farthing([...PRICE, "-o", "link.json"], { cwd }).code).toBe(0);
		expect(JSON.parse(readFileSync(join(cwd, "real/price.json"), "utf8"))).toMatchObject({ command: "price" });
		expect(refusal([...PRICE, "-o", "/dev/full"], 2, { cwd })).toContain("no space");
	});

	it("- prints the result with its graph, so that why can read it", () => {
		const cwd = folderWith();
		const { stdout, stderr } = farthing([...PRICE, "-o", "-"], { cwd });
		expect(stderr).toBe("");
		expect(JSON.parse(stdout)).toHaveProperty("graph");
		const why = farthing(["why", "1", "-"], { cwd: folderWith(), input: stdout });
		expect(why.stdout).toContain("given with --gpu-hour");
	});
});

describe("what is read", () => {
	it("has a limit on standard input and on files without end", () => {
		const cwd = folderWith();
		const endless = openSync("/dev/zero", "r");
		const piped = spawnSync(process.execPath, [bin, "plan", "-"], {
			cwd,
			stdio: [endless, "pipe", "pipe"],
			encoding: "utf8",
		});
		closeSync(endless);
		expect(piped.status).toBe(2);
		expect(piped.stderr).toContain("standard input holds more than 64 MB");
		expect(refusalJson(["plan", "/dev/zero"], 2, { cwd })).toMatchObject({ code: "file-too-large" });
		expect(contentOf(cwd)).toEqual({});
	});

	it("says of a result without room on standard output that there was none, without a trace", () => {
		const full = openSync("/dev/full", "w");
		for (const args of [PRICE, [...PRICE, "--json"], ["--help"]]) {
			const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
				cwd: folderWith(),
				stdio: ["ignore", full, "pipe"],
				encoding: "utf8",
			});
			expect(status, stderr).toBe(2);
			expect(stderr).toMatch(/^error: cannot write to standard output: ENOSPC/);
			expect(stderr).not.toMatch(/\s+at /);
		}
		closeSync(full);
	});
});

describe("a terminal", () => {
	it("is not reached by escape sequences in names", () => {
		const cwd = folderWith();
		const name = "\u001b]0;owned\u0007\u001b[2J\u202eevil";
		const text = `version: 1\nname: ${JSON.stringify(name)}\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 5B}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\n`;
		const run = farthing(["plan", "-", "--row", ROW], { cwd, input: text });
		expect(run.code, run.stderr).toBe(0);
		// oxlint-disable-next-line no-control-regex
		expect(run.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
		const told = refusal(["plan", "-", "--row", "\u001b[2Jx"], 3, { cwd, input: text });
		// oxlint-disable-next-line no-control-regex
		expect(told).not.toMatch(/\u001b/);
	});
});
