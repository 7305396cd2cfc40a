/** Every leaf of the graph of a saved result as a row: what was assumed, who says so, how good that is, where it stands. */
import type { AnyUnit, Grade, InputSpec, Knot, ModelJson } from "@farthing/engine";
import { quantileFunction } from "@farthing/engine";

export interface AssumptionRow {
	readonly id: string;
	readonly label: string;
	readonly value: AssumptionValue;
	/** Symbol of the unit of the value. */
	readonly unit: string;
	/** Where on a measured frontier the value stands. */
	readonly place?: { readonly value: number; readonly unit: string };
	readonly source: string;
	readonly as_of: string;
	readonly grade: Grade;
	readonly owner?: string;
	/** Catalogue row or place in a file. */
	readonly at?: string;
	readonly note?: string;
	/** `condition`: part of the question; `measured`: a benchmark row; `evidence`: any other fact or price. */
	readonly kind: "condition" | "evidence" | "measured";
}

/** In the unit of the row. A range is P5 to P95, or the two ends where it is uniform. */
export type AssumptionValue =
	| { readonly kind: "point"; readonly value: number }
	| { readonly kind: "range"; readonly low: number; readonly high: number }
	| { readonly kind: "uniform"; readonly low: number; readonly high: number }
	| { readonly kind: "series"; readonly values: readonly number[] };

/** Inputs and rows of measured tables, each once: conditions first, then evidence, then measured rows, by id. */
export function assumptionRegister(graph: ModelJson): AssumptionRow[] {
	const inputs = graph.nodes.flatMap((node) =>
		node["op"] === "input" ? [inputRow(node as unknown as InputNode)] : [],
	);
	const knots = graph.tables.flatMap((table) => tableRows(table as unknown as TableJson));
	const rows = withoutRepeats([...inputs, ...knots]);
	return KINDS.flatMap((kind) => rows.filter((row) => row.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1)));
}

const KINDS = ["condition", "evidence", "measured"] as const;

interface InputNode {
	readonly id: string;
	readonly unit: AnyUnit;
	readonly spec: InputSpec;
}

interface TableJson {
	readonly id: string;
	readonly label: string;
	readonly xUnit: AnyUnit;
	readonly yUnit: AnyUnit;
	readonly knots: readonly Knot[];
}

function inputRow({ id, unit, spec }: InputNode): AssumptionRow {
	const kind = spec.role === "condition" ? "condition" : spec.state === "measured" ? "measured" : "evidence";
	return { id, label: spec.label, value: valueOf(spec.value, unit.factor), unit: unit.symbol, ...standing(spec), kind };
}

function tableRows({ id, label, xUnit, yUnit, knots }: TableJson): AssumptionRow[] {
	return knots.map((knot) => ({
		id: `${id}.${knot.row}`,
		label,
		value: { kind: "point", value: knot.y / yUnit.factor },
		unit: yUnit.symbol,
		place: { value: knot.x / xUnit.factor, unit: xUnit.symbol },
		...standing(knot),
		at: knot.at ?? knot.row,
		kind: "measured",
	}));
}

function standing({
	source,
	asOf,
	grade,
	owner,
	at,
	note,
}: InputSpec | Knot): Omit<AssumptionRow, "id" | "label" | "value" | "unit" | "kind"> {
	return {
		source,
		as_of: asOf,
		grade,
		...(owner === undefined ? {} : { owner }),
		...(at === undefined ? {} : { at }),
		...(note === undefined ? {} : { note }),
	};
}

function valueOf(value: InputSpec["value"], factor: number): AssumptionValue {
	switch (value.kind) {
		case "point":
			return { kind: "point", value: value.value / factor };
		case "uniform":
			return { kind: "uniform", low: value.low / factor, high: value.high / factor };
		case "lognormal":
		case "logitnormal":
			return { kind: "range", low: value.p5 / factor, high: value.p95 / factor };
		case "series":
			return { kind: "series", values: Array.from(value.values, (each) => each / factor) };
		default: {
			const at = quantileFunction(value);
			return { kind: "range", low: at(0.05) / factor, high: at(0.95) / factor };
		}
	}
}

function withoutRepeats(rows: readonly AssumptionRow[]): AssumptionRow[] {
	const seen = new Set<string>();
	return rows.filter(({ id }) => !seen.has(id) && seen.add(id));
}
