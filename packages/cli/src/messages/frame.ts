/** What stands around answers, notes and errors of every command. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	error: (text: string) => `error: ${text}`,
	expected: (text: string) => `  expected: ${text}`,
	nearest: (names: readonly string[]) => `  nearest: ${names.join(", ")}`,
	hint: (text: string) => `  try: ${text}`,
	note: (text: string) => `note: ${text}`,
	because: (what: string, why: string) => `${what}: ${why}`,
	unreachable: "unreachable",
	months: (count: string, isOne: boolean) => `${count} ${isOne ? "month" : "months"}`,
	to: (low: string, high: string) => `${low} to ${high}`,
	notWithin: (months: string) => `not reached within ${months}`,
	days: (count: string, isOne: boolean) => `${count} ${isOne ? "day" : "days"}`,
	result: (id: string, catalogue: string, asOf: string) => `result ${id} · catalogue ${catalogue} · as of ${asOf}`,
	wrote: (path: string) => `wrote ${path}`,
};

const zh: typeof en = {
	error: (text) => `错误：${text}`,
	expected: (text) => `  应为：${text}`,
	nearest: (names) => `  最接近的：${names.join(", ")}`,
	hint: (text) => `  可以试试：${text}`,
	note: (text) => `说明：${text}`,
	because: (what, why) => `${what}：${why}`,
	unreachable: "无法达到",
	months: (count) => `${count} 个月`,
	to: (low, high) => `${low} 至 ${high}`,
	notWithin: (months) => `${months}内未达到`,
	days: (count) => `${count} 天`,
	result: (id, catalogue, asOf) => `结果 ${id} · 目录 ${catalogue} · 截至 ${asOf}`,
	wrote: (path) => `已写入 ${path}`,
};

const inEach: InEach<typeof en> = { en, zh };

export const frameWords: typeof en = inLanguage(inEach);
