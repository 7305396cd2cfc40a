import { existsSync } from "node:fs";
import type { Envelope, SavedResult } from "@farthing/answers";
import { envelope, readingGraph, soundResult, whyNode } from "@farthing/answers";
import type { WhyNode } from "@farthing/engine";
import { countFlag, FarthingError } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, savedResult } from "../context.ts";
import { whyWords } from "../messages/why.ts";
import { dim, printJson, printText } from "../print.ts";
import { whyText } from "../show/why.ts";
import { writeOutput } from "../files.ts";

export interface WhyFlags extends CommonFlags {
	readonly depth?: string;
	readonly month?: string;
}

export async function runWhy(node: string | undefined, path: string | undefined, flags: WhyFlags): Promise<void> {
	const depth = flags.depth === undefined ? undefined : countFlag("--depth", flags.depth);
	const month = flags.month === undefined ? undefined : monthFlag(flags.month);
	if (node !== undefined && looksLikeFile(node)) throw nodeFirst(node, path);
	const saved = soundResult(savedResult(path), path);
	if (node === undefined || node.trim() === "") throw nothingNamed(saved);
	const tree = whyNode(
		saved as SavedResult,
		readingGraph(() => placed(saved, node)),
		month,
	);
	const text = readingGraph(() => whyText(tree, depth));
	const asking = askingOf(
		"why",
		{ node, of: saved.id, month },
		{ ...flags, asOf: flags.asOf ?? saved.as_of },
		catalogueStore(),
	);
	const answer = envelope<WhyNode>(asking, tree, []);
	if (flags.output !== undefined && flags.output !== "-") writeOutput(flags.output, `${JSON.stringify(answer)}\n`);
	if (flags.json === true || flags.output === "-") printJson(answer);
	else printText(`${text}\n${dim(whyWords.of(saved.command, saved.id, saved.as_of))}`);
}

function monthFlag(text: string): number {
	return text === "0" ? 0 : countFlag("--month", text);
}

function looksLikeFile(node: string): boolean {
	return node === "-" || node.endsWith(".json") || (node.includes("/") && existsSync(node));
}

/** The number comes before the file it is in. */
function nodeFirst(file: string, other: string | undefined): FarthingError {
	return new FarthingError(
		2,
		"wrong-order",
		{
			en: `why takes the number first, then the file: "${file}" is no number`,
			zh: `why 先给数字，再给文件：“${file}”不是数字`,
		},
		{
			expected: "farthing why NODE RESULT.json",
			hint: `farthing why ${other ?? "1"} ${file}`,
		},
	);
}

interface Ranked {
	readonly options?: readonly unknown[];
	readonly rows?: readonly { readonly unit_cost?: Readonly<Record<string, { readonly node?: string }>> }[];
	readonly unit_cost?: unknown;
	/** Of a build-up without throughput: the answer itself. */
	readonly gpu_hour?: unknown;
	readonly figures?: object;
}

/** The name of a node, where a whole number is a place in the ranking. */
function placed({ command, result, graph }: Envelope<unknown>, name: string): string {
	if (!/^\d+$/.test(name)) return name;
	const { options, rows, unit_cost: perToken, gpu_hour: perHour, figures } = result as Ranked;
	const cost = perToken ?? perHour;
	const places = (options ?? rows)?.length ?? (cost === undefined ? undefined : 1);
	if (places === undefined) {
		throw new FarthingError(
			3,
			"unknown-node",
			{
				en: `a result of farthing ${command} has no ranking: name a number of it`,
				zh: `farthing ${command} 的结果没有排名：请指名其中的一个数字`,
			},
			{
				expected: { en: "the name of a number", zh: "数字的名称" },
				nearest: (figures === undefined ? (graph?.outputs ?? []) : Object.keys(figures)).slice(0, 12),
			},
		);
	}
	const place = Number(name);
	if (place >= 1 && place <= places) return costNode(rows?.[place - 1]?.unit_cost) ?? name;
	throw new FarthingError(
		3,
		"unknown-node",
		{
			en: `there is no place ${name} in this result of farthing ${command}`,
			zh: `farthing ${command} 的这个结果没有第 ${name} 名`,
		},
		{
			expected: places === 1 ? "1, the cost" : `a place from 1 to ${places}, or the id of a node`,
			hint: "farthing why 1",
		},
	);
}

/** Per total token where a row has it, else per output token, else on its first tier. */
function costNode(cost: Readonly<Record<string, { readonly node?: string }>> | undefined): string | undefined {
	if (cost === undefined) return undefined;
	return (cost["total"] ?? cost["output"] ?? Object.values(cost)[0])?.node;
}

function nothingNamed({ command, graph }: Envelope<unknown>): FarthingError {
	return new FarthingError(
		2,
		"missing-argument",
		{ en: `why needs to know which number of the last ${command}`, zh: `why 需要知道是上一个 ${command} 的哪个数字` },
		{
			expected: {
				en: "a place in the ranking (1 is the cheapest), or the id of a node",
				zh: "排名中的名次（1 为最便宜），或节点的编号",
			},
			hint: "farthing why 1",
			nearest: (graph?.outputs ?? []).slice(0, 8),
		},
	);
}
