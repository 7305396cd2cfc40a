import { type Language, type Said, saidIn } from "./language.ts";

/** Exit codes of the command line that an answer can end with. */
export type ExitCode = 2 | 3;

export interface FarthingErrorDetail {
	readonly file?: string | undefined;
	readonly line?: number | undefined;
	readonly column?: number | undefined;
	/** Path of the field in a file, or name of a flag. */
	readonly field?: string | undefined;
	readonly expected?: string | undefined;
	readonly hint?: string | undefined;
	readonly nearest?: readonly string[] | undefined;
	/** Ways to loosen the scenario, each by the members that it sets, by path. */
	readonly changes?: readonly ScenarioChange[] | undefined;
}

export type ScenarioChange = Readonly<Record<string, string | number>>;

/** The same before a language is chosen. */
export interface GivenDetail extends Omit<FarthingErrorDetail, "expected" | "hint"> {
	readonly expected?: Said | undefined;
	readonly hint?: Said | undefined;
}

/** A question that cannot be answered. Exit 2: malformed. Exit 3: well-formed, but not known, no data, or impossible. */
export class FarthingError extends Error {
	readonly code: string;
	readonly exit: ExitCode;
	/** In English, as the message is. */
	readonly detail: FarthingErrorDetail;
	/** What it was made of, in every language that it was said in. */
	readonly given: { readonly message: Said; readonly detail: GivenDetail };

	constructor(exit: ExitCode, code: string, message: Said, detail: GivenDetail = {}) {
		super(saidIn(message, "en"));
		this.name = "FarthingError";
		this.code = code;
		this.exit = exit;
		this.given = { message, detail };
		this.detail = detailIn(detail, "en");
	}

	/** As it is told to people who read a language. */
	toldIn(language: Language): { readonly message: string; readonly detail: FarthingErrorDetail } {
		const { message, detail } = this.given;
		return { message: saidIn(message, language), detail: detailIn(detail, language) };
	}
}

function detailIn({ expected, hint, ...rest }: GivenDetail, language: Language): FarthingErrorDetail {
	return {
		...rest,
		...(expected === undefined ? {} : { expected: saidIn(expected, language) }),
		...(hint === undefined ? {} : { hint: saidIn(hint, language) }),
	};
}
