import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/**
 * Line and column of a place in the file of claims, such as `claims/gb300-35x/figures[0]/rate`: of the deepest part of it
 * that is there. The first line where the claim is not.
 */
export function claimPlace(text: string, path: string): { readonly line: number; readonly column: number } {
	const lines = new LineCounter();
	const root = parseDocument(text, { lineCounter: lines, logLevel: "silent" }).contents;
	const list = isMap(root) ? root.get("claims", true) : root;
	const [, id, ...steps] = path.split("/");
	const claim = isSeq(list) ? list.items.find((each) => isMap(each) && String(each.get("id")) === id) : undefined;
	let found: Node | undefined = isNode(claim) ? claim : undefined;
	for (const step of steps.flatMap((each) => each.split(/[[\]]/).filter((part) => part !== ""))) {
		const next: unknown = isMap(found)
			? found.get(step, true)
			: isSeq(found)
				? found.get(Number(step), true)
				: undefined;
		if (!isNode(next)) break;
		found = next;
	}
	const { line, col } = lines.linePos(found?.range?.[0] ?? 0);
	return { line, column: col };
}
