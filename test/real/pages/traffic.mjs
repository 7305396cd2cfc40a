import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const id = "traffic";
export const hash = "traffic?s.demand.tokens_per_day=200M&v.hours=2";

const SCENARIO = "scenarios/prototype-to-5b.yaml";
const LATENCIES = ["ttft", "tpot", "e2e"];
const STATES = ["busy", "warm_idle", "starting", "draining", "failed"];

/** Every quantity of an answer that has a node. */
function known(of, found = new Map()) {
	if (typeof of !== "object" || of === null) return found;
	if (typeof of.node === "string" && "value" in of) found.set(of.node, of.value);
	for (const each of Object.values(of)) known(each, found);
	return found;
}

async function assertSame(page, result) {
	const all = known(result);
	const shown = await page.$$eval("main [data-node][data-value]", (found) =>
		found.map((each) => [each.dataset.node, Number(each.dataset.value)]),
	);
	assert.ok(shown.length > 20, `only ${shown.length} numbers`);
	for (const [node, value] of shown) assert.equal(value, all.get(node), node);
}

const rows = (page, name) =>
	page.$$eval(`[data-chart="${name}"] tbody tr`, (lines) =>
		lines.map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => textContent)),
	);
/** As tables show it. */
const cell = (value) => (value === undefined ? "–" : String(value));

/** The command that a chart copies, as words after `farthing`. */
async function copied(page) {
	await page.evaluate(() => {
		navigator.clipboard.writeText = async (text) => void (globalThis.copied = text);
	});
	const chart = page.locator('[data-chart="latency"]');
	await chart.locator(".menu summary").click();
	await chart.getByText("Copy command").click();
	await chart.locator(".menu summary").click();
	const command = await page.evaluate(() => globalThis.copied);
	assert.match(command, /^npx farthing simulate /);
	return command.split(" ").slice(2);
}

const fault = (page, field) => page.textContent(`.field:has(${field}) .field-fault`);

const SHAPE = `name: mornings
requests: 100
seconds: 90000
requests_per_second: 0.001
burstiness: 1.5
hourly: [${Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 4 : 1)).join(", ")}]
prefix_reuse: 0.3
prefix_block_tokens: 512
cells: [{input: [1, 20], output: [3, 4, 5]}]
`;
const STEPS = `batch,context,prefill_tokens,seconds
1,1000,,0.0060
1,9000,,0.0061
32,1000,,0.0090
32,9000,,0.0095
0,0,512,0.010
0,0,8192,0.110
`;

export const checks = {
	"numbers and the course over time are those of the command with the same seed, to the last digit": async ({
		open,
		farthing,
	}) => {
		const { page, close } = await open(
			`${hash}&v.seed=7&v.router=central&v.as.latency=table&v.as.states=table&v.as.course=table`,
		);
		const command = `simulate ${SCENARIO} --demand 200M --hours 2 --seed 7 --router central`;
		const { result } = farthing(...command.split(" "));
		await assertSame(page, result);
		const tile = (name) => page.$eval(`[data-fact="${name}"] data`, (found) => Number(found.value));
		assert.equal(await tile("load"), result.saturation.offered_load);
		const told = /the load is (\d+)% of/.exec(await page.textContent(".traffic-verdict"))[1];
		assert.equal((100 * (await tile("load"))).toFixed(0), told);
		assert.equal(await tile("load_share"), result.load_share);
		assert.match(await page.textContent('[data-fact="load_share"]'), new RegExp(`all ${result.fleet.gpus} GPUs`));
		const bill = await page.$$eval('[data-table="bill"] tbody tr', (lines) =>
			lines.map((row) => [...row.querySelectorAll("td")].map((at) => Number(at.querySelector("data")?.value))),
		);
		const sum = (column) => bill.slice(0, -1).reduce((total, row) => total + row[column], 0);
		const [, cost, token] = bill.at(-1);
		assert.ok(Math.abs(sum(1) / cost - 1) < 1e-9 && Math.abs(sum(2) / token - 1) < 1e-9);
		assert.equal(token, result.unit_cost.total.value);
		const { windows } = result;
		assert.deepEqual(
			await rows(page, "latency"),
			windows.map((window) =>
				[window.from_seconds, ...LATENCIES.flatMap((name) => [window[`${name}_p50`], window[`${name}_p99`]])].map(cell),
			),
		);
		assert.deepEqual(
			await rows(page, "states"),
			windows.map(({ from_seconds: from, gpu_seconds: of }) => [from, ...STATES.map((state) => of[state])].map(cell)),
		);
		assert.deepEqual(
			(await rows(page, "course")).map(([, arrived]) => arrived),
			windows.map(({ arrived }) => String(arrived)),
		);
		await close();
	},

	"GPUs of whole hosts that carry no replica have a line of their own, also where the replicas are typed": async ({
		open,
	}) => {
		const words = "traffic?s.demand.tokens_per_day=5B&v.hours=0.2&v.replicas=3";
		const { page, close } = await open(words);
		assert.match(await page.textContent(".traffic-sentence"), /3 replicas of .*\(16 GPUs\)/);
		assert.match(await page.textContent("main"), /replicas run on 12 GPUs; 4 more are paid for/);
		for (const place of ['[data-fact="no_replica"]', '[data-table="cost"]'])
			assert.match(await page.textContent(place), /GPUs of hosts that carry no replica/);
		assert.match(await page.textContent('[data-table="bill"]'), /in hosts, without a replica/);
		await close();
	},

	"a week has a map of its hours; autoscaler, failures and bursts of the scenario stay after a reload": async ({
		open,
		picture,
	}) => {
		const { page, settled, close } = await open(
			"traffic?s.demand.tokens_per_day=60M&s.traffic.weekend=0.4&s.slo.ttft=any&s.traffic.burstiness=3&v.at=225000",
			{ width: 1200, height: 760 },
		);
		await page.evaluate(() => document.querySelector(".traffic-verdict").scrollIntoView());
		await picture(page, "traffic");
		assert.equal(await page.locator('[data-chart="hours"] [data-mark]').count(), 168);
		assert.match(await page.textContent('[data-chart="hours"]'), /Busiest on \w+day at \d+:00/);
		await page.selectOption('[data-switch="autoscaler"]', "utilisation");
		await page.selectOption('[data-switch="failures"]', "some");
		await page.fill('[data-path="traffic.failures.between"]', "1 day");
		await page.keyboard.press("Enter");
		await page.waitForSelector(".traffic-running");
		await settled();
		await page.reload();
		await settled();
		for (const part of [
			"autoscaler.policy=utilisation",
			"autoscaler.start=5+min",
			"failures.between=1+day",
			"failures.repair=2+hours",
		])
			assert.ok(page.url().includes(`s.traffic.${part}`), part);
		assert.match(await page.textContent('[data-table="bill"]'), /failed/);
		await close();
	},

	"a picture that is saved says title, lines, catalogue and date; a command of a file comes with the file": async ({
		open,
	}) => {
		const { page, close } = await open(`${hash}&s.traffic.failures.between=1+day&s.traffic.failures.repair=1+hour`);
		const saved = async (name) => {
			await page.click('[data-chart="latency"] .menu summary');
			const [file] = await Promise.all([
				page.waitForEvent("download"),
				page.click(`[data-chart="latency"] .menu-items button:has-text("${name}")`),
			]);
			await page.click('[data-chart="latency"] .menu summary');
			return readFileSync(await file.path(), "utf8");
		};
		const drawing = await saved("SVG");
		for (const word of ["How long people wait", ">P50<", ">P99<", "catalogue ", "as of 20", "used unofficially"])
			assert.ok(drawing.includes(word), word);
		assert.match(await saved("Scenario of the command"), /^extends: "prototype-to-5b\.yaml"\n/);
		assert.ok((await saved("PNG")).startsWith("\uFFFDPNG"));
		await close();
	},

	"too few replicas are said to be saturated, and a seed that is none is told": async ({ open }) => {
		const { page, settled, close } = await open("traffic?s.demand.tokens_per_day=1B&v.hours=1&v.replicas=1");
		assert.match(await page.textContent(".traffic-verdict"), /saturated/);
		await page.fill('[data-view="replicas"]', "many");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(await page.textContent(".traffic-inputs .field-fault"), /--replicas/);
		await page.fill('[data-view="seed"]', "x");
		await page.keyboard.press("Enter");
		assert.match(await page.textContent('.field:has([data-view="seed"]) .field-fault'), /A seed is a whole number/);
		assert.doesNotMatch(page.url(), /v\.seed/);
		await page.fill('[data-view="replicas"]', "1");
		await page.keyboard.press("Enter");
		await settled();
		await page.fill('[data-view="seed"]', "1.5");
		await page.keyboard.press("Enter");
		assert.match(await page.textContent('.field:has([data-view="seed"]) .field-fault'), /A seed is a whole number/);
		assert.doesNotMatch(page.url(), /v\.seed/);
		assert.equal(await page.locator(".traffic-body.stale").count(), 1);
		assert.match(await page.textContent('[data-run="earlier"]'), /question before/);
		await page.keyboard.press("Escape");
		assert.equal(await page.locator(".traffic-body.stale").count(), 0);
		await page.fill('[data-path="demand.tokens_per_day"]', "500T");
		await page.keyboard.press("Enter");
		assert.match(await page.textContent('[data-run="many"]'), /about [\d,.]+\w* requests/);
		assert.equal(await page.locator(".traffic-body.stale").count(), 1);
		await close();
	},

	"machines of each kind in any ratio, runs of many seeds and single steps: the copied command gives the same numbers":
		async ({ open, farthing }) => {
			const { page, settled, close } = await open(
				"traffic?s.demand.tokens_per_day=200M&s.supply.disaggregated=true&v.hours=0.5",
			);
			await page.fill('[data-view="instances"]', "2:1");
			await page.keyboard.press("Enter");
			await page.fill('[data-view="runs"]', "3");
			await page.keyboard.press("Enter");
			await page.selectOption('[data-view="exact"]', "on");
			await page.waitForSelector(".traffic-running");
			await settled();
			await page.waitForSelector('[data-table="runs"]');
			assert.match(page.url(), /v\.exact=on&v\.hours=0\.5&v\.instances=2:1&v\.runs=3/);
			const command = await copied(page);
			assert.match(command.join(" "), /--instances 2:1 --runs 3 --exact$/);
			const { result } = farthing(...command);
			assert.equal(result.exact, true);
			await assertSame(page, result);
			assert.match(await page.textContent(".traffic-sentence"), /2 prefill and 1 decode instances/);
			const shown = await page.$$eval('[data-table="runs"] tbody tr', (lines) =>
				lines.map((row) => [
					row.dataset.figure,
					...[...row.querySelectorAll("data")].map((each) => Number(each.value)),
				]),
			);
			assert.ok(shown.length >= 7);
			for (const [figure, ...values] of shown) {
				const of = result.runs.figures.find((each) => each.figure === figure);
				assert.deepEqual(values, [of.mean, of.low, of.high, of.least, of.largest], figure);
			}
			await page.reload();
			await settled();
			await assertSame(page, result);
			for (const [name, text, says] of [
				["instances", "3", /PREFILL:DECODE.*such as 3:2/],
				["runs", "1", /2 to 1000/],
			]) {
				const before = await page.inputValue(`[data-view="${name}"]`);
				await page.fill(`[data-view="${name}"]`, text);
				await page.keyboard.press("Enter");
				await settled();
				assert.match(await fault(page, `[data-view="${name}"]`), says);
				await page.fill(`[data-view="${name}"]`, before);
				await page.keyboard.press("Enter");
				await settled();
			}
			await page.selectOption('[data-path="supply.disaggregated"]', "false");
			await settled();
			assert.match(await fault(page, '[data-view="instances"]'), /same machines/);
			await close();
		},

	"what a link says that no list has is shown and told at the list, until another is chosen": async ({ open }) => {
		for (const [name, says, choice] of [
			["exact", /--exact takes on or off, not "maybe"/, "off"],
			["modelled", /--modelled takes on or off, not "maybe"/, "off"],
			["router", /--router takes least-loaded or .*, not "maybe"/, ""],
		]) {
			const { page, settled, close } = await open(`${hash}&v.${name}=maybe`);
			const list = `[data-view="${name}"]`;
			assert.equal(await page.inputValue(list), "maybe");
			assert.match(await fault(page, list), says);
			assert.equal(await page.getAttribute(list, "aria-invalid"), "true");
			await page.selectOption(list, choice);
			await settled();
			assert.equal(await page.locator(".field-fault").count(), 0);
			assert.equal(await page.locator(".traffic-sentence").count(), 1);
			await close();
		}
	},

	"modelled deployments may be the fleet, as by the copied command": async ({ open, farthing }) => {
		const { page, settled, close } = await open("traffic?s.demand.tokens_per_day=200M&v.hours=0.5");
		await page.selectOption('[data-view="modelled"]', "on");
		await page.waitForSelector(".traffic-running");
		await settled();
		const command = await copied(page);
		assert.match(command.join(" "), / --modelled$/);
		const { result, warnings } = farthing(...command);
		await assertSame(page, result);
		assert.ok(warnings.some(({ code }) => code === "modelled-rows"));
		assert.match(await page.textContent("main"), /modelled rows \(grade D\)/);
		await close();
	},

	"a shape and step times that are picked give the numbers of the copied command; what is wrong with them is told at the field":
		async ({ open, farthing }) => {
			const folder = mkdtempSync(join(tmpdir(), "farthing-lab-"));
			try {
				const [shape, steps, bad, badSteps, other] = [
					["mornings.yaml", SHAPE],
					["steps.csv", STEPS],
					["bad.yaml", SHAPE.replace("burstiness: 1.5", "burstiness: many")],
					["bad.csv", STEPS.replace("0.0090", "soon")],
					["shape.txt", SHAPE],
				].map(([name, text]) => {
					writeFileSync(join(folder, name), text);
					return join(folder, name);
				});
				const { page, settled, requests, close } = await open("traffic?s.demand.tokens_per_day=200M&v.hours=0.5");
				const run = async (name, file) => {
					await page.setInputFiles(`[data-file="${name}"]`, file);
					await page.waitForSelector(".traffic-running");
					await settled();
				};
				await run("shapeFile", bad);
				assert.match(await fault(page, '[data-file="shapeFile"]'), /5:13: "many" is no number/);
				await run("shapeFile", other);
				assert.match(await fault(page, '[data-file="shapeFile"]'), /ends in \.yaml/);
				await run("shapeFile", shape);
				await run("steps", badSteps);
				assert.match(await fault(page, '[data-file="steps"]'), /4:\d+: .*soon/);
				await run("steps", steps);
				assert.equal(await page.locator(".field-fault").count(), 0);
				assert.equal(await page.locator('[data-path="traffic.burstiness"]').count(), 0);
				const command = await copied(page);
				assert.match(command.join(" "), /--shape mornings\.yaml --steps steps\.csv$/);
				const { result } = farthing(
					...command.map((word) => ({ "mornings.yaml": shape, "steps.csv": steps })[word] ?? word),
				);
				assert.equal(result.fleet.step_table, "steps.csv");
				await assertSame(page, result);
				assert.deepEqual(
					requests.filter((url) => !/\/(assets|data)\/|\/#?$|\/#/.test(url)),
					[],
				);
				await page.reload();
				await settled();
				assert.match(await page.textContent("main"), /mornings\.yaml.*pick it again/s);
				assert.match(await page.textContent("main"), /steps\.csv.*pick the file again/s);
				await page.click('[data-away="shapeFile"]');
				await page.click('[data-away="steps"]');
				await settled();
				assert.doesNotMatch(page.url(), /shapeFile|steps/);
				assert.equal(await page.locator(".traffic-sentence").count(), 1);
				await close();
			} finally {
				rmSync(folder, { recursive: true, force: true });
			}
		},

	"a text is typed and committed alike in every field: Enter and leaving commit, Escape takes back, a fault stays":
		async ({ open }) => {
			const { page, close } = await open(hash);
			const state = (selector) =>
				page.$eval(selector, (input) => ({
					value: input.value,
					invalid: input.getAttribute("aria-invalid"),
					name: input.labels[0].textContent,
					note: document.getElementById(input.getAttribute("aria-describedby")).textContent,
				}));
			const fields = [
				{
					name: "Peak to mean",
					selector: '[data-path="demand.peak_to_mean"]',
					word: "s.demand.peak_to_mean",
					first: "2",
				},
				{ name: "Hours", selector: '[data-view="hours"]', word: "v.hours", first: "2", last: "" },
				{
					name: "Seed",
					selector: '[data-view="seed"]',
					word: "v.seed",
					first: "1",
					wrong: "1.5",
					rule: /whole number from 0/,
				},
				{
					name: "Requests by hour",
					selector: '[data-path="traffic.hourly"]',
					word: "s.traffic.hourly",
					first: "",
					given: Array.from({ length: 24 }, (_, i) => i + 1).join(", "),
					wrong: "1, 2",
					rule: /24 or 168 numbers/,
				},
			];
			for (const { name, selector, word, first, last = first, given = "3", wrong, rule } of fields) {
				const before = await state(selector);
				assert.deepEqual([before.name, before.value, before.invalid], [name, first, "false"]);
				await page.fill(selector, " 4 ");
				assert.equal((await state(selector)).value, " 4 ");
				await page.press(selector, "Escape");
				assert.deepEqual(await state(selector), before);
				if (wrong !== undefined) {
					await page.fill(selector, wrong);
					assert.equal((await state(selector)).invalid, "false", "nothing is wrong while it is typed");
					await page.press(selector, "Enter");
					const told = await state(selector);
					assert.deepEqual([told.value, told.invalid], [wrong, "true"]);
					assert.match(told.note, rule);
					assert.equal(await page.locator(`.field:has(${selector}) [role="alert"]`).count(), 1);
					await page.press(selector, "Tab");
					assert.equal((await state(selector)).value, wrong);
					await page.press(selector, "Escape");
					assert.deepEqual(await state(selector), before);
				}
				const address = page.url();
				await page.fill(selector, ` ${given} `);
				assert.equal(page.url(), address);
				await page.press(selector, "Enter");
				assert.equal((await state(selector)).value, given);
				assert.ok(page.url().includes(`${word}=`), page.url());
				await page.fill(selector, "");
				await page.press(selector, "Tab");
				assert.equal((await state(selector)).value, last);
			}
			await close();
		},

	"a trace that is picked gives the numbers of the command, names faulty lines, and goes nowhere": async ({
		open,
		farthing,
	}) => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-lab-"));
		try {
			const file = join(folder, "conversation.csv");
			const lines = Array.from({ length: 300 }, (_, i) => {
				const time = new Date(Date.UTC(2023, 10, 16, 18, 0, 0) + i * 1700 + (i % 7) * 90).toISOString();
				return `${time.replace("T", " ").replace("Z", "0000")},${200 + ((i * 977) % 6000)},${5 + ((i * 131) % 700)}`;
			});
			lines[118] = "no request at all";
			writeFileSync(file, `${["TIMESTAMP,ContextTokens,GeneratedTokens", ...lines].join("\n")}\n`);
			const { page, settled, requests, close } = await open("traffic?s.demand.tokens_per_day=200M&v.hours=1");
			await page.click(".traffic-trace summary");
			await page.setInputFiles('[data-trace="file"]', file);
			await page.waitForSelector(".traffic-account");
			await settled();
			const { result } = farthing("simulate", SCENARIO, "--demand", "200M", "--trace", file);
			await assertSame(page, result);
			assert.match(await page.textContent(".traffic-account"), /299 requests read from 301 lines/);
			assert.match(await page.textContent(".traffic-account"), /line 120: /);
			await page.fill('[data-view="traceRate"]', "3");
			await page.keyboard.press("Enter");
			await page.waitForSelector(".traffic-running");
			await settled();
			await assertSame(
				page,
				farthing("simulate", SCENARIO, "--demand", "200M", "--trace", file, "--trace-rate", "3").result,
			);
			assert.deepEqual(
				requests.filter((url) => !/\/(assets|data)\/|\/#?$|\/#/.test(url)),
				[],
			);
			await page.reload();
			await settled();
			assert.match(await page.textContent(".notice"), /conversation\.csv.*pick it again/s);
			await close();
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	},

	"a run can be stopped and run again": async ({ open }) => {
		const { page, settled, close } = await open(hash);
		await page.fill('[data-path="demand.tokens_per_day"]', "40B");
		await page.keyboard.press("Enter");
		await page.waitForSelector('[data-run="stop"]');
		await page.waitForFunction(() => (document.querySelector(".traffic-running progress")?.value ?? 0) > 0);
		await page.click('[data-run="stop"]');
		await page.waitForSelector('[data-run="again"]');
		await page.fill('[data-path="demand.tokens_per_day"]', "200M");
		await page.keyboard.press("Enter");
		await settled();
		assert.equal(await page.locator(".traffic-running").count(), 0);
		await close();
	},

	"the run is played, held and scrubbed by keyboard, and why opens its figures": async ({ open }) => {
		const { page, settled, close } = await open(`${hash}&v.speed=4`);
		const clock = () => page.textContent(".replay-clock");
		await page.focus('[data-replay="play"]');
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => document.querySelector(".replay-clock").textContent > "00:05");
		await page.keyboard.press("Enter");
		const held = await clock();
		await page.waitForTimeout(200);
		assert.equal(await clock(), held);
		assert.match(page.url(), /v\.at=\d+/);
		await page.focus('[data-replay="time"]');
		await page.keyboard.press("End");
		assert.equal(await page.textContent('[data-now="running"]'), "0");
		await page.keyboard.press("Home");
		assert.match(await clock(), /^00:00/);
		await page.focus('[data-chart="latency"] [data-mark^="p50"]');
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /time to the first token, p50/);
		assert.match(await page.textContent(".why"), /seed 1/);
		await close();
	},
};
