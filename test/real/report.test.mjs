// The report page in a real browser: on a desk, on a phone, and on paper.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findViolations, startBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const screenshots = fileURLToPath(new URL("screenshots/", import.meta.url));
const views = [
	{ name: "desktop", media: "screen", width: 1280, height: 900, mustFit: true },
	{ name: "desktop-dark", media: "screen", scheme: "dark", width: 1280, height: 900, mustFit: true },
	{ name: "desktop-unfolded", media: "screen", unfold: true, width: 1280, height: 900, mustFit: true },
	{ name: "phone", media: "screen", width: 360, height: 740, mustFit: true },
	{ name: "phone-dark", media: "screen", scheme: "dark", width: 360, height: 740, mustFit: true },
	{ name: "tablet", media: "screen", width: 700, height: 900, mustFit: true },
	{ name: "desktop-print", media: "print", width: 1280, height: 900, mustFit: true },
	{ name: "phone-print", media: "print", width: 360, height: 740, mustFit: false },
];

describe("out/plan.html", () => {
	let browser;
	let folder;
	let report;

	before(async () => {
		mkdirSync(screenshots, { recursive: true });
		folder = mkdtempSync(join(tmpdir(), "farthing-report-"));
		report = process.env.FARTHING_REPORT ? resolve(process.env.FARTHING_REPORT) : writeReport(folder);
		browser = await startBrowser();
	});

	after(async () => {
		await browser?.close();
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	});

	for (const view of views) {
		test(`${view.name}: opens cleanly from disk, fits, and axe finds nothing serious`, async () => {
			const { page, complaints, requests } = await openPage(browser, report, view);
			await page.screenshot({ path: join(screenshots, `${view.name}.png`), fullPage: true });
			assert.deepEqual(complaints, [], "console errors and exceptions");
			assert.deepEqual(
				requests.filter((url) => !/^(file|data):/.test(url)),
				[],
				"requests other than file:",
			);
			if (view.mustFit) assert.deepEqual(await page.evaluate(findOverflow), [], `wider than ${view.width} px`);
			assert.deepEqual(await page.evaluate(findBadLabels), [], "clipped or overlapping labels of charts");
			assert.deepEqual(await findViolations(page), [], "serious or critical accessibility violations");
			await page.context().close();
		});
	}

	test("prints to paper", async () => {
		const { page } = await openPage(browser, report, { media: "print", width: 1280, height: 900 });
		const pdf = await page.pdf({ format: "A4", path: join(screenshots, "print.pdf") });
		assert.equal(pdf.subarray(0, 5).toString("latin1"), "%PDF-");
		await page.context().close();
	});
});

function writeReport(folder) {
	const farthing = join(root, "packages/cli/bin/farthing.js");
	const args = [farthing, "first-run", "--once", "--out", folder];
	execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 });
	return join(folder, "plan.html");
}

async function openPage(browser, report, { media, scheme = "light", unfold = false, width, height }) {
	const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, offline: true });
	const page = await context.newPage();
	const complaints = [];
	const requests = [];
	page.on("console", (message) => {
		if (message.type() === "error") complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	page.on("request", (request) => requests.push(request.url()));
	await page.emulateMedia({ media });
	await page.goto(pathToFileURL(report).href, { waitUntil: "load" });
	if (unfold) await page.evaluate(unfoldAll);
	return { page, complaints, requests };
}

/** Runs in the page: what reaches beyond the window, unless the page as a whole does not scroll sideways. */
function findOverflow() {
	const width = document.documentElement.clientWidth;
	const widest = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
	if (widest <= width) return [];
	const beyond = [...document.body.querySelectorAll("*")].filter(
		(element) => element.getBoundingClientRect().right > width + 1,
	);
	return [`page: ${widest} px`, ...beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
}

/** Runs in the page. */
function unfoldAll() {
	for (const details of document.querySelectorAll("details")) details.open = true;
}

/** Runs in the page: labels of charts that reach beyond the chart, or over one another. */
function findBadLabels() {
	return [...document.querySelectorAll(".chart svg")].flatMap((svg) => {
		const frame = svg.getBoundingClientRect();
		if (frame.width === 0) return [];
		const labels = [...svg.querySelectorAll("text")]
			.filter((text) => text.textContent.trim() !== "")
			.map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
		const clipped = labels.filter(
			({ box }) =>
				box.left < frame.left - 1 ||
				box.right > frame.right + 1 ||
				box.top < frame.top - 1 ||
				box.bottom > frame.bottom + 1,
		);
		const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
		const pairs = labels.flatMap((a, i) =>
			labels
				.slice(i + 1)
				.filter((b) => over(a.box, b.box))
				.map((b) => `${a.words} over ${b.words}`),
		);
		return [...clipped.map(({ words }) => `${words} is clipped`), ...pairs];
	});
}
