/** Two results and why they differ, for a terminal and as Markdown for a pull request; amounts are rounded so that they add up. */
import type { DiffResult, Envelope, MeasureChange, ResultDiff } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity, roundedCauses } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { shown } from "./words.ts";
import { spread } from "./years.ts";

type Told = Pick<Envelope<unknown>, "id" | "catalogue" | "as_of" | "warnings">;

export function diffText({ diffs }: DiffResult, { id, catalogue, as_of }: Told, range: string | undefined): string {
	const none = range === undefined ? "Nothing to compare." : `No scenario file differs in ${range}.`;
	return [
		...(diffs.length === 0 ? [none] : diffLines(diffs)),
		dim(`result ${id} · catalogue ${catalogue} · as of ${as_of}`),
	].join("\n");
}

export function diffLines(diffs: readonly ResultDiff[]): string[] {
	return diffs.flatMap((each, i) => [...(i === 0 ? [] : [""]), ...oneDiff(each)]);
}

function oneDiff(of: ResultDiff): string[] {
	const { label, from, to, decision, members, measures } = of;
	const { rows, sum } = amounts(of);
	const moved = rows.map(({ cause, text, inputs }) => [cause, text, dim(inputs)]);
	return [
		bold(`${of.before} → ${of.after}`),
		`${label}: ${withRange(from)} → ${withRange(to)}`,
		...(decision === undefined ? [] : [decisionText(decision)]),
		...(moved.length === 0
			? ["  no difference"]
			: [
					textTable(
						[`cause${of.method === "shapley" ? "" : ", one after the other"}`, "change", ""],
						[...moved, ["= change", sum, ""]],
						[1],
					),
				]),
		...memberLines(members),
		...measureTable(measures),
	];
}

function withRange(of: QuantityJson): string {
	const range = spread(of);
	return range === "" ? shown(of) : `${shown(of)} (P10 to P90 ${range})`;
}

function decisionText({ before, after, changed }: NonNullable<ResultDiff["decision"]>): string {
	return changed ? `The decision changes: ${before} → ${after}` : `${after} stays the best`;
}

interface Amounts {
	readonly rows: readonly { readonly cause: string; readonly text: string; readonly inputs: string }[];
	readonly sum: string;
}

/** Causes rounded to one number of decimals, so that what is read adds up to the change that is read. */
function amounts({ from, to, causes }: ResultDiff): Amounts {
	const [a, b] = [from.value ?? 0, to.value ?? 0];
	const digits = digitsOf(from.unit, b - a);
	const exact = {
		method: "ordered",
		from: a,
		to: b,
		causes: causes.map(({ cause, delta }) => ({ cause, delta: delta.value ?? 0 })),
	} as const;
	const rounded = roundedCauses(exact, 1, digits);
	const rows = causes.map(({ cause, inputs }, i) => ({
		cause,
		text: amount(rounded.deltas[i] as number, from.unit, digits),
		inputs: inputs.length > 3 ? "" : inputs.map(({ before, after }) => `${shown(before)} → ${shown(after)}`).join("; "),
	}));
	return { rows, sum: amount(Number((rounded.to - rounded.from).toFixed(digits)), from.unit, digits) };
}

/** Cents of money; of small numbers four digits of the change. */
function digitsOf(unit: string, change: number): number {
	if (unit === "USD") return 2;
	const size = Math.abs(change);
	return size === 0 ? 4 : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))));
}

function amount(value: number, unit: string, digits: number): string {
	const sign = value < 0 ? "−" : "+";
	const plain = Math.abs(value)
		.toFixed(digits)
		.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
	if (unit === "USD") return `${sign}$${plain}`;
	return unit.startsWith("USD/")
		? `${sign}$${plain}${unit.slice(3).replace("/Mtok", "/M tok")}`
		: `${sign}${plain} ${unit}`.trimEnd();
}

function memberLines(members: ResultDiff["members"]): string[] {
	if (members.length === 0) return [];
	const rows = members.map(({ path, before = "–", after = "–" }) => [path, before, after]);
	return ["", textTable(["member of the scenario", "before", "after"], rows)];
}

function measureTable(measures: readonly MeasureChange[]): string[] {
	const rows = measureRows(measures);
	return rows.length === 0 ? [] : ["", textTable(["", "before", "after", "change"], rows, [1, 2, 3])];
}

/** Those that changed. */
function measureRows(measures: readonly MeasureChange[]): string[][] {
	return measures
		.filter(({ before, after }) => before?.value !== after?.value)
		.map(({ name, before, after }) => [name, shown(before), shown(after), changeText(before, after)]);
}

function changeText(before: QuantityJson | undefined, after: QuantityJson | undefined): string {
	if (before?.value === undefined || after?.value === undefined) return "";
	const change = after.value - before.value;
	return `${change < 0 ? "−" : "+"}${formatQuantity(Math.abs(change), after.unit)}`;
}

/** For a comment on a pull request. */
export function diffMarkdown({ diffs }: DiffResult, { id, catalogue, as_of, warnings }: Told): string {
	const parts = diffs.length === 0 ? ["No scenario file changed what anything costs."] : diffs.flatMap(oneMarkdown);
	const notes = warnings.length === 0 ? [] : ["", ...warnings.map(({ message }) => `- ${escaped(message)}`)];
	return [...parts, ...notes, "", `<sub>farthing · result ${id} · catalogue ${catalogue} · as of ${as_of}</sub>`].join(
		"\n",
	);
}

function oneMarkdown(of: ResultDiff): string[] {
	const { label, from, to, decision, members, measures } = of;
	const { rows, sum } = amounts(of);
	return [
		`### ${code(of.before)} → ${code(of.after)}`,
		"",
		`**${escaped(label)}: ${escaped(shown(from))} → ${escaped(shown(to))}** (${sum})${decision === undefined ? "" : `. ${escaped(decisionText(decision))}.`}`,
		"",
		...(rows.length === 0
			? ["No difference."]
			: [
					...table(
						["cause", "change", "from → to"],
						[...rows.map(({ cause, text, inputs }) => [cause, text, inputs]), ["**sum**", `**${sum}**`, ""]],
					),
				]),
		...(members.length === 0
			? []
			: [
					"",
					...table(
						["member of the scenario", "before", "after"],
						members.map(({ path, before = "–", after = "–" }) => [code(path), before, after]),
					),
				]),
		...(measureRows(measures).length === 0
			? []
			: [
					"",
					"<details><summary>All measures</summary>",
					"",
					...table(["", "before", "after", "change"], measureRows(measures)),
					"",
					"</details>",
				]),
		"",
	];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
	return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** Text of a file may hold what Markdown or HTML would act on. */
function cell(text: string): string {
	return /^`|^\*\*/.test(text) ? text : escaped(text);
}

function escaped(text: string): string {
	return text.replace(/[\\`*_{}[\]<>|#!~]/g, (character) => `\\${character}`).replace(/\s*\n\s*/g, " ");
}

function code(text: string): string {
	return `\`${text.replace(/[`|\n]/g, "'")}\``;
}
