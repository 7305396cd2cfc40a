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

/** The same from the bytes of a text of 36 characters; false where it is no lower-case UUID, and nothing was written. */
export function writeUuidBytes(bytes: Uint8Array, start: number, row: number, uuid: ColumnWriter): boolean {
	if (bytes[start + 8] !== DASH || bytes[start + 13] !== DASH) return false;
	if (bytes[start + 18] !== DASH || bytes[start + 23] !== DASH) return false;
	const [a, b1, b2] = [hex(bytes, start, 8), hex(bytes, start + 9, 4), hex(bytes, start + 14, 4)];
	const [c1, c2, d] = [hex(bytes, start + 19, 4), hex(bytes, start + 24, 4), hex(bytes, start + 28, 8)];
	if (a < 0 || b1 < 0 || b2 < 0 || c1 < 0 || c2 < 0 || d < 0) return false;
	uuid.uuid(row, a, b1 * 65_536 + b2, c1 * 65_536 + c2, d);
	return true;
}

const DASH = 45;

/** Values of lower-case hex digits by their byte; 16 for every other byte. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
	if (code >= 48 && code <= 57) return code - 48;
	return code >= 97 && code <= 102 ? code - 87 : 16;
});

function hex(bytes: Uint8Array, start: number, digits: number): number {
	let value = 0;
	let wrong = 0;
	for (let at = start; at < start + digits; at++) {
		const digit = HEX[bytes[at] as number] as number;
		wrong |= digit;
		value = value * 16 + digit;
	}
	return wrong >= 16 ? -1 : value;
}

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
