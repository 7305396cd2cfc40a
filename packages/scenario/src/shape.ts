import { nearestNames } from "./nearest.ts";
import { FAILED, type Failed, type Reading } from "./reading.ts";
import type { JsonObject } from "./scenario.ts";
import type { ScalarTree, Tree } from "./tree.ts";
import { quote } from "./yaml-tree.ts";

/**
 * What a place in a file may hold: how to read it, and the JSON Schema that tells an editor the same. Reading reports
 * every fault and goes on.
 */
export interface Shape<T> {
	readonly schema: JsonObject;
	readonly read: (tree: Tree, path: string, reading: Reading) => T | Failed;
	/** How an overlay's value joins the base's; it takes its place unless told. */
	readonly merge?: (base: Tree, over: Tree) => Tree;
}

/** Free text in one line. */
export function text(description: string): Shape<string> {
	return {
		schema: { description, anyOf: [{ type: "string", minLength: 1, maxLength: 500 }, { type: "number" }] },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, "text");
			if (scalar === FAILED) return FAILED;
			const written = wordsOf(scalar).trim();
			if (written.length > 500) {
				return reading.report("out-of-bounds", `${nameOf(path)} is longer than 500 characters`, path, tree.origin);
			}
			return written === "" ? reportEmpty(tree, path, reading, "text") : written;
		},
	};
}

/** A name as catalogues have them. */
export const ID: RegExp = /^[A-Za-z0-9][A-Za-z0-9._+/-]{0,79}$/;

export function id(description: string, example: string): Shape<string> {
	return {
		schema: { description, type: ["string", "number"], pattern: ID.source, examples: [example] },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, `a name such as ${example}`);
			if (scalar === FAILED) return FAILED;
			const written = wordsOf(scalar);
			if (ID.test(written)) return written;
			if (written === "") return reportEmpty(tree, path, reading, `a name such as ${example}`);
			return reading.report("wrong-type", `${quote(written)} is no name of a catalogue`, path, tree.origin, {
				expected: "letters, digits and . _ + / -",
				hint: `write a name such as ${example}`,
			});
		},
	};
}

/** One of a few words. */
export function oneOf<const W extends string>(description: string, words: readonly W[]): Shape<W> {
	return {
		schema: { description, enum: words },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, listed(words));
			if (scalar === FAILED) return FAILED;
			const written = wordsOf(scalar);
			const found = words.find((word) => word === written);
			if (found !== undefined) return found;
			if (written === "") return reportEmpty(tree, path, reading, listed(words));
			const nearest = nearestNames(written, words);
			return reading.report("unknown-value", `${quote(written)} is not known for ${nameOf(path)}`, path, tree.origin, {
				expected: listed(words),
				hint: `write ${nearest[0] ?? words[0]}`,
				...(nearest.length > 0 ? { nearest } : {}),
			});
		},
	};
}

/** `true` or `false`, and words that may stand beside them. */
export function flag(description: string): Shape<boolean>;
export function flag<const W extends string>(description: string, word: W): Shape<boolean | W>;
export function flag(description: string, word?: string): Shape<boolean | string> {
	const expected = word === undefined ? "true or false" : `true, false or ${word}`;
	return {
		schema: word === undefined ? { description, type: "boolean" } : { description, enum: [true, false, word] },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			if (typeof scalar.value === "boolean") return scalar.value;
			const written = wordsOf(scalar);
			if (word !== undefined && written === word) return word;
			if (written === "") return reportEmpty(tree, path, reading, expected);
			const meant = /^(?:on|yes|1)$/i.test(written) ? "true" : "false";
			return reading.report("wrong-type", `${quote(written)} is neither true nor false`, path, tree.origin, {
				expected,
				hint: `write ${meant}`,
			});
		},
	};
}

/** A whole number within limits. */
export function wholeNumber(description: string, min: number, max: number): Shape<number> {
	const expected = `a whole number from ${min} to ${max}`;
	return {
		schema: { description, type: "integer", minimum: min, maximum: max },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			const n = scalar.value;
			if (typeof n !== "number" || !/^[+-]?\d+$/.test(scalar.text)) {
				return reading.report("wrong-type", `${quote(scalar.text)} is no whole number`, path, tree.origin, {
					expected,
					hint: `write ${Math.max(min, 1)}`,
				});
			}
			if (n >= min && n <= max) return n;
			return reading.report("out-of-bounds", `${quote(scalar.text)} is not from ${min} to ${max}`, path, tree.origin, {
				expected,
				hint: `write ${n < min ? min : max}`,
			});
		},
	};
}

/** A plain number, from `min` to `max`. */
export function number(description: string, min: number, max: number): Shape<number> {
	const expected = `a number from ${min} to ${max}`;
	return {
		schema: { description, type: "number", minimum: min, maximum: max },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			const n = scalar.value;
			if (n === null || n === "") return reportEmpty(tree, path, reading, expected);
			if (typeof n !== "number" || !Number.isFinite(n)) {
				return reading.report("wrong-type", `${quote(scalar.text)} is no number`, path, tree.origin, { expected });
			}
			if (n >= min && n <= max) return n;
			return reading.report("out-of-bounds", `${quote(scalar.text)} is not from ${min} to ${max}`, path, tree.origin, {
				expected,
			});
		},
	};
}

/** The version of the file's form. */
export function version<const N extends number>(n: N): Shape<N> {
	return {
		schema: { description: "Version of the form of this file", const: n },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, String(n));
			if (scalar === FAILED) return FAILED;
			if (scalar.value === n) return n;
			return reading.report("wrong-version", `version ${quote(scalar.text)} is not known here`, path, tree.origin, {
				expected: String(n),
				hint: `write version: ${n}`,
			});
		},
	};
}

/** A day of the calendar. */
export function date(description: string): Shape<string> {
	const expected = "a date as year-month-day";
	return {
		schema: { description, type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples: ["2026-11-22"] },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			const written = wordsOf(scalar);
			if (isDay(written)) return written;
			return reading.report("wrong-type", `${quote(written)} is no day of the calendar`, path, tree.origin, {
				expected,
				hint: "write 2026-11-22",
			});
		},
	};
}

/** `any`, one, or a list. */
export function choice(description: string, item: Shape<string>): Shape<"any" | readonly string[]> {
	const several = listOf(item);
	return {
		schema: { description, anyOf: [{ const: "any" }, item.schema, several.schema] },
		read: (tree, path, reading) => {
			if (tree.kind === "list") return several.read(tree, path, reading);
			const one = item.read(tree, path, reading);
			return one === FAILED ? FAILED : one === "any" ? "any" : [one];
		},
	};
}

/** A list of at least one. */
export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
	return {
		schema: { type: "array", minItems: 1, items: item.schema },
		read: (tree, path, reading) => {
			if (tree.kind !== "list") {
				return reading.report("wrong-type", `${nameOf(path)} is not a list`, path, tree.origin, {
					expected: "a list",
					hint: "write it as [first, second]",
				});
			}
			if (tree.items.length === 0) return reportEmpty(tree, path, reading, "a list of at least one");
			const read = tree.items.map((each, i) => {
				reading.note(`${path}[${i}]`, each);
				return item.read(each, `${path}[${i}]`, reading);
			});
			return read.includes(FAILED) ? FAILED : (read as T[]);
		},
	};
}

/** What a shape reads, made into something else. */
export function mapped<A, B>(shape: Shape<A>, make: (value: A) => B): Shape<B> {
	return {
		...shape,
		read: (tree, path, reading) => {
			const read = shape.read(tree, path, reading);
			return read === FAILED ? FAILED : make(read);
		},
	};
}

/** A shape with a check that looks at the whole of it, also where a part of it is at fault. */
export function checked<T>(
	shape: Shape<T>,
	check: (tree: Tree, path: string, reading: Reading) => Failed | undefined,
	schema: JsonObject,
): Shape<T> {
	return {
		...shape,
		schema: { ...shape.schema, ...schema },
		read: (tree, path, reading) => {
			const read = shape.read(tree, path, reading);
			return check(tree, path, reading) === FAILED ? FAILED : read;
		},
	};
}

/** A word, or what the shape reads: `ttft: any`. */
export function unless<T, const W extends string>(word: W, shape: Shape<T>): Shape<T | W> {
	return {
		schema: { anyOf: [{ const: word }, shape.schema] },
		read: (tree, path, reading) =>
			tree.kind === "scalar" && tree.value === word ? word : shape.read(tree, path, reading),
	};
}

export function asScalar(tree: Tree, path: string, reading: Reading, expected: string): ScalarTree | Failed {
	if (tree.kind === "scalar") return tree;
	const got = tree.kind === "map" ? "a section" : "a list";
	return reading.report("wrong-type", `${nameOf(path)} is ${got}, where ${expected} is expected`, path, tree.origin, {
		expected,
	});
}

export function reportEmpty(tree: Tree, path: string, reading: Reading, expected: string): Failed {
	return reading.report("missing-field", `${nameOf(path)} is empty`, path, tree.origin, {
		expected,
		hint: "give a value, or leave the line out",
	});
}

/** The words of a scalar: a plain `1.50` stays as written, a quoted text is what the quotes hold. */
export function wordsOf(scalar: ScalarTree): string {
	return typeof scalar.value === "string" ? scalar.value : scalar.value === null ? "" : scalar.text;
}

export function nameOf(path: string): string {
	return path === "" ? "the file" : path.length > 120 ? `${path.slice(0, 120)}…` : path;
}

export function listed(words: readonly string[], last = "or"): string {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

function isDay(written: string): boolean {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written);
	if (match === null) return false;
	const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
	const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
	return days !== undefined && day >= 1 && day <= days && year >= 1970;
}
