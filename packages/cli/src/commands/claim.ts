import { claim, claims, FarthingError, ownClaim } from "@farthing/answers";
import { usdPerMtok } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard } from "../defaults.ts";
import { countFlag, quantityFlag } from "../given-flags.ts";
import { claimListText, claimText, ownClaimText } from "../show/claim.ts";

export interface ClaimFlags extends CommonFlags {
	readonly usdPerMtok?: string;
	readonly tokens: "total" | "input" | "output";
	readonly hardware?: string;
	readonly model?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly card?: string;
}

export async function runClaim(id: string | undefined, flags: ClaimFlags): Promise<void> {
	const store = catalogueStore();
	const asking = askingOf("claim", { id, ...flags }, flags, store);
	const catalogue = store.catalogue();
	if (flags.usdPerMtok !== undefined) {
		if (id !== undefined) throw new FarthingError(2, "contradiction", "name a claim, or give one of your own, not both", { field: "--usd-per-mtok" });
		deliver(ownClaim(catalogue, ownOf(flags, flags.usdPerMtok, asking.asOf), asking), flags, ownClaimText);
	} else if (id === undefined) {
		if (flags.hardware !== undefined || flags.model !== undefined) {
			throw new FarthingError(2, "missing-field", "a claim of one's own needs its price", { field: "--usd-per-mtok", expected: "--usd-per-mtok, --hardware and --model", hint: "farthing claim --usd-per-mtok 0.02 --hardware b200 --model gpt-oss-120b" });
		}
		deliver(claims(catalogue, asking), flags, claimListText);
	} else deliver(claim(catalogue, id, asking), flags, claimText);
}

function ownOf(flags: ClaimFlags, price: string, asOf: string): Parameters<typeof ownClaim>[1] {
	const { hardware, model } = flags;
	if (hardware === undefined || model === undefined) {
		const field = hardware === undefined ? "--hardware" : "--model";
		throw new FarthingError(2, "missing-field", `a claim of one's own needs ${field}`, { field, expected: "--usd-per-mtok, --hardware and --model", hint: "farthing claim --usd-per-mtok 0.02 --hardware b200 --model gpt-oss-120b" });
	}
	const unit = usdPerMtok(flags.tokens);
	const value = quantityFlag("--usd-per-mtok", price, unit, { bounds: { above: 0 } });
	if (value.kind !== "point") throw new FarthingError(2, "wrong-type", "--usd-per-mtok takes one price, not a range", { field: "--usd-per-mtok", expected: "one price" });
	return {
		usdPerMtok: value.value / unit.factor,
		tokens: flags.tokens,
		hardware,
		model,
		...(flags.isl === undefined ? {} : { isl: countFlag("--isl", flags.isl) }),
		...(flags.osl === undefined ? {} : { osl: countFlag("--osl", flags.osl) }),
		card: flags.card ?? defaultCard(asOf),
	};
}
