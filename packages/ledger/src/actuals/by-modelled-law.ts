/**
 * Which numbers a law of GPU time decides that nobody measured for the model. A number has the same grade by whatever the
 * answer is grouped: only where its value rests on such a law is it a model.
 */
import type { UsedWork } from "../attribution/attribute.ts";
import type { Owner } from "../attribution/attributed-line.ts";
import { ownerBy } from "../attribution/line-sums.ts";
import type { CostBasis } from "../records/cost-window.ts";
import type { Actuals } from "./actuals.ts";

/** What all deployments had at work, or left idle. */
export function isAnyModelled({ laws }: Pick<Actuals, "laws">): boolean {
	return [...laws.values()].some(({ state }) => state === "modelled");
}

/** What one deployment had at work or left idle; without usage it has no law, and all of its time is idle. */
export function isModelledIn({ laws }: Pick<Actuals, "laws">, { deployment = "" }: Owner): boolean {
	return laws.get(deployment)?.state === "modelled";
}

/** The GPU time of some work, and its cost on the busy basis or by input and output. */
export function isTimeModelled(found: Pick<Actuals, "laws">, own: readonly UsedWork[]): boolean {
	return own.some(({ owner }) => isModelledIn(found, owner));
}

/**
 * Whether the cost of some work, `own` among `all`, rests on it. Who holds a deployment alone pays for all of it on the
 * reserved basis, whatever the law says.
 */
export function costModelled(
	found: Pick<Actuals, "laws">,
	all: readonly UsedWork[],
): (own: readonly UsedWork[], basis: CostBasis) => boolean {
	const counts = countsOf(all);
	return (own, basis) => {
		if (basis !== "reserved") return isTimeModelled(found, own);
		const owned = countsOf(own);
		return own.some(
			({ owner }) => isModelledIn(found, owner) && owned.get(owner.deployment) !== counts.get(owner.deployment),
		);
	};
}

/** Work of each row, by the key of its owner. */
export function workByOwner({ used, question: { by } }: Actuals): ReadonlyMap<string, readonly UsedWork[]> {
	const found = new Map<string, UsedWork[]>();
	for (const each of used) {
		const key = JSON.stringify(ownerBy(each.owner, by));
		const own = found.get(key);
		if (own === undefined) found.set(key, [each]);
		else own.push(each);
	}
	return found;
}

function countsOf(work: readonly UsedWork[]): Map<string | undefined, number> {
	const counts = new Map<string | undefined, number>();
	for (const { owner } of work) counts.set(owner.deployment, (counts.get(owner.deployment) ?? 0) + 1);
	return counts;
}
