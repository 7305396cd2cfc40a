import type { Expr } from "../src/model/expression.ts";
import { input } from "../src/model/expression.ts";
import type { Provenance } from "../src/model/provenance.ts";
import type { Dims } from "../src/quantity/dimension.ts";
import type { Unit } from "../src/quantity/unit.ts";

/** One number of `unit` as an input, from nowhere in particular. */
export function fact<D extends Dims>(
	id: string,
	unit: Unit<D>,
	value: number,
	more: Partial<Provenance> = {},
): Expr<D> {
	const provenance = { source: "a test", asOf: "2026-01-01", grade: "B", ...more } as const;
	return input(id, unit, { ...provenance, label: id, value: { kind: "point", value: value * unit.factor } });
}
