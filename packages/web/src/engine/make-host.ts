import { FarthingError } from "@farthing/answers";
import { nearestNames } from "@farthing/scenario";
import { noServer } from "./ask-server.ts";
import type { AskServer, Host } from "./host.ts";
import type { PickedFile } from "./picked-trace.ts";
import { measuredModels, partialCatalogue, type ReadPart } from "./partial-catalogue.ts";

const KEPT = 6;

export function makeHost(
	read: ReadPart,
	partNames: readonly string[],
	server: AskServer = noServer,
	files: ReadonlyMap<string, PickedFile> = new Map(),
): Host {
	const kept = new Map<string, Promise<unknown>>();
	const catalogues = new Map<string, ReturnType<Host["catalogue"]>>();
	return {
		manifest: () => read("manifest") as ReturnType<Host["manifest"]>,
		/** Put together once for the same needs: what is worked out of its rows is then kept with them. */
		catalogue(needs) {
			const key = JSON.stringify([needs.benchmarks, needs.tables]);
			const made = catalogues.get(key) ?? partialCatalogue(read, needs, partNames);
			catalogues.set(key, made);
			made.catch(() => catalogues.delete(key));
			return made;
		},
		measuredModels: () => measuredModels(partNames),
		async example(name) {
			const examples = (await read("examples")) as Readonly<Record<string, string>>;
			const text = examples[name];
			if (text !== undefined) return text;
			const names = Object.keys(examples).sort();
			throw new FarthingError(
				3,
				"unknown-example",
				{ en: `there is no example "${name}"`, zh: `没有名为“${name}”的示例` },
				{
					field: "base",
					expected: { en: `one of ${names.join(", ")}`, zh: `${names.join("、")} 之一` },
					nearest: nearestNames(name, names),
				},
			);
		},
		async file(key, flag) {
			const found = files.get(key);
			if (found !== undefined) return found;
			throw new FarthingError(2, "no-such-file", `the file ${key} is not open in this browser`, {
				field: flag,
				expected: "a file that was picked since the page was loaded",
				hint: "pick it again",
			});
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
		drawsPartner: () => undefined,
		progress: () => {},
	};
}
