import assert from "node:assert/strict";

export const id = "years";
/** Three years: all that the page can show, in less time than five. */
export const hash = "years?base=five-years&s.horizon=3+years";
export const checks = {
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
