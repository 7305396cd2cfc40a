/** `farthing complete SHELL` prints a completion script; the script asks `farthing complete -- WORDS` for suggestions. */
import tab from "@bomb.sh/tab/commander";
import { program } from "./program.ts";

export async function runCompletion(argv: readonly string[]): Promise<void> {
	const root = program({ exitCode: 0 });
	tab(root);
	await root.parseAsync([...argv], { from: "user" });
}
