/** Names and addresses that a spreadsheet program accepts. */

/** A defined name for each id: letters, digits and underscores, unique whatever the case, unlike the address of a cell. */
export function definedNames(ids: Iterable<string>): Map<string, string> {
	const names = new Map<string, string>();
	const taken = new Set<string>();
	for (const id of ids) {
		const wanted = nameFrom(id);
		let name = wanted;
		for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`;
		taken.add(name.toLowerCase());
		names.set(id, name);
	}
	return names;
}

/** `A` for the first column, 0. */
export function columnLetters(column: number): string {
	let letters = "";
	for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1) {
		letters = String.fromCharCode(65 + (rest % 26)) + letters;
	}
	return letters;
}

/** Spreadsheet programs know no number between 0 and this. */
export const LEAST_NUMBER = 1e-307;

/** A number as formulas are stored: a point, no groups, E for powers of ten. */
export function numberText(n: number): string {
	return Math.abs(n) < LEAST_NUMBER ? "0" : String(n).replace("e", "E");
}

/** Programs allow 255 characters; shorter ones leave room in a formula. */
const LONGEST = 100;
const LIKE_A_CELL = /^([a-z]{1,3}\d+|r\d*(c\d*)?|c\d*|true|false)$/i;

function nameFrom(id: string): string {
	const name = id.replace(/[^A-Za-z0-9_]/g, "_").slice(0, LONGEST);
	return !/^[A-Za-z_]/.test(name) || LIKE_A_CELL.test(name) || /^_xl/i.test(name) ? `n_${name}` : name;
}
