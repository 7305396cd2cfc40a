/** The pack of a saved result, with what is answered beside it from the installed catalogue. */
import type {
	Language,
	ClaimList,
	Envelope,
	QuestionContext,
	SavedResult,
	SensitivityResult,
	SoundResult,
	Warning,
} from "@farthing/answers";
import { claims, FarthingError, sensitivity } from "@farthing/answers";
import { namesOf } from "../names.ts";
import type { Report } from "../report-model.ts";
import { type Template, TemplateError, type TemplateIssue } from "../template/template.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { packReport } from "./pack-report.ts";

export interface PackOrder {
	readonly saved: SoundResult;
	readonly template: Template;
	/** Where the template is from, for messages. */
	readonly templateFile: string;
	/** What was typed, for the reader who wants to repeat it. */
	readonly commandLine: string;
	/** English unless given. */
	readonly language?: Language;
}

export interface Pack {
	readonly report: Report;
	/** What was left out, and why. */
	readonly notes: readonly Warning[];
}

/** Throws exit 2 where the template asks for what the result does not hold. */
export function packOfResult(order: PackOrder, context: QuestionContext): Pack {
	const { saved, template, templateFile, commandLine, language = "en" } = order;
	const said = headlines(saved, context);
	const leaning = leaningOf(saved, context);
	try {
		const report = packReport(
			{
				plan: saved,
				...(said.claims === undefined ? {} : { claims: said.claims }),
				...(leaning === undefined ? {} : { sensitivity: leaning }),
				names: namesOf(context.store.facts()),
				commandLine,
				language,
			},
			template,
		);
		return { report, notes: said.notes };
	} catch (error) {
		if (error instanceof TemplateError) throw templateFault(templateFile, error.issue);
		throw error;
	}
}

/** Throws exit 2 with line and column of the first fault. */
export function readTemplate(text: string, file: string, name: string): Template {
	const found = parseTemplate(text, name);
	if (found.ok) return found.template;
	throw templateFault(file, found.issues[0] as TemplateIssue);
}

interface Headlines {
	readonly claims?: Envelope<ClaimList>;
	readonly notes: readonly Warning[];
}

/** Headlines are tested on the installed catalogue: beside a result of another one they would speak of other rows. */
function headlines(saved: Envelope<unknown>, { store, asking }: QuestionContext): Headlines {
	const { version, hash } = store.manifest();
	const installed = `${version}+${hash.slice(0, 12)}`;
	if (saved.catalogue === installed) {
		const asked = { ...asking("claim", {}), asOf: saved.as_of };
		return { claims: claims(store.catalogue(), asked), notes: [] };
	}
	const message = `the result is of catalogue ${saved.catalogue}, this is ${installed}: headlines are left out of the report`;
	return { notes: [{ code: "other-catalogue", message }] };
}

/** Few rows: a pack shows the ends of each input, and shares to one digit. What learning is worth it does not show. */
const SENSITIVITY_ROWS = 64;
const LEARNING_DRAWS = 1;

/** What the number that decides leans on; nothing where the result decides nothing or has no range. */
function leaningOf(saved: Envelope<unknown>, { asking }: QuestionContext): Envelope<SensitivityResult> | undefined {
	if (saved.graph === undefined || (saved.result as { strategies?: unknown }).strategies === undefined)
		return undefined;
	const asked = asking("sensitivity", { rows: SENSITIVITY_ROWS, result: saved.id });
	try {
		return sensitivity(
			saved as SavedResult,
			{ rows: SENSITIVITY_ROWS, draws: LEARNING_DRAWS },
			{ ...asked, asOf: saved.as_of },
		);
	} catch (error) {
		if (error instanceof FarthingError && error.code === "no-ranges") return undefined;
		throw error;
	}
}

function templateFault(file: string, { line, column, message, expected, nearest = [] }: TemplateIssue): FarthingError {
	return new FarthingError(2, "bad-template", message, { file, line, column, expected, nearest });
}
