import {
	type AnyUnit,
	currencyOf,
	type Dims,
	type Grade,
	isDimensionless,
	type ParseQuantityOptions,
	parseQuantity,
	QuantityError,
	type Unit,
} from "@farthing/engine";
import { FAILED, type Failed, type Reading } from "./reading.ts";
import type { JsonObject, QuantityInput } from "./scenario.ts";
import { optional, section } from "./section.ts";
import { date, nameOf, oneOf, reportEmpty, type Shape, text, wordsOf } from "./shape.ts";
import type { MapTree, ScalarTree, Tree } from "./tree.ts";

export interface QuantityRules extends ParseQuantityOptions {
	readonly description: string;
	readonly example: string;
	/** Another name for `value` in the object form: `rate`. */
	readonly valueName?: string;
	/** What to do instead where the value is beyond its bounds; a value within them is proposed unless told. */
	readonly beyondHint?: string;
}

/** A quantity as text, as a number where no unit can be meant but one, or as an object that says where it is from. */
export function quantityOf<D extends Dims>(unit: Unit<D>, rules: QuantityRules): Shape<QuantityInput<D>> {
	const names = [
		"value",
		...(rules.range === false ? [] : ["range"]),
		...(rules.valueName === undefined ? [] : [rules.valueName]),
	];
	const written: Shape<Written<D>> = {
		schema: scalarSchema(unit, rules),
		read: (tree, path, reading) => readScalar(tree, path, reading, unit, rules),
	};
	const object = section(
		{
			...Object.fromEntries(names.map((name) => [name, optional(written)])),
			source: optional(text("Where the value is from: a quote, a contract, a meter")),
			as_of: optional(date("Day the value held")),
			grade: optional(
				oneOf("A your meters or invoice, B benchmark, C interpolated, D modelled, E claim or assumption", GRADES),
			),
			owner: optional(text("Who answers for the value")),
			note: optional(text("What else a reader should know")),
		},
		{ description: "A quantity and where it is from", justOne: { of: names } },
	);
	return {
		schema: {
			description: `${rules.description} Such as ${rules.example}.`,
			anyOf: [...(written.schema["anyOf"] as JsonObject[]), object.schema],
		},
		read: (tree, path, reading) => {
			if (tree.kind === "map") return readObject(tree, path, reading, unit, names, object);
			const read = written.read(tree, path, reading);
			return read === FAILED ? FAILED : { ...read, unit, path, origin: tree.origin };
		},
	};
}

const GRADES = ["A", "B", "C", "D", "E"] as const satisfies readonly Grade[];

type Written<D extends Dims> = Pick<QuantityInput<D>, "distribution" | "text">;

function readScalar<D extends Dims>(
	tree: Tree,
	path: string,
	reading: Reading,
	unit: Unit<D>,
	rules: QuantityRules,
): Written<D> | Failed {
	const expected = `a quantity such as ${rules.example}`;
	if (tree.kind === "scalar" && tree.value === null) return reportEmpty(tree, path, reading, expected);
	if (tree.kind !== "scalar" || typeof tree.value === "boolean") {
		const got = tree.kind === "scalar" ? String(tree.value) : tree.kind === "map" ? "a section" : "a list";
		return reading.report("wrong-type", `${nameOf(path)} is ${got}, where a quantity is expected`, path, tree.origin, {
			expected,
			hint: `write ${rules.example}`,
		});
	}
	const words = wordsOf(tree);
	try {
		return { distribution: parseQuantity(words, unit, rules).distribution, text: words.trim() };
	} catch (error) {
		if (!(error instanceof QuantityError)) throw error;
		return reportQuantity(error, tree, path, reading, rules);
	}
}

function reportQuantity(
	error: QuantityError,
	tree: ScalarTree,
	path: string,
	reading: Reading,
	rules: QuantityRules,
): Failed {
	const isBeyond = error.code === "out-of-bounds";
	return reading.report(error.code, `${nameOf(path)}: ${error.message}`, path, tree.origin, {
		expected: error.expected ?? rules.description,
		hint: (isBeyond ? rules.beyondHint : undefined) ?? error.hint ?? `write ${rules.example}`,
	});
}

function readObject<D extends Dims>(
	tree: MapTree,
	path: string,
	reading: Reading,
	unit: Unit<D>,
	names: readonly string[],
	object: Shape<{ readonly [name: string]: unknown }>,
): QuantityInput<D> | Failed {
	const read = object.read(tree, path, reading);
	if (read === FAILED) return FAILED;
	const name = names.find((each) => read[each] !== undefined) as string;
	const members = read as { [name: string]: string | undefined };
	const origin = tree.entries.get(name)?.tree.origin ?? tree.origin;
	return {
		...(read[name] as Written<D>),
		unit,
		path,
		origin,
		...given("source", members["source"]),
		...given("asOf", members["as_of"]),
		...given("grade", members["grade"] as Grade | undefined),
		...given("owner", members["owner"]),
		...given("note", members["note"]),
	};
}

/** The member if it has a value: absent members are left out. */
export function given<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
	return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: T });
}

/**
 * What an editor can check without knowing units: the form of numbers, a sign where none may be, a currency or a unit
 * that is missing. The parser checks the rest.
 */
function scalarSchema(unit: AnyUnit, rules: QuantityRules): JsonObject {
	const { min, max, above, below } = rules.bounds ?? {};
	const bare = rules.bareUnit !== undefined || isDimensionless(unit.dims);
	const sign = (min ?? above ?? -1) >= 0 ? "\\+?" : "[+-]?";
	const number = `\\s*${sign}\\s*(?:[$€£]|USD\\s)?\\s*(?:[0-9][0-9,_]*(?:\\.[0-9]+)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?[^0-9]*?`;
	const range = rules.range === false ? "" : `(?:(?:\\s+[tT][oO]\\s+|\\s*[–—]\\s*)${number})?`;
	const must =
		currencyOf(unit.dims) !== undefined ? "(?=.*(?:USD|usd|\\$|¢|[dD]ollar|[cC]ent))" : bare ? "" : "(?=.*[A-Za-z])";
	const string: JsonObject = {
		type: "string",
		pattern: `^${must}${number}${range}\\s*$`,
		maxLength: 200,
		examples: [rules.example],
	};
	if (!bare) return { anyOf: [string] };
	const limits: JsonObject = {
		...given("minimum", min),
		...given("maximum", max),
		...given("exclusiveMinimum", above),
		...given("exclusiveMaximum", below),
	} as JsonObject;
	return { anyOf: [{ type: rules.whole === true ? "integer" : "number", ...limits }, string] };
}
