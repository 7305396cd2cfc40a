/**
 * A number that came out infinite, or undefined for no reason of its own, is a broken formula and never a result. Undefined
 * is fine where a look-up, a root or a month was not found, and in all that depends on it: that is `unreachable`.
 */
import type { FlatNode, Model } from "./flatten.ts";
import type { LiveWalk, ValueAt } from "./live.ts";
import { ModelError } from "./model-error.ts";

/** Throws `not-finite`, naming the first place in order of computation that the outputs of `model` rest on. */
export function requireFinite(model: Model, walk: LiveWalk, at: ValueAt, where = ""): void {
	const outputs = model.outputs.map((id) => model.byId.get(id) as number);
	let broken: FlatNode | undefined;
	walk.walk(at, outputs, (node, t) => {
		if (broken !== undefined && broken.index <= node.index) return;
		if (!isSound(walk, at, node, t)) broken = node;
	});
	if (broken === undefined) return;
	const name = nameNear(model, broken);
	const input = broken.op === "input";
	const reason = input ? "" : ": a division by zero, an overflow, or a root or logarithm of a negative number";
	throw new ModelError("not-finite", `${name} is not finite${where}${reason}`, name);
}

/** The name of the node, or of the first named one that uses it. */
export function nameNear(model: Model, node: FlatNode): string {
	if (node.id !== undefined) return node.id;
	const user = model.nodes.find((other) => other.args.includes(node.index) || other.target === node.index);
	return user === undefined ? node.op : nameNear(model, user);
}

const MAY_FIND_NOTHING: ReadonlySet<string> = new Set(["lookup", "irr", "firstWhere"]);

/** Whether a value is finite, or undefined for a reason of its own or of what it is computed from. */
export function isSound(walk: LiveWalk, at: ValueAt, node: FlatNode, t: number): boolean {
	const value = at(node.index, t);
	if (Number.isFinite(value)) return true;
	if (!Number.isNaN(value)) return false;
	if (MAY_FIND_NOTHING.has(node.op)) return true;
	let handedOn = false;
	walk.feeds(at, node, t, (feed, month) => {
		if (Number.isNaN(at(feed.index, month))) handedOn = true;
	});
	return handedOn;
}
