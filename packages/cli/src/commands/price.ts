import { answerPrice, PRICE_MEMBERS, type PriceWords, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { givenFile } from "../files.ts";
import { priceText } from "../show/price.ts";

export interface PriceFlags extends CommonFlags, Omit<PriceWords, "bench"> {
	readonly bench?: string;
}

export async function runPrice(flags: PriceFlags): Promise<void> {
	const { bench: file } = flags;
	const bench = file === undefined ? undefined : givenFile(file, "a benchmark result");
	const { answer, ...from } = await answerPrice(wordsOf(PRICE_MEMBERS, { ...flags, bench }), questionContext(flags));
	deliver(answer, flags, (result) => priceText(result, from));
}
