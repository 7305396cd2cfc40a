import { existsSync } from "node:fs";
import type { Envelope, SavedResult } from "@farthing/answers";
import { envelope, whyNode } from "@farthing/answers";
import type { WhyNode } from "@farthing/engine";
import { FarthingError } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, savedResult } from "../context.ts";
import { countFlag } from "../given-flags.ts";
import { printJson, printText } from "../print.ts";
import { whyText } from "../show/why.ts";
import { writeWhole } from "../files.ts";

export interface WhyFlags extends CommonFlags {
	readonly depth?: string;
}

export async function runWhy(node: string | undefined, path: string | undefined, flags: WhyFlags): Promise<void> {
	const depth = flags.depth === undefined ? undefined : countFlag("--depth", flags.depth);
	if (node !== undefined && looksLikeFile(node)) throw nodeFirst(node, path);
	const saved = savedResult(path);
	if (node === undefined) throw nothingNamed(saved);
	requireRank(saved, node);
	const tree = whyNode(saved as SavedResult, node);
	const asking = askingOf(
		"why",
		{ node, of: saved.id },
		{ ...flags, asOf: flags.asOf ?? saved.as_of },
		catalogueStore(),
	);
	const answer = envelope<WhyNode>(asking, tree, []);
	if (flags.output !== undefined && flags.output !== "-") writeWhole(flags.output, `${JSON.stringify(answer)}\n`);
	if (flags.json === true || flags.output === "-") printJson(answer);
	else printText(whyText(tree, depth));
}

function looksLikeFile(node: string): boolean {
	return node === "-" || node.endsWith(".json") || (node.includes("/") && existsSync(node));
}

/** The number comes before the file it is in. */
function nodeFirst(file: string, other: string | undefined): FarthingError {
	return new FarthingError(2, "wrong-order", `why takes the number first, then the file: "${file}" is no number`, {
		expected: "farthing why NODE RESULT.json",
		hint: `farthing why ${other ?? "1"} ${file}`,
	});
}

interface Ranked {
	readonly options?: readonly unknown[];
	readonly rows?: readonly unknown[];
	readonly unit_cost?: unknown;
}

/** A whole number is a place in the ranking. */
function requireRank({ command, result }: Envelope<unknown>, node: string): void {
	if (!/^\d+$/.test(node)) return;
	const ranked = result as Ranked;
	const places = (ranked.options ?? ranked.rows)?.length ?? (ranked.unit_cost === undefined ? undefined : 1);
	if (places === undefined || (Number(node) >= 1 && Number(node) <= places)) return;
	throw new FarthingError(3, "unknown-node", `there is no place ${node} in this result of farthing ${command}`, {
		expected: places === 1 ? "1, the cost" : `a place from 1 to ${places}, or the id of a node`,
		hint: "farthing why 1",
	});
}

function nothingNamed({ command, graph }: Envelope<unknown>): FarthingError {
	return new FarthingError(2, "missing-argument", `why needs to know which number of the last ${command}`, {
		expected: "a place in the ranking (1 is the cheapest), or the id of a node",
		hint: "farthing why 1",
		nearest: (graph?.outputs ?? []).slice(0, 8),
	});
}
