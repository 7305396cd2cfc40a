import assert from "node:assert/strict";

export const id = "compare";

const shown = (page) =>
	page.$$eval("main [data-node][data-value]", (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);
function known(of, found = new Map()) {
	if (typeof of !== "object" || of === null) return found;
	if (typeof of.node === "string" && "value" in of) found.set(of.node, of.value);
	for (const each of Object.values(of)) known(each, found);
	return found;
}

export const checks = {
	"numbers, bars and crossings are those of the command, by each kind, and stay after a reload": async ({
		open,
		farthing,
	}) => {
		const { page, settled, close } = await open("compare?v.as.compare=table");
		const { result } = farthing("compare", "scenarios/prototype-to-5b.yaml");
		const all = known(result);
		const { by } = result.families.find(({ family }) => family === "inferencex");
		for (const kind of ["hardware", "precision", "stack"]) {
			await page.selectOption('[data-view="by"]', kind);
			await settled();
			if (kind === "stack") {
				await page.reload();
				await settled();
			}
			const { groups, crossovers } = by[kind];
			const numbers = await shown(page);
			assert.ok(numbers.length >= 3 * groups.length, `only ${numbers.length} numbers`);
			for (const { name, ratio } of groups) all.set(`compare.${kind}.${name}.ratio`, ratio);
			for (const [node, value] of numbers) assert.equal(value, all.get(node), node);
			const bars = await page.$$eval('[data-chart="compare"] tbody td:nth-child(3)', (cells) =>
				cells.map((cell) => Number(cell.textContent)),
			);
			assert.deepEqual(
				bars,
				[...groups.map(({ delivered }) => delivered), ...result.api.map(({ blended }) => blended)].map(
					({ value }) => value,
				),
			);
			const volumes = await page.$$eval('[data-table="crossings"] td data', (cells) =>
				cells.map((cell) => Number(cell.value)),
			);
			const named = crossovers.filter(
				({ state, from_lowest: isLowest }) => state === "not-verified" || (state === "reached" && isLowest !== true),
			);
			const sorted = (of) => [...of].sort((a, b) => a - b);
			assert.deepEqual(sorted(volumes), sorted(named.map(({ tokens_per_day: volume }) => volume.value)));
		}
		await close();
	},

	"bars open into their tree by keyboard": async ({ open }) => {
		const { page, settled, close } = await open("compare");
		await page.focus('[data-chart="compare"] [data-mark="b200-sxm"]');
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /mean demand/);
		await page.click('[data-node^="compare.hardware."][data-node$=".ratio"] >> nth=1');
		const formula = page.locator(".why-formula").first();
		await formula.filter({ hasText: /delivered\.total ÷ .+delivered\.total/ }).waitFor();
		await page.click('[data-table="crossings"] [data-node$=".volume"] >> nth=0');
		await settled();
		assert.match(await page.textContent(".why"), /worked out anew at/);
		await close();
	},

	"what cannot be read is told at its field": async ({ open }) => {
		const { page, settled, close } = await open("compare");
		await page.fill('[data-path="demand.tokens_per_day"]', "lots");
		await page.keyboard.press("Enter");
		await settled();
		assert.equal(await page.getAttribute('[data-path="demand.tokens_per_day"]', "aria-invalid"), "true");
		await close();
	},
};
