import { FarthingError } from "../farthing-error.ts";
import type { Issue } from "@farthing/scenario";

/** Each kind of fault in Chinese; what it is about is told in English behind it. */
const KINDS: Readonly<Record<Issue["code"], string>> = {
	"file-too-large": "文件太大",
	"not-text": "不是文本",
	"not-yaml": "不是 YAML",
	"too-deep": "嵌套太深",
	"too-many-nodes": "内容太多",
	"duplicate-field": "成员重复",
	"unknown-field": "没有这个成员",
	"missing-field": "缺少成员",
	"wrong-type": "类型不对",
	"unknown-value": "没有这个取值",
	"wrong-version": "版本不对",
	contradiction: "相互矛盾",
	"unresolved-extends": "找不到 extends 所指的文件",
	"extends-cycle": "extends 形成循环",
	"unresolved-shape": "找不到流量形状",
	"not-finite": "不是有限的数",
	"dimension-mismatch": "量纲不符",
	"division-by-zero": "除以零",
	"unreadable-quantity": "无法读取的数量",
	"wrong-unit": "单位不对",
	"missing-currency": "缺少货币",
	"impossible-range": "不可能的区间",
	"out-of-bounds": "超出范围",
	"unreadable-policy": "无法读取的策略",
};

/** The first issue of a file as one error; the others are counted, so that nobody mends blindly. */
export function scenarioError(issues: readonly Issue[]): FarthingError {
	const [first, ...others] = issues as [Issue, ...Issue[]];
	const { code, message, file, line, column, path, expected, hint, nearest } = first;
	const more =
		others.length === 0
			? ""
			: ` (and ${others.length} more: ${others
					.slice(0, 3)
					.map((each) => `line ${each.line}: ${each.message}`)
					.join("; ")}${others.length > 3 ? "; …" : ""})`;
	const kind = KINDS[code];
	const at = path === "" ? kind : `${path}：${kind}`;
	const rest = others.length === 0 ? "" : `；另有 ${others.length} 处`;
	const said = { en: `${message}${more}`, zh: `${at}（${message}）${rest}` };
	return new FarthingError(2, code, said, { file, line, column, field: path, expected, hint, nearest });
}
