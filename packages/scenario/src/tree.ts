import type { JsonValue, Origin } from "./scenario.ts";

/** A file as plain data in which every value knows where it was written. */
export type Tree = ScalarTree | MapTree | ListTree;

export interface ScalarTree {
	readonly kind: "scalar";
	readonly value: string | number | boolean | null;
	/** As written, without quotes. */
	readonly text: string;
	readonly origin: Origin;
}

export interface MapTree {
	readonly kind: "map";
	readonly entries: ReadonlyMap<string, Entry>;
	/** Of its key, if it has one. */
	readonly origin: Origin;
}

export interface ListTree {
	readonly kind: "list";
	readonly items: readonly Tree[];
	readonly origin: Origin;
}

export interface Entry {
	readonly key: Origin;
	readonly tree: Tree;
}

export function scalarTree(value: string | number | boolean, origin: Origin): ScalarTree {
	return { kind: "scalar", value, text: String(value), origin };
}

export function emptyMap(origin: Origin): MapTree {
	return { kind: "map", entries: new Map(), origin };
}

/** The plain data in a tree. */
export function toJson(tree: Tree): JsonValue {
	switch (tree.kind) {
		case "scalar":
			return typeof tree.value === "number" && !Number.isFinite(tree.value) ? tree.text : tree.value;
		case "list":
			return tree.items.map(toJson);
		case "map":
			return Object.fromEntries([...tree.entries].map(([name, entry]) => [name, toJson(entry.tree)]));
	}
}
