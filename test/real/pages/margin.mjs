import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const id = "margin";
/** Three years: all that the page can show, in less time than five. */
export const hash = "margin?base=five-years&s.horizon=3+years";

/** What the command says of the scenario of the hash. */
function ofCommand(farthing) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-margin-"));
	try {
		const file = join(folder, "three-years.yaml");
		const base = fileURLToPath(new URL("../../../scenarios/five-years.yaml", import.meta.url));
		writeFileSync(file, `extends: ${base}\nhorizon: 3 years\n`);
		return farthing("plan", file).result;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const shown = (page, of) =>
	page.$$eval(`${of} [data-node][data-value]`, (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);

const all = async (page) => [
	...(await shown(page, ".margin-sentence")),
	...(await shown(page, '[data-table="margin"]')),
	...(await shown(page, '[data-table="year-ends"]')),
];

export const checks = {
	"numbers are those of the command, to the last digit, and open into their tree": async ({ open, farthing }) => {
		const { page, settled, close } = await open(`${hash}&v.way=own`);
		const result = ofCommand(farthing);
		const known = new Map([[result.price.node, [result.price.value]]]);
		for (const { measures, by_month } of result.strategies) {
			for (const { node, value } of Object.values(measures)) known.set(node, [value]);
			for (const { node, values } of Object.values(by_month)) known.set(node, values);
		}
		const numbers = await all(page);
		assert.ok(numbers.length > 30, `only ${numbers.length} numbers`);
		for (const [node, value] of numbers) assert.ok(known.get(node)?.includes(value), `${node} ${value}`);

		// By keys alone: a bar and a month into their trees, another way, and all of it after a reload.
		await page.focus('[data-chart="margin-floor"] [data-mark][tabindex="0"]');
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(await page.textContent(".why"), /price at the opening below which it does not pay/i);
		await page.keyboard.press("Escape");
		await page.waitForSelector(".why", { state: "detached" });
		await page.press('[data-table="year-ends"] [data-node="own.margin"]', "Enter");
		await page.waitForFunction(() => /in the month/.test(document.querySelector(".why")?.textContent ?? ""));
		await settled();
		assert.match(await page.textContent(".why"), /gross margin in the month/i);
		await page.keyboard.press("Escape");
		await page.waitForSelector(".why", { state: "detached" });
		await page.focus('input[name="way"]:checked');
		await page.keyboard.press("ArrowRight");
		const rent = await all(page);
		assert.notDeepEqual(rent, numbers);
		await page.reload();
		await settled();
		assert.equal(await page.getAttribute('input[name="way"]:checked', "value"), "rent");
		assert.deepEqual(await all(page), rent);
		await close();
	},

	"months are those of the command": async ({ open, farthing }) => {
		const { page, close } = await open(`${hash}&v.as.margin-tokens=table&v.as.margin-months=table`);
		const { strategies } = ofCommand(farthing);
		const rows = (chart) =>
			page.$$eval(`[data-chart="${chart}"] tbody tr`, (found) =>
				found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
			);
		const text = (value) => (value === null ? "–" : String(value));
		const tokens = await rows("margin-tokens");
		const margins = await rows("margin-months");
		assert.equal(tokens.length, strategies[0].by_month.earned.values.length);
		tokens.forEach(([month, , ...costs], i) => {
			assert.equal(month, String(i));
			assert.deepEqual(
				costs,
				strategies.map(({ by_month }) => text(by_month.unit_cost.values[i])),
			);
			assert.deepEqual(
				margins[i].slice(1),
				strategies.map(({ by_month }) => text(by_month.margin.values[i])),
			);
		});
		await close();
	},

	"what stands side by side ties: a year's end divides into its margin, a GPU-hour into its share": async ({
		open,
	}) => {
		const { page, close } = await open(`${hash}&v.way=own`);
		const ends = await page.$$eval('[data-table="year-ends"] tbody tr', (rows) =>
			rows.map((row) =>
				Object.fromEntries(
					[...row.querySelectorAll("[data-node]")].map(({ dataset }) => [dataset.node, Number(dataset.value)]),
				),
			),
		);
		assert.equal(ends.length, 3);
		for (const of of ends) {
			const margin = of["own.tokens"] * (of["own.earned"] - of["own.book_cost"]);
			assert.ok(Math.abs(margin - of["own.margin"]) < 0.01, `${margin} ${of["own.margin"]}`);
		}
		const of = new Map(await shown(page, '[data-table="margin"]'));
		const share = 100 * (1 - of.get("own.book_cost_per_gpu_hour") / of.get("own.revenue_per_gpu_hour"));
		assert.ok(Math.abs(share - of.get("own.gross_margin_share")) < 1e-6);
		await close();
	},

	"a scenario that sells nothing says what it lacks and offers one that does": async ({ open }) => {
		const { page, close } = await open("margin");
		assert.match(await page.textContent("main .notice"), /horizon, finance, strategies, revenue/);
		await page.click("main .notice [data-example]");
		await page.waitForSelector('[data-chart="margin-floor"]');
		await close();
	},
};
