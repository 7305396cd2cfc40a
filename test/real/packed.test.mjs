// What people install: both tarballs in empty folders outside the repository, on each Node that is supported and in a
// browser, with the commands and the library examples that the READMEs show.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { pack } from "../../scripts/pack.mjs";
import { startBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");
const parts = fileURLToPath(new URL("node_modules/", import.meta.url));

/** Folder of the `node` to run, by major version: this one, and those of packages. */
const nodes = new Map([
	[major(process.versions.node), dirname(process.execPath)],
	...[22, 24].map((version) => [version, join(parts, `node-${version}-linux-${process.arch}`, "bin")]),
]);

describe("what people install", () => {
	let folder;
	let whole;
	let alone;
	/** What the command of the repository says to the same question. */
	let expected;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "farthing-packed-"));
		const [engine, farthing] = await pack(join(folder, "tarballs"));
		alone = installed(join(folder, "alone"), [engine]);
		whole = installed(join(folder, "whole"), [farthing, engine]);
		compiled(alone, example("packages/engine/README.md"));
		compiled(whole, example("README.md"));
		const question = ["plan", "scenarios/prototype-to-5b.yaml", "--json"];
		const bin = join(root, "packages/cli/bin/farthing.js");
		expected = succeeded(spawnSync(process.execPath, [bin, ...question], { cwd: root, ...SETTINGS })).stdout;
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	test("the Nodes are those that are supported: the oldest line and the two after it", () => {
		assert.deepEqual([...nodes.keys()], [20, 22, 24]);
		for (const [version, bin] of nodes) {
			assert.ok(existsSync(join(bin, "node")), `Node ${version} is not in ${bin}: npm ci in test/real`);
			const { stdout } = spawnSync(join(bin, "node"), ["--version"], SETTINGS);
			assert.equal(major(stdout.slice(1)), version);
		}
	});

	test("the engine comes alone, with its types, its licence and no file that is not needed", () => {
		assert.deepEqual(readdirSync(join(alone, "node_modules")).filter(isShown), ["@farthing"]);
		assert.deepEqual(readdirSync(join(alone, "node_modules/@farthing")), ["engine"]);
		const files = readdirSync(join(alone, "node_modules/@farthing/engine"), { recursive: true });
		for (const name of ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"])
			assert.ok(files.includes(name), name);
		assert.deepEqual(
			files.filter((name) => /\.map$|\.test\.|tsbuildinfo|(?<!\.d)\.ts$/.test(name)),
			[],
		);
	});

	test("farthing holds the pages, the facts, the examples and the licences of what it joined", () => {
		const at = join(whole, "node_modules/farthing");
		for (const name of [
			"LICENSE",
			"NOTICE",
			"README.md",
			"bundle/LICENSES.txt",
			"catalogue/sources.yaml",
			"parts/catalogue/dist/catalogue/facts.json",
			"parts/web/dist/site/index.html",
			"parts/web/dist/export/index.html",
			"scenarios/prototype-to-5b.yaml",
		])
			assert.ok(existsSync(join(at, name)), name);
		const files = readdirSync(at, { recursive: true });
		assert.deepEqual(
			files.filter((name) => /\.map$|\.test\.|tsbuildinfo/.test(name)),
			[],
		);
		const ours = files
			.filter((name) => /\.(?:js|d\.ts)$/.test(name) && !name.startsWith("parts/web/"))
			.filter((name) => /["']@farthing\/(?!engine["'])/.test(readFileSync(join(at, name), "utf8")));
		assert.deepEqual(ours, [], "files that name packages which no registry has");
	});

	for (const [version, bin] of nodes) {
		test(`Node ${version}: npx farthing plans its example as the repository does, and keeps a ledger`, () => {
			const here = join(folder, `on-${version}`);
			const command = join(whole, "node_modules/.bin/farthing");
			mkdirSync(here);
			writeFileSync(join(here, "used.jsonl"), USED);
			const run = (...args) => succeeded(spawnSync(command, args, within(here, bin))).stdout;
			assert.match(run("doctor"), new RegExp(`Node ${version}\\.`));
			run("example");
			const npx = ["--prefix", whole, "--no", "--", "farthing", "plan", "scenarios/prototype-to-5b.yaml", "--json"];
			assert.equal(succeeded(spawnSync("npx", npx, within(here, bin))).stdout, expected);
			assert.match(run("why", "1", "--depth", "1"), /GPUs in the fleet/);
			run("import", "used.jsonl");
			assert.match(run("ledger", "status"), /requests\s+1\b/);
		});

		test(`Node ${version}: the library examples of both READMEs run`, () => {
			const node = (place) => succeeded(spawnSync(join(bin, "node"), ["example.js"], within(place, bin))).stdout;
			assert.equal(node(alone), "0.0419 USD/Mtok A\nrate speed load\n");
			assert.match(node(whole), /^1 b200-sxm 40 0\.39\d+ USD\/Mtok B\n2 .*\n3 /);
		});
	}

	test("threads, documents and pages find their files where they were put", async () => {
		const bin = nodes.get(24);
		const at = join(whole, "node_modules/farthing/bin/farthing.js");
		const run = (...args) => succeeded(spawnSync(join(bin, "node"), [at, ...args], within(whole, bin)));
		run("example");
		run("simulate", "scenarios/prototype-to-5b.yaml", "--hours", "0.1", "--runs", "2", "--threads", "2");
		run("report", "scenarios/prototype-to-5b.yaml", "--format", "pdf,pptx,xlsx", "-o", "out");
		for (const name of ["pdf", "pptx", "xlsx"]) assert.ok(existsSync(join(whole, "out", `board.${name}`)), name);
		run("serve", "--export", "pages");
		assert.ok(existsSync(join(whole, "pages/index.html")));
		const server = spawn(join(bin, "node"), [at, "serve", "--port", "0"], { cwd: whole, env: environment(bin) });
		try {
			const url = await addressOf(server);
			assert.match(await (await fetch(`${url}/`)).text(), /<title>/);
			const body = JSON.stringify({ gpu_hour: "1.95", tokens_per_second: 28724.2 });
			const headers = { "content-type": "application/json" };
			const answer = await fetch(`${url}/v1/price`, { method: "POST", headers, body });
			assert.equal(answer.status, 200, "a worker thread answers");
		} finally {
			server.kill("SIGTERM");
		}
	});

	test("a browser runs both examples, joined by a bundler, as Node does", async () => {
		const browser = await startBrowser();
		try {
			for (const place of [alone, whole]) {
				const text = await joined(place);
				const page = await browser.newPage();
				const said = [];
				page.on("console", (message) => said.push(message.text()));
				page.on("pageerror", (error) => said.push(String(error)));
				await page.setContent("<!doctype html><title>joined</title>");
				await page.addScriptTag({ content: text, type: "module" });
				const wanted = succeeded(spawnSync(process.execPath, ["example.js"], { cwd: place, ...SETTINGS })).stdout;
				const lines = wanted.trimEnd().split("\n");
				for (let tries = 0; said.length < lines.length && tries < 200; tries++) await page.waitForTimeout(50);
				assert.deepEqual(said, lines);
				await page.close();
			}
		} finally {
			await browser.close();
		}
	});
});

const SETTINGS = { encoding: "utf8", maxBuffer: 2 ** 28, timeout: 120_000 };

const USED = `${JSON.stringify({
	usage: {
		grain: "request",
		t0: "2026-10-01T10:00:00Z",
		t1: "2026-10-01T10:00:01Z",
		source: { adapter: "test", version: "1", kind: "gateway" },
		request_id: "request-1",
		model: { served: "m" },
		tokens: { in_total: 10, out_total: 5 },
	},
})}\n`;

function major(version) {
	return Number(version.split(".")[0]);
}

function isShown(name) {
	return !name.startsWith(".");
}

function environment(bin) {
	const kept = Object.entries(process.env).filter(([name]) => !/^(?:FARTHING_|NODE_|npm_)/.test(name));
	return {
		...Object.fromEntries(kept),
		FARTHING_CATALOGUE: "built-in",
		NO_COLOR: "1",
		PATH: `${bin}${delimiter}${process.env.PATH}`,
	};
}

function within(cwd, bin) {
	return { cwd, env: environment(bin), ...SETTINGS };
}

function succeeded(run) {
	assert.equal(run.status, 0, `${run.error ?? ""}${run.stderr}${run.stdout}`);
	return run;
}

function installed(place, tarballs) {
	mkdirSync(place);
	writeFileSync(join(place, "package.json"), '{"private": true, "type": "module"}\n');
	const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
	succeeded(spawnSync("npm", ["install", ...flags, ...tarballs], within(place, dirname(process.execPath))));
	return place;
}

/** The TypeScript of a README. */
function example(readme) {
	const [, text] = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, readme), "utf8"));
	return text;
}

/** Compiled against the types as they were installed, all of them checked. */
function compiled(place, text) {
	const compilerOptions = { strict: true, module: "nodenext", target: "es2023", types: [], lib: ["es2023", "dom"] };
	writeFileSync(join(place, "example.ts"), text);
	writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["example.ts"] }));
	succeeded(spawnSync(process.execPath, [compiler, "-p", place], { cwd: place, ...SETTINGS }));
}

/** The example and all that it imports as one text for a browser. */
async function joined(place) {
	const { rolldown } = await import("rolldown");
	const made = await rolldown({ input: join(place, "example.js"), platform: "browser", cwd: place });
	const { output } = await made.generate({ format: "esm" });
	await made.close();
	assert.equal(output.length, 1, "one file");
	return output[0].code;
}

async function addressOf(server) {
	let text = "";
	for await (const chunk of server.stdout) {
		text += chunk;
		const found = /the pages: (\S+?)\/\s/.exec(text);
		if (found !== null) return found[1];
	}
	throw new Error(`the server ended: ${text}`);
}
