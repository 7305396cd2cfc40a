/** `--layout "tp=8 pp=8 batch=64"` and `--shape "layers=96 hidden=12288 …"`: members by name, each a whole number or a word. */
import type { LayoutQuestion, ShapeQuestion } from "../train/question.ts";
import { FarthingError } from "../farthing-error.ts";
import { nearestNames } from "@farthing/scenario";

export function layoutFlag(layout: string | undefined, shape: string | undefined): LayoutQuestion | undefined {
	if (layout === undefined) {
		if (shape === undefined) return undefined;
		throw new FarthingError(2, "missing-field", "--shape is for the parallelism law, which needs --layout", {
			field: "--layout",
			expected: LAYOUT_EXAMPLE,
		});
	}
	const members = membersOf("--layout", layout, [...LAYOUT_COUNTS, "recompute", "sequence-parallel", "attention"]);
	const count = (name: (typeof LAYOUT_COUNTS)[number], unless: number): number =>
		wholeOf("--layout", members, name) ?? unless;
	const batch = wholeOf("--layout", members, "batch");
	if (batch === undefined)
		throw new FarthingError(2, "missing-field", "--layout lacks batch, the sequences of an optimiser step", {
			field: "--layout batch",
			expected: LAYOUT_EXAMPLE,
		});
	return {
		tensor: count("tp", 1),
		pipeline: count("pp", 1),
		data: count("dp", 1),
		interleave: count("interleave", 1),
		microbatch: count("microbatch", 1),
		batch,
		recompute: wordOf(members, "recompute", ["selective", "none", "full"]),
		sequenceParallel: wordOf(members, "sequence-parallel", ["on", "off"]) === "on",
		fusedAttention: wordOf(members, "attention", ["fused", "unfused"]) === "fused",
		...(shape !== undefined && { shape: shapeOf(shape) }),
	};
}

const LAYOUT_COUNTS = ["tp", "pp", "dp", "interleave", "microbatch", "batch"] as const;
const SHAPE_COUNTS = ["layers", "hidden", "ffn", "heads", "kv-heads", "vocab", "ffn-matrices"] as const;
const LAYOUT_EXAMPLE = "tp=8 pp=8 dp=16 batch=1024";
const SHAPE_EXAMPLE = "layers=96 hidden=12288 ffn=49152 heads=96 vocab=51200";

function shapeOf(text: string): ShapeQuestion {
	const members = membersOf("--shape", text, SHAPE_COUNTS);
	const required = (name: (typeof SHAPE_COUNTS)[number]): number => {
		const value = wholeOf("--shape", members, name);
		if (value !== undefined) return value;
		throw new FarthingError(2, "missing-field", `--shape lacks ${name}`, {
			field: `--shape ${name}`,
			expected: SHAPE_EXAMPLE,
		});
	};
	const heads = required("heads");
	return {
		layers: required("layers"),
		hidden: required("hidden"),
		feedforward: required("ffn"),
		feedforwardMatrices: wholeOf("--shape", members, "ffn-matrices") ?? 2,
		heads,
		keyValueHeads: wholeOf("--shape", members, "kv-heads") ?? heads,
		vocabulary: required("vocab"),
	};
}

function membersOf(flag: string, text: string, names: readonly string[]): ReadonlyMap<string, string> {
	const members = new Map<string, string>();
	for (const part of text.split(/[\s,]+/).filter((each) => each !== "")) {
		const [name, value, ...rest] = part.split("=");
		if (name === undefined || value === undefined || value === "" || rest.length > 0) {
			throw new FarthingError(2, "wrong-type", `${flag} takes members as name=value, not "${part}"`, {
				field: flag,
				expected: names.join(", "),
			});
		}
		if (!names.includes(name)) {
			throw new FarthingError(2, "unknown-field", `${flag} has no member "${name}"`, {
				field: flag,
				expected: names.join(", "),
				nearest: nearestNames(name, names),
			});
		}
		if (members.has(name))
			throw new FarthingError(2, "contradiction", `${flag} says ${name} twice`, {
				field: `${flag} ${name}`,
				expected: "each member once",
			});
		members.set(name, value);
	}
	return members;
}

function wholeOf(flag: string, members: ReadonlyMap<string, string>, name: string): number | undefined {
	const text = members.get(name);
	if (text === undefined) return undefined;
	const value = Number(text);
	if (Number.isSafeInteger(value) && value > 0) return value;
	throw new FarthingError(2, "wrong-type", `${flag} ${name} takes a whole number above 0, not "${text}"`, {
		field: `${flag} ${name}`,
		expected: "a whole number above 0",
	});
}

/** The first word stands where the member is absent. */
function wordOf<T extends string>(members: ReadonlyMap<string, string>, name: string, words: readonly [T, ...T[]]): T {
	const text = members.get(name);
	if (text === undefined) return words[0];
	const found = words.find((word) => word === text);
	if (found !== undefined) return found;
	throw new FarthingError(2, "unknown-value", `--layout ${name} takes ${words.join(" or ")}, not "${text}"`, {
		field: `--layout ${name}`,
		expected: words.join(", "),
	});
}
