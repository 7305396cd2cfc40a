import { answerClaim, CLAIM_MEMBERS, type ClaimWords, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { claimListText, claimText, ownClaimText } from "../show/claim.ts";

export type ClaimFlags = CommonFlags & Omit<ClaimWords, "id">;

export async function runClaim(id: string | undefined, flags: ClaimFlags): Promise<void> {
	const found = answerClaim(wordsOf(CLAIM_MEMBERS, { ...flags, id }), questionContext(flags));
	if (found.of === "all") deliver(found.answer, flags, claimListText);
	else if (found.of === "one") deliver(found.answer, flags, claimText);
	else deliver(found.answer, flags, ownClaimText);
}
