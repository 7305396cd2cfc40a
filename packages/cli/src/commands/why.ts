import type { SavedResult } from "@farthing/answers";
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
	const saved = savedResult(path);
	if (node === undefined) throw nothingNamed(saved);
	const tree = whyNode(saved as SavedResult, node);
	const asking = askingOf("why", { node, of: saved.id }, { ...flags, asOf: flags.asOf ?? saved.as_of }, catalogueStore());
	const answer = envelope<WhyNode>(asking, tree, []);
	if (flags.output !== undefined && flags.output !== "-") writeWhole(flags.output, `${JSON.stringify(answer)}\n`);
	if (flags.json === true || flags.output === "-") printJson(answer);
	else printText(whyText(tree, flags.depth === undefined ? undefined : countFlag("--depth", flags.depth)));
}

function nothingNamed(saved: ReturnType<typeof savedResult>): FarthingError {
	const outputs = saved.graph?.outputs ?? [];
	return new FarthingError(2, "missing-argument", "why needs the name of a number", {
		expected: "the rank of an option (1), or a node id",
		hint: "farthing why 1",
		nearest: outputs.slice(0, 8),
	});
}
