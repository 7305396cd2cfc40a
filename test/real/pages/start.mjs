import assert from "node:assert/strict";

export const id = "start";
export const checks = {
	"the door for traffic leads to the answer, by keyboard alone": async ({ open }) => {
		const { page, settled, close } = await open("start");
		await page.keyboard.press("Tab");
		assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
		await page.keyboard.press("Enter");
		assert.equal(await page.evaluate(() => document.activeElement.id), "main");
		await page.keyboard.press("Tab");
		await page.keyboard.type("8B");
		await page.keyboard.press("Enter");
		await settled();
		assert.match(page.url(), /#answer\?s\.demand\.tokens_per_day=8B$/);
		await close();
	},

	"in Chinese: chosen in the menu, kept over a reload, on every page, with the numbers as they were": async ({
		open,
		screenshot,
	}) => {
		const { page, settled, complaints, close } = await open("answer");
		const hero = () => page.textContent(".answer-sentence .quantity-hero");
		const inEnglish = await hero();
		const requests = [];
		page.on("request", (request) => requests.push(request.url()));
		await page.click(".top-tools details.menu > summary");
		await page.click('input[name="language"][value="zh"]');
		await page.waitForFunction(() => document.documentElement.lang === "zh");
		await settled();
		assert.equal(
			requests.filter((url) => url.endsWith(".js")).length,
			1,
			"one file brings the words, when they are asked for",
		);
		assert.equal(await hero(), inEnglish);
		assert.match(await page.textContent(".answer-sentence"), /交付成本/);
		await screenshot(page, "answer-zh");
		await page.reload();
		await settled();
		const ids = await page.$$eval(".nav a", (links) => links.map((link) => link.hash.replace(/^#|\?.*$/g, "")));
		for (const id of ids) {
			await page.evaluate((hash) => (location.hash = hash), id);
			await page.waitForFunction(
				(hash) => document.querySelector(`.nav a[aria-current="page"]`)?.hash.startsWith(`#${hash}`),
				id,
			);
			await settled();
			assert.match(await page.textContent("main h1"), /\p{Script=Han}/u, id);
		}
		assert.deepEqual(complaints, []);
		await page.click(".top-tools details.menu > summary");
		await page.click('input[name="language"][value="en"]');
		await page.waitForFunction(() => document.documentElement.lang === "en");
		await close();
	},

	"a browser that asks for Chinese gets it, and an address may say which language": async ({ open }) => {
		const first = await open("start");
		const context = await first.page.context().browser().newContext({ locale: "zh-CN" });
		const page = await context.newPage();
		await page.goto(first.page.url());
		await page.waitForSelector("h1");
		assert.match(await page.textContent("h1"), /百万 token 的真实成本/);
		await page.goto(first.page.url().replace("/#", "/?lang=en#"));
		await page.waitForSelector("h1");
		assert.match(await page.textContent("h1"), /What does a million tokens/);
		await context.close();
		await first.close();
	},

	"a newcomer's path: change demand, ask why, save, share the link": async ({ open, picture }) => {
		const { page, settled, close } = await open("start", { width: 1200, height: 760 });
		await picture(page, "start");
		await page.fill(".door-form input", "20B");
		await page.click(".door-form button");
		await settled();
		await page.waitForFunction(() => !document.querySelector(".levers")?.textContent.includes("…"));
		assert.match(await page.textContent(".answer-sentence"), /20\.0B tok\/day/);
		await picture(page, "answer");
		await page.click(".answer-sentence .quantity-hero button");
		await settled();
		assert.match(await page.textContent(".why"), /GPUs in the fleet/);
		await picture(page, "why");
		await page.click(".why-head button");
		await page.click(".chart details.menu > summary");
		const [saved] = await Promise.all([page.waitForEvent("download"), page.click(".chart .menu-items >> text=CSV")]);
		assert.equal(saved.suggestedFilename(), "farthing-bridge.csv");
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		await page.click(".top-tools >> text=Copy link");
		const link = await page.evaluate(() => navigator.clipboard.readText());
		const sentence = await page.textContent(".answer-sentence");
		await close();
		const shared = await open(new URL(link).hash.slice(1));
		assert.equal(await shared.page.textContent(".answer-sentence"), sentence);
		assert.match(link, /cat=\d{4}/);
		await shared.close();
		const volume = await open("delivered?s.demand.tokens_per_day=20B", { width: 1200, height: 760 });
		await picture(volume.page, "volume");
		await volume.close();
	},
};
