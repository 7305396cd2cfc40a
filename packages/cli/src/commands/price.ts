import { FarthingError, givenRate, price, rateBook, readBenchResult } from "@farthing/answers";
import type { PriceQuestion, Warning } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import { BUILD_UP_PARTS, fraction, tokensPerGpuSecond, usdPerGpuHour } from "@farthing/engine";
import type { Distribution, Expr, UsdPerGpuHour } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard, defaultTier, hardwareId } from "../defaults.ts";
import { readText } from "../files.ts";
import { countFlag } from "../given-flags.ts";
import { priceText } from "../show/price.ts";
import { flagError, flagLength, flagQuantity, refuseBeside } from "./flag-words.ts";

export interface PriceFlags extends CommonFlags {
	readonly gpuHour?: string;
	readonly hardware?: string;
	readonly card?: string;
	readonly tier?: string;
	readonly buildUp?: string;
	readonly set?: readonly string[];
	readonly tokensPerSecond?: string;
	readonly tokens: "total" | "input" | "output";
	readonly bench?: string;
	readonly gpus?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly util?: string;
}

const EXAMPLE = "farthing price --gpu-hour 1.95 --tokens-per-second 28724.2";

export async function runPrice(flags: PriceFlags): Promise<void> {
	refuseIdleFlags(flags);
	const store = catalogueStore();
	const bench = flags.bench === undefined ? undefined : readBench(flags, flags.bench);
	const asking = askingOf(
		"price",
		{ ...flags, ...cardOf(flags), ...(bench === undefined ? {} : { bench }) },
		flags,
		store,
	);
	const rate = await rateOf(flags, store, asking.asOf);
	const throughput = throughputOf(flags, bench?.tokensPerGpuSecond);
	const question: PriceQuestion = {
		rate: rate.rate,
		...(throughput === undefined ? {} : { throughput }),
		throughputSource:
			bench === undefined
				? "given with --tokens-per-second"
				: `${bench.layout} result ${flags.bench === "-" ? "on standard input" : flags.bench}`,
		tokens: flags.tokens,
		...(flags.util === undefined
			? {}
			: { load: flagQuantity("--util", flags.util, fraction, { bounds: { above: 0, max: 1 }, fraction: true }) }),
		...lengthsOf(flags, bench?.lengths),
		...(rate.parts === undefined ? {} : { parts: rate.parts }),
		warnings: rate.warnings,
	};
	if (
		throughput === undefined &&
		[flags.gpuHour, flags.util, flags.isl, flags.osl].some((given) => given !== undefined)
	) {
		throw new FarthingError(2, "missing-field", "price needs a throughput to divide by", {
			field: "--tokens-per-second",
			expected: "--tokens-per-second, or --bench with a benchmark result",
			hint: EXAMPLE,
		});
	}
	const known = { rate: rate.describe, bench: bench === undefined ? undefined : question.throughputSource };
	deliver(price(question, asking), flags, (result) => priceText(result, known));
}

/** Flags that the others leave without effect. */
function refuseIdleFlags(flags: PriceFlags): void {
	const { gpuHour, buildUp, hardware, card, tier, set, bench, gpus, isl, osl, tokens, tokensPerSecond } = flags;
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

interface RateOfFlags {
	readonly rate: Expr<UsdPerGpuHour>;
	/** Where it is from, in words. */
	readonly describe: string;
	readonly parts?: Readonly<Record<string, string>>;
	readonly warnings: readonly Warning[];
}

async function rateOf(flags: PriceFlags, store: ReturnType<typeof catalogueStore>, asOf: string): Promise<RateOfFlags> {
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
	const catalogue = { ...store.manifest(), ...store.facts() } as Catalogue;
	const hardware = hardwareId(catalogue, flags.hardware);
	if (flags.buildUp !== undefined) return builtUp(catalogue, flags.buildUp, hardware, flags.set ?? [], asOf);
	const { card = defaultCard(asOf), tier = defaultTier() } = cardOf(flags);
	const book = rateBook(catalogue, { kind: "card", card: { id: card, tier }, rates: {} }, asOf);
	const rate = book.rateOf(hardware);
	if (!rate.known)
		throw new FarthingError(3, "no-rate", `${hardware}: ${rate.reason}`, {
			field: "--hardware",
			expected: `a part with a rate on the card: ${priced(catalogue, book.describe).join(", ")}`,
			hint: `give your own rate: --gpu-hour 2.00, or build it up: --build-up hyperscaler --hardware ${hardware}`,
		});
	return { rate: rate.rate, describe: book.describe, warnings: book.warnings() };
}

/** Card and tier as asked for, by flag or in the environment: part of the question. */
function cardOf({ card, tier, gpuHour, buildUp }: PriceFlags): { card?: string; tier?: string } {
	if (gpuHour !== undefined || buildUp !== undefined) return {};
	const asked = { card: card ?? process.env["FARTHING_CARD"], tier: tier ?? process.env["FARTHING_TIER"] };
	return {
		...(asked.card === undefined ? {} : { card: asked.card }),
		...(asked.tier === undefined ? {} : { tier: asked.tier }),
	};
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
): Promise<RateOfFlags> {
	const { buildUpOf } = await import("../build-up-flags.ts");
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

function readBench(flags: PriceFlags, path: string): ReturnType<typeof readBenchResult> {
	const gpus = flags.gpus === undefined ? undefined : countFlag("--gpus", flags.gpus);
	return readBenchResult(readText(path, "a benchmark result"), path === "-" ? "standard input" : path, gpus);
}

function throughputOf(flags: PriceFlags, measured: number | undefined): Distribution | undefined {
	if (measured !== undefined) return { kind: "point", value: measured };
	if (flags.tokensPerSecond === undefined) return undefined;
	return flagQuantity("--tokens-per-second", flags.tokensPerSecond, tokensPerGpuSecond(flags.tokens), {
		bounds: { above: 0, max: 1e9 },
	});
}

function lengthsOf(
	flags: PriceFlags,
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
