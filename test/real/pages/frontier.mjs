import assert from "node:assert/strict";

export const id = "frontier";

const ask = [
	"frontier",
	"--model",
	"deepseek-r1",
	"--isl",
	"8192",
	"--osl",
	"1024",
	"--tier",
	"own_neocloud",
	"--ttft",
];
const table = (page) =>
	page.$$eval('[data-table="frontiers"] [data-node][data-value]', (all) =>
		all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);

export const checks = {
	"on paper the whole table stands, and nothing to click or to type in": async ({ open }) => {
		const { page, close } = await open("frontier");
		assert.match(await page.textContent(".asked"), /^DeepSeek.* · at least 50 tok\/s\/user · .* · facts as of [\d-]+$/);
		const rows = () => page.$$eval('[data-table="frontiers"] tbody tr[data-index]', (all) => all.length);
		const told = await page.textContent('[data-table="frontiers"] [role="status"]');
		const all = Number(/of (\d+)/.exec(told)[1]);
		assert.ok((await rows()) < all, "some rows are out of sight");
		await page.emulateMedia({ media: "print" });
		await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
		assert.equal(await rows(), all);
		const shown = await page.$$eval(
			".nav, .top-tools, .slider, .chart-tools, .data-table-tools, main button.button, main button.button-quiet",
			(found) => found.filter((each) => each.getClientRects().length > 0).map((each) => each.className),
		);
		assert.deepEqual(shown, []);
		const borders = await page.$$eval(".frontier-inputs .input", (found) =>
			found.map((each) => getComputedStyle(each).borderTopWidth),
		);
		assert.deepEqual([...new Set(borders)], ["0px"]);
		await page.emulateMedia({ media: "screen" });
		await page.evaluate(() => dispatchEvent(new Event("afterprint")));
		await page.waitForFunction(
			(most) => document.querySelectorAll('[data-table="frontiers"] tr[data-index]').length < most,
			all,
		);
		await close();
	},

	"on a phone the row of pages shows the one that is open": async ({ open }) => {
		const { page, close } = await open("frontier", { width: 360, height: 740 });
		const { left, right } = await page.$eval('.nav [aria-current="page"]', (link) =>
			link.getBoundingClientRect().toJSON(),
		);
		assert.ok(left >= 0 && right <= 360, `from ${left} to ${right} px`);
		await close();
	},

	"points and table are those of the command, to the last digit, and open into their tree": async ({
		open,
		farthing,
	}) => {
		const { page, settled, close } = await open("frontier");
		const { result } = farthing(...ask, "5s");
		const marks = await page.$$eval('[data-chart="frontier"] [data-mark]', (all) =>
			all.map((each) => each.dataset.node),
		);
		assert.deepEqual(
			marks,
			result.rows.map((row) => row.unit_cost.total.node),
		);
		const at = farthing(...ask, "5s", "--at", "50").result.rows;
		const known = new Map(
			at.flatMap((row) =>
				[row.unit_cost.total, row.tokens_per_gpu_second, row.ttft].filter(Boolean).map((of) => [of.node, of.value]),
			),
		);
		const shown = await table(page);
		assert.ok(shown.length > 10, `only ${shown.length} numbers`);
		for (const [node, value] of shown) assert.equal(value, known.get(node), node);
		const cut = await page.$eval(
			'[data-table="frontiers"] .data-table-scroll',
			(box) => box.scrollWidth - box.clientWidth,
		);
		assert.equal(cut, 0, "every column is in sight");
		await page.focus('[data-chart="frontier"] [data-mark][tabindex="0"]');
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /cost per total token|GPU-hour/i);
		await close();
	},

	"the box drags: the table follows, the history has one entry, a reload keeps it": async ({ open }) => {
		const { page, settled, close } = await open("frontier");
		const before = await table(page);
		const entries = await page.evaluate(() => history.length);
		const { x, y, width, height } = await (await page.$('[data-slo="at"]')).boundingBox();
		await page.mouse.move(x + width / 2, y + height / 2);
		await page.mouse.down();
		for (let step = 1; step <= 10; step++) await page.mouse.move(x + width / 2 + step * 12, y + height / 2);
		const stands = () => page.getAttribute('[data-slo="at"]', "aria-valuenow");
		await page.waitForFunction(() => location.hash.includes("v.at="));
		await settled();
		const held = await stands();
		assert.notDeepEqual(await table(page), before, "a hand that rests sees the table follow");
		await page.mouse.up();
		assert.equal(Math.abs(Number(await stands()) / Number(held) - 1) < 0.01, true, "letting go moves nothing");
		await settled();
		const after = await table(page);
		assert.notDeepEqual(after, before);
		assert.equal(await page.evaluate(() => history.length), entries + 1);
		await page.reload();
		await settled();
		assert.deepEqual(await table(page), after);
		await close();
	},

	"sides of the box move by keyboard, in both units": async ({ open }) => {
		const { page, settled, close } = await open("frontier");
		const finding = () => page.textContent('[data-chart="frontier"] .chart-finding');
		const first = await finding();
		await page.focus('[data-slo="most"]');
		for (let press = 0; press < 8; press++) await page.keyboard.press("PageDown");
		await settled();
		const cheaper = await finding();
		assert.notEqual(cheaper, first);
		const counted = (text) => /; (\d+) of/.exec(text)?.[1];
		await page.click("[data-unit-switch]");
		await settled();
		assert.equal(counted(await finding()), counted(cheaper), "the box holds the same points in tokens per dollar");
		await close();
	},

	"the table keeps to the speed and the cost of the box, and so does the command beside it": async (tools) => {
		const { page, close } = await tools.open("frontier?v.most=0.2&v.at=40");
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		await page.locator("main section button", { hasText: "Copy command" }).last().click();
		const { result } = tools.asCopied(await page.evaluate(() => navigator.clipboard.readText()));
		const known = new Map(result.rows.map(({ unit_cost: { total } }) => [total.node, total.value]));
		const costs = (await table(page)).filter(([node]) => known.has(node));
		assert.deepEqual(costs, [...known]);
		assert.ok(costs.length > 0 && costs.every(([, value]) => value <= 0.2));
		assert.ok(result.unranked.some(({ code }) => code === "unit-cost-missed"));
		await close();
	},

	"a limit with its unit is the same limit, and a refused one gets no answer": async ({ open }) => {
		const told = async (at) => {
			const { page, close } = await open(`frontier?v.at=${at}`);
			const said = await page.textContent('[data-chart="frontier"] .chart-finding');
			const heads = await page.$$eval("main h2", (all) => all.map((each) => each.textContent).join(" | "));
			const boxes = await page.locator("[data-slo]").count();
			await close();
			return { said, heads, boxes };
		};
		const plain = await told("50");
		assert.match(plain.heads, /at 50\.0 tok\/s\/user$/);
		assert.deepEqual(await told("50+tok/s/user"), plain);
		for (const at of ["any", "0"]) {
			const { said, boxes } = await told(at);
			assert.match(said, /cannot be read/);
			assert.equal(boxes, 0);
		}
	},

	"the sentence begins with the first line of the table, with the rows it is interpolated between": async ({
		open,
		farthing,
	}) => {
		const { page, settled, close } = await open("frontier?v.at=80");
		const said = await page.textContent('[data-chart="frontier"] .chart-finding');
		const [first] = farthing(...ask, "5s", "--at", "80").result.rows;
		const all = new Map(farthing(...ask, "5s").result.rows.map((row) => [row.nearest_row.id, row]));
		const speeds = first.sources.map((id) => all.get(id).interactivity.value).sort((a, b) => a - b);
		assert.equal(first.state, "interpolated");
		const shown = /between its measured rows at ([\d.]+) tok\/s\/user and ([\d.]+) tok\/s\/user/.exec(said);
		assert.ok(shown !== null, said);
		speeds.forEach((speed, i) => assert.ok(Math.abs(Number(shown[i + 1]) / speed - 1) < 0.01, said));
		const line = await page.textContent('[data-table="frontiers"] tbody tr[data-index="0"]');
		assert.ok(said.includes(/\$[\d.]+/.exec(line)[0]), `${line}: ${said}`);
		assert.ok(line.includes(`interpolated, ${shown[1]}–${shown[2]}`), line);
		const clamped = page.locator('[data-table="frontiers"] tr', { hasText: "slowest row" }).first();
		assert.match(await clamped.locator(".grade").getAttribute("title"), /slowest measured row/);
		assert.doesNotMatch(await clamped.locator(".grade").getAttribute("title"), /interpolated/);
		await settled();
		await close();
	},

	"software of an earlier day": async ({ open, farthing }) => {
		const { page, close } = await open("frontier?v.until=2026-01-15&v.ttft=any");
		const { result } = farthing(...ask, "any", "--rows-between", "2023-01-01,2026-01-15");
		assert.equal(await page.locator('[data-chart="frontier"] [data-mark]').count(), result.rows.length);
		await close();
	},
};
