/** What `farthing check` prints; rules and their notes are those of the file. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	kept: (count: string, isOne: boolean) => `${count} ${isOne ? "policy" : "policies"} kept`,
	notKept: (failed: number, all: string, isOne: boolean) =>
		`${failed} of ${all} ${isOne ? "policy" : "policies"} not kept`,
	asked: (is: string, least: string, value: string) => `grade ${is}, at least ${least} is asked; ${value}`,
	range: (value: string, range: string) => `${value} (P10 to P90 ${range})`,
	graded: (value: string, grade: string) => `${value}, grade ${grade}`,
	chance: (share: string, value: string) => `kept in ${share} of the draws; ${value}`,
};

const zh: typeof en = {
	kept: (count) => `${count} 条策略满足`,
	notKept: (failed, all) => `${all} 条策略中有 ${failed} 条不满足`,
	asked: (is, least, value) => `等级 ${is}，要求至少 ${least}；${value}`,
	range: (value, range) => `${value}（P10 至 P90 ${range}）`,
	graded: (value, grade) => `${value}，等级 ${grade}`,
	chance: (share, value) => `在 ${share} 的抽样中满足；${value}`,
};

const inEach: InEach<typeof en> = { en, zh };

export const checkWords: typeof en = inLanguage(inEach);
