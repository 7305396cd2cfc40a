/** Commands over the facts: list, show, validate, diff, update, sign. */
import type { Command } from "commander";
import { common, list, type Outcome, OUTPUT } from "./command-options.ts";

export function addCatalog(root: Command, outcome: Outcome): void {
	const catalog = root
		.command("catalog")
		.description("the facts: list, show, validate, diff, update")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true);
	common(catalog.command("list [collection] [words...]"))
		.description("collections, or the entries of one that mention the words")
		.action(async (collection: string | undefined, words: string[], flags) =>
			(await import("./commands/catalog.ts")).runList(collection, words, flags),
		);
	common(catalog.command("show <entry>"))
		.description("one entry with its figures, sources, dates and ages")
		.action(async (entry: string, flags) => (await import("./commands/catalog.ts")).runShow(entry, flags));
	common(catalog.command("validate [folder]"))
		.description("check a folder of facts; exit 1 where something is wrong")
		.action(async (folder: string | undefined, flags) => {
			outcome.exitCode = await (await import("./commands/catalog.ts")).runValidate(folder, flags);
		});
	common(catalog.command("diff <before> [after]"))
		.description("what changed between two folders of facts; the second is the installed catalogue unless given")
		.action(async (before: string, after: string | undefined, flags) =>
			(await import("./commands/catalog.ts")).runDiff(before, after, flags),
		);
	common(catalog.command("update <file-or-url>"))
		.description("take newer facts from a signed file into use, and show what they change")
		.requiredOption("--trust <file>", "public keys whose signature is trusted, as PEM")
		.option("--dry-run", "only show what would change")
		.option("--against <files>", "what the changes do to these saved results (.json) and scenarios", list)
		.option("--allow-older", "also where it is older than the one in use")
		.action(async (from: string, flags) => (await import("./commands/catalog-update.ts")).runUpdate(from, flags));
	common(catalog.command("rollback"))
		.description("back to the facts that were in use before")
		.option("--to <id>", "to these instead: 12 digits of their hash, or built-in")
		.action(async (flags) => (await import("./commands/catalog-update.ts")).runRollback(flags));
	common(catalog.command("copy <folder>"))
		.description("the facts in use as a new folder of YAML and CSV, to change and sign")
		.action(async (folder: string, flags) => (await import("./commands/catalog-update.ts")).runCopy(folder, flags));
	common(catalog.command("sign <folder>"), "where to write the signed file")
		.description("a folder of facts as one signed file, for catalog update")
		.requiredOption("--key <file>", "the private key, ed25519 as PEM")
		.action(async (folder: string, flags) => (await import("./commands/catalog-update.ts")).runSign(folder, flags));
	common(catalog.command("new-key <name>"))
		.description("a new pair of keys: NAME.pem signs, NAME.pub.pem is given to others")
		.action(async (name: string, flags) => (await import("./commands/catalog-update.ts")).runNewKey(name, flags));
	catalog.addHelpText(
		"after",
		"\nExamples:\n  farthing catalog list\n  farthing catalog list hardware\n  farthing catalog show b200\n  farthing catalog validate catalogue",
	);
}
