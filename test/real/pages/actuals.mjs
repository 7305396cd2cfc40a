import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const id = "actuals";
export const hash = "actuals?v.window=2026-10";

/** Every number with a node that the page shows, by its node. */
const shown = async (page) =>
	page.$$eval(
		'main [data-kind="actuals"][data-node][data-value], main [data-kind="actuals-plan"][data-node][data-value]',
		(all) => all.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);

function known(of, found = new Map()) {
	if (typeof of !== "object" || of === null) return found;
	if (typeof of.node === "string" && "value" in of) found.set(of.node, of.value);
	for (const each of Object.values(of)) known(each, found);
	return found;
}

const cells = (page, chart, column) =>
	page.$$eval(`[data-chart="${chart}"] tbody td:nth-child(${column})`, (all) =>
		all.map((cell) => (cell.textContent === "–" ? undefined : Number(cell.textContent))),
	);

/** As a reader would ask on the command line, of a copy of the ledger that the server has. */
function asked({ farthing, month }, ...more) {
	const { copy, rates, benchmarks } = month();
	const beside = ["--store", copy, "--rates", rates, "--calibration", benchmarks];
	return farthing("actuals", "--window", "2026-10", ...more, ...beside).result;
}

export const checks = {
	"numbers are those of the command to the last digit, by grouping and basis, and stay after a reload": async (
		tools,
	) => {
		const { page, settled, close } = await tools.open(
			`${hash}&v.as.quadrants=table&v.as.idle=table&v.as.bill=table&v.as.trend=table`,
		);
		for (const [by, basis] of [
			["model", "reserved"],
			["model,team", "busy"],
		]) {
			await page.selectOption('[data-view="by"]', by);
			await page.selectOption('[data-view="basis"]', basis);
			await settled();
			if (basis === "busy") {
				await page.reload();
				await settled();
			}
			const result = asked(tools, "--by", by, "--basis", basis);
			const all = known(result);
			const numbers = await shown(page);
			assert.ok(numbers.length > 30, `only ${numbers.length} numbers`);
			for (const [node, value] of numbers) assert.equal(value, all.get(node), node);
			const names = new Set(numbers.map(([node]) => node));
			for (const each of ["cost", "unit_cost", "idle", "by_tokens.output", "idle_ledger.idle_held.cost"])
				assert.ok(names.has(each), `${each} is not shown`);
			assert.deepEqual(
				await cells(page, "quadrants", 4),
				result.bases.map(({ reserved }) => reserved.share.value),
			);
			assert.deepEqual(
				await cells(page, "idle", 3),
				result.idle_ledger.map(({ cost }) => cost.value),
			);
			assert.deepEqual(await cells(page, "bill", 3), [
				...[...result.rows, ...result.lines].map(({ cost }) => cost.value),
				result.cost.value,
			]);
			assert.deepEqual(
				await cells(page, "trend", 3),
				result.days.map(({ by_tokens: kinds }) => kinds?.output?.value),
			);
			const coverage = await page.$eval('[data-fact="coverage"] data', (each) => Number(each.value));
			assert.equal(coverage, result.coverage);
		}
		await close();
	},

	"plan and actual are told apart by causes that add up, the same as of a plan that was saved": async (tools) => {
		const { page, settled, close } = await tools.open(`${hash}&v.plan=scenario&v.as.plan=table`);
		const plan = join(tools.work, "plan.json");
		tools.farthing("plan", "scenarios/prototype-to-5b.yaml", "-o", plan);
		const result = asked(tools, "--plan", plan);
		const deltas = await cells(page, "plan", 2);
		assert.deepEqual(
			deltas.slice(1, -1),
			result.variance.map(({ delta }) => delta.value),
		);
		const totals = await cells(page, "plan", 3);
		assert.deepEqual([totals[0], totals.at(-1)], [result.plan.cost.value, result.cost.value]);
		assert.ok(Math.abs(totals.at(-2) - totals.at(-1)) < 1e-8);
		const steps = await page.$$eval('[data-chart="bill"] [data-mark]', (all) => all.map((each) => each.dataset.mark));
		assert.deepEqual(steps, ["serving", "unallocated", "shared", "credit", "tax", "residual", "end"]);
		assert.equal(result.reconciliation.difference.value, 0);
		assert.match(await page.textContent('[data-chart="bill"] .chart-finding'), /\$73\.4\d? is not explained/);
		await page.click('[data-chart-toggle="plan"]');
		await settled();
		await page.focus('[data-chart="plan"] [data-mark="start"]');
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /from plan to actual: volume/);
		await close();
	},

	"a plan of another model is refused where it stands, and the rest of the page stays": async ({ open }) => {
		const { page, close } = await open(`${hash}&base=five-years&v.plan=scenario&s.model=glm-5`);
		assert.equal(await page.$$eval('[data-chart="bill"]', (all) => all.length), 1);
		assert.ok((await page.$$eval("main [data-code]", (all) => all.map((each) => each.dataset.code))).length === 1);
		await close();
	},

	"by keyboard alone: a point of the quadrants, its tree, and another basis": async ({ open }) => {
		const { page, settled, close } = await open(hash);
		await page.focus('[data-chart="quadrants"] [data-mark]');
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("w");
		await settled();
		assert.match(page.url(), /why=actuals:reserved\.model\./);
		assert.match(await page.textContent(".why"), /on the reserved basis/);
		await page.keyboard.press("Escape");
		await page.focus('[data-chart="idle"] [data-chart-toggle]');
		await page.keyboard.press("t");
		assert.match(page.url(), /v\.as\.idle=table/);
		await page.focus('[data-view="basis"]');
		await page.keyboard.press("ArrowDown");
		await settled();
		assert.match(page.url(), /v\.basis=busy/);
		await close();
	},

	"the copied command gives the same numbers, with the files of the server": async ({ open, farthing, month }) => {
		const { page, close } = await open(hash);
		await page.evaluate(() => {
			navigator.clipboard.writeText = (text) => ((globalThis.copied = text), Promise.resolve());
		});
		const chart = page.locator('[data-chart="bill"]');
		await chart.locator("summary").click();
		await chart.getByText("Copy command").click();
		const command = await page.evaluate(() => globalThis.copied);
		const { ledger, copy, rates, benchmarks } = month();
		assert.ok(command.includes(`--store ${ledger} --rates ${rates} --calibration ${benchmarks}`), command);
		// The server has that ledger open: a copy of it is asked.
		const words = command.replace(ledger, copy).split(" ").slice(2);
		const { result } = farthing(...words.filter((word) => word !== "--json"));
		assert.equal(Number(await page.getAttribute('main [data-node="cost"]', "data-value")), result.cost.value);
		await close();
	},

	"what cannot be read is told at its field": async ({ open }) => {
		const { page, settled, close } = await open("actuals");
		await page.fill('[data-view="window"]', "soon");
		await page.keyboard.press("Enter");
		await settled();
		assert.equal(await page.getAttribute('[data-view="window"]', "aria-invalid"), "true");
		await close();
	},

	"without a ledger it says how to get one": async ({ serve, openAt }) => {
		const { base, stop } = await serve();
		try {
			const { page, complaints, close } = await openAt(`${base}/#${hash}`);
			assert.match(await page.textContent("main"), /farthing serve --ledger/);
			assert.deepEqual(complaints, []);
			await close();
		} finally {
			await stop();
		}
	},

	"a server with keys asks for one; a key of one tenant sees its own part, and no link holds it": async (tools) => {
		const { farthing, month, openAt, serve, work } = tools;
		const keys = join(work, "keys.json");
		const ofKey = ["--add-key", "part", "--tenant", "example", "--scopes", "read"];
		const text = farthing.text("serve", "--keys", keys, ...ofKey);
		const [secret] = /fk_[\w-]+/.exec(text);
		const { base, stop } = await serve("--keys", keys, "--ledger", month().second, "--rates", month().rates);
		try {
			const { page, close } = await openAt(`${base}/#${hash}&v.by=team`);
			await page.fill('input[type="password"]', secret);
			await page.keyboard.press("Enter");
			await page.waitForSelector('[data-table="rows"]');
			assert.deepEqual(await page.$$eval("[data-chart]", (all) => all.length), 0);
			assert.match(await page.textContent("main"), /its own tenant/);
			assert.ok(!page.url().includes("fk_"));
			await close();
		} finally {
			await stop();
		}
	},

	"opened from disk it takes saved actuals, with their trees, and has them after a reload": async (tools) => {
		const { farthing, month, openAt, work } = tools;
		const { copy, rates, benchmarks } = month();
		const file = join(work, "actuals.json");
		const pages = join(work, "disk");
		const question = ["--window", "2026-10", "--by", "team", "--basis", "busy"];
		const beside = ["--store", copy, "--rates", rates, "--calibration", benchmarks];
		const { result } = farthing("actuals", ...question, ...beside, "-o", file);
		farthing.text("serve", "--export", pages);
		const { page, settled, complaints, close } = await openAt(`${pathToFileURL(join(pages, "index.html"))}#actuals`);
		const broken = join(work, "broken.json");
		writeFileSync(broken, '{"schema": "farthing/1", "command": "plan"}');
		await page.setInputFiles('input[type="file"]', broken);
		await page.waitForSelector('[data-code="not-actuals"]');
		await page.setInputFiles('input[type="file"]', file);
		await page.waitForSelector('[data-chart="bill"]');
		for (const step of ["opened", "reloaded"]) {
			const all = known(result);
			const numbers = await shown(page);
			assert.ok(numbers.length > 30, `only ${numbers.length} numbers once ${step}`);
			for (const [node, value] of numbers) assert.equal(value, all.get(node), node);
			if (step === "opened") {
				await page.reload();
				await settled();
			}
		}
		await page.click('main [data-node="unit_cost"]');
		await settled();
		assert.match(await page.textContent(".why"), /all charges of the window/);
		assert.deepEqual(complaints, []);
		await close();
	},
};
