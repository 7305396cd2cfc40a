import type { AnyExpr } from "@farthing/engine";

/** The name a quantity has in a model. Throws for an expression without one: a mistake of the caller. */
export function nodeId({ data }: AnyExpr): string {
	if (data.op === "input" || data.op === "node") return data.id;
	throw new TypeError(`a ${data.op} has no name in a model: wrap it in define()`);
}
