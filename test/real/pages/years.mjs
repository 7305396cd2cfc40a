import assert from "node:assert/strict";

export const id = "years";
/** Three years: all that the page can show, in less time than five. */
export const hash = "years?base=five-years&s.horizon=3+years";
export const checks = {
	"fans are those of the command's result, to the last digit": async ({ open, farthing }) => {
		const { page, close } = await open("years?base=five-years&v.as.fan=table&v.as.cash=table");
		const { fans } = farthing("plan", "scenarios/five-years.yaml").result.uncertainty;
		for (const [chart, of] of [
			["fan", "unit_cost.delivered"],
			["cash", "cash_so_far"],
		]) {
			const cells = await page.$$eval(`[data-chart="${chart}"] tbody tr`, (rows) =>
				rows.map((row) => [...row.cells].slice(1).map(({ textContent: text }) => (text === "–" ? null : Number(text)))),
			);
			assert.equal(cells.length, 61);
			const bands = fans.filter((fan) => fan.of === of).flatMap(({ p10, p50, p90 }) => [p10, p50, p90]);
			// A month without tokens has no cost of one.
			const told = (value) => (value === 0 && of !== "cash_so_far" ? null : value);
			assert.deepEqual(
				cells,
				cells.map((_, month) => bands.map((band) => told(band[month]))),
			);
		}
		await close();
	},

	"a year divides into the cost of its token, and cash is before or after loans by name": async ({ open }) => {
		const { page, close } = await open(`${hash}&v.way=own`);
		await page.waitForSelector('[data-table="years"]');
		const values = new Map(
			await page.$$eval('[data-table="years"] [data-node][data-value]', (all) =>
				all.map(({ dataset }) => [dataset.node, Number(dataset.value)]),
			),
		);
		for (const year of [1, 2, 3]) {
			const of = (name) => values.get(`own.year_${year}.${name}`);
			const [unit, resale] = [of("unit_cost.delivered"), of("resale") ?? 0];
			assert.ok(Math.abs(of("charge") / of("tokens") / unit - 1) < 1e-9);
			assert.ok(Math.abs((of("capital") + of("running") - resale) / of("cost") - 1) < 1e-9);
		}
		const heads = await page.$$eval("main th", (all) => all.map(({ textContent }) => textContent));
		for (const head of ["Cash before loans", "Cash after loans", "Most cash out, after loans"])
			assert.ok(heads.includes(head), head);
		assert.match(await page.textContent('[data-chart="cash"]'), /Cash after loans, added up/);
		await close();
	},

	"the steps of the fall are Chinese in Chinese": async ({ open }) => {
		const { page, close } = await open(hash, { language: "zh" });
		const text = await page.textContent('[data-chart="cost-fall"]');
		assert.match(text, /软件改进/);
		assert.doesNotMatch(text, /better software|prices of hardware|demand and use/i);
		await close();
	},

	"an example that is not there is refused with those that are": async ({ open }) => {
		const { page, close } = await open("years?base=nosuch");
		assert.equal(await page.getAttribute(".error", "data-code"), "unknown-example");
		assert.match(await page.textContent(".error"), /five-years.*prototype-to-5b/s);
		await close();
		const chinese = await open("years?base=nosuch", { language: "zh" });
		assert.match(await chinese.page.textContent(".error"), /没有名为“nosuch”的示例/);
		await chinese.close();
	},

	"years that are added by changes alone are shown": async ({ open }) => {
		const added = "s.horizon=1+year&s.finance.discount_rate=10%25&s.strategies.api.host=median";
		const { page, close } = await open(`years?${added}`);
		await page.waitForSelector('[data-chart="fan"]');
		assert.equal(await page.locator("main .notice button").count(), 0);
		await close();
	},

	"a scenario without years offers one that has them": async ({ open }) => {
		const { page, close } = await open("years");
		await page.click("main .notice [data-example]");
		await page.waitForSelector('[data-chart="fan"]');
		assert.match(page.url(), /base=five-years/);
		await close();
	},
};
