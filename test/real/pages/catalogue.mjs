import assert from "node:assert/strict";

export const id = "catalogue";
export const hash = "catalogue?v.collection=hardware&v.entry=b200-sxm";

export const checks = {
	"every collection has as many entries as the command lists": async ({ open, farthing }) => {
		const { page, settled, close } = await open("catalogue");
		const { result } = farthing("catalog", "list");
		const names = await page.$$eval("[data-collection] option", (all) => all.map((each) => each.value));
		const total = Object.values(result.counts).reduce((sum, count) => sum + count, 0);
		let seen = 0;
		for (const name of names) {
			await page.selectOption("[data-collection]", name);
			await page.waitForSelector(`[data-table="${name}"]`);
			await settled();
			const [, count] = /([\d,]+)\D*$/.exec(await page.textContent(".data-table-count"));
			seen += Number(count.replaceAll(",", ""));
		}
		assert.equal(seen, total);
		await close();
	},

	"an entry that the filter finds opens with its figures, and stays after a reload": async ({ open, farthing }) => {
		const { page, settled, close } = await open("catalogue?v.collection=hardware");
		await page.fill('[data-table="hardware"] input[type="search"]', "gb300");
		await page.click('[data-entry="gb300-nvl72"]');
		await settled();
		const { result } = farthing("catalog", "show", "gb300-nvl72");
		const expected = result.figures.map(({ figure }) => String(figure.value));
		const shown = () => page.$$eval("[data-shown] td data", (all) => all.map((each) => each.getAttribute("value")));
		assert.deepEqual(await shown(), expected);
		await page.reload();
		await settled();
		assert.deepEqual(await shown(), expected);
		await close();
	},
};
