/** Stretches of volumes in which another fleet is ahead of the one in the lead. */
import type { PlanResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { useWords } from "../words/words.ts";

type Stretch = { readonly from: number; readonly to: number };
type Interruption = PlanResult["volumes"]["interruptions"][number];

/** Those of the lead that begins with the crossover at this place; at -1 those of the first, before any. */
export function stretchesOf(
	{ crossovers, volumes }: Pick<PlanResult, "crossovers" | "volumes">,
	place: number,
): Interruption[] {
	const from = crossovers[place]?.tokens_per_day.value ?? 0;
	const until = crossovers[place + 1]?.tokens_per_day.value ?? Number.POSITIVE_INFINITY;
	return volumes.interruptions.filter((each) => each.from >= from && each.from < until);
}

/** Both ends in words, the unit said once; where the range ends within it, its one volume. */
export function stretchText({ from, to }: Stretch, between: (from: string, to: string) => string): string {
	const end = formatQuantity(to, "tok/day");
	return from === to ? end : between(formatQuantity(from, "tok/day").replace(/ tok\/day$/, ""), end);
}

const SHOWN = 6;

/** The first few as a list, and how many more there are. */
export function stretchList(all: readonly Stretch[], say: ReturnType<typeof useWords<"common">>): string {
	const more = all.length - SHOWN;
	const shown = all.slice(0, SHOWN).map((each) => stretchText(each, (from, to) => say("stretch", { from, to })));
	return [...shown, ...(more > 0 ? [say("stretch.more", { count: more })] : [])].join(say("comma"));
}
