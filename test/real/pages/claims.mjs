import assert from "node:assert/strict";

export const id = "claims";

export const checks = {
	"figures are those of the command, and open into their tree": async ({ open, farthing }) => {
		const { page, settled, close } = await open("claims?v.claim=gb300-35x");
		const { result } = farthing("claim", "gb300-35x");
		const shown = await page.$$eval("table [data-node][data-value]", (all) =>
			all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
		);
		const figures = Object.values(result.figures);
		assert.equal(shown.length, figures.length);
		for (const [node, value] of shown) assert.equal(value, figures.find((each) => each.node === node)?.value, node);
		await page.focus('table [data-node="claim.gb300-35x.cost_ratio"]');
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /cost per token/);
		await close();
	},

	"every claim opens, with its verdict, and stays after a reload": async ({ open, farthing }) => {
		const { page, settled, close } = await open("claims");
		const { result } = farthing("claim");
		assert.equal(await page.locator("[data-claim]").count(), result.claims.length);
		for (const { id: each, claim } of result.claims) {
			await page.click(`[data-claim="${each}"]`);
			await settled();
			assert.ok((await page.textContent(".claims-said")).startsWith(claim), each);
		}
		const last = await page.textContent(".claims-said");
		await page.reload();
		await settled();
		assert.equal(await page.textContent(".claims-said"), last);
		await close();
	},
};
