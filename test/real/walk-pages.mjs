// Pages in a real browser, served by `farthing serve`: each in both themes and on a phone, then the checks that its file
// under pages/ brings. One server and one browser for those that a test file walks.
import assert from "node:assert/strict";
import { execFileSync, execSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fleetLedger } from "./fleet-ledger.mjs";
import { findCutTexts, findOverflow, findViolations, newPage, settled, startBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const farthing = join(root, "packages/cli/bin/farthing.js");
const screenshots = fileURLToPath(new URL("screenshots/", import.meta.url));
const pictures = join(root, "docs/pictures");
const folder = new URL("pages/", import.meta.url);
const phone = { width: 360, height: 740 };
const views = [
	{ name: "light" },
	{ name: "dark", scheme: "dark" },
	{ name: "phone", ...phone },
	{ name: "Chinese", language: "zh", ...phone },
];
/** Pages, each with the part of the URL that opens it and checks of its own. */
export const pages = await Promise.all(
	readdirSync(folder)
		.filter((file) => file.endsWith(".mjs"))
		.sort()
		.map((file) => import(new URL(file, folder))),
);

/** Half of the work, walked by a test file of its own: two of them keep two cores busy. */
const OF_MONEY = ["actuals", "compare", "margin", "training", "ways", "years"];

export function isOfMoney({ id }) {
	return OF_MONEY.includes(id);
}

function run(...args) {
	return String(execFileSync(process.execPath, [farthing, ...args], { cwd: root, maxBuffer: 1 << 28 }));
}

/** The text that a button of a chart saves. */
async function saved(page, chart, button) {
	const [download] = await Promise.all([page.waitForEvent("download"), chart.$eval(button, (found) => found.click())]);
	return readFileSync(await download.path(), "utf8");
}

async function serve(args) {
	const server = spawn(process.execPath, [farthing, "serve", "--port", "0", "--quiet", ...args], { cwd: root });
	const base = await new Promise((resolve, reject) => {
		server.stdout.on("data", (text) => {
			const url = /http:\/\/[\d.]+:\d+/.exec(String(text))?.[0];
			if (url !== undefined) resolve(url);
		});
		server.on("close", (code) => reject(new Error(`the server ended with ${code}`)));
	});
	return { server, base };
}

function ended(server) {
	return new Promise((resolve) => {
		server.on("close", resolve);
		server.kill("SIGTERM");
	});
}

/** `more` declares tests of its own of the same server and browser, which are there once a test runs. */
export function walk(walked, more) {
	let server;
	let base;
	let browser;
	/** A made-up month, which the server has in its ledger; `copy` is for commands. */
	let month;
	const work = mkdtempSync(join(tmpdir(), "farthing-pages-"));
	/** What the checks of a page may use. */
	const tools = {
		open: async (hash, view) => {
			const opened = await newPage(browser, view);
			await opened.page.goto(`${base}/${view?.language === undefined ? "" : `?lang=${view.language}`}#${hash}`);
			await settled(opened.page);
			return { ...opened, settled: () => settled(opened.page), close: () => opened.page.context().close() };
		},
		/** A page at another address than that of the server: `url` with all of it. */
		openAt: async (url, view) => {
			const opened = await newPage(browser, view);
			await opened.page.goto(url);
			await settled(opened.page);
			return { ...opened, settled: () => settled(opened.page), close: () => opened.page.context().close() };
		},
		/** Another server of the pages, to be ended by `stop`. */
		serve: async (...args) => {
			const started = await serve(args);
			return { base: started.base, stop: () => ended(started.server) };
		},
		/** Files and ledger of the month. */
		month: () => month,
		/** Folder for files of a check. */
		work,
		/** Result of a command, as JSON; `farthing.text` is what it prints without. */
		farthing: Object.assign((...args) => JSON.parse(run(...args, "--json")), { text: run }),
		asCopied: (command) => asCopied(command),
		/** Every chart has the result id and the warnings that the command beside it prints, the scenario saved where it reads it. */
		holdsIds: async (page) => {
			for (const chart of await page.$$("main figure[data-chart]")) {
				const { command, result, warnings } = JSON.parse(await saved(page, chart, "[data-save-metadata]"));
				const isSaved = (await chart.$("[data-save-scenario]")) !== null;
				const printed = asCopied(command, isSaved ? await saved(page, chart, "[data-save-scenario]") : undefined);
				const name = await chart.getAttribute("data-chart");
				assert.equal(result.id, printed.id, `${name}: ${command}`);
				assert.deepEqual(warnings, printed.warnings, name);
			}
		},
		/** A picture of README: written where it is read with FARTHING_PICTURES=1, else only for review. */
		picture: (page, name) =>
			page.screenshot({ path: join(process.env.FARTHING_PICTURES ? pictures : screenshots, `${name}.png`) }),
		screenshot: (page, name) => page.screenshot({ path: join(screenshots, `pages-${name}.png`), fullPage: true }),
	};

	/** What a copied command prints in a folder with the examples; each is asked once. */
	const printed = new Map();
	function asCopied(command, scenario) {
		const key = `${command} ${scenario}`;
		if (!printed.has(key)) {
			const { ledger, copy } = month;
			const file = command.split(" ").find((word) => word.endsWith("scenario.yaml"));
			if (scenario !== undefined) writeFileSync(join(work, file), scenario);
			const typed = command.replaceAll("npx farthing", `"${process.execPath}" "${farthing}"`).replaceAll(ledger, copy);
			const json = typed.endsWith("--json") ? typed : `${typed} --json`;
			printed.set(key, JSON.parse(execSync(json, { cwd: work, maxBuffer: 1 << 28 })));
		}
		return printed.get(key);
	}

	before(async () => {
		mkdirSync(screenshots, { recursive: true });
		cpSync(join(root, "scenarios"), join(work, "scenarios"), { recursive: true });
		month = await fleetLedger(join(work, "month"));
		const { ledger, rates, benchmarks } = month;
		({ server, base } = await serve(["--ledger", ledger, "--rates", rates, "--calibration", benchmarks]));
		browser = await startBrowser();
	});

	after(async () => {
		await browser?.close();
		if (server !== undefined) await ended(server);
		rmSync(work, { recursive: true, force: true });
	});

	more?.({ ...tools, newPage: (view) => newPage(browser, view), base: () => base });

	for (const { id, hash = id, checks = {} } of walked) {
		for (const view of views) {
			void test(`${id}, ${view.name}: opens cleanly, fits, asks no other site, and axe finds nothing serious`, async () => {
				const { page, complaints, requests, close } = await tools.open(hash, view);
				await tools.screenshot(page, `${id}-${view.name}`);
				assert.deepEqual(complaints, [], "console errors and exceptions");
				assert.deepEqual(
					requests.filter((url) => !url.startsWith(`${base}/`) && !url.startsWith("blob:")),
					[],
				);
				assert.deepEqual(await findOverflow(page), [], "wider than the window");
				assert.deepEqual(await findCutTexts(page), [], "texts that are cut or touch");
				assert.deepEqual(await findViolations(page), [], "serious or critical accessibility violations");
				await close();
			});
		}
		void test(`${id}: every chart has the result id that the command beside it prints`, async () => {
			const { page, close } = await tools.open(hash);
			await tools.holdsIds(page);
			await close();
		});
		for (const [name, check] of Object.entries(checks)) void test(`${id}: ${name}`, () => check(tools));
	}
}
