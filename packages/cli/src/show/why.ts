import type { WhyNode } from "@farthing/engine";
import { bold, dim } from "../print.ts";
import { counted, shown, shownRange } from "./words.ts";

const LEGEND =
	"elasticity: percent by which the number at the top moves for 1% of this one, up or down; rounding to whole replicas and hosts left out";

const MONTH_LEGEND =
	"a number that changes by month is shown in the month beside it: of a sum over months the month in which it is largest, of a series the opening, month 0; to see another, name the series with --month N";

const RANGE_LEGEND =
	"in brackets P10 to P90: of an input as it is stated, of a result over the draws, in which every input with a range is drawn anew";

/** A tree with one number a line; a quantity met twice is opened once. */
export function whyText(root: WhyNode, depth: number = Number.POSITIVE_INFINITY): string {
	const lines: string[] = [];
	const opened = new Set<string>();
	write(root, "", "", 0);
	if (root.month !== undefined || hasMonth(root)) lines.push(dim(MONTH_LEGEND));
	if (hasRange(root)) lines.push(dim(RANGE_LEGEND));
	lines.push(dim(LEGEND));
	return lines.join("\n");

	function write(node: WhyNode, lead: string, branch: string, level: number): void {
		const again = node.inputs.length > 0 && opened.has(node.node);
		opened.add(node.node);
		lines.push(
			`${branch}${bold(shown(node.value))}${rangeText(node)}  ${node.label} ${dim(`[${node.node}]${monthText(node)}`)}${again ? dim(" (above)") : ""}`,
		);
		if (again) return;
		if (node.formula !== undefined) lines.push(`${lead}${dim(`  = ${node.formula}`)}`);
		if (node.note !== undefined && level === 0) lines.push(`${lead}${dim(`  ${node.note}`)}`);
		if (node.source !== undefined) lines.push(`${lead}${dim(`  ${sourceText(node)}`)}`);
		if (level >= depth) {
			if (node.inputs.length > 0) lines.push(`${lead}${dim(`  … ${counted(node.inputs.length, "input")} folded`)}`);
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
	return month === undefined ? "" : `, month ${month}`;
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
		`grade ${source.grade}`,
		source.as_of,
		source.source,
		source.at === undefined || source.source.includes(source.at) ? undefined : source.at,
		source.note,
		source.role === "condition" ? "part of the question" : undefined,
		share === undefined ? undefined : `elasticity ${share.toFixed(2)}`,
	];
	return parts.filter((part) => part !== undefined).join(" · ");
}
