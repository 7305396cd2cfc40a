// farthing diff between revisions of a real git repository.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "packages/cli/bin/farthing.js");
const example = readFileSync(join(root, "scenarios/prototype-to-5b.yaml"), "utf8");

describe("farthing diff of revisions", () => {
	let folder;

	before(() => {
		folder = mkdtempSync(join(tmpdir(), "farthing-diff-"));
		git("init", "--quiet", "--initial-branch", "main");
		mkdirSync(join(folder, "scenarios"));
		write("scenarios/base.yaml", example);
		write("scenarios/chat.yaml", "version: 1\nname: chat\nextends: base.yaml\ndemand: {tokens_per_day: 5B}\n");
		write("scenarios/notes.yaml", "a: 1\n");
		commit("first");
		git("checkout", "--quiet", "-b", "work");
		write("scenarios/chat.yaml", "version: 1\nname: chat\nextends: base.yaml\ndemand: {tokens_per_day: 20B}\n");
		write("scenarios/notes.yaml", "a: 2\n");
		write("scenarios/new.yaml", example);
		commit("second");
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	test("takes the scenarios that changed, each with what it extends at the same revision", () => {
		const { result, warnings } = JSON.parse(farthing("diff", "main..HEAD", "--json").stdout);
		assert.deepEqual(
			result.diffs.map((each) => each.before),
			["main:scenarios/chat.yaml"],
		);
		assert.deepEqual(result.diffs[0].members, [{ path: "demand.tokens_per_day", before: "5B", after: "20B" }]);
		assert.match(warnings.map(({ message }) => message).join(), /new\.yaml is new/);
		const sum = result.diffs[0].causes.reduce((total, { delta }) => total + delta.value, result.diffs[0].from.value);
		assert.equal(sum, result.diffs[0].to.value);
	});

	test("compares with the files as they lie there, from a folder below, and as Markdown", () => {
		write("scenarios/chat.yaml", "version: 1\nname: chat\nextends: base.yaml\ndemand: {tokens_per_day: 40B}\n");
		const { stdout } = farthing({ cwd: join(folder, "scenarios") }, "diff", "HEAD..", "--markdown");
		assert.match(stdout, /\| `demand\.tokens_per_day` \| 20B \| 40B \|/);
		assert.match(stdout, /\| \*\*sum\*\* \|/);
	});

	test("says which revision or file there is not", () => {
		assert.equal(failure("diff", "main..no-such-branch").error.code, "unknown-revision");
		assert.equal(failure("diff", "main..HEAD", "scenarios/no.yaml").error.code, "no-such-file");
		assert.equal(failure("diff", "--upload-pack=x..HEAD").error.code, "unknown-option");
	});

	function write(name, text) {
		writeFileSync(join(folder, name), text);
	}

	function git(...args) {
		execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: folder });
	}

	function commit(message) {
		git("add", "--all");
		git("commit", "--quiet", "--message", message);
	}

	function farthing(first, ...rest) {
		const [options, args] = typeof first === "object" ? [first, rest] : [{}, [first, ...rest]];
		const stdout = execFileSync(process.execPath, [bin, ...args], {
			cwd: folder,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
			...options,
		});
		return { stdout };
	}

	function failure(...args) {
		try {
			farthing(...args, "--json");
		} catch (error) {
			assert.equal(error.status, 2);
			return JSON.parse(error.stdout);
		}
		throw new Error("it answered");
	}
});
