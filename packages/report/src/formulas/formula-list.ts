/** The formulas of a graph as Markdown for a handbook: what is calculated, in which unit, from what; no values. */
import type { Evaluation, FlatNode } from "@farthing/engine";
import { mathTex } from "../markdown/math-tex.ts";
import { formulaGroups, type FormulaGroup } from "./formula-groups.ts";

/** Beneath some named quantities, or all of the graph. `prefer`: strategy whose instance is written out. */
export function formulaList(evaluation: Evaluation, beneath?: readonly string[], prefer?: string): string {
	const groups = formulaGroups(evaluation, beneath, prefer);
	const inputs = new Map(
		groups.flatMap(({ symbols }) =>
			symbols.filter(({ op }) => op === "input").map((node) => [patternOf(node), node] as const),
		),
	);
	const rows = [...inputs.values()].map(
		({ id = "", spec, unit }) => `| \`${id}\` | ${cell(spec?.label ?? "")} | ${cell(unit?.symbol ?? "")} |`,
	);
	const table = ["| input | meaning | unit |", "|---|---|---|", ...rows.sort()].join("\n");
	return [...groups.map(formulaText), table].join("\n\n");
}

function formulaText({ node, instances, math }: FormulaGroup): string {
	const { meta, unit } = node;
	const said = [
		...(unit === undefined || unit.symbol === "" ? [] : [`in ${unit.symbol}`]),
		...(meta?.formula === undefined ? [] : [meta.formula]),
		...(meta?.note === undefined ? [] : [meta.note]),
		...(instances.length === 1 ? [] : [`and ${instances.length - 1} more of its kind`]),
	];
	const head = `**${cell(sentence(meta?.label ?? (node.id as string)))}**${said.length === 0 ? "" : ` (${said.map(cell).join("; ")})`}`;
	return `${head}\n\n\`\`\`math\n${mathTex(math)}\n\`\`\``;
}

/** Inputs that differ in a row, a part or a number only are said once. */
function patternOf({ id = "" }: FlatNode): string {
	return id.replace(/\d+/g, "N").replace(/\bix-[0-9a-z]+/g, "ROW");
}

function sentence(label: string): string {
	return label.charAt(0).toUpperCase() + label.slice(1);
}

function cell(text: string): string {
	return text.replace(/[|*_<>]/g, "\\$&");
}
