/** The language of what is printed for people, settled when the process starts, as colour is. */
import { choiceFlag, type InEach, type Language, LANGUAGES } from "@farthing/answers";

const VARIABLE = "FARTHING_LANGUAGE";

/** Of `--language`, else of FARTHING_LANGUAGE, else English. What is wrong with a tag is told where commands are read. */
export const language: Language =
	LANGUAGES.find((each) => each === (typed(process.argv) ?? process.env[VARIABLE])) ?? "en";

/** The words of this process. */
export function inLanguage<T>(words: InEach<T>): T {
	return words[language];
}

/** The language of what a command makes. Exit 2 for a tag that there is not. */
export function languageOf({ language: asked }: { readonly language?: string }): Language {
	if (asked !== undefined) return choiceFlag("--language", asked, LANGUAGES);
	const variable = process.env[VARIABLE];
	return variable === undefined || variable === "" ? "en" : choiceFlag(VARIABLE, variable, LANGUAGES);
}

function typed(argv: readonly string[]): string | undefined {
	const at = argv.indexOf("--language");
	if (at !== -1) return argv[at + 1];
	return argv.find((each) => each.startsWith("--language="))?.slice("--language=".length);
}
