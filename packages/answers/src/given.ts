/** Quantities that a person gave, in a scenario file or on the command line, as inputs of a model. */
import type { AnyUnit, Dims, Distribution, Expr, Grade, Unit } from "@farthing/engine";
import { input } from "@farthing/engine";
import type { AnyQuantityInput, Origin } from "@farthing/scenario";

export interface GivenOptions {
	readonly label: string;
	/** Part of the question (demand, SLO, sizing rules) rather than evidence for the answer. */
	readonly role: "evidence" | "condition";
	/** Date of the statement where it says none itself. */
	readonly asOf: string;
	/** Who answers for it where the statement names nobody. */
	readonly owner?: string;
}

/** An input from a scenario member. */
export function scenarioInput<D extends Dims>(
	id: string,
	of: AnyQuantityInput & { readonly unit: Unit<D> },
	options: GivenOptions,
): Expr<D> {
	return givenInput(id, of.unit, of.distribution, {
		...options,
		source: of.source ?? sourceOf(of.origin),
		asOf: of.asOf ?? options.asOf,
		grade: of.grade ?? "E",
		...(of.owner === undefined ? {} : { owner: of.owner }),
		...(of.note === undefined ? {} : { note: of.note }),
		...(of.origin.kind === "file" ? { at: `${of.origin.file}:${of.origin.line}:${of.origin.column}` } : {}),
	});
}

export interface GivenSpec extends GivenOptions {
	readonly source: string;
	readonly grade: Grade;
	readonly note?: string;
	readonly at?: string;
}

export function givenInput<D extends Dims>(id: string, unit: Unit<D>, value: Distribution, spec: GivenSpec): Expr<D> {
	return input(id, unit, { ...spec, value });
}

/** A plain number of `unit` as a distribution in base units. */
export function pointOf(value: number, unit: AnyUnit): Distribution {
	return { kind: "point", value: value * unit.factor };
}

function sourceOf(origin: Origin): string {
	switch (origin.kind) {
		case "file":
			return `scenario file ${origin.file}`;
		case "override":
			return `given with ${origin.label}`;
		case "default":
			return `default: ${origin.source}`;
	}
}
