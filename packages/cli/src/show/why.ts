import type { WhyNode } from "@farthing/engine";
import { whyWords as words } from "../messages/why.ts";
import { bold, dim } from "../print.ts";
import { told } from "../told.ts";
import { isOne, number, shown, shownRange } from "./words.ts";

/** A tree with one number a line; a quantity met twice is opened once. */
export function whyText(root: WhyNode, depth: number = Number.POSITIVE_INFINITY): string {
	const lines: string[] = [];
	const opened = new Set<string>();
	write(root, "", "", 0);
	if (root.month !== undefined || hasMonth(root)) lines.push(dim(words.months));
	if (hasRange(root)) lines.push(dim(words.ranges));
	lines.push(dim(words.legend));
	return lines.join("\n");

	function write(node: WhyNode, lead: string, branch: string, level: number): void {
		const again = node.inputs.length > 0 && opened.has(node.node);
		opened.add(node.node);
		lines.push(
			`${branch}${bold(shown(node.value))}${rangeText(node)}  ${told(node.label)} ${dim(`[${node.node}]${monthText(node)}`)}${again ? dim(words.above) : ""}`,
		);
		if (again) return;
		if (node.formula !== undefined) lines.push(`${lead}${dim(`  = ${node.formula}`)}`);
		if (node.note !== undefined && level === 0) lines.push(`${lead}${dim(`  ${node.note}`)}`);
		if (node.source !== undefined) lines.push(`${lead}${dim(`  ${sourceText(node)}`)}`);
		if (level >= depth) {
			const folded = node.inputs.length;
			if (folded > 0) lines.push(`${lead}${dim(words.folded(number(folded), isOne(folded)))}`);
			return;
		}
		node.inputs.forEach((input, i) => {
			const last = i === node.inputs.length - 1;
			write(input, `${lead}${last ? "   " : "│  "}`, `${lead}${last ? "└─ " : "├─ "}`, level + 1);
		});
	}
}

function rangeText({ value }: WhyNode): string {
	const range = shownRange(value);
	return range === "" ? "" : dim(` (${range})`);
}

function monthText({ month }: WhyNode): string {
	return month === undefined ? "" : words.month(month);
}

function hasMonth({ inputs }: WhyNode): boolean {
	return inputs.some((input) => input.month !== undefined || hasMonth(input));
}

function hasRange({ value, inputs }: WhyNode): boolean {
	return shownRange(value) !== "" || inputs.some(hasRange);
}

function sourceText({ source, share }: WhyNode): string {
	if (source === undefined) return "";
	const parts = [
		words.grade(source.grade),
		source.as_of,
		source.source,
		source.at === undefined || source.source.includes(source.at) ? undefined : source.at,
		source.note,
		source.role === "condition" ? words.condition : undefined,
		share === undefined ? undefined : words.elasticity(share.toFixed(2)),
	];
	return parts.filter((part) => part !== undefined).join(" · ");
}
