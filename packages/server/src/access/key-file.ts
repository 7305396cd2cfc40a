/** The keys of a file that changes while a server runs: who was given one can come, and who lost one is out. */
import { statSync } from "node:fs";
import type { StoredKey } from "./keys.ts";

export interface KeysOverTime {
	/** What the file holds now. */
	readonly read: () => readonly StoredKey[];
	/** Milliseconds since any start that does not move. */
	readonly now: () => number;
	/** What changed, and what could not be read, in a sentence. */
	readonly told: (message: string) => void;
}

/** A look at the file is cheap, and still nothing to do for each of thousands of requests. */
const LOOK_EVERY_MS = 1000;

/**
 * Throws what `read` throws, at first. Later a file that is gone or broken changes nothing: keys that
 * were revoked stay so, and half a file locks nobody out.
 */
export function keysInFile(file: string, { read, now, told }: KeysOverTime): () => readonly StoredKey[] {
	let seen = stateOf(file);
	let keys = read();
	let looked = now();
	return () => {
		if (now() - looked < LOOK_EVERY_MS) return keys;
		looked = now();
		const state = stateOf(file);
		if (state === seen) return keys;
		seen = state;
		try {
			keys = read();
			const revoked = keys.filter((key) => key.revoked !== undefined).length;
			told(`${file} is read anew: ${keys.length} keys, ${revoked} of them revoked`);
		} catch (error) {
			told(`${(error as Error).message}; the keys read before hold`);
		}
		return keys;
	};
}

/** Differs after each write, also of one that puts another file in its place. What is no file, as a pipe, is read once. */
function stateOf(file: string): string {
	const found = statSync(file, { bigint: true, throwIfNoEntry: false });
	return found?.isFile() !== true ? "" : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
