import type { ColumnWriter } from "./column-batch.ts";

/** A request id: as 16 bytes where it is a lower-case UUID, else as text. Both give the id back as it was written. */
export function writeRequestId(id: string, row: number, uuid: ColumnWriter, text: ColumnWriter): void {
	if (!writeUuid(id, row, uuid)) text.text(row, id);
}

function writeUuid(id: string, row: number, uuid: ColumnWriter): boolean {
	if (id.length !== 36) return false;
	const a = word(id, 0, -1);
	const b = word(id, 9, 13);
	const c = word(id, 19, 23);
	const d = word(id, 28, -1);
	if (a < 0 || b < 0 || c < 0 || d < 0) return false;
	if (id.charCodeAt(8) !== DASH || id.charCodeAt(18) !== DASH) return false;
	uuid.uuid(row, a, b, c, d);
	return true;
}

const DASH = 45;

/** Eight hex digits from `start` on, with a dash at `dash`, as a number; -1 where they are none. */
function word(id: string, start: number, dash: number): number {
	let value = 0;
	let at = start;
	for (let digits = 0; digits < 8; digits++) {
		if (at === dash) {
			if (id.charCodeAt(at) !== DASH) return -1;
			at++;
		}
		const code = id.charCodeAt(at++);
		if (code >= 48 && code <= 57) value = value * 16 + (code - 48);
		else if (code >= 97 && code <= 102) value = value * 16 + (code - 87);
		else return -1;
	}
	return value;
}
