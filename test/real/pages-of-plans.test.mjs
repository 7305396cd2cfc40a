// The pages that plan and tell what a token costs, and what is true of all pages. Those of money have a file of their own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { numbers, settled } from "./browser.mjs";
import { farthing, isOfMoney, pages, walk } from "./walk-pages.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the pages of plans", () => {
	walk(
		pages.filter((page) => !isOfMoney(page)),
		ofAll,
	);
});

function ofAll({ open, newPage, base }) {
	test("every page of the menu is walked here", async () => {
		const { page, close } = await open("start");
		const inMenu = await page.$$eval(".nav a", (links) => links.map((link) => link.hash.replace(/^#|\?.*$/g, "")));
		assert.deepEqual(
			inMenu.filter((id) => !pages.some((each) => each.id === id)),
			[],
			"pages without a file in test/real/pages",
		);
		await close();
	});

	test("under 300 kB of script, gzipped, come before the first answer, each file packed", async () => {
		const { page } = await newPage();
		const scripts = new Map();
		page.on("response", (response) => {
			const name = /\/assets\/(.+\.js)$/.exec(response.url())?.[1];
			if (name !== undefined) scripts.set(name, response.headers()["content-encoding"]);
		});
		await page.goto(`${base()}/#answer`);
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
			const { page, complaints, requests } = await newPage();
			await page.goto(`${pathToFileURL(join(to, "index.html"))}#${hash}`);
			await settled(page);
			const served = await open(hash);
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
}
