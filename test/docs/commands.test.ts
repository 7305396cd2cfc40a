/**
 * The documents are true: every command in them runs and ends as they say, shown output is real output, files shown are
 * files that work, every link resolves, every flag is described.
 */
import { spawnSync } from "node:child_process";
import {
	appendFileSync,
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { claim } from "@farthing/answers";
import { openCatalogueFolder } from "@farthing/catalogue/node";
import { describe, expect, it, vi } from "vitest";
import { BENCH_VLLM, SERVING_ROW } from "../e2e/bench-results.ts";
import { bin, cleanEnvironment, farthing, folderWith, root } from "../e2e/farthing.ts";

// a block runs several commands, each a process of its own
vi.setConfig({ testTimeout: 300_000 });

const documents = [
	"README.md",
	"ARCHITECTURE.md",
	"CONTRIBUTING.md",
	...readdirSync(join(root, "docs"))
		.filter((name) => name.endsWith(".md"))
		.map((name) => `docs/${name}`),
].filter((path) => path !== "docs/dependencies.md");

interface Block {
	readonly language: string;
	/** Rest of the line that opens the block. */
	readonly info: string;
	readonly text: string;
}

function blocksOf(path: string): Block[] {
	const text = readFileSync(join(root, path), "utf8");
	return [...text.matchAll(/^```(\S*)[ ]?([^\n]*)\n([\s\S]*?)^```$/gm)].map(
		([, language = "", info = "", body = ""]) => ({
			language,
			info,
			text: body,
		}),
	);
}

/** An entry that a document says to append to a file that an earlier command has written: `facts/models.yaml`. */
function isAppended({ language, info }: Block): boolean {
	return ["yaml", "csv"].includes(language) && info.startsWith("facts/");
}

/** A folder in which the commands of one document can run: examples, facts, a benchmark result, the files it shows. */
function workshop(path: string): string {
	const rows = { "questions.jsonl": SERVING_ROW, "measured.jsonl": SERVING_ROW };
	const folder = folderWith({ "run.json": BENCH_VLLM, ...rows }, { scenarios: true });
	symlinkSync(join(root, "catalogue"), join(folder, "catalogue"));
	for (const [name, text] of filesOf(path)) writeFileSync(join(folder, name), text);
	mkdirSync(join(folder, "bin"));
	const command = `exec "${process.execPath}" "${bin}" "$@"\n`;
	writeFileSync(join(folder, "bin/farthing"), `#!/bin/sh\n${command}`);
	writeFileSync(join(folder, "bin/npx"), `#!/bin/sh\nshift\n${command}`);
	for (const name of ["farthing", "npx"]) chmodSync(join(folder, "bin", name), 0o755);
	return folder;
}

/** Scenarios, overlays, row lists and scrapes that a document shows, under the names its commands use. */
function filesOf(path: string): [name: string, text: string][] {
	return blocksOf(path).flatMap(({ language, info, text }): [string, string][] => {
		if (["prom", "csv", "jsonl"].includes(language) && info !== "" && !info.includes("/")) return [[info, text]];
		if (language !== "yaml") return [];
		if (info === "scenario") return [[`${/^name: (.+)$/m.exec(text)?.[1]}.yaml`, text]];
		if (info === "overlay") return [["overlay.yaml", text]];
		if (info === "policies") return [["policies.yaml", text]];
		return info === "rows" ? [["rows.yaml", text]] : [];
	});
}

interface Outcome {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** What a shell would read as more than words. */
const FOR_A_SHELL = /[|&;<>$`"'*?~(){}[\]\\#=]/;

function shell(line: string, folder: string): Outcome {
	const data = { FARTHING_DATA: join(folder, "data"), FARTHING_CATALOGUE: "" };
	if (!FOR_A_SHELL.test(line)) return farthing(line.replace(/^(?:npx )?farthing\b/, ""), { cwd: folder, env: data });
	const env = { ...cleanEnvironment(), ...data, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
	const run = spawnSync("bash", ["-c", line], { cwd: folder, env, encoding: "utf8", maxBuffer: 2 ** 28 });
	return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

const OTHERS = /^(?:npm |node |\.ci\/|#|$)/;

describe.each(documents)("%s", (path) => {
	const blocks = blocksOf(path);
	const commands = blocks.flatMap((block, i) =>
		block.language === "sh" || isAppended(block) ? [{ ...block, shown: blocks[i + 1] }] : [],
	);
	if (commands.length > 0)
		describe("shows commands that run, with the output that they give", () => {
			// in order and in one folder: later blocks read what earlier ones wrote
			let folder: string | undefined;
			it.each(commands.map((block) => [block.text.split("\n")[0], block] as const))("%s …", (_, block) => {
				const { text, shown } = block;
				folder ??= workshop(path);
				if (isAppended(block)) return appendFileSync(join(folder, block.info), text);
				const outcomes = text.split("\n").map((line) => ran(line, folder as string));
				if (shown?.language === "text") expectShown(shown.text, outcomes.join(""), text);
			});
		});

	it("links to places that exist", () => {
		const text = readFileSync(join(root, path), "utf8");
		for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
			if (/^(?:https?:|mailto:)/.test(target)) continue;
			const [file = "", anchor] = target.split("#");
			const to = file === "" ? path : join(dirname(path), file);
			expect(existsSync(join(root, to)), `${path} links to ${target}`).toBe(true);
			if (anchor !== undefined) expect(anchorsOf(to), `${path} links to ${target}`).toContain(anchor);
		}
	});

	it("names files of the repository that exist", () => {
		const text = readFileSync(join(root, path), "utf8");
		for (const [, named = ""] of text.matchAll(/`((?:packages|catalogue|scenarios|test|scripts|docs)\/[\w./-]*)`/g))
			expect(existsSync(join(root, named)), `${path} names ${named}`).toBe(true);
	});
});

/** Runs one line; what it printed. */
function ran(line: string, folder: string): string {
	const command = line.replace(/\s+#.*$/, "").trim();
	if (!/^(?:npx )?farthing\b/.test(command)) {
		expect(line, "a line of a sh block that no test runs").toMatch(OTHERS);
		return "";
	}
	const expected = Number(/# exit (\d+)/.exec(line)?.[1] ?? 0);
	const outcome = shell(command, folder);
	expect(outcome.code, `${command}\n${outcome.stderr}`).toBe(expected);
	return outcome.stdout;
}

/** Each line that is shown stands in the output, in this order; "…" stands for lines left out. */
function expectShown(shown: string, output: string, command: string): void {
	const lines = output.split("\n");
	let at = 0;
	for (const line of shown.trimEnd().split("\n")) {
		if (line === "…") continue;
		const found = lines.indexOf(line, at);
		expect(found, `not in the output of\n${command}\n${line}\n---\n${output}`).toBeGreaterThanOrEqual(0);
		at = found + 1;
	}
}

function anchorsOf(path: string): string[] {
	const text = readFileSync(join(root, path), "utf8");
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
		title
			.toLowerCase()
			.replace(/[^\w\- ]/g, "")
			.replaceAll(" ", "-"),
	);
}

describe("docs/commands.md", () => {
	const text = readFileSync(join(root, "docs/commands.md"), "utf8");
	const sections = new Map(
		[...text.matchAll(/^## (\w+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)].map(([, name = "", body = ""]) => [name, body]),
	);
	const common = text.slice(0, text.indexOf("## price"));

	it.each(["price", "frontier", "plan", "why", "claim", "train"])(
		"describes every flag of %s, and no other",
		(command) => {
			const help = farthing(`${command} --help`).stdout;
			const real = new Set([...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag as string));
			real.delete("--help");
			const rows = (body: string): string[] =>
				[...body.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = ""]) =>
					[...cell.matchAll(/--[\w-]+/g)].map(([flag]) => flag),
				);
			const shared = new Set(rows(common));
			const own = new Set(rows(sections.get(command) ?? ""));
			if (command === "plan")
				for (const flag of rows(sections.get("frontier") ?? "")) if (real.has(flag)) own.add(flag);
			expect(
				[...real].filter((flag) => !shared.has(flag) && !own.has(flag)),
				"not described",
			).toEqual([]);
			expect(
				[...own].filter((flag) => !real.has(flag)),
				"described, but not there",
			).toEqual([]);
		},
	);
});

describe("docs/scenario.md", () => {
	it.each(filesOf("docs/scenario.md").filter(([name]) => name !== "rows.yaml"))(
		"%s is a scenario that can be planned",
		(name) => {
			const folder = workshop("docs/scenario.md");
			const outcome = shell(`farthing plan ${name} --top 1 --quiet`, folder);
			expect(outcome.code, outcome.stderr).toBe(0);
		},
	);

	const BASE =
		"version: 1\nname: base\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 5B}\n";

	it.each(blocksOf("docs/scenario.md").filter(({ info }) => info === "cost" || info === "rate"))(
		"$text",
		({ info, text }) => {
			const cost = info === "cost" ? text : `cost: {rates: {${text.trim()}}}\n`;
			const run = farthing("plan base.yaml --top 1 --quiet", { cwd: folderWith({ "base.yaml": BASE + cost }) });
			expect(run.code, run.stderr).toBe(0);
		},
	);

	it("names only members of the schema", () => {
		const text = readFileSync(join(root, "docs/scenario.md"), "utf8");
		const schema = JSON.parse(readFileSync(join(root, "packages/scenario/schema/scenario.v1.json"), "utf8"));
		const table = text.slice(text.indexOf("## Members"), text.indexOf("### Cost"));
		const cells = [...table.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = ""]) => cell);
		const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, path = ""]) => path));
		expect(named.length).toBeGreaterThan(20);
		const paths = named.map((path) => (path.startsWith(".") ? `supply${path}` : path).split("."));
		const known = ([section = "", member]: string[]): boolean => {
			const found = schema.properties[section];
			return found !== undefined && (member === undefined || JSON.stringify(found).includes(`"${member}"`));
		};
		expect(paths.filter((path) => !known(path))).toEqual([]);
	});
});

describe("entries shown for the catalogue", () => {
	/** A copy of the facts with the entries that a document shows appended to their files. */
	function extended(path: string): string {
		const folder = folderWith();
		cpSync(join(root, "catalogue"), join(folder, "catalogue"), { recursive: true });
		for (const { language, info, text } of blocksOf(path)) {
			if (!/^(?:yaml|csv)$/.test(language) || !/\.(?:yaml|csv)$/.test(info)) continue;
			const file = join(folder, "catalogue", info);
			expect(existsSync(file), relative(folder, file)).toBe(true);
			appendFileSync(file, text);
		}
		return folder;
	}

	it.each(["docs/catalogue.md", "docs/claims.md"])("%s: they are valid", (path) => {
		const run = farthing("catalog validate catalogue", { cwd: extended(path) });
		expect(run.stdout).toMatch(/no issue/);
		expect(run.code).toBe(0);
	});

	it("the claim of docs/claims.md gets its verdict", async () => {
		const store = await openCatalogueFolder(join(extended("docs/claims.md"), "catalogue"));
		const catalogue = store.catalogue();
		const asking = { command: "claim", arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue };
		const { result } = claim(catalogue, "h200-dsr1-50c", asking);
		expect(result.verdict).toBe("conditional");
		expect(result.figures["unit_cost"]?.value).toBeCloseTo(0.473, 3);
		expect(result.conditions).toHaveLength(2);
	});

	it("a row with a made-up id is told its own", () => {
		const folder = extended("docs/catalogue.md");
		const file = join(folder, "catalogue/benchmarks/inferencex-dated.csv");
		const row = readFileSync(file, "utf8").trimEnd().split("\n").at(-1) as string;
		appendFileSync(file, `${row.replace(/^ix-\w+/, "ix-00000000").replace(/,\d{4}-\d{2}-\d{2},/, ",2026-01-02,")}\n`);
		const run = farthing("catalog validate catalogue", { cwd: folder });
		expect(run.code).toBe(1);
		expect(run.stdout).toMatch(/inferencex-dated\.csv:\d+:1: id: .*expected "ix-[0-9a-f]{8}"/);
	});
});

describe("the library example of README.md", () => {
	it("compiles and runs as a program of a user", () => {
		const [example] = blocksOf("README.md").filter(({ language }) => language === "ts");
		const options = { strict: true, module: "nodenext", target: "es2023", types: ["node"], outDir: "built" };
		const folder = folderWith({
			"package.json": JSON.stringify({ type: "module" }),
			"tsconfig.json": JSON.stringify({ compilerOptions: options, files: ["example.ts"] }),
			"example.ts": example?.text as string,
		});
		symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
		const compiler = join(root, "node_modules/typescript/bin/tsc");
		const compiled = spawnSync(process.execPath, [compiler, "-p", folder], { cwd: folder, encoding: "utf8" });
		expect(compiled.stdout).toBe("");
		expect(compiled.status).toBe(0);
		const run = spawnSync(process.execPath, [join(folder, "built/example.js")], {
			encoding: "utf8",
			env: cleanEnvironment(),
		});
		expect(run.stderr).toBe("");
		expect(run.stdout).toMatch(/^1 b200-sxm 40 0\.39\d+ USD\/Mtok B\n2 /);
	});
});
