// Debian's Chromium, and what every page of ours must keep in it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Each window of Chromium loads pages of its own for what may drop down from its address bar, which takes more computing
 * than ours. The last list of features counts, so those that playwright-core leaves out are in it too.
 */
const LEFT_OUT = [
	..."WebUIOmniboxPopup WebUIOmniboxAimPopup WebUIOmniboxFullPopup".split(" "),
	..."AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades".split(" "),
	..."HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning".split(" "),
	..."AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying AimEnabled".split(" "),
	"PreconnectToSearch",
];

export function startBrowser() {
	const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
	const more = ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
	const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
	const args = [...quiet, ...more, `--disable-features=${LEFT_OUT.join(",")}`, ...root];
	return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}

/** A page with what it complained of and what it asked for. */
export async function newPage(browser, { width = 1280, height = 900, scheme = "light" } = {}) {
	const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: "en-GB" });
	const page = await context.newPage();
	const complaints = [];
	const requests = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type())) complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("request", (request) => requests.push(request.url()));
	page.setDefaultTimeout(60_000);
	return { page, complaints, requests };
}

/** Resolves when the page shows its answer: nothing waits, nothing is busy. */
export async function settled(page) {
	await page.waitForFunction(() => {
		const main = document.querySelector("main .page");
		return main !== null && document.querySelector('main .waiting, main [aria-busy="true"], .why .waiting') === null;
	});
}

/** Serious and critical findings of axe, each with the places it was found at. */
export async function findViolations(page) {
	await page.evaluate(axeSource);
	return page.evaluate(async () => {
		const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
		return violations
			.filter(({ impact }) => impact === "serious" || impact === "critical")
			.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
	});
}

/** Elements wider than the window that nothing scrolls. */
export function findOverflow(page) {
	return page.evaluate(() => {
		const { clientWidth } = document.documentElement;
		if (document.documentElement.scrollWidth <= clientWidth) return [];
		const found = [...document.body.querySelectorAll("*")]
			.filter(
				(element) =>
					element.getBoundingClientRect().right > clientWidth + 1 && element.closest('[tabindex="0"]') === null,
			)
			.map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`)
			.slice(0, 5);
		return found.length > 0 ? found : [`the document is ${document.documentElement.scrollWidth} px wide`];
	});
}

/** Texts of charts that are cut or written over one another at an axis, and facts that touch their neighbours. */
export function findCutTexts(page) {
	return page.evaluate(() => {
		const found = [];
		const told = (what, element) => found.push(`${what}: ${element.textContent.trim()}`);
		for (const svg of document.querySelectorAll(".chart-box svg")) {
			const box = svg.getBoundingClientRect();
			for (const text of svg.querySelectorAll("text")) {
				const { left, right, top, bottom } = text.getBoundingClientRect();
				if (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)
					told(`${svg.closest("[data-chart]").dataset.chart}, cut`, text);
			}
			const labels = [...svg.querySelectorAll(".axis text")];
			const rects = labels.map((text) => text.getBoundingClientRect());
			labels.forEach((text, i) => {
				const over = rects.findIndex(
					(each, j) =>
						j > i &&
						each.left < rects[i].right + 2 &&
						rects[i].left < each.right + 2 &&
						each.top < rects[i].bottom - 2 &&
						rects[i].top < each.bottom - 2,
				);
				if (over >= 0) told(`${svg.closest("[data-chart]").dataset.chart}, over "${labels[over].textContent}"`, text);
			});
		}
		for (const fact of document.querySelectorAll(".facts > div")) {
			const { right } = fact.getBoundingClientRect();
			for (const each of fact.querySelectorAll("dt > *"))
				if (each.getBoundingClientRect().right > right - 6) told("touches the next fact", each);
		}
		return found;
	});
}

/** Every number that opens into a tree, with the node it is of. */
export function numbers(page) {
	return page.$$eval("[data-node][data-value]", (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);
}
