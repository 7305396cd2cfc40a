import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { numbers } from "../browser.mjs";
import { findCutTexts, findOverflow } from "../browser.mjs";

export const id = "answer";

const scenario = "scenarios/prototype-to-5b.yaml";
export const checks = {
	"a model without rows says so in the list, and a refusal offers what would give an answer": async ({ open }) => {
		const { page, settled, close } = await open("answer?s.model=gpt-oss-120b");
		const groups = await page.$$eval('[data-path="model"] optgroup', (all) =>
			all.map(({ children }) => [...children].map(({ value, disabled }) => [value, disabled])),
		);
		assert.equal(groups.length, 2);
		assert.ok(groups[0].every(([, isOff]) => !isOff) && groups[0].some(([id]) => id === "gpt-oss-120b"));
		assert.ok(groups[1].every(([, isOff]) => isOff) && groups[1].some(([id]) => id === "kimi-k2"));
		await page.click('.error [data-change="slo.ttft"]');
		await settled();
		assert.match(page.url(), /s\.slo\.ttft=any/);
		assert.ok(await page.locator(".answer-sentence .quantity-hero").isVisible());
		await page.goBack();
		await settled();
		await page.click('.error [data-change="slo.ttft_unknown"]');
		await settled();
		assert.equal(await page.inputValue('[data-path="slo.ttft_unknown"]'), "accept");
		assert.ok(await page.locator(".answer-sentence .quantity-hero").isVisible());
		await close();
	},

	"the volume that beats the API says what it counts, and where the one with all costs is": async ({
		open,
		farthing,
	}) => {
		const { result } = farthing("plan", "scenarios/five-years.yaml");
		const pair = result.break_evens.find(({ of, against }) => of === "own" && against === "api");
		for (const name of ["answer", "delivered", "compare"]) {
			const { page, close } = await open(`${name}?base=five-years`);
			const note = page.locator('[data-note="api-counts"]');
			await note.waitFor();
			assert.match(await note.textContent(), /rate card alone.* no people and no costs beyond the card/);
			assert.match(await note.locator("a").getAttribute("href"), /#ways\?.*base=five-years/);
			const volumes = (await numbers(page)).filter(([node]) => node === pair.volume.tokens_per_day.node);
			if (name !== "compare")
				assert.deepEqual(
					volumes.map(([, value]) => value),
					[pair.volume.tokens_per_day.value],
				);
			await close();
		}
	},

	"amounts in another currency are at a rate of the catalogue with its source and day, or at one that is typed":
		async ({ open, farthing }) => {
			const { page, settled, close } = await open("answer");
			const { delivered } = farthing("plan", scenario).result.options[0];
			const { entry } = farthing("catalog", "show", "exchange.usd").result;
			await page.click(".menu-right summary");
			await page.click('[data-rate="EUR"]');
			await settled();
			const rate = Number((1 / entry.figure.value).toPrecision(6));
			assert.ok(page.url().includes(`fx=EUR:${rate}:${entry.figure.asOf}`), page.url());
			const notice = () => page.textContent(".notice-currency");
			assert.match(await notice(), /EUR, at 0\.\d+ for 1 USD of 2026-03-13, \d+ days before .* European Central Bank/);
			assert.match(await page.getAttribute(".notice-currency a", "href"), /^https:\/\/www\.ecb\.europa\.eu\//);
			const hero = page.locator(".answer-sentence .quantity-hero");
			assert.match(await hero.textContent(), new RegExp(`EUR ${(delivered.value * rate).toPrecision(3)}`));
			const badge = () => page.locator(".answer-head .grade").first().getAttribute("title");
			assert.match(await badge(), new RegExp(`${delivered.grade}.* 2026-03-13: European Central Bank`));
			await page.goto(page.url().replace(String(rate), "0.9"));
			await settled();
			assert.match(await notice(), /typed by the reader/);
			assert.match(await badge(), /E.* typed by the reader/);
			await close();
		},

	"a rate of the dollar to itself, or of a day to come, is refused at its field, and in a link": async ({ open }) => {
		const { page, settled, close } = await open("answer");
		await page.click(".menu-right summary");
		const form = page.locator(".menu-form form");
		const fields = form.locator("input");
		const faultOf = async (code, rate, date) => {
			for (const [i, text] of [code, rate, date].entries()) await fields.nth(i).fill(text);
			await form.locator('button[type="submit"]').click();
			const wrong = form.locator('label:has([aria-invalid="true"])');
			assert.equal(await wrong.count(), 1);
			return wrong.textContent();
		};
		assert.match(await faultOf("USD", "3", "2026-03-13"), /^Code.*already/);
		assert.match(await faultOf("EUR", "0.9", "2999-01-01"), /^Rate of.*2999-01-01 is yet to come/);
		assert.doesNotMatch(page.url(), /fx=/);
		for (const fx of ["USD:3:2026-03-13", "EUR:0.9:2999-01-01"]) {
			await page.goto(page.url().replace(/#.*/, `#answer?fx=${fx}`));
			await settled();
			assert.match(await page.textContent(".notice"), /left out: fx/);
			assert.equal(await page.locator(".notice-currency").count(), 0);
		}
		await close();
	},

	"a demand in a range is told as its middle; the longest amount of the bridge is whole in another font": async ({
		open,
	}) => {
		const { page, settled, close } = await open("answer?s.demand.tokens_per_day=4B+to+7B", { width: 360, height: 740 });
		assert.match(await page.textContent(".answer-sentence"), /5\.29B tok\/day \(the middle of 4B to 7B\)/);
		await page.goto(page.url().replace(/#.*/, "#answer?s.demand.tokens_per_day=2T"));
		await settled();
		await page.$eval('[data-chart="bridge"] svg', ({ style }) => {
			style.fontFamily = "'DejaVu Sans', Verdana, sans-serif";
		});
		const cut = await page.$$eval('[data-chart="bridge"] .bar-text', (all) =>
			all
				.filter((each) => each.getBoundingClientRect().right > each.ownerSVGElement.getBoundingClientRect().right)
				.map((each) => each.textContent),
		);
		assert.deepEqual(cut, []);
		await close();
	},

	"paper and pictures say what was asked, in both languages": async ({ open }) => {
		const asked = {
			en: /^DeepSeek.* · 4B to 7B tokens a day · \d+ tokens in, \d+ out · peak .* · at least 80 tok\/s\/user · TTFT at most .* · prices of .* · facts as of \d{4}-\d\d-\d\d$/,
			zh: /^DeepSeek.* · 每天 4B 至 7B token · 输入 .* · 峰值为均值的 .* · 速度不低于 80 tok\/s\/user · TTFT 不超过 .* · 价格：.* · 事实截至 \d{4}-\d\d-\d\d$/,
		};
		const hash = "answer?s.demand.tokens_per_day=4B+to+7B&s.slo.tokens_per_s_per_user=80";
		for (const [language, line] of Object.entries(asked)) {
			const { page, close } = await open(hash, { language });
			assert.equal(await page.locator(".asked").isVisible(), false);
			const [download] = await Promise.all([
				page.waitForEvent("download"),
				page.$$eval('[data-chart="bridge"] .menu-items button', (all) =>
					all.find((each) => each.textContent.includes("SVG")).click(),
				),
			]);
			const drawing = readFileSync(await download.path(), "utf8");
			await page.emulateMedia({ media: "print" });
			assert.equal(await page.locator(".asked").isVisible(), true);
			const said = await page.textContent(".asked");
			assert.match(said, line);
			const words = [...drawing.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text).join("");
			assert.ok(words.replaceAll(" ", "").includes(said.replaceAll(" ", "")), words.slice(0, 400));
			await close();
		}
	},

	"changes over a text of one's own are in its command, or in the scenario that is saved for it": async (tools) => {
		const text = readFileSync(new URL(`../../../${scenario}`, import.meta.url), "utf8");
		const file = deflateRawSync(text.replace("prototype-to-5b", "mine")).toString("base64url");
		for (const changes of ["s.demand.tokens_per_day=8B", "s.workload.input=1024&s.demand.tokens_per_day=8B"]) {
			const { page, close } = await tools.open(`answer?${changes}&file=${file}`);
			assert.equal(await page.locator("main figure[data-chart]").count(), 1);
			await tools.holdsIds(page);
			await close();
		}
	},

	"numbers are those of the command that the page names, to the last digit": async ({ open, farthing }) => {
		const { page, settled, close } = await open("answer?s.demand.tokens_per_day=8B&s.slo.ttft=3+s");
		const { result } = farthing("plan", scenario, "--demand", "8B", "--ttft", "3s");
		const known = new Map();
		const note = (of) => {
			if (of === null || typeof of !== "object") return;
			if (typeof of.node === "string" && typeof of.value === "number") known.set(of.node, of.value);
			for (const each of Object.values(of)) note(each);
		};
		note(result);
		const shown = await numbers(page);
		assert.ok(shown.length > 20, `only ${shown.length} numbers`);
		for (const [node, value] of shown) assert.equal(value, known.get(node), node);
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why-root > .why-line"), /mean demand|tok\/day/);
		await close();
	},

	"reload, back and forward give the same state": async ({ open }) => {
		const { page, settled, close } = await open("answer");
		const first = await numbers(page);
		await page.fill('[data-path="demand.tokens_per_day"]', "20B");
		await page.keyboard.press("Enter");
		await settled();
		const changed = await numbers(page);
		assert.notDeepEqual(changed, first);
		await page.click("[data-unit-switch]");
		assert.match(await page.textContent(".answer-sentence"), /tok\/\$/);
		assert.deepEqual(await numbers(page), changed, "the unit changes how numbers are shown, not the numbers");
		await page.reload();
		await settled();
		assert.deepEqual(await numbers(page), changed);
		assert.match(await page.textContent(".answer-sentence"), /tok\/\$/);
		await page.goBack();
		await page.goBack();
		await settled();
		assert.deepEqual(await numbers(page), first);
		await page.goForward();
		await settled();
		assert.deepEqual(await numbers(page), changed);
		await close();
	},

	"a slider that is dragged leaves one entry in the history": async ({ open }) => {
		const { page, settled, close } = await open("answer");
		const before = await page.evaluate(() => history.length);
		const slider = await page.$('[data-slider="demand.tokens_per_day"]');
		const { x, y, width, height } = await slider.boundingBox();
		await page.mouse.move(x + width * 0.4, y + height / 2);
		await page.mouse.down();
		for (let step = 0; step < 12; step++) await page.mouse.move(x + width * (0.4 + step * 0.02), y + height / 2);
		await page.mouse.up();
		await settled();
		assert.equal(await page.evaluate(() => history.length), before + 1);
		await page.goBack();
		await settled();
		assert.equal(new URL(page.url()).hash, "#answer");
		await close();
	},

	"beside the open drawer the page has room for its charts": async ({ open }) => {
		const { page, settled, close } = await open("answer");
		await page.click(".answer-sentence .quantity-hero button");
		await settled();
		await page.waitForFunction(() => document.querySelector(".chart-box svg").clientWidth > 450);
		assert.deepEqual(await findCutTexts(page), []);
		assert.deepEqual(await findOverflow(page), []);
		const { top } = await page.$eval(".answer-sentence", (each) => each.getBoundingClientRect().toJSON());
		assert.ok(top >= 0 && top < 200, `the number that was asked about stands at ${top} px`);
		await close();
	},

	"why, table, and a wrong input, by keyboard alone": async ({ open }) => {
		const { page, settled, close } = await open("answer");
		await page.focus(".answer-sentence .quantity-hero button");
		await page.keyboard.press("w");
		await settled();
		assert.match(await page.textContent(".why"), /GPUs in the fleet/);
		await page.keyboard.press("Escape");
		assert.equal(await page.$(".why"), null);
		assert.ok(
			await page.evaluate(() => document.activeElement.closest(".quantity-hero") !== null),
			"the focus comes back",
		);
		await page.keyboard.press("t");
		await page.waitForSelector(".chart table");
		assert.equal(await page.textContent(".chart tbody tr:last-child td:last-child"), "0.39744000000000007");
		await page.focus('[data-path="demand.tokens_per_day"]');
		await page.keyboard.press("Control+A");
		await page.keyboard.type("lots");
		await page.keyboard.press("Enter");
		await page.waitForSelector(".field-fault");
		assert.equal(await page.getAttribute('[data-path="demand.tokens_per_day"]', "aria-invalid"), "true");
		await close();
	},

	"what a chart saves": async ({ open }) => {
		const { page, close } = await open("answer");
		const save = async (name) => {
			await page.click(".chart details.menu > summary");
			const [download] = await Promise.all([
				page.waitForEvent("download"),
				page.click(`.chart .menu-items >> text=${name}`),
			]);
			await page.keyboard.press("Escape");
			const parts = [];
			for await (const part of await download.createReadStream()) parts.push(part);
			return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
		};
		const csv = await save("CSV");
		assert.equal(csv.name, "farthing-bridge.csv");
		assert.match(
			csv.bytes.toString(),
			/^Step,Adds \[USD\/Mtok\],Then at \[USD\/Mtok\]\r\nHeadline,,0\.1527580173106023\r\n/,
		);
		const { result, command } = JSON.parse((await save("JSON")).bytes.toString());
		assert.match(result.catalogue, /^\d{4}\.\d+\.\d+\+[0-9a-f]{12}$/);
		assert.equal(command, `npx farthing plan ${scenario}`);
		const png = await save("PNG");
		assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
		assert.ok(png.bytes.length > 5000, "an empty picture");
		const svg = (await save("SVG")).bytes.toString();
		assert.match(svg, /<desc>From \$0\.153/);
		assert.doesNotMatch(svg, /class=|var\(|light-dark/);
		await close();
	},
};
