/** `claim`: headlines of the catalogue, one of them, or a claim of one's own in words. */
import type { Catalogue } from "@farthing/catalogue";
import { rateCard } from "@farthing/catalogue";
import { usdPerMtok } from "@farthing/engine";
import { claim, type ClaimList, type ClaimAnswer, claims } from "../claim.ts";
import type { Envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { ownClaim, type OwnClaimAnswer } from "../own-claim.ts";
import { asTyped } from "./command-line.ts";
import { cardOf, type QuestionContext, saidCard } from "./question-context.ts";
import { choiceFlag, TOKEN_KINDS } from "./typed-words.ts";
import { flagLength, flagQuantity, refuseBeside } from "./words.ts";

export interface ClaimWords {
	readonly id?: string;
	readonly usdPerMtok?: string;
	readonly tokens?: string;
	readonly hardware?: string;
	readonly model?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly card?: string;
}

export type ClaimReply =
	| { readonly of: "all"; readonly answer: Envelope<ClaimList> }
	| { readonly of: "one"; readonly answer: Envelope<ClaimAnswer> }
	| { readonly of: "own"; readonly answer: Envelope<OwnClaimAnswer> };

const EXAMPLE = "farthing claim --usd-per-mtok 0.02 --hardware b200 --model gpt-oss-120b";

/** Throws exit 2 for words that belong to another kind of claim, exit 3 for a claim or name that is not known. */
export function answerClaim(flags: ClaimWords, context: QuestionContext): ClaimReply {
	const { id, usdPerMtok: price, ...own } = flags;
	refuseIdleFlags(flags);
	if (price === undefined) {
		const asking = asTyped("claim", flags, context.asking("claim", { id }));
		const catalogue = context.store.catalogue();
		if (id === undefined) return { of: "all", answer: claims(catalogue, asking) };
		return { of: "one", answer: claim(catalogue, id, asking) };
	}
	const { card: said } = saidCard(flags, context);
	const card = said === undefined ? {} : { card: said };
	const plain = context.asking("claim", { usdPerMtok: price, ...own, ...card });
	const asking = asTyped("claim", { ...flags, ...card }, plain);
	const catalogue = context.store.catalogue();
	const { id: rates } = cardOf(flags, context, asking.asOf);
	return { of: "own", answer: ownClaim(catalogue, ownOf(catalogue, flags, price, rates), asking) };
}

/** A claim of the catalogue has its own definition: flags of a claim of one's own do not change it. */
function refuseIdleFlags({ id, ...flags }: ClaimWords): void {
	const { usdPerMtok: price, hardware, model, isl, osl, card, tokens = "total" } = flags;
	if (price !== undefined) {
		refuseBeside({ "--usd-per-mtok": id }, "is a claim of your own: leave the id out", EXAMPLE);
		return;
	}
	const kind = tokens === "total" ? undefined : tokens;
	const own = {
		"--hardware": hardware,
		"--model": model,
		"--isl": isl,
		"--osl": osl,
		"--card": card,
		"--tokens": kind,
	};
	refuseBeside(own, "belongs to a claim of your own, which needs --usd-per-mtok too", EXAMPLE);
}

function ownOf(catalogue: Catalogue, flags: ClaimWords, price: string, card: string): Parameters<typeof ownClaim>[1] {
	const tokens = choiceFlag("--tokens", flags.tokens ?? "total", TOKEN_KINDS);
	const { hardware, model } = flags;
	if (hardware === undefined || model === undefined) {
		const field = hardware === undefined ? "--hardware" : "--model";
		throw new FarthingError(2, "missing-field", `a claim of your own needs ${field}`, {
			field,
			expected: "--usd-per-mtok, --hardware and --model",
			hint: EXAMPLE,
		});
	}
	const unit = usdPerMtok(tokens);
	const value = flagQuantity("--usd-per-mtok", price, unit, { bounds: { above: 0 } });
	if (value.kind !== "point")
		throw new FarthingError(2, "wrong-type", "--usd-per-mtok takes one price, not a range", {
			field: "--usd-per-mtok",
			expected: "one price",
			hint: "--usd-per-mtok 0.02",
		});
	const found = rateCard(catalogue, card);
	return {
		usdPerMtok: value.value / unit.factor,
		tokens,
		hardware,
		model,
		...(flags.isl === undefined ? {} : { isl: flagLength("--isl", flags.isl) }),
		...(flags.osl === undefined ? {} : { osl: flagLength("--osl", flags.osl) }),
		card: found.found ? found.value.id : card,
	};
}
