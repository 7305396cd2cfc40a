// The pages in a real browser, served by `farthing serve`: each page of the menu in both themes and on a phone, then the
// checks that each file under pages/ brings. One server and one browser for all.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { fleetLedger } from "./fleet-ledger.mjs";
import { findCutTexts, findOverflow, findViolations, newPage, numbers, settled, startBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const farthing = join(root, "packages/cli/bin/farthing.js");
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
/** Pages to walk, each with the part of the URL that opens it and checks of its own. */
const pages = await Promise.all(
	readdirSync(folder)
		.filter((file) => file.endsWith(".mjs"))
		.sort()
		.map((file) => import(new URL(file, folder))),
);

function run(...args) {
	return String(execFileSync(process.execPath, [farthing, ...args], { cwd: root, maxBuffer: 1 << 28 }));
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

describe("the pages", () => {
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
		/** A picture of README: written where it is read with FARTHING_PICTURES=1, else only for review. */
		picture: (page, name) =>
			page.screenshot({ path: join(process.env.FARTHING_PICTURES ? pictures : screenshots, `${name}.png`) }),
		screenshot: (page, name) => page.screenshot({ path: join(screenshots, `pages-${name}.png`), fullPage: true }),
	};

	before(async () => {
		mkdirSync(screenshots, { recursive: true });
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

	test("every page of the menu is walked here", async () => {
		const { page, close } = await tools.open("start");
		const inMenu = await page.$$eval(".nav a", (links) => links.map((link) => link.hash.replace(/^#|\?.*$/g, "")));
		assert.deepEqual(
			inMenu.filter((id) => !pages.some((each) => each.id === id)),
			[],
			"pages without a file in test/real/pages",
		);
		await close();
	});

	test("under 300 kB of script, gzipped, come before the first answer, each file packed", async () => {
		const { page } = await newPage(browser);
		const scripts = new Map();
		page.on("response", (response) => {
			const name = /\/assets\/(.+\.js)$/.exec(response.url())?.[1];
			if (name !== undefined) scripts.set(name, response.headers()["content-encoding"]);
		});
		await page.goto(`${base}/#answer`);
		await page.waitForSelector(".answer-sentence .quantity-hero");
		const packed = (name) => gzipSync(readFileSync(join(root, "packages/web/dist/site/assets", name)), { level: 9 });
		const bytes = [...scripts.keys()].reduce((sum, name) => sum + packed(name).length, 0);
		assert.ok(scripts.size > 5 && bytes > 50_000, "scripts were seen");
		assert.ok(bytes < 300_000, `${bytes} bytes`);
		assert.deepEqual([...new Set(scripts.values())], ["br"]);
		await page.context().close();
	});

	test("written to a folder, they open from disk and show the same numbers", async () => {
		const to = mkdtempSync(join(tmpdir(), "farthing-pages-"));
		try {
			execFileSync(process.execPath, [farthing, "serve", "--export", to], { cwd: root });
			const hash = "answer?s.demand.tokens_per_day=7B";
			const { page, complaints, requests } = await newPage(browser);
			await page.goto(`${pathToFileURL(join(to, "index.html"))}#${hash}`);
			await settled(page);
			const served = await tools.open(hash);
			assert.deepEqual(await numbers(page), await numbers(served.page));
			// The first fan is drawn alone, while a second worker comes up; those after it by both.
			for (const people of [4, 5]) {
				const moved = `years?base=five-years&s.horizon=3+years&s.people.fte=${people}`;
				for (const each of [page, served.page]) {
					await each.evaluate((at) => location.assign(`#${at}`), moved);
					await each.waitForSelector('[data-chart="fan"]');
					await settled(each);
					assert.equal(each.workers().length, 2);
				}
				assert.deepEqual(await numbers(page), await numbers(served.page));
			}
			assert.deepEqual(complaints, [], "console errors and exceptions");
			assert.deepEqual(
				requests.filter((url) => !/^(file|blob|data):/.test(url)),
				[],
			);
			await served.close();
			await page.context().close();
		} finally {
			rmSync(to, { recursive: true, force: true });
		}
	});

	for (const { id, hash = id, checks = {} } of pages) {
		for (const view of views) {
			test(`${id}, ${view.name}: opens cleanly, fits, asks no other site, and axe finds nothing serious`, async () => {
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
		for (const [name, check] of Object.entries(checks)) test(`${id}: ${name}`, () => check(tools));
	}
});
