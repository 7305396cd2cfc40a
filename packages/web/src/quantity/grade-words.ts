/** What a grade means of a number: C is also that of a measured row which is read for another speed than its own. */
import type { Say } from "../words/words.ts";

export function gradeMeaning(
	{ grade, state }: { readonly grade: string; readonly state?: string | undefined },
	say: Say<"common">,
): string {
	return grade === "C" && state === "clamped" ? say("grade.clamped") : say.named("grade.", grade);
}
