import { FarthingError, givenRate, price, rateBook, readBenchResult } from "@farthing/answers";
import type { PriceQuestion, Warning } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import { BUILD_UP_PARTS, fraction, tokensPerGpuSecond, usdPerGpuHour } from "@farthing/engine";
import type { Distribution, Expr, UsdPerGpuHour } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard, defaultTier, hardwareId } from "../defaults.ts";
import { readText } from "../files.ts";
import { countFlag, quantityFlag } from "../given-flags.ts";
import { priceText } from "../show/price.ts";

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

export async function runPrice(flags: PriceFlags): Promise<void> {
	const store = catalogueStore();
	const bench = flags.bench === undefined ? undefined : readBench(flags, flags.bench);
	const asking = askingOf("price", { ...flags, ...(bench === undefined ? {} : { bench }) }, flags, store);
	const rate = await rateOf(flags, store, asking.asOf);
	const throughput = throughputOf(flags, bench?.tokensPerGpuSecond);
	const question: PriceQuestion = {
		rate: rate.rate,
		...(throughput === undefined ? {} : { throughput }),
		throughputSource: bench === undefined ? "given with --tokens-per-second" : `${bench.layout} result ${flags.bench}`,
		tokens: flags.tokens,
		...(flags.util === undefined ? {} : { load: quantityFlag("--util", flags.util, fraction, { bounds: { above: 0, max: 1 }, fraction: true }) }),
		...lengthsOf(flags, bench?.lengths),
		...(rate.parts === undefined ? {} : { parts: rate.parts }),
		warnings: rate.warnings,
	};
	if (throughput === undefined && rate.parts === undefined && flags.gpuHour !== undefined) {
		throw new FarthingError(2, "missing-field", "price needs a throughput to divide by", {
			field: "--tokens-per-second",
			expected: "--tokens-per-second, or --bench with a benchmark result",
			hint: "farthing price --gpu-hour 1.95 --tokens-per-second 28724.2",
		});
	}
	deliver(price(question, asking), flags, priceText);
}

interface RateOfFlags {
	readonly rate: Expr<UsdPerGpuHour>;
	readonly parts?: Readonly<Record<string, string>>;
	readonly warnings: readonly Warning[];
}

async function rateOf(flags: PriceFlags, store: ReturnType<typeof catalogueStore>, asOf: string): Promise<RateOfFlags> {
	const ways = [flags.gpuHour !== undefined, flags.buildUp !== undefined, flags.gpuHour === undefined && flags.buildUp === undefined && flags.hardware !== undefined];
	if (ways.filter(Boolean).length !== 1) {
		throw new FarthingError(2, "missing-field", "price needs one way to price a GPU-hour", {
			field: "--gpu-hour",
			expected: "--gpu-hour, or --hardware with a rate card, or --build-up with --hardware",
			hint: "farthing price --gpu-hour 1.95 --tokens-per-second 28724.2",
		});
	}
	if (flags.gpuHour !== undefined) {
		return { rate: givenRate(quantityFlag("--gpu-hour", flags.gpuHour, usdPerGpuHour, { bounds: { above: 0 } }), asOf), warnings: [] };
	}
	const catalogue = { ...store.manifest(), ...store.facts() } as Catalogue;
	if (flags.hardware === undefined) throw new FarthingError(2, "missing-field", "--build-up needs to know the part", { field: "--hardware", expected: "the id of a part" });
	const hardware = hardwareId(catalogue, flags.hardware);
	if (flags.buildUp !== undefined) return builtUp(catalogue, flags.buildUp, hardware, flags.set ?? [], asOf);
	const card = { id: flags.card ?? defaultCard(asOf), tier: flags.tier ?? defaultTier() };
	const book = rateBook(catalogue, { kind: "card", card, rates: {} }, asOf);
	return { rate: knownRate(book.rateOf(hardware)), warnings: book.warnings() };
}

/** The build-up of a scenario that says nothing else, so that flags and files are read by the same rules. */
async function builtUp(catalogue: Catalogue, set: string, hardware: string, changes: readonly string[], asOf: string): Promise<RateOfFlags> {
	const { buildUpOf } = await import("../build-up-flags.ts");
	const book = rateBook(catalogue, { kind: "build-up", buildUp: buildUpOf(set, hardware, changes) }, asOf);
	const rate = knownRate(book.rateOf(hardware));
	const parts = Object.fromEntries(BUILD_UP_PARTS.map((part) => [part, `build_up.${hardware}.${part}`]));
	return { rate, parts, warnings: book.warnings() };
}

function knownRate(answer: ReturnType<ReturnType<typeof rateBook>["rateOf"]>): Expr<UsdPerGpuHour> {
	if (answer.known) return answer.rate;
	throw new FarthingError(3, "no-rate", answer.reason, { field: "--hardware", hint: "farthing catalog list rate-cards" });
}

function readBench(flags: PriceFlags, path: string): ReturnType<typeof readBenchResult> {
	const gpus = flags.gpus === undefined ? undefined : countFlag("--gpus", flags.gpus);
	return readBenchResult(readText(path, "a benchmark result"), path === "-" ? "standard input" : path, gpus);
}

function throughputOf(flags: PriceFlags, measured: number | undefined): Distribution | undefined {
	if (measured !== undefined) return { kind: "point", value: measured };
	if (flags.tokensPerSecond === undefined) return undefined;
	return quantityFlag("--tokens-per-second", flags.tokensPerSecond, tokensPerGpuSecond(flags.tokens), { bounds: { above: 0 } });
}

function lengthsOf(flags: PriceFlags, measured: { input: number; output: number } | undefined): Pick<PriceQuestion, "lengths"> {
	if (flags.isl === undefined && flags.osl === undefined) return measured === undefined ? {} : { lengths: measured };
	if (flags.isl === undefined || flags.osl === undefined) {
		throw new FarthingError(2, "missing-field", "--isl and --osl go together", { field: flags.isl === undefined ? "--isl" : "--osl", expected: "both lengths" });
	}
	return { lengths: { input: countFlag("--isl", flags.isl), output: countFlag("--osl", flags.osl) } };
}
