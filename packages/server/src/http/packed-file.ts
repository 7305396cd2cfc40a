/** A file as it is and as browsers take it smaller: packed when it is first asked for, then kept. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip" | "identity";
type Bytes = Uint8Array<ArrayBuffer>;

export interface PackedFile {
	/** Of one encoding: the same file packed otherwise is other bytes. */
	etag(encoding: Encoding): string;
	bytes(encoding: Encoding): Promise<Bytes>;
}

export function packedFile(whole: Bytes): PackedFile {
	const hash = createHash("sha256").update(whole).digest("hex").slice(0, 16);
	const packed = new Map<Encoding, Promise<Bytes>>([["identity", Promise.resolve(whole)]]);
	return {
		etag: (encoding) => (encoding === "identity" ? `"${hash}"` : `"${hash}-${encoding}"`),
		bytes(encoding) {
			const known = packed.get(encoding);
			if (known !== undefined) return known;
			const made = (encoding === "br" ? brotli(whole) : gzipped(whole)).then((bytes) => Uint8Array.from(bytes));
			packed.set(encoding, made);
			return made;
		},
	};
}

/** The smallest that the request takes. Without a word, and for what it does not know, the file as it is. */
export function encodingFor(accepted: string | undefined): Encoding {
	const words = (accepted ?? "").split(",").map((each) => {
		const [name = "", ...parameters] = each
			.trim()
			.toLowerCase()
			.split(/\s*;\s*/);
		const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
		return { name, isRefused };
	});
	const takes = (name: string): boolean =>
		(words.find((each) => each.name === name) ?? words.find((each) => each.name === "*"))?.isRefused === false;
	if (takes("br")) return "br";
	return takes("gzip") ? "gzip" : "identity";
}

/** A few percent larger than at its best, and in a tenth of the time. */
const QUALITY = 5;

function brotli(whole: Bytes): Promise<Buffer> {
	const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length };
	return promisify(brotliCompress)(whole, { params });
}

function gzipped(whole: Bytes): Promise<Buffer> {
	return promisify(gzip)(whole);
}
