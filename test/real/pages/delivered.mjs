import assert from "node:assert/strict";

export const id = "delivered";
export const checks = {
	"the lines keep to the steps of whole replicas, and a dip below the API is told": async ({ open, farthing }) => {
		const { page, close } = await open("delivered?v.as.volume=table");
		const costs = await page.$$eval(".chart tbody tr", (all) =>
			all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
		);
		const [at700M] = farthing("plan", "scenarios/prototype-to-5b.yaml", "--demand", "700M").result.options;
		const near = costs.filter(([volume]) => Math.abs(Number(volume) / 7e8 - 1) < 0.03);
		assert.ok(near.length >= 2);
		for (const [, , ...each] of near) {
			const least = Math.min(...each.filter((cost) => cost !== "").map(Number));
			assert.ok(Math.abs(least / at700M.delivered.value - 1) < 0.03, `${least} beside ${at700M.delivered.value}`);
		}
		const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml");
		assert.ok(result.api[0].self_hosting_cheaper_between.length > 0);
		assert.match(
			await page.locator(".plain-list").last().textContent(),
			/costs less from 1\.16B tok\/day on for good, and before that at 589M to 661M tok\/day/,
		);
		await close();
	},

	"within a stretch that interrupts a lead, the next lead is that which follows it": async ({ open, farthing }) => {
		for (const demand of ["15B", "300B"]) {
			const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml", "--demand", demand);
			const { tokens_per_day: at, to } = result.next_crossover;
			assert.notEqual(to, result.options[0].id);
			assert.ok(!result.crossovers.some((each) => each.tokens_per_day.value === at.value));
			const { page, close } = await open(`delivered?s.demand.tokens_per_day=${demand}`);
			const said = `takes over at ${Number((at.value / 1e9).toPrecision(3))}B`;
			assert.ok((await page.textContent(".chart-finding")).includes(said), said);
			await page.click(".plain-list ~ details summary");
			const text = await page.textContent("main");
			for (const [, from, until] of text.matchAll(/Between (\S+) tok\/day and (\S+) tok\/day/g))
				assert.notEqual(from, until);
			await page.goto(page.url().replace("#delivered", "#answer"));
			await page.waitForSelector(".answer-sentence");
			assert.match(
				await page.textContent("main"),
				/From 9\.77B tok\/day on, .* is mostly the cheapest; .* 14\.8B to 16\.6B/,
			);
			await close();
		}
	},

	"lines are those of the command, and a mark asks for its volume": async ({ open, farthing }) => {
		const { page, settled, close } = await open("delivered?v.as.volume=table");
		const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml");
		const rows = await page.$$eval(".chart tbody tr", (all) =>
			all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
		);
		const { tokens_per_day: volumes, delivered } = result.volumes;
		// The volume of the plan stands among them, with the fleets of the plan.
		const asked = result.question.tokens.value;
		assert.deepEqual(
			rows.map(([volume]) => Number(volume)),
			[...volumes, asked].sort((a, b) => a - b),
		);
		const curves = Object.values(delivered);
		const fleets = result.options.map((option) => option.delivered.value);
		for (const [volume, , ...costs] of rows) {
			const i = volumes.indexOf(Number(volume));
			const known = i === -1 ? fleets : curves.map((each) => each[i]);
			for (const cost of costs) assert.ok(known.map(String).includes(cost), `${cost} at ${volume}`);
		}
		await page.keyboard.press("t");
		await page.focus('.mark[data-mark="here"]');
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(page.url(), /s\.demand\.tokens_per_day=9\.8B/);
		await close();
	},
};
