import { describe, expect, test } from "vitest";
import { numberAt, numbersOn, pageOf, readNumber } from "../test-support/page.ts";
import { realSource } from "../test-support/real-answers.ts";
import { smallSource } from "../test-support/small-plan.ts";
import type { PlanSource } from "./index.ts";
import { planHtml } from "./plan-html.ts";

const sources: Readonly<Record<string, PlanSource>> = {
	small: smallSource(),
	real: realSource(),
	"real, with ranges": realSource([{ path: "demand.tokens_per_day", value: "3B to 8B", label: "--demand" }]),
	"real, utilisation stated": realSource([{ path: "utilisation", value: "60%", label: "--util" }]),
};

test("the small page is as it was", async () => {
	await expect(planHtml(smallSource())).toMatchFileSnapshot("__snapshots__/small-plan.html");
});

describe.each(Object.entries(sources))("%s", (_, source) => {
	const html = planHtml(source);
	const page = pageOf(html);

	test("the same results give the same bytes", () => {
		expect(planHtml(source)).toBe(html);
	});

	test("every number on the page is the one of the results, and reads as it", () => {
		const numbers = numbersOn(page);
		expect(numbers.length).toBeGreaterThan(40);
		for (const { at, value, text } of numbers) {
			expect(value, at).toBe(numberAt(source, at));
			expect(Math.abs(readNumber(text) - value), `${at}: ${text}`).toBeLessThanOrEqual(
				Math.abs(value) * 0.006 + 0.0006,
			);
		}
	});

	test("what the answer rests on is on the page: cost, headline, steps, speed, demand, every crossover", () => {
		const places = new Set(numbersOn(page).map(({ at }) => at));
		const { options, crossovers } = source.plan.result;
		const wanted = [
			"plan/result/question/tokens",
			"plan/result/options/0/delivered",
			"plan/result/options/0/headline",
			"plan/result/options/0/utilization",
			...(options[0]?.bridge ?? []).map((_step, i) => `plan/result/options/0/bridge/${i}/delta`),
			...crossovers.map((_crossover, i) => `plan/result/crossovers/${i}/tokens_per_day`),
		];
		for (const at of wanted) expect(places, at).toContain(at);
	});

	test("the bars of the bridge sum to the delivered cost", () => {
		const cells = [...page.querySelectorAll("#bridge-chart tbody tr")].map((row) =>
			Number(row.querySelector("td data")?.getAttribute("value")),
		);
		const delivered = cells.at(-1) as number;
		const sum = cells.slice(0, -1).reduce((a, b) => a + b, 0);
		expect(Math.abs(sum - delivered)).toBeLessThanOrEqual(delivered * 1e-12);
	});

	test("one mark a measured row: nothing that was not measured is drawn", () => {
		const marks = page.querySelectorAll("#frontier-chart .wide-chart title").length;
		const measured = source.frontier.result.rows.filter(({ state }) => state === "measured").length;
		expect(marks).toBe(measured);
		expect(page.querySelectorAll("#frontier-chart tbody tr").length).toBe(measured);
	});

	test("the page needs nothing else: no script, no request, no link", () => {
		expect(page.querySelectorAll("script, link, iframe, img, object, embed, base, form").length).toBe(0);
		const attributes = [...page.querySelectorAll("*")].flatMap((element) => [...element.attributes]);
		const forbidden = attributes.filter(({ name }) => /^(on|src|href|srcset|action|xlink)/i.test(name));
		expect(forbidden.map(({ name }) => name)).toEqual([]);
		expect(/url\(|@import/i.test(html)).toBe(false);
	});

	test("it can be read by ear: language, headings in order, captions, scopes, alternative texts", () => {
		expect(page.documentElement.getAttribute("lang")).toBe("en");
		const levels = [...page.querySelectorAll("h1, h2, h3, h4")].map(({ localName }) => Number(localName[1]));
		expect(levels[0]).toBe(1);
		expect(levels.slice(1).every((level, i) => level <= (levels[i] as number) + 1 && level > 1)).toBe(true);
		for (const table of page.querySelectorAll("table")) {
			expect(table.querySelector("caption")?.textContent).toMatch(/\w/);
			expect(
				[...table.querySelectorAll("th")].every((cell) => /^(col|row)$/.test(cell.getAttribute("scope") ?? "")),
			).toBe(true);
		}
		const figures = [...page.querySelectorAll("figure")];
		expect(figures.length).toBe(3);
		for (const figure of figures) {
			expect(figure.querySelector("figcaption")?.textContent).toMatch(/\w+ .*[.]$/);
			expect(figure.querySelector('[role="img"]')?.getAttribute("aria-label")).toMatch(/\w+ .*[.]$/);
			expect(figure.querySelector("details summary")?.textContent).toBe("Table");
			expect(figure.querySelectorAll("details tbody tr").length).toBeGreaterThan(1);
		}
		const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test("it says what a number needs to be read rightly, and whose data it is", () => {
		const text = page.body.textContent ?? "";
		const { id, as_of, catalogue } = source.plan;
		for (const words of [
			id,
			as_of,
			catalogue,
			"total tokens",
			"Delivered",
			"rate card 2026-07",
			"Data from InferenceX, SemiAnalysis, Apache-2.0 (unofficial)",
		]) {
			expect(text).toContain(words);
		}
		for (const { message } of source.plan.warnings) expect(text).toContain(message);
	});

	test("every input of the register is listed with source, date and place", () => {
		const rows = [...page.querySelectorAll("#assumptions ~ .scroll tr, #assumptions ~ details tr")].map(
			(each) => each.textContent ?? "",
		);
		expect(source.register.length).toBeGreaterThan(3);
		for (const row of source.register) {
			const line = rows.find((text) => text.includes(row.id));
			for (const words of [row.label, row.source, row.as_of, row.at ?? ""]) expect(line, row.id).toContain(words);
		}
	});
});

describe("sentences", () => {
	const text = (source: PlanSource): string => (pageOf(planHtml(source)).body.textContent ?? "").replace(/\s+/g, " ");

	test("the answer, its bridge and where it changes", () => {
		const said = text(smallSource());
		expect(said).toContain(
			"DeepSeek-R1 at 5.00B tok/day costs $0.516/M tok delivered, on 8 GPUs of B200 SXM (TensorRT-LLM, NVFP4, TP4). Grade B",
		);
		expect(said).toContain("at least 50.0 tok/s/user and median TTFT of at most 5.00 s");
		expect(said).toContain("Serving real demand costs 2.24x as much.");
		expect(said).toContain(
			"peak sizing adds $0.230/M tok, whole replicas adds $0.0162/M tok and N+1 adds $0.0397/M tok",
		);
		expect(said).toContain("Up to 32.0B tok/day the cheapest is B200 SXM (TensorRT-LLM, NVFP4, TP4).");
		expect(said).toContain("$0.464–0.593/M tok (P10 to P90)");
		expect(said).toContain("1 holds, 1 is conditional, 1 fails and 1 is unverified");
	});

	test("the frontier is read within the limits: a cheaper row whose TTFT is over the limit does not count", () => {
		const said = text(smallSource());
		expect(said).toContain(
			"At 50.0 tok/s/user or faster, the cheapest measured row is B200 SXM (SGLang, FP8, TP8): $0.230/M tok.",
		);
		expect(said).toContain("2 lines are left out of the chart because they are not measured values.");
	});

	test("without limits in the result the page says that it does not have them", () => {
		const source = smallSource();
		const { slo: _, ...rest } = source.plan.result;
		const older = rest as typeof source.plan.result;
		expect(text({ ...source, plan: { ...source.plan, result: older } })).toContain(
			"this result does not carry the limits",
		);
	});

	test("a bridge of nothing, a frontier of nothing, no claims, no warnings", () => {
		const source = smallSource();
		const [first] = source.plan.result.options;
		if (first === undefined) throw new Error("the small plan has options");
		const option = { ...first, bridge: [], delivered: first.headline };
		const bare: PlanSource = {
			...source,
			plan: {
				...source.plan,
				warnings: [],
				result: { ...source.plan.result, options: [option], unranked: [], missed: {}, considered: 1 },
			},
			frontier: { ...source.frontier, result: { ...source.frontier.result, rows: [] } },
			claims: { ...source.claims, result: { claims: [] } },
			register: [],
		};
		const said = text(bare);
		expect(said).toContain("Here the delivered price is the slide price of $0.230/M tok");
		expect(said).toContain("there is nothing to draw");
		expect(said).toContain("No claim was tested.");
		expect(said).toContain("The one row that fits");
	});

	test("a plan without options is a bug of the caller", () => {
		const source = smallSource();
		const plan = { ...source.plan, result: { ...source.plan.result, options: [] } };
		expect(() => planHtml({ ...source, plan })).toThrow(TypeError);
	});
});

describe("hostile names", () => {
	const hostile = [
		"<script>alert(1)</script>",
		`"onmouseover="alert(1)`,
		"'><img src=x onerror=alert(1)>",
		"long-".repeat(60),
		"\u202Eevil\u202C שלום",
		"</style><b>",
		"\u0000\u0007\ud800",
		"]]>",
		"&lt;b&gt;",
		"constructor",
	];

	test.each(hostile)("%j stays text everywhere", (name) => {
		const source = withName(smallSource(), name);
		const html = planHtml(source);
		const page = pageOf(html);
		expect(page.querySelectorAll("script, img, b").length).toBe(0);
		expect(page.querySelectorAll("style").length).toBe(1);
		const handlers = [...page.querySelectorAll("*")].flatMap((element) =>
			[...element.attributes].filter((each) => each.name.startsWith("on")),
		);
		expect(handlers).toEqual([]);
		expect(/(?![\t\n])[\p{Cc}\u202a-\u202e]/u.test(html)).toBe(false);
		expect(/\p{Cs}/u.test(html)).toBe(false);
		const shown = name.replace(/[\p{Cc}\p{Cs}\u202a-\u202e]/gu, "");
		expect(page.querySelector("h1")?.textContent).toContain(shown);
		expect(page.querySelector("#claims ~ .scroll tbody")?.textContent).toContain(shown);
	});

	function withName(source: PlanSource, name: string): PlanSource {
		const result = { ...source.plan.result, model: name, scenario: name, rate: name };
		const options = result.options.map((option) => ({
			...option,
			hardware: name,
			stack: name,
			speculative: name,
			reason: name,
			deployment: { ...option.deployment, layout: name },
		}));
		const rows = source.frontier.result.rows.map((row) => ({ ...row, hardware: name, stack: name }));
		const claims = source.claims.result.claims.map((claim) => ({
			...claim,
			claim: name,
			conditions: [name],
			origin: { ...claim.origin, who: name },
		}));
		const missed = { [name]: 3 };
		const unranked = result.unranked.map((line) => ({ ...line, hardware: name, code: name, reason: name }));
		const api = result.api.map((offer) => ({ ...offer, provider: name }));
		const register = source.register.map((row) => ({
			...row,
			label: name,
			source: name,
			note: name,
			owner: name,
			at: name,
		}));
		const warnings = [{ code: name, message: name }];
		return {
			...source,
			plan: { ...source.plan, warnings, result: { ...result, options, missed, unranked, api } },
			frontier: { ...source.frontier, result: { ...source.frontier.result, rows } },
			claims: { ...source.claims, result: { claims } },
			register,
			commandLine: name,
		};
	}
});
