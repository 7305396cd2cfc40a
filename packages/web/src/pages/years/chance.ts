/** A chance of the answer as a number that opens into its tree. */
import { type ChanceResult, toldName } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { YearsAnswer } from "../../engine/questions/years.ts";

export function chanceOf(
	{ uncertainty }: YearsAnswer["result"],
	strategy: string,
	of: ChanceResult["of"],
): QuantityJson | undefined {
	const found = uncertainty?.chances.find((each) => each.strategy === strategy && each.of === of);
	if (found === undefined) return undefined;
	return { value: found.probability, unit: "fraction", node: toldName.chance(strategy, of) };
}
