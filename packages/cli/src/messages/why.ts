/** What stands around the tree of `farthing why`: labels and formulas are those of the result. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	legend:
		"elasticity: percent by which the number at the top moves for 1% of this one, up or down; rounding to whole replicas and hosts left out",
	months:
		"a number that changes by month is shown in the month beside it: of a sum over months the month in which it is largest, of a series the opening, month 0; to see another, name the series with --month N",
	ranges:
		"in brackets P10 to P90: of an input as it is stated, of a result over the draws, in which every input with a range is drawn anew",
	above: " (above)",
	folded: (count: string, isOne: boolean) => `  … ${count} ${isOne ? "input" : "inputs"} folded`,
	month: (month: number) => `, month ${month}`,
	grade: (grade: string) => `grade ${grade}`,
	condition: "part of the question",
	elasticity: (share: string) => `elasticity ${share}`,
	of: (command: string, id: string, asOf: string) => `of farthing ${command}, result ${id}, as of ${asOf}`,
};

const zh: typeof en = {
	legend: "弹性：此数上下变动 1% 时，最上面的数变动百分之几；不计副本与整机的取整",
	months:
		"随月份变化的数显示在旁边所注的月份：对各月之和取其最大的月份，对序列取开业时，即第 0 个月；要看其他月份，请指名该序列并加 --month N",
	ranges: "括号内为 P10 至 P90：对输入按其所述，对结果按抽样，每次抽样都重新抽取所有带区间的输入",
	above: "（见上）",
	folded: (count) => `  … 折叠了 ${count} 个输入`,
	month: (month) => `，第 ${month} 个月`,
	grade: (grade) => `等级 ${grade}`,
	condition: "属于问题本身",
	elasticity: (share) => `弹性 ${share}`,
	of: (command, id, asOf) => `出自 farthing ${command}，结果 ${id}，截至 ${asOf}`,
};

const inEach: InEach<typeof en> = { en, zh };

export const whyWords: typeof en = inLanguage(inEach);
