import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { unpack, type Unpacking } from "./unpack.ts";

/** SHA-256 of a file's bytes, unpacked, so that a file and its gzip are one import, however they come. */
export async function contentHash(file: string): Promise<string> {
	return (await unpackedContent(file)).hash;
}

export interface UnpackedContent {
	readonly hash: string;
	/** Set where a packed file ends early or is damaged: the hash is of what came before. */
	readonly brokenOff?: string;
}

export async function unpackedContent(file: string): Promise<UnpackedContent> {
	const hash = createHash("sha256");
	const state: Unpacking = { compression: "none", encoding: "utf-8" };
	for await (const chunk of unpack(createReadStream(file), file, state)) hash.update(chunk);
	return { hash: hash.digest("hex"), ...(state.brokenOff === undefined ? {} : { brokenOff: state.brokenOff }) };
}
