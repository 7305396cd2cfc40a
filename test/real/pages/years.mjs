import assert from "node:assert/strict";

export const id = "years";
/** Three years: all that the page can show, in less time than five. */
export const hash = "years?base=five-years&s.horizon=3+years";
export const checks = {
	"a scenario without years offers one that has them": async ({ open }) => {
		const { page, close } = await open("years");
		await page.click("main .notice button");
		await page.waitForSelector('[data-chart="fan"]');
		assert.match(page.url(), /base=five-years/);
		await close();
	},
};
