/** Every message stands in every language, with the same places for values. */
import { readdirSync } from "node:fs";
import { createElement, type ReactElement } from "react";
import { describe, expect, it } from "vitest";
import { actuals } from "../messages/en/actuals.ts";
import { traffic } from "../messages/en/traffic.ts";
import * as zh from "../messages/zh/index.ts";
import { filled, filledNodes, valuesIn } from "./fill.ts";

type Messages = Readonly<Record<string, string>>;
const sections = readdirSync(new URL("../messages/en", import.meta.url)).map((name) => name.replace(".ts", ""));
const places = (message: string): string[] => [...message.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();
/** Names of benchmarks and statistics, and the word token, which the field uses in both. */
const SAME = [
	"API",
	"TTFT",
	"P50",
	"P99",
	"MLPerf Inference v6.0",
	"Artificial Analysis",
	"MTP",
	"token",
	"token / $",
	" P10",
	" P50",
	" P90",
];

describe.each(sections)("%s", async (section) => {
	const english = Object.values(await import(`../messages/en/${section}.ts`))[0] as Messages;
	const chinese = (zh as unknown as Readonly<Record<string, Messages>>)[section] ?? {};

	it("has the same messages in Chinese, no more and no fewer", () => {
		expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
	});

	it("has the same places for values, and no English left over", () => {
		for (const [key, message] of Object.entries(chinese)) {
			expect(places(message), key).toEqual(places(english[key] ?? ""));
			const words = message.replaceAll(/\{\w+\}/g, "");
			const isForeign = /[a-z]{2}/i.test(words) && !/\p{Script=Han}/u.test(words);
			if (isForeign) expect(SAME, `${key}: ${message}`).toContain(words);
		}
	});
});

it("sets a blank beside Latin words and figures in Chinese, and none between Chinese words", () => {
	const finding = zh.bridge.finding;
	const values = { headline: "$0.153/M tok", delivered: "$0.397/M tok", share: "62.4%" };
	expect(filled(finding, { ...values, largest: "按峰值配置" })).toContain("：按峰值配置增加最多，");
	expect(filled(finding, { ...values, largest: "API" })).toContain("：API 增加最多，");
	expect(filled(zh.margin["tokens.column"], { strategy: "API" })).toBe("API 成本");
	expect(filled(zh.ways["crossings.pair"], { of: "自建", against: "API" })).toBe("自建对 API");
	const nodes = filledNodes(zh.training.sentence, { name: "本次任务", hours: "1 GPU-hr", cost: "$1" });
	expect(nodes).toEqual(
		filledNodes("{name}需要 {hours}，成本 {cost}。", { name: "本次任务", hours: "1 GPU-hr", cost: "$1" }),
	);
});

it("keeps a stop beside the number before it", () => {
	const Shown = () => null;
	const [, shown, rest] = (
		filledNodes("from {cost}. More", { cost: createElement(Shown) }) as ReactElement<{
			children: ReactElement<{ className: string; children: unknown[] }>[];
		}>
	).props.children;
	expect(shown?.props).toMatchObject({ className: "keep", children: [{ type: Shown }, "."] });
	expect(rest).toBe(" More");
});

it("knows the sentences of an answer by their English, with what stands in them", () => {
	const load = valuesIn("the load is 43% of what the fleet can do", traffic["reason.load"]);
	expect(filled(zh.traffic["reason.load"], load)).toBe("负载是集群处理能力的 43%");
	const gap = valuesIn("all days of 2026-10 are in the window", actuals["gap.all"]);
	expect(filled(zh.actuals["gap.all"], gap)).toBe("2026-10 的所有日子都在时间窗口内");
	expect(valuesIn("all days of 2026-10 are in the window, or not", actuals["gap.all"])).toBeUndefined();
});
