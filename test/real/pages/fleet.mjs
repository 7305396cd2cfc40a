import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const id = "fleet";

/** Numbers of the page by node, and every quantity of the answer that has one. */
const shown = (page) =>
	page.$$eval("main [data-node][data-value]", (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);
function known(of, found = new Map()) {
	if (typeof of !== "object" || of === null) return found;
	if (typeof of.node === "string" && "value" in of) found.set(of.node, of.value);
	for (const each of Object.values(of)) known(each, found);
	return found;
}

export const checks = {
	"numbers, bars and hours are those of the command, to the last digit": async ({ open, farthing }) => {
		const { page, close } = await open("fleet?v.as.gpus=table&v.as.load=table");
		const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml");
		const all = known(result);
		const numbers = await shown(page);
		assert.ok(numbers.length > 9 * result.fleets.length, `only ${numbers.length} numbers`);
		for (const [node, value] of numbers) assert.equal(value, all.get(node), node);
		const rows = (name) =>
			page.$$eval(`[data-chart="${name}"] tbody tr`, (lines) =>
				lines.map((row) => [...row.querySelectorAll("td")].slice(1).map((cell) => Number(cell.textContent))),
			);
		const parts = await rows("gpus");
		assert.deepEqual(
			parts.map((row) => row.at(-1)),
			result.fleets.map(({ gpus }) => gpus.value),
		);
		result.fleets.forEach(({ parts: of }, i) => {
			const values = of.map(({ gpus }) => gpus.value);
			for (const cell of parts[i].slice(0, -1)) assert.ok(values.includes(cell), `${cell} GPUs`);
		});
		assert.deepEqual(
			await rows("load"),
			result.fleets[0].load_duration.utilization.map((_, hour) =>
				result.fleets.map(({ load_duration: { utilization } }) => utilization[hour]),
			),
		);
		await close();
	},

	"the headroom of a fleet and the most that a site of its size has room for are one figure": async ({ open }) => {
		const { page, close } = await open("fleet?s.limits.power=0.1+MW");
		const text = await page.textContent(".fleet-body");
		assert.match(text, /fleet is 40 GPUs of .* on 40 GPUs of /s);
		const headroom = await page.$eval(".fleet-sentence [data-node$='.headroom']", (of) => Number(of.dataset.value));
		const [, most] = await page.$$eval(".fleet-sentence + p data", (all) => all.map(({ value }) => Number(value)));
		assert.ok(Math.abs(most / (5e9 * (1 + headroom)) - 1) < 1e-5, `${most} a day, ${headroom} headroom`);
		await close();
	},

	"a site's limit leaves out what has no room, and stays after a reload": async ({ open, farthing }) => {
		const { page, settled, close } = await open("fleet");
		await page.fill('[data-path="limits.power"]', "150 kW");
		await page.keyboard.press("Enter");
		await settled();
		await page.reload();
		await settled();
		assert.match(page.url(), /s\.limits\.power=150/);
		assert.match(await page.textContent(".fleet-body"), /The site has 0\.150 MW/);
		await page.fill('[data-path="limits.pue"]', "1.2");
		await page.keyboard.press("Enter");
		await settled();
		const shares = await page.$$eval("main [data-node$='.site_share']", (all) =>
			all.map((each) => Number(each.dataset.value)),
		);
		assert.ok(shares.length > 0 && shares.every((share) => share > 0 && share <= 1), String(shares));
		const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml");
		const fits = result.fleets.filter(({ meter_power: power }) => power.value <= 150);
		assert.ok(shares.length >= fits.length && fits.length < result.fleets.length);
		await close();
	},

	"a saved drawing has the colours of its legend, and says whose exchange rate it is": async ({ open }) => {
		const { page, close } = await open("fleet?fx=EUR:0.9:2026-11-20");
		assert.match(
			await page.textContent(".notice-currency"),
			/EUR, at 0\.9 for 1 USD of 2026-11-20\. Source: typed by the reader/,
		);
		const saved = async (name) => {
			await page.click('[data-chart="gpus"] .menu summary');
			const [file] = await Promise.all([
				page.waitForEvent("download"),
				page.click(`[data-chart="gpus"] .menu-items button:has-text("${name}")`),
			]);
			await page.click('[data-chart="gpus"] .menu summary');
			return readFileSync(await file.path(), "utf8");
		};
		const [drawing, { currency }] = [await saved("SVG"), JSON.parse(await saved("JSON"))];
		const names = await page.$$eval('[data-chart="gpus"] .chart-legend li', (all) => all.length);
		assert.equal(drawing.match(/<rect [^>]*width="11"/g)?.length, names);
		assert.ok(drawing.includes("a rate typed by the reader"));
		const typed = { basis: "typed by the reader", grade: "E" };
		assert.deepEqual(currency, { code: "EUR", per_dollar: 0.9, date: "2026-11-20", ...typed });
		await close();
	},

	"the keyboard reaches every part of a bar, and why opens its tree": async ({ open }) => {
		const { page, settled, close } = await open("fleet");
		await page.focus('[data-chart="gpus"] [data-mark="b200-sxm mean"]');
		await page.keyboard.press("ArrowRight");
		assert.equal(await page.evaluate(() => document.activeElement.dataset.mark), "b200-sxm peak");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /busiest hour/);
		await close();
	},
};
