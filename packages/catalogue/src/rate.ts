import type { Facts, NamedId, RateCard, Tier } from "./catalogue.ts";
import { TIERS } from "./catalogue.ts";
import { isDay } from "./date.ts";
import type { Figure } from "./figure.ts";
import type { Lookup } from "./lookup.ts";
import { findId } from "./lookup.ts";

/** A rate of a card, or why the card has none. Never 0 for what is not known. */
export type Rate =
	| { readonly known: true; readonly figure: Figure }
	| { readonly known: false; readonly reason: string; readonly priced: readonly string[] };

/** The card with that id, or the card in force on that day. */
export function rateCard(facts: Pick<Facts, "rateCards">, idOrDay: string): Lookup<RateCard> {
	const ids = facts.rateCards.map((card) => card.id);
	const byId = facts.rateCards.find((card) => card.id === idOrDay);
	if (byId !== undefined) return { found: true, value: byId };
	if (!isDay(idOrDay)) {
		const result = findId("rate card", ids, idOrDay);
		return result.found ? rateCard(facts, result.value) : result;
	}
	const inForce = facts.rateCards.find((card) => card.from <= idOrDay && (card.until ?? "9999") > idOrDay);
	if (inForce !== undefined) return { found: true, value: inForce };
	return { found: false, name: idOrDay, reason: `no rate card was in force on ${idOrDay}`, nearest: ids };
}

export function findTier(facts: Pick<Facts, "tiers">, name: string): Lookup<NamedId<Tier>> {
	const result = findId("tier", TIERS, name);
	if (!result.found) return result;
	const tier = facts.tiers.find((entry) => entry.id === result.value);
	const reason = `the rate cards have no tier "${name}"`;
	return tier === undefined ? { found: false, name, reason, nearest: TIERS } : { found: true, value: tier };
}

export function rateFor(card: RateCard, hardware: string, tier: Tier): Rate {
	return cardFigure(card, hardware, tier, `no ${tier} rate`);
}

/** All-in power per GPU with the boundary of the card; not to be mixed with that of another card. */
export function powerFor(card: RateCard, hardware: string): Rate {
	return cardFigure(card, hardware, "allInPower", "no all-in power");
}

function cardFigure(card: RateCard, hardware: string, name: Tier | "allInPower", lack: string): Rate {
	const figure = card.rates[hardware]?.[name];
	if (figure !== undefined) return { known: true, figure };
	const priced = Object.keys(card.rates).filter((id) => card.rates[id]?.[name] !== undefined);
	return { known: false, reason: `card ${card.id} has ${lack} for ${hardware}`, priced };
}
