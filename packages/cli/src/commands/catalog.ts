import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import {
	catalogDiff,
	catalogList,
	catalogShow,
	catalogSummary,
	catalogValidate,
	FarthingError,
} from "@farthing/answers";
import { CatalogueError, type CatalogueFiles, loadCatalogue } from "@farthing/catalogue";
import { readCatalogueFolder } from "@farthing/catalogue/node";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { diffText, listText, showText, summaryText, validateText } from "../show/catalog.ts";
import { soundCatalogue } from "./sound-catalogue.ts";

export async function runList(
	collection: string | undefined,
	words: readonly string[],
	flags: CommonFlags,
): Promise<void> {
	const store = catalogueStore();
	const asking = askingOf("catalog list", { collection, words: [...words] }, flags, store);
	if (collection === undefined) deliver(catalogSummary(asking), flags, summaryText);
	else
		deliver(
			catalogList(store.catalogue(), collection, words.length === 0 ? undefined : words.join(" "), asking),
			flags,
			(result) => listText(result, words),
		);
}

export async function runShow(entry: string, flags: CommonFlags): Promise<void> {
	const store = catalogueStore();
	deliver(catalogShow(store.catalogue(), entry, askingOf("catalog show", { entry }, flags, store)), flags, showText);
}

/** Exit 1 where the facts of the folder have an issue. */
export async function runValidate(folder: string | undefined, flags: CommonFlags): Promise<number> {
	const store = catalogueStore();
	const asking = askingOf("catalog validate", { folder }, flags, store);
	const path = folder ?? "catalogue";
	const files = catalogueFolder(path);
	const claims = loadedOrNone(files)?.claims;
	const answer = catalogValidate(files, claims, asking);
	deliver(answer, flags, (result) => validateText(result, path, files.size));
	return answer.result.valid ? 0 : 1;
}

export async function runDiff(before: string, after: string | undefined, flags: CommonFlags): Promise<void> {
	const store = catalogueStore();
	const asking = askingOf("catalog diff", { before, after }, flags, store);
	const old = loadCatalogueFrom(before);
	deliver(
		catalogDiff(old, after === undefined ? store.catalogue() : loadCatalogueFrom(after), asking),
		flags,
		diffText,
	);
}

export function catalogueFolder(path: string): CatalogueFiles {
	const expected = "a folder of YAML and CSV facts";
	const files = ((): CatalogueFiles => {
		if (!existsSync(path)) {
			const hint = "in the repository: farthing catalog validate catalogue";
			throw new FarthingError(2, "no-such-file", `no folder ${path}`, { file: path, expected, hint });
		}
		if (!statSync(path).isDirectory())
			throw new FarthingError(2, "not-a-folder", "this is no folder", { file: path, expected, hint: dirname(path) });
		try {
			return readCatalogueFolder(path);
		} catch (error) {
			throw new FarthingError(2, "cannot-read", `cannot read it: ${(error as Error).message}`, {
				file: path,
				expected,
			});
		}
	})();
	if (files.size > 0) return files;
	throw new FarthingError(2, "no-facts", "no YAML or CSV file in it", { file: path, expected });
}

function loadCatalogueFrom(path: string): ReturnType<typeof loadCatalogue> {
	const files = catalogueFolder(path);
	try {
		return soundCatalogue(files);
	} catch (error) {
		if (!(error instanceof CatalogueError)) throw error;
		const [first] = error.issues;
		throw new FarthingError(2, "invalid-catalogue", first?.message ?? error.message, {
			file: join(path, first?.file ?? ""),
			line: first?.line,
			column: first?.column,
			expected: first?.expected,
			hint: `farthing catalog validate ${path}`,
		});
	}
}

function loadedOrNone(files: CatalogueFiles): ReturnType<typeof loadCatalogue> | undefined {
	try {
		return loadCatalogue(files);
	} catch (error) {
		if (error instanceof CatalogueError) return undefined;
		throw error;
	}
}
