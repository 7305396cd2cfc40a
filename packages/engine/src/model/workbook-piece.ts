/** Parts of a spreadsheet formula, put together with brackets only where they are needed. */
import { numberText } from "./workbook-names.ts";
import type { Scale } from "./workbook-scale.ts";
import { BASE, conversion, fractionText, productScale, quotientScale } from "./workbook-scale.ts";

export interface Piece {
	readonly text: string;
	/** How tightly its outermost operator binds. */
	readonly tight: number;
	readonly scale: Scale;
	/** Where it is nothing but a number. */
	readonly number?: number;
	/** Of what begins with a minus sign: the same without it. */
	readonly opposite?: Piece;
}

const LOOSEST = 0;
export const SUM = 1;
const PRODUCT = 2;
const DIVISOR = 3;
export const TIGHTEST = 4;

export function reference(text: string, scale: Scale): Piece {
	return { text, tight: TIGHTEST, scale };
}

export function numberPiece(number: number, scale: Scale): Piece {
	const fraction = String(number).length > 12 ? fractionText(number) : undefined;
	const tight = number < 0 ? SUM : fraction === undefined ? TIGHTEST : PRODUCT;
	const piece = { text: fraction ?? numberText(number), tight, scale, number };
	return number < 0 ? { ...piece, opposite: numberPiece(-number, scale) } : piece;
}

/** An argument of a function that needs no brackets, such as a comparison. */
export function loose(text: string): Piece {
	return { text, tight: LOOSEST, scale: BASE };
}

/** A function of arguments in one scale, which its last one has. */
export function call(name: string, args: readonly Piece[]): Piece {
	const list = args.map(({ text }) => text).join(",");
	return reference(`${name}(${list})`, (args.at(-1) as Piece).scale);
}

/** The same quantity as a number of another scale. */
export function converted(piece: Piece, scale: Scale): Piece {
	const { over, under } = conversion(piece.scale, scale);
	if (over.length + under.length === 0) return { ...piece, scale };
	if (piece.number !== undefined) {
		const whole = over.reduce((product, factor) => product * factor, piece.number);
		return numberPiece(tidy(under.reduce((rest, factor) => rest / factor, whole)), scale);
	}
	if (piece.opposite !== undefined) return negated(converted(piece.opposite, scale));
	const times = over.map((factor) => `*${numberText(factor)}`).join("");
	const by = under.map((factor) => `/${numberText(factor)}`).join("");
	return { text: `${bracketed(piece, PRODUCT)}${times}${by}`, tight: PRODUCT, scale };
}

export function added(a: Piece, b: Piece): Piece {
	if (a.number === 0) return b;
	if (b.number === 0) return a;
	if (b.opposite !== undefined) return difference(a, b.opposite);
	return { text: `${bracketed(a, SUM)}+${bracketed(b, PRODUCT)}`, tight: SUM, scale: a.scale };
}

export function difference(a: Piece, b: Piece): Piece {
	if (b.number === 0) return a;
	return { text: `${bracketed(a, SUM)}-${bracketed(b, PRODUCT)}`, tight: SUM, scale: a.scale };
}

export function product(a: Piece, b: Piece): Piece {
	const scale = productScale(a.scale, b.scale);
	if (b.number === 1) return { ...a, scale };
	if (a.number === 1) return { ...b, scale };
	return { text: `${bracketed(a, PRODUCT)}*${bracketed(b, PRODUCT)}`, tight: PRODUCT, scale };
}

export function quotient(a: Piece, b: Piece): Piece {
	const scale = quotientScale(a.scale, b.scale);
	if (b.number === 1) return { ...a, scale };
	return { text: `${bracketed(a, PRODUCT)}/${bracketed(b, DIVISOR)}`, tight: PRODUCT, scale };
}

export function negated(a: Piece): Piece {
	if (a.number !== undefined) return numberPiece(-a.number, a.scale);
	return { text: `-${bracketed(a, PRODUCT)}`, tight: SUM, scale: a.scale, opposite: a };
}

export function bracketed({ text, tight }: Piece, outer: number): string {
	return tight < outer ? `(${text})` : text;
}

/** 0.3 for 0.30000000000000004: the short number where it is as good as the long one. */
export function tidy(n: number): number {
	const short = Number(n.toPrecision(14));
	return Math.abs(short - n) <= 4 * Number.EPSILON * Math.abs(n) ? short + 0 : n + 0;
}
