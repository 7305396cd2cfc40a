/** What every command shares: the catalogue, the date ages are counted at, how to print, where results are kept. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Asking, Envelope, QuestionContext } from "@farthing/answers";
import { dateFlag, FarthingError, seedFlag } from "@farthing/answers";
import { CatalogueInUseError, catalogueInUse } from "@farthing/catalogue/in-use";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { FILE_KINDS, readText, resolveBeside, writeOutput, writeWhole } from "./files.ts";
import { printNote, printJson, printText } from "./print.ts";

export interface CommonFlags {
	readonly json?: boolean;
	readonly output?: string;
	readonly asOf?: string;
	readonly seed?: string;
	readonly quiet?: boolean;
	/** A language that texts are printed in. */
	readonly language?: string;
}

const LAST = join(".farthing", "last.json");

/** Catalogue of this run; parts are read when a command first needs them. */
export function catalogueStore(): CatalogueStore {
	return inCatalogueWords(() => catalogueInUse().store);
}

/** What is wrong with installed catalogues, in the words of the command line; other errors as they are. */
export function inCatalogueWords<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof CatalogueInUseError)) throw error;
		const { code, message, hint } = error;
		throw new FarthingError(2, code, message, { expected: "a catalogue that farthing catalog update installed", hint });
	}
}

/** Flag, then environment (FARTHING_AS_OF, FARTHING_SEED), then scenario, then the catalogue's release date. */
export function askingOf(
	command: string,
	question: Readonly<Record<string, unknown>>,
	flags: CommonFlags,
	store: CatalogueStore,
	scenarioAsOf?: string,
): Asking {
	const catalogue = store.manifest();
	const asOf = givenAsOf(flags) ?? scenarioAsOf ?? catalogue.releaseDate;
	return {
		command,
		arguments: withoutNoise(question),
		asOf,
		seed: seedOf(given("--seed", flags.seed, "FARTHING_SEED")),
		catalogue,
	};
}

/** The date that was asked for, by flag or environment. */
export function givenAsOf({ asOf }: CommonFlags): string | undefined {
	const asked = given("--as-of", asOf, "FARTHING_AS_OF");
	return asked === undefined ? undefined : dateFlag(asked.label, asked.text);
}

/** The same for readers of questions, with the rate card of the environment (FARTHING_CARD, FARTHING_TIER). */
export function questionContext(flags: CommonFlags, store: CatalogueStore = catalogueStore()): QuestionContext {
	const variable = (name: "FARTHING_CARD" | "FARTHING_TIER"): string | undefined => process.env[name] || undefined;
	const [card, tier] = [variable("FARTHING_CARD"), variable("FARTHING_TIER")];
	return {
		store,
		asking(command, question, { scenarioAsOf, result } = {}) {
			if (result === undefined) return askingOf(command, question, flags, store, scenarioAsOf);
			const { as_of, seed } = result;
			const drawn = seed === undefined ? {} : { seed: String(seed) };
			return askingOf(command, question, { asOf: as_of, ...drawn, ...flags }, store);
		},
		...(card === undefined ? {} : { card }),
		...(tier === undefined ? {} : { tier }),
		resolve: resolveBeside,
	};
}

interface Given {
	/** Flag or variable of the environment, for messages. */
	readonly label: string;
	readonly text: string;
}

/** A flag, else a variable of the environment; one that is set but empty says nothing. */
function given(flag: string, text: string | undefined, variable: string): Given | undefined {
	if (text !== undefined) return { label: flag, text };
	const environment = process.env[variable];
	return environment === undefined || environment === "" ? undefined : { label: variable, text: environment };
}

function seedOf(asked: Given | undefined): number {
	return asked === undefined ? 1 : seedFlag(asked.label, asked.text);
}

/** Arguments that decide the answer: how it is printed does not. */
function withoutNoise(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const noise = new Set(["json", "csv", "output", "quiet", "color", "asOf", "seed", "language", "explainDefaults"]);
	return Object.fromEntries(Object.entries(given).filter(([key, value]) => !noise.has(key) && value !== undefined));
}

/**
 * Prints an answer as JSON or as text for people, keeps it for `farthing why`, and writes it where `-o` says, with its
 * graph and the command that asks again; what `--json` prints leaves both out.
 */
export function deliver<R>(answer: Envelope<R>, flags: CommonFlags, text: (result: R) => string): void {
	const { graph, command_line: _, ...shown } = answer;
	const whole = `${JSON.stringify(answer)}\n`;
	if (flags.output !== undefined && flags.output !== "-") writeOutput(flags.output, whole);
	if (graph !== undefined) keepLast(whole);
	if (flags.output === "-") printText(whole);
	else if (flags.json === true) printJson(shown);
	else printText(text(answer.result));
	if (flags.json !== true && flags.output !== "-" && flags.quiet !== true)
		for (const { message } of answer.warnings) printNote(message);
}

function keepLast(whole: string): void {
	try {
		writeWhole(LAST, whole);
	} catch (error) {
		printNote(`the result could not be kept for farthing why: ${(error as Error).message}`);
	}
}

/** A saved result, or the last one of this folder. Exit 2 where there is none or it is malformed. */
export function savedResult(path: string | undefined): Envelope<unknown> {
	if (path === undefined && !existsSync(LAST)) {
		throw new FarthingError(
			2,
			"no-last-result",
			{ en: "there is no last result in this folder to explain", zh: "此文件夹中没有可供解释的上一个结果" },
			{
				expected: {
					en: "a result file, or a command such as plan, price, frontier or claim run here before",
					zh: "结果文件，或先在此处运行 plan、price、frontier 或 claim 等命令",
				},
				hint: "farthing plan scenarios/prototype-to-5b.yaml",
			},
		);
	}
	const file = path ?? LAST;
	const text = readText(file, FILE_KINDS.result);
	try {
		const saved = JSON.parse(text) as Envelope<unknown>;
		if (saved?.schema === "farthing/1" && typeof saved.command === "string") return saved;
	} catch (error) {
		throw new FarthingError(
			2,
			"malformed-json",
			{ en: `${file} is not JSON: ${(error as Error).message}`, zh: `${file} 不是 JSON：${(error as Error).message}` },
			{
				file,
				expected: FILE_KINDS.result,
			},
		);
	}
	throw new FarthingError(
		2,
		"not-a-result",
		{ en: `${file} is no result of farthing`, zh: `${file} 不是 farthing 的结果` },
		{
			file,
			expected: 'an object with "schema": "farthing/1"',
		},
	);
}
