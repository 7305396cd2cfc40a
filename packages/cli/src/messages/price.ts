/** What `farthing price` prints; values come in as they are shown. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	rate: (rate: string, from: string, grade: string | undefined) => `${rate}, ${from}, grade ${grade}`,
	perMillion: (cost: string, tokens: string | undefined) => `${cost} per million ${tokens} tokens`,
	headline: "headline: every GPU always at full load",
	delivered: (load: string) => `delivered at ${load} load`,
	cost: (cost: string, under: string, range: string, grade: string | undefined) =>
		`${cost}, ${under}${range === "" ? "" : `, P10–P90 ${range}`}, grade ${grade}`,
	alone: (cost: string, kind: string) => `${cost} if ${kind} tokens pay for everything`,
	sameMoney: (parts: readonly string[]) => `The same money: ${parts.join(", ")}.`,
	parts: ["part", "per GPU-hour", "share"] as readonly string[],
	noFleet: "No fleet runs at full load. --util 45% gives the cost at that load; farthing plan derives the load.",
};

const KINDS: Readonly<Record<string, string>> = { total: "", input: "输入", output: "输出" };

const zh: typeof en = {
	rate: (rate, from, grade) => `${rate}，${from}，等级 ${grade}`,
	perMillion: (cost, tokens = "") => `每百万${KINDS[tokens] ?? tokens} token ${cost}`,
	headline: "宣传口径：每张 GPU 始终满载",
	delivered: (load) => `交付口径，负载 ${load}`,
	cost: (cost, under, range, grade) => `${cost}，${under}${range === "" ? "" : `，P10–P90 ${range}`}，等级 ${grade}`,
	alone: (cost, kind) => `若全由${KINDS[kind] ?? kind} token 承担则为 ${cost}`,
	sameMoney: (parts) => `同样的钱：${parts.join("，")}。`,
	parts: ["部分", "每 GPU 小时", "占比"],
	noFleet: "没有集群始终满载。--util 45% 给出该负载下的成本；farthing plan 推出负载。",
};

const inEach: InEach<typeof en> = { en, zh };

export const priceWords: typeof en = inLanguage(inEach);
