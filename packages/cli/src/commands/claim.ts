import { claim, claims, FarthingError, ownClaim } from "@farthing/answers";
import { rateCard } from "@farthing/catalogue";
import type { Catalogue } from "@farthing/catalogue";
import { usdPerMtok } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard } from "../defaults.ts";
import { claimListText, claimText, ownClaimText } from "../show/claim.ts";
import { flagLength, flagQuantity, refuseBeside } from "./flag-words.ts";

export interface ClaimFlags extends CommonFlags {
	readonly usdPerMtok?: string;
	readonly tokens: "total" | "input" | "output";
	readonly hardware?: string;
	readonly model?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly card?: string;
}

const EXAMPLE = "farthing claim --usd-per-mtok 0.02 --hardware b200 --model gpt-oss-120b";

export async function runClaim(id: string | undefined, flags: ClaimFlags): Promise<void> {
	const { usdPerMtok: price } = flags;
	refuseIdleFlags(id, flags);
	const store = catalogueStore();
	if (price === undefined) {
		const asking = askingOf("claim", { id }, flags, store);
		const catalogue = store.catalogue();
		if (id === undefined) deliver(claims(catalogue, asking), flags, claimListText);
		else deliver(claim(catalogue, id, asking), flags, claimText);
		return;
	}
	const card = flags.card ?? process.env["FARTHING_CARD"];
	const asking = askingOf("claim", { ...flags, ...(card === undefined ? {} : { card }) }, flags, store);
	const catalogue = store.catalogue();
	deliver(ownClaim(catalogue, ownOf(catalogue, flags, price, asking.asOf), asking), flags, ownClaimText);
}

/** A claim of the catalogue has its own definition: flags of a claim of one's own do not change it. */
function refuseIdleFlags(id: string | undefined, flags: ClaimFlags): void {
	const { usdPerMtok: price, hardware, model, isl, osl, card, tokens } = flags;
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

function ownOf(catalogue: Catalogue, flags: ClaimFlags, price: string, asOf: string): Parameters<typeof ownClaim>[1] {
	const { hardware, model } = flags;
	if (hardware === undefined || model === undefined) {
		const field = hardware === undefined ? "--hardware" : "--model";
		throw new FarthingError(2, "missing-field", `a claim of your own needs ${field}`, {
			field,
			expected: "--usd-per-mtok, --hardware and --model",
			hint: EXAMPLE,
		});
	}
	const unit = usdPerMtok(flags.tokens);
	const value = flagQuantity("--usd-per-mtok", price, unit, { bounds: { above: 0 } });
	if (value.kind !== "point")
		throw new FarthingError(2, "wrong-type", "--usd-per-mtok takes one price, not a range", {
			field: "--usd-per-mtok",
			expected: "one price",
			hint: "--usd-per-mtok 0.02",
		});
	const named = flags.card ?? defaultCard(asOf);
	const card = rateCard(catalogue, named);
	return {
		usdPerMtok: value.value / unit.factor,
		tokens: flags.tokens,
		hardware,
		model,
		...(flags.isl === undefined ? {} : { isl: flagLength("--isl", flags.isl) }),
		...(flags.osl === undefined ? {} : { osl: flagLength("--osl", flags.osl) }),
		card: card.found ? card.value.id : named,
	};
}
