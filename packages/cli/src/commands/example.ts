/** `farthing example`: the scenarios that come with farthing, as files to run and to change. Writes over nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { envelope, FarthingError } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { exampleFolder } from "../example-folder.ts";
import { readText, writeWhole } from "../files.ts";

export interface ExampleFlags extends CommonFlags {
	readonly into: string;
}

export interface ExamplesWritten {
	readonly folder: string;
	readonly files: readonly string[];
	/** Those that were there already, as they are in this farthing. */
	readonly unchanged: readonly string[];
}

export function runExample(flags: ExampleFlags): void {
	const from = exampleFolder();
	const texts = readdirSync(from)
		.filter((name) => name.endsWith(".yaml"))
		.sort()
		.map((name) => ({ file: join(flags.into, name), text: readFileSync(join(from, name), "utf8") }));
	const there = texts.filter(({ file }) => existsSync(file));
	for (const { file, text } of there) if (readText(file, "an example scenario") !== text) throw refused(file);
	const missing = texts.filter(({ file }) => !existsSync(file));
	for (const { file, text } of missing) writeWhole(file, text);
	const [files, unchanged] = [missing, there].map((some) => some.map(({ file }) => file));
	const result: ExamplesWritten = { folder: flags.into, files: files ?? [], unchanged: unchanged ?? [] };
	deliver(
		envelope(askingOf("example", { into: flags.into }, flags, catalogueStore()), result, []),
		flags,
		examplesText,
	);
}

function refused(file: string): FarthingError {
	return new FarthingError(2, "file-exists", `${file} is there and differs from the example of that name`, {
		file,
		expected: "a folder without changed examples",
		hint: "farthing example --into examples",
	});
}

function examplesText({ folder, files, unchanged }: ExamplesWritten): string {
	const written = files.map((file) => `wrote ${file}`);
	const kept = unchanged.map((file) => `${file} is there already`);
	return [...written, ...kept, "", `Next: farthing plan ${join(folder, "prototype-to-5b.yaml")}`].join("\n");
}
