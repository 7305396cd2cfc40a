import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { unpack, type Unpacking } from "./unpack.ts";

/** SHA-256 of a file's bytes, unpacked, so that a file and its gzip are one import, however they come. */
export async function contentHash(file: string): Promise<string> {
	const hash = createHash("sha256");
	const state: Unpacking = { compression: "none", encoding: "utf-8" };
	for await (const chunk of unpack(createReadStream(file), file, state)) hash.update(chunk);
	return hash.digest("hex");
}
