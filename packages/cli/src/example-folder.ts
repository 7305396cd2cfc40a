import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package-folder.ts";

/** Folder of the example scenarios: in the package as it is installed, in the repository above it. */
export function exampleFolder(): string {
	const installed = join(packageFolder(), "scenarios");
	return existsSync(installed) ? installed : join(packageFolder(), "../../scenarios");
}
