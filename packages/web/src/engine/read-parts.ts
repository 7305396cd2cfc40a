/** Reading parts of the facts, each once. */
import type { ReadPart } from "./partial-catalogue.ts";

export function readOnce(read: ReadPart): ReadPart {
	const known = new Map<string, Promise<unknown>>();
	return (name) => {
		const found = known.get(name);
		if (found !== undefined) return found;
		const reading = read(name);
		// A part that could not be read may be read the next time.
		reading.catch(() => known.delete(name));
		known.set(name, reading);
		return reading;
	};
}

/** Over HTTP, beside the page. */
export function fetchPart(base: string, files: Readonly<Record<string, string>>): ReadPart {
	return async (name) => {
		const file = files[name];
		if (file === undefined) throw new Error(`there is no part "${name}"`);
		const response = await fetch(new URL(file, base));
		if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
		return response.json();
	};
}
