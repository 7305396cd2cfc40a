/** What `farthing sensitivity` prints; labels are those of the result. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	more: (count: number, all: number) => `… ${count} more inputs: --top ${all}`,
	method: (together: string, evaluations: string, isOne: boolean) =>
		`first: share of the variance that would go if the input were known; total: that would stay if all others were (95% confidence). Inputs acting together: ${together}. ${evaluations} ${isOne ? "evaluation" : "evaluations"}, inputs independent.`,
	columns: (value: string): readonly string[] => [
		"input, all others in the middle",
		"P5 – P95",
		"at P5",
		"at P95",
		`swing of ${value}`,
		"first",
		"total",
		"grade",
		"",
	],
	where: (central: string, value: string, share: string) => `${central} → ${value} (${share} of its range)`,
	flips: (label: string, where: string, to: string | undefined) => `  ${label}: ${where}: ${to} is better`,
	noValue: (label: string, where: string) => `  ${label}: ${where}: there is no value beyond`,
	decision: (best: string, second: string, most: boolean) =>
		`The decision: ${best} before ${second}, ${most ? "the most" : "the least"} is best`,
	noneFlips: "No input alone flips it within its range.",
	nearest: "What flips it, nearest first:",
	never: (count: string, isOne: boolean) => `  ${count} ${isOne ? "input" : "inputs"} cannot flip it alone`,
	worth: (value: string, other: string | undefined) =>
		`To know everything first is worth ${value}${other === undefined ? "" : `; on average over the draws ${other} is the best`}.`,
	learning: (label: string, value: string, share: string) =>
		`  to know ${label}: ${value}, changes the choice in ${share} of the draws`,
	nothing: "  no single input is worth learning more of",
};

const zh: typeof en = {
	more: (count, all) => `… 另有 ${count} 个输入：--top ${all}`,
	method: (together, evaluations) =>
		`first：若该输入已知，方差会消失的比例；total：若其他输入都已知，方差会留下的比例（95% 置信）。输入共同作用：${together}。计算 ${evaluations} 次，输入相互独立。`,
	columns: (value) => [
		"输入，其他输入居中",
		"P5 – P95",
		"在 P5",
		"在 P95",
		`${value} 的摆幅`,
		"first",
		"total",
		"等级",
		"",
	],
	where: (central, value, share) => `${central} → ${value}（其区间的 ${share}）`,
	flips: (label, where, to) => `  ${label}：${where}：${to} 更好`,
	noValue: (label, where) => `  ${label}：${where}：其外没有值`,
	decision: (best, second, most) => `决定：${best} 先于 ${second}，以${most ? "最高" : "最低"}者为优`,
	noneFlips: "没有哪个输入单独在其区间内会改变决定。",
	nearest: "什么会改变决定，由近到远：",
	never: (count) => `  ${count} 个输入单独不能改变决定`,
	worth: (value, other) =>
		`事先知道一切的价值为 ${value}${other === undefined ? "" : `；按全部抽样的均值 ${other} 最好`}。`,
	learning: (label, value, share) => `  知道 ${label}：${value}，在 ${share} 的抽样中改变选择`,
	nothing: "  没有哪个输入单独值得进一步了解",
};

const inEach: InEach<typeof en> = { en, zh };

export const sensitivityWords: typeof en = inLanguage(inEach);
