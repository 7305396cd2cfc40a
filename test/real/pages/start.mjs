import assert from "node:assert/strict";

export const id = "start";
export const checks = {
	"the door for traffic leads to the answer, by keyboard alone": async ({ open }) => {
		const { page, settled, close } = await open("start");
		await page.keyboard.press("Tab");
		assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
		await page.keyboard.press("Enter");
		assert.equal(await page.evaluate(() => document.activeElement.id), "main");
		await page.keyboard.press("Tab");
		await page.keyboard.type("8B");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(page.url(), /#answer\?s\.demand\.tokens_per_day=8B$/);
		await close();
	},
};
