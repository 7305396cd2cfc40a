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
