import assert from "node:assert/strict";

export const id = "training";

const shown = (page) =>
	page.$$eval("main [data-node][data-value]", (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);
const known = (result) =>
	new Map(
		Object.values(result)
			.filter((of) => typeof of?.node === "string")
			.map(({ node, value }) => [node, value]),
	);

export const checks = {
	"numbers are those of the command, to the last digit, and open into their tree": async ({ open, farthing }) => {
		const { page, settled, close } = await open("training?v.params=8e9&v.tokens=1e12&v.mfu=40%25&v.gpuHour=2.00");
		const run = ["--params", "8e9", "--tokens", "1e12", "--hardware", "b200-sxm", "--mfu", "40%"];
		const { result } = farthing("train", ...run, "--gpus", "1024", "--goodput", "90%", "--gpu-hour", "2.00");
		const numbers = await shown(page);
		assert.ok(numbers.length > 10, `only ${numbers.length} numbers`);
		for (const [node, value] of numbers) assert.equal(value, known(result).get(node), node);
		await page.focus('.training-sentence [data-node="cost"]');
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /GPU-hours/i);
		await close();
	},

	"a published run by its bar, and back to it after a reload": async ({ open, farthing }) => {
		const { page, settled, close } = await open("training");
		await page.click('[data-chart="runs"] [data-mark="deepseek-v3"]');
		await settled();
		const expected = known(farthing("train", "--run", "deepseek-v3").result);
		for (const [node, value] of await shown(page)) assert.equal(value, expected.get(node), node);
		await page.reload();
		await settled();
		assert.match(await page.textContent(".training-sentence"), /^DeepSeek-V3, all stages takes .*5\.58M/);
		await close();
	},

	"a price is asked for in its currency, and 70 parameters are asked about": async ({ open }) => {
		const { page, settled, close } = await open("training?fx=EUR:0.92:2026-11-20");
		const label = page.locator(".field", { has: page.locator('[data-view="gpuHour"]') }).locator("label");
		assert.match(await label.textContent(), /US dollars/);
		await page.fill('[data-view="params"]', "70");
		await page.keyboard.press("Enter");
		await settled();
		const field = page.locator(".field", { has: page.locator('[data-view="params"]') });
		assert.match(await field.locator('[role="alert"]').textContent(), /did you mean 70B\?/);
		assert.equal(await page.locator(".training-sentence").count(), 0);
		await close();
	},

	"what cannot be read is told at its field": async ({ open }) => {
		const { page, settled, close } = await open("training");
		await page.fill('[data-view="mfu"]', "140%");
		await page.keyboard.press("Enter");
		await settled();
		assert.equal(await page.getAttribute('[data-view="mfu"]', "aria-invalid"), "true");
		await close();
	},
};
