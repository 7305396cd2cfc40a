/** Where this package lies, also where its code was joined with that of another. */
import { createRequire } from "node:module";
import { dirname } from "node:path";

/** Folder with the manifest, templates and schema. */
export function packageFolder(): string {
	return dirname(createRequire(import.meta.url).resolve("@farthing/report/package.json"));
}

/** Path of a file of a package that this one depends on. */
export function pathOf(file: string): string {
	return createRequire(`${packageFolder()}/package.json`).resolve(file);
}
