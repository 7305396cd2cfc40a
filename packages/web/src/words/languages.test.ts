/** Every message stands in every language, with the same places for values. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { actuals } from "../messages/en/actuals.ts";
import { traffic } from "../messages/en/traffic.ts";
import * as zh from "../messages/zh/index.ts";
import { filled, valuesIn } from "./fill.ts";

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

it("knows the sentences of an answer by their English, with what stands in them", () => {
	const load = valuesIn("the load is 43% of what the fleet can do", traffic["reason.load"]);
	expect(filled(zh.traffic["reason.load"], load)).toBe("负载是集群处理能力的 43%");
	const gap = valuesIn("all days of 2026-10 are in the window", actuals["gap.all"]);
	expect(filled(zh.actuals["gap.all"], gap)).toBe("2026-10 的所有日子都在时间窗口内");
	expect(valuesIn("all days of 2026-10 are in the window, or not", actuals["gap.all"])).toBeUndefined();
});
