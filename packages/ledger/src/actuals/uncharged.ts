/** What no charge reaches: its cost is not known, and its tokens have no part in what a token cost. */
import type { UsedWork } from "../attribution/attribute.ts";
import type { Owner } from "../attribution/attributed-line.ts";
import type { Actuals } from "./actuals.ts";
import { linesOnBasis } from "./on-basis.ts";

/**
 * Models that used tokens and that no charge reaches, whether of GPU time or of tokens: what they cost is not known. What a
 * deployment holds is a charge of its model on every basis, also where none of it counts as serving.
 */
export function unchargedModels(found: Actuals): ReadonlySet<string> {
	const charged = new Set<string | undefined>();
	for (const { owner } of linesOnBasis(
		found,
		found.question.basis === "marginal" ? "reserved" : found.question.basis,
	)) {
		charged.add(owner.model);
		if (owner.deployment !== undefined) charged.add(`deployment ${owner.deployment}`);
	}
	const isCharged = ({ model, deployment }: Owner): boolean =>
		charged.has(model) || (deployment !== undefined && charged.has(`deployment ${deployment}`));
	const reached = new Set(found.used.flatMap(({ owner }) => (isCharged(owner) ? [owner.model ?? ""] : [])));
	return new Set(found.used.map(({ owner }) => owner.model ?? "").filter((model) => !reached.has(model)));
}

/** What was served and a charge reaches: what a token cost is the cost over these. */
export function chargedWork(found: Actuals): readonly UsedWork[] {
	const uncharged = unchargedModels(found);
	return uncharged.size === 0 ? found.used : found.used.filter(({ owner }) => !uncharged.has(owner.model ?? ""));
}
