/** A label in an answer: text, or a number that stands for one; null where the source gave none. */
export function labelOf(cell: unknown): string | null {
	if (cell === null || cell === undefined) return null;
	if (typeof cell === "string") return cell;
	if (typeof cell === "number" || typeof cell === "bigint") return cell.toString();
	throw new TypeError(`a label cannot be a ${typeof cell}`);
}

/** A whole number in an answer, whichever form a store gives it in; a sum over nothing is zero with nothing known. */
export function wholeOf(cell: unknown): bigint {
	if (cell === null || cell === undefined) return 0n;
	if (typeof cell === "bigint" || typeof cell === "number" || typeof cell === "string") return BigInt(cell);
	throw new TypeError(`a whole number cannot be a ${typeof cell}`);
}
