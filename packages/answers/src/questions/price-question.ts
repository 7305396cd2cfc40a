/** `price`: a GPU-hour and a throughput in words to dollars per million tokens. */
import type { Catalogue } from "@farthing/catalogue";
import { BUILD_UP_PARTS, fraction, tokensPerGpuSecond, usdPerGpuHour } from "@farthing/engine";
import type { Distribution, Expr, UsdPerGpuHour } from "@farthing/engine";
import { readBenchResult } from "../bench-result.ts";
import type { Envelope, Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { hardwareNamed } from "../names.ts";
import type { PriceQuestion, PriceResult } from "../price.ts";
import { givenRate, price } from "../price.ts";
import { rateBook } from "../rates.ts";
import { asTyped } from "./command-line.ts";
import { type GivenFile, STANDARD_INPUT } from "./member.ts";
import { cardOf, type QuestionContext, saidCard } from "./question-context.ts";
import { choiceFlag, countFlag, TOKEN_KINDS } from "./typed-words.ts";
import { flagError, flagLength, flagQuantity, refuseBeside } from "./words.ts";

export interface PriceWords {
	readonly gpuHour?: string;
	readonly hardware?: string;
	readonly card?: string;
	readonly tier?: string;
	readonly buildUp?: string;
	readonly set?: readonly string[];
	readonly tokensPerSecond?: string;
	readonly tokens?: string;
	readonly bench?: GivenFile;
	readonly gpus?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly util?: string;
}

export interface PriceReply {
	readonly answer: Envelope<PriceResult>;
	/** Where the price of the GPU-hour is from. */
	readonly rate: string;
	/** The benchmark result that was read, if one was. */
	readonly bench: string | undefined;
}

const EXAMPLE = "farthing price --gpu-hour 1.95 --tokens-per-second 28724.2";

/** Throws exit 2 for words that contradict each other or cannot be read, exit 3 for a name or rate that is not known. */
export async function answerPrice(flags: PriceWords, context: QuestionContext): Promise<PriceReply> {
	refuseIdleFlags(flags);
	const measured = benchOf(flags);
	const { gpuHour, buildUp } = flags;
	const said = gpuHour === undefined && buildUp === undefined ? saidCard(flags, context) : {};
	const decides = { ...flags, ...said, ...(measured === undefined ? {} : { bench: measured }) };
	const asking = asTyped("price", { ...flags, ...said }, context.asking("price", decides));
	const rate = await rateOf(flags, context, asking.asOf);
	const throughput = throughputOf(flags, measured?.tokensPerGpuSecond);
	const named = flags.bench?.name === STANDARD_INPUT ? `on ${STANDARD_INPUT}` : flags.bench?.name;
	const bench = measured === undefined ? undefined : `${measured.layout} result ${named}`;
	const question: PriceQuestion = {
		rate: rate.rate,
		...(throughput === undefined ? {} : { throughput }),
		throughputSource: bench ?? "given with --tokens-per-second",
		tokens: choiceFlag("--tokens", flags.tokens ?? "total", TOKEN_KINDS),
		...(flags.util === undefined
			? {}
			: { load: flagQuantity("--util", flags.util, fraction, { bounds: { above: 0, max: 1 }, fraction: true }) }),
		...lengthsOf(flags, measured?.lengths),
		...(rate.parts === undefined ? {} : { parts: rate.parts }),
		warnings: rate.warnings,
	};
	const idle = [gpuHour, flags.util, flags.isl, flags.osl].some((given) => given !== undefined);
	if (throughput === undefined && idle) {
		throw new FarthingError(2, "missing-field", "price needs a throughput to divide by", {
			field: "--tokens-per-second",
			expected: "--tokens-per-second, or --bench with a benchmark result",
			hint: EXAMPLE,
		});
	}
	return { answer: price(question, asking), rate: rate.describe, bench };
}

/** Flags that the others leave without effect. */
function refuseIdleFlags(flags: PriceWords): void {
	const { gpuHour, buildUp, hardware, card, tier, set, bench, gpus, isl, osl, tokensPerSecond } = flags;
	const { tokens = "total" } = flags;
	if (gpuHour !== undefined) {
		const beside = { "--hardware": hardware, "--build-up": buildUp, "--card": card, "--tier": tier };
		refuseBeside(beside, "says a price of its own beside --gpu-hour: give one of them", EXAMPLE);
	}
	if (buildUp !== undefined) {
		const hint = "farthing price --build-up hyperscaler --hardware gb200";
		refuseBeside({ "--card": card, "--tier": tier }, "has no effect on a build-up", hint);
	}
	if (buildUp === undefined) {
		const hint = "farthing price --build-up hyperscaler --hardware gb200 --set life=5y";
		refuseBeside({ "--set": set }, "changes a build-up: it needs --build-up", hint);
	}
	if (bench === undefined) {
		const hint = "farthing price --gpu-hour 2.00 --bench run.json --gpus 8";
		refuseBeside({ "--gpus": gpus }, "is the GPU count of a benchmark result: it needs --bench", hint);
	} else {
		const hint = "leave one of them out";
		refuseBeside({ "--tokens-per-second": tokensPerSecond }, "is measured by the result of --bench", hint);
		const kind = tokens === "total" ? undefined : tokens;
		refuseBeside({ "--tokens": kind }, "has no effect: a benchmark result says its total tokens", hint);
	}
	if (tokens !== "total") {
		const reason = `splits total tokens: it has no effect beside --tokens ${tokens}`;
		refuseBeside({ "--isl": isl, "--osl": osl }, reason, "leave --tokens out, or --isl and --osl");
	}
}

interface RateAsked {
	readonly rate: Expr<UsdPerGpuHour>;
	/** Where it is from, in words. */
	readonly describe: string;
	readonly parts?: Readonly<Record<string, string>>;
	readonly warnings: readonly Warning[];
}

async function rateOf(flags: PriceWords, context: QuestionContext, asOf: string): Promise<RateAsked> {
	if (flags.gpuHour !== undefined) {
		const given = flagQuantity("--gpu-hour", flags.gpuHour, usdPerGpuHour, { bounds: { above: 0, max: 1e6 } });
		return { rate: givenRate(given, asOf), describe: "given", warnings: [] };
	}
	if (flags.hardware === undefined) {
		if (flags.buildUp !== undefined)
			throw new FarthingError(2, "missing-field", "--build-up needs to know the part", {
				field: "--hardware",
				expected: "the id of a part",
				hint: `farthing price --build-up ${flags.buildUp} --hardware gb200`,
			});
		throw new FarthingError(2, "missing-field", "price needs one way to price a GPU-hour", {
			field: "--gpu-hour",
			expected: "--gpu-hour, or --hardware with a rate card, or --build-up with --hardware",
			hint: EXAMPLE,
		});
	}
	const { store } = context;
	const catalogue = { ...store.manifest(), ...store.facts() } as Catalogue;
	const hardware = hardwareNamed(catalogue, flags.hardware, { field: "--hardware" }).id;
	if (flags.buildUp !== undefined) return builtUp(catalogue, flags.buildUp, hardware, flags.set ?? [], asOf);
	const book = rateBook(catalogue, { kind: "card", card: cardOf(flags, context, asOf), rates: {} }, asOf);
	const rate = book.rateOf(hardware);
	if (!rate.known)
		throw new FarthingError(3, "no-rate", `${hardware}: ${rate.reason}`, {
			field: "--hardware",
			expected: `a part with a rate on the card: ${priced(catalogue, book.describe).join(", ")}`,
			hint: `give your own rate: --gpu-hour 2.00, or build it up: --build-up hyperscaler --hardware ${hardware}`,
		});
	return { rate: rate.rate, describe: book.describe, warnings: book.warnings() };
}

/** Parts that the described card has a rate of. */
function priced(catalogue: Catalogue, describe: string): string[] {
	const card = catalogue.rateCards.find(({ id }) => describe.includes(`card ${id},`));
	return Object.keys(card?.rates ?? {});
}

/** The build-up of a scenario that says nothing else, so that flags and files are read by the same rules. */
async function builtUp(
	catalogue: Catalogue,
	set: string,
	hardware: string,
	changes: readonly string[],
	asOf: string,
): Promise<RateAsked> {
	const { buildUpOf } = await import("./build-up-words.ts");
	const buildUp = ((): ReturnType<typeof buildUpOf> => {
		try {
			return buildUpOf(set, hardware, changes);
		} catch (error) {
			throw flagError(error);
		}
	})();
	const book = rateBook(catalogue, { kind: "build-up", buildUp }, asOf);
	const rate = book.rateOf(hardware);
	if (!rate.known)
		throw new FarthingError(3, "no-rate", rate.reason, {
			field: "--hardware",
			expected: "a part whose capital and power the set of assumptions knows, or both given",
			hint: '--set capital="40k USD/GPU" --set power="1.71 kW/GPU"',
		});
	const parts = Object.fromEntries(BUILD_UP_PARTS.map((part) => [part, `build_up.${hardware}.${part}`]));
	return { rate: rate.rate, describe: `${book.describe} for ${hardware}`, parts, warnings: book.warnings() };
}

function benchOf({ bench, gpus }: PriceWords): ReturnType<typeof readBenchResult> | undefined {
	if (bench === undefined) return undefined;
	return readBenchResult(bench.text, bench.name, gpus === undefined ? undefined : countFlag("--gpus", gpus));
}

function throughputOf(flags: PriceWords, measured: number | undefined): Distribution | undefined {
	if (measured !== undefined) return { kind: "point", value: measured };
	if (flags.tokensPerSecond === undefined) return undefined;
	return flagQuantity(
		"--tokens-per-second",
		flags.tokensPerSecond,
		tokensPerGpuSecond(choiceFlag("--tokens", flags.tokens ?? "total", TOKEN_KINDS)),
		{
			bounds: { above: 0, max: 1e9 },
		},
	);
}

function lengthsOf(
	flags: PriceWords,
	measured: { input: number; output: number } | undefined,
): Pick<PriceQuestion, "lengths"> {
	if (flags.isl === undefined && flags.osl === undefined) return measured === undefined ? {} : { lengths: measured };
	if (flags.isl === undefined || flags.osl === undefined) {
		throw new FarthingError(2, "missing-field", "--isl and --osl go together", {
			field: flags.isl === undefined ? "--isl" : "--osl",
			expected: "both lengths",
			hint: "--isl 8192 --osl 1024",
		});
	}
	return { lengths: { input: flagLength("--isl", flags.isl), output: flagLength("--osl", flags.osl) } };
}
