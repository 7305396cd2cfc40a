import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const id = "ways";
/** Three years: all that the page can show, in less time than five. */
export const hash = "ways?base=five-years&s.horizon=3+years";

/** What the command says of the scenario of the hash. */
function ofCommand(farthing) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-ways-"));
	try {
		const file = join(folder, "three-years.yaml");
		const base = fileURLToPath(new URL("../../../scenarios/five-years.yaml", import.meta.url));
		writeFileSync(file, `extends: ${base}\nhorizon: 3 years\n`);
		return farthing("plan", file).result;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const shown = (page, of) =>
	page.$$eval(`${of} [data-node][data-value]`, (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);

export const checks = {
	"numbers are those of the command, to the last digit, and open into their tree": async ({ open, farthing }) => {
		const { page, settled, close } = await open(`${hash}&v.as.ways-volume=table&v.measure=levelised`);
		const result = ofCommand(farthing);
		const known = new Map();
		for (const { measures, irr } of result.strategies)
			for (const of of [...Object.values(measures), irr?.value]) if (of !== undefined) known.set(of.node, of.value);
		for (const { strategy, of, probability } of result.uncertainty.chances)
			known.set(`chance.${strategy}.${of}`, probability);
		const numbers = [...(await shown(page, ".ways-sentence")), ...(await shown(page, '[data-table="ways"]'))];
		assert.ok(numbers.length > 20, `only ${numbers.length} numbers`);
		for (const [node, value] of numbers) assert.equal(value, known.get(node), node);

		const crossings = (await shown(page, '[data-table="crossings"]')).map(([, value]) => value);
		const expected = result.break_evens.flatMap(({ volume, time, utilisation }) =>
			[volume.tokens_per_day, time.months, utilisation?.utilisation].flatMap((of) =>
				of === undefined ? [] : [of.value],
			),
		);
		assert.deepEqual(crossings, expected);

		const rows = await page.$$eval('[data-chart="ways-volume"] tbody tr', (all) =>
			all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
		);
		const { tokens_per_day: volumes, levelised } = result.by_volume;
		assert.equal(rows.length, volumes.length);
		rows.forEach(([volume, , ...costs], i) => {
			assert.equal(volume, String(volumes[i]));
			assert.deepEqual(
				costs,
				Object.values(levelised).map((of) => String(of[i])),
			);
		});

		// By keys alone: the table away, along the marks, into the tree, and out of it.
		await page.focus('[data-chart-toggle="ways-volume"]');
		await page.keyboard.press("Enter");
		await page.focus('[data-chart="ways-volume"] [data-mark][tabindex="0"]');
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /levelised cost per token/i);
		await page.keyboard.press("Escape");
		await page.focus('input[name="measure"]:checked');
		await page.keyboard.press("ArrowRight");
		await page.reload();
		await settled();
		assert.equal(await page.getAttribute('input[name="measure"]:checked', "value"), "peak_cash");
		assert.deepEqual(
			[...(await shown(page, ".ways-sentence")), ...(await shown(page, '[data-table="ways"]'))],
			numbers,
		);
		await close();
	},

	"a scenario without years says what it lacks and offers to fill it in, or one that has it": async ({ open }) => {
		const { page, settled, close } = await open("ways");
		assert.match(await page.textContent("main .notice"), /horizon, finance, strategies/);
		await page.click("main .notice [data-fill]");
		await page.waitForSelector('[data-chart="ways-volume"]');
		assert.match(page.url(), /s\.finance\.discount_rate=11%25/);
		await page.click(".filled summary");
		await page.fill('.filled [data-path="finance.debt.share"]', "20%");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(page.url(), /s\.finance\.debt\.share=20%25/);
		assert.deepEqual(await page.$$eval("main [role=alert]", (all) => all.map((each) => each.textContent)), []);
		assert.doesNotMatch(await page.textContent('[data-table="ways"]'), /not priced/i);
		// What is refused empties nothing: the fields stay, and the one it is about says so.
		await page.fill('.ways-inputs [data-path="facility.pue"]', "0.5");
		await page.keyboard.press("Enter");
		await page.waitForSelector('.ways-inputs .field-wrong [data-path="facility.pue"]');
		assert.equal(await page.locator("main .notice").count(), 0);
		await page.goto(page.url().replace(/#.*/, "#ways"));
		await page.click("main .notice [data-example]");
		await page.waitForSelector('[data-chart="ways-volume"]');
		assert.match(page.url(), /base=five-years/);
		await close();
	},

	"what cannot be priced or is not always paid back is told in words, with the field and the share of draws": async ({
		open,
		farthing,
	}) => {
		const { page, close } = await open("ways?base=five-years&s.cost.card.tier=own_neocloud");
		const row = (name) => page.textContent(`[data-table="ways"] tr:has(th:text-is("${name}"))`);
		assert.match(
			await row("Rent"),
			/Not priced: .* what an owner pays \(.+\), which is no rent\. What gives it: rent on demand \(strategies\.rent\.on_demand in the scenario\)/,
		);
		assert.match(await row("Hybrid"), /of the part that it rents/);
		await close();
		const { page: years, close: closeYears } = await open("years?base=five-years");
		const { strategies } = farthing("plan", "scenarios/five-years.yaml").result;
		for (const { strategy, measures } of strategies) {
			const { p10, p90, coverage, value } = measures.payback_months;
			const text = await years.textContent(`tr:has(td:text-matches("^${strategy}$", "i"))`);
			assert.equal(p90, undefined, strategy);
			const share = `; reached in ${(coverage * 100).toPrecision(3)}% of draws`;
			if (coverage === undefined) assert.doesNotMatch(text, /of draws/);
			else
				assert.ok(
					text.includes(`${p10 === undefined ? "" : `${p10} months – `}not reached in 60 months${share}`),
					text,
				);
			assert.equal(value === undefined, text.includes("unreachable"), strategy);
		}
		await closeYears();
	},
};
