import type { AskServer, Host } from "./host.ts";
import { noServer } from "./ask-server.ts";
import { partialCatalogue, type ReadPart } from "./partial-catalogue.ts";

const KEPT = 6;

export function makeHost(read: ReadPart, partNames: readonly string[], server: AskServer = noServer): Host {
	const kept = new Map<string, Promise<unknown>>();
	return {
		manifest: () => read("manifest") as ReturnType<Host["manifest"]>,
		catalogue: (needs) => partialCatalogue(read, needs, partNames),
		async example(name) {
			const examples = (await read("examples")) as Readonly<Record<string, string>>;
			const text = examples[name];
			if (text === undefined) throw new Error(`there is no example "${name}"`);
			return text;
		},
		kept<T>(key: string, make: () => Promise<T>): Promise<T> {
			const found = kept.get(key) as Promise<T> | undefined;
			const value = found ?? make();
			kept.delete(key);
			kept.set(key, value);
			value.catch(() => kept.delete(key));
			for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
			return value;
		},
		server,
		progress: () => {},
	};
}
