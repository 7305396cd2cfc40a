/**
 * The sheet of look-up tables: knots, and live formulas for the monotone cubic between them (Steffen 1990). A look-up reads
 * `((cubic·d + square)·d + tangent)·d + value` of the knot at or below its argument, `d` above it; on a logarithmic scale
 * the logarithm of y. What is outside the knots is #N/A.
 */
import type { AnyUnit } from "../quantity/unit.ts";
import { unitName } from "../quantity/unit-registry.ts";
import type { FlatNode } from "./flatten.ts";
import type { AnyTable, Knot } from "./table.ts";
import type { Plan } from "./workbook-plan.ts";
import { HEADER_ROWS } from "./workbook-plan.ts";
import type { Cells, WorkbookCell, WorkbookSheet } from "./workbook-sheet.ts";
import { formulaCell, heads, maybe, numberCell, titled, words } from "./workbook-sheet.ts";

/** Where the columns of a table stand. */
export interface TableRanges {
	readonly x: string;
	/** Of y or its logarithm. */
	readonly value: string;
	readonly tangent: string;
	readonly square: string;
	readonly cubic: string;
	/** The first x, and where the table begins and ends, a last digit of rounding allowed. */
	readonly first: string;
	readonly from: string;
	readonly to: string;
}

export function tableRanges({ tables }: Plan, { table }: FlatNode): TableRanges {
	const top = firstRows(tables)[tables.indexOf(table as AnyTable)] as number;
	const end = top + (table as AnyTable).knots.length - 1;
	const column = (letter: string): string => `Tables!$${letter}$${top}:$${letter}$${end}`;
	return {
		x: column("A"),
		value: column("C"),
		tangent: column("F"),
		square: column("G"),
		cubic: column("H"),
		first: `Tables!$A$${top}`,
		from: `Tables!$B$${top - 2}`,
		to: `Tables!$D$${top - 2}`,
	};
}

export function tablesSheet({ tables }: Plan): WorkbookSheet | undefined {
	if (tables.length === 0) return undefined;
	const tops = firstRows(tables);
	return {
		name: "Tables",
		widths: [16, 16, 16, 14, 14, 14, 14, 14, 28, 40, 12, 8, 16, 40],
		frozen: { rows: 2, columns: 0 },
		rows: [
			...titled(
				"Tables",
				"Measured points. Between them a formula reads a monotone cubic; outside them there is no value.",
			),
			[],
			...tables.flatMap((table, i) => tableRows(table, tops[i] as number)),
		],
	};
}

/** Rows of a table beside its knots: its name, its bounds, its heads, an empty one. */
const ABOVE = 3;
const BELOW = 1;

function firstRows(tables: readonly AnyTable[]): number[] {
	let next = HEADER_ROWS + 1;
	return tables.map(({ knots }) => {
		const top = next + ABOVE;
		next = top + knots.length + BELOW;
		return top;
	});
}

function tableRows(table: AnyTable, top: number): Cells[] {
	const { knots, label, id, xUnit, yUnit, scale, below } = table;
	const end = top + knots.length - 1;
	const bound = (row: number, sign: string): WorkbookCell =>
		formulaCell("helper", `A${row}${sign}1E-12*ABS(A${row})`, undefined, undefined);
	const curve = scale === "log" ? "ln y" : "y";
	const holds = below === "first" ? "below, the first y holds" : undefined;
	return [
		[words(label, "section"), words(id, "id")],
		[words("reads from"), bound(top, "-"), words("to"), bound(end, "+"), maybe(holds)],
		[
			...heads(axis("x", xUnit), axis("y", yUnit), curve, "to next x", "slope", "tangent", "square", "cubic"),
			...heads("row", "source", "as of", "grade", "owner", "note"),
		],
		...knots.map((knot, i) => knotRow(table, knot, i, top + i)),
		[],
	];
}

function axis(name: string, unit: AnyUnit): string {
	return unit.symbol === "" ? name : `${name}, ${unitName(unit)}`;
}

function knotRow(table: AnyTable, knot: Knot, i: number, row: number): Cells {
	const { xUnit, yUnit, scale, curve } = table;
	const isLast = i === table.knots.length - 1;
	const live = (formula: string): WorkbookCell => formulaCell("helper", formula, undefined, undefined);
	const perX = xUnit.factor / (scale === "log" ? 1 : yUnit.factor);
	return [
		numberCell("input", knot.x, xUnit),
		numberCell("input", knot.y, yUnit),
		live(scale === "log" ? `LN(B${row})` : `B${row}`),
		isLast ? undefined : live(`A${row + 1}-A${row}`),
		isLast ? undefined : live(`(C${row + 1}-C${row})/D${row}`),
		formulaCell("helper", tangent(table.knots.length, i, row), (curve.tangents[i] as number) * perX, undefined),
		live(isLast ? "0" : `(3*E${row}-2*F${row}-F${row + 1})/D${row}`),
		live(isLast ? "0" : `(F${row}+F${row + 1}-2*E${row})/(D${row}*D${row})`),
		words(knot.row),
		maybe(knot.source),
		maybe(knot.asOf),
		maybe(knot.grade),
		maybe(knot.owner),
		maybe(knot.note),
	];
}

/** Steffen's tangent at knot `i` of `count`, from widths in column D and slopes in column E. */
function tangent(count: number, i: number, row: number): string {
	if (count === 1) return "0";
	if (count === 2) return `E${row - i}`;
	if (i === 0) return endTangent(row, row + 1);
	if (i === count - 1) return endTangent(row - 1, row - 2);
	const [before, here] = [row - 1, row];
	const parabola = `(E${before}*D${here}+E${here}*D${before})/(D${before}+D${here})`;
	return `(SIGN(E${before})+SIGN(E${here}))*MIN(ABS(E${before}),ABS(E${here}),0.5*ABS(${parabola}))`;
}

/** By the nearest stretch and the one beyond it; never across 0, nor steeper than twice the nearest slope. */
function endTangent(near: number, far: number): string {
	const width = `(D${near}+D${far})`;
	const parabola = `(E${near}*(1+D${near}/${width})-E${far}*D${near}/${width})`;
	const bounded = `IF(ABS${parabola}>2*ABS(E${near}),2*E${near},${parabola})`;
	return `IF(${parabola}*E${near}<=0,0,${bounded})`;
}
