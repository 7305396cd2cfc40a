import assert from "node:assert/strict";

export const id = "delivered";
export const checks = {
	"lines are those of the command, and a mark asks for its volume": async ({ open, farthing }) => {
		const { page, settled, close } = await open("delivered?v.as.volume=table");
		const { result } = farthing("plan", "scenarios/prototype-to-5b.yaml");
		const rows = await page.$$eval(".chart tbody tr", (all) =>
			all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
		);
		const { tokens_per_day: volumes, delivered } = result.volumes;
		assert.equal(rows.length, volumes.length);
		const known = Object.values(delivered);
		rows.forEach((row, i) => {
			assert.equal(Number(row[0]), volumes[i]);
			for (const cell of row.slice(2))
				assert.ok(
					known.some((costs) => String(costs[i]) === cell),
					`${cell} at ${volumes[i]}`,
				);
		});
		await page.keyboard.press("t");
		await page.focus('.mark[data-mark="here"]');
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(page.url(), /s\.demand\.tokens_per_day=9\.8B/);
		await close();
	},
};
