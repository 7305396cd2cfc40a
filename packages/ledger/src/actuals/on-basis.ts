/** What was found once more on another basis: the same charges, meters and laws, shared out otherwise. */
import { attribute } from "../attribution/attribute.ts";
import type { AttributedLine, Owner } from "../attribution/attributed-line.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { CostBasis } from "../records/cost-window.ts";
import type { Actuals } from "./actuals.ts";

export function linesOnBasis(
	{ question, lines, held, used, laws, charges: { charges } }: Actuals,
	basis: CostBasis,
): readonly AttributedLine[] {
	if (question.basis === basis) return lines;
	const plainLaws = new Map([...laws].map(([deployment, { law }]) => [deployment, law]));
	return attribute({ basis, held, used, laws: plainLaws, charges }).lines;
}

/** What an owner pays for holding GPUs, and for keeping them at work, in billionths. */
export interface OnTwoBases {
	readonly owner: Owner;
	readonly reserved: bigint;
	readonly busy: bigint;
}

/** Who served anything or holds anything, by what was asked for; who holds most comes first. */
export function onTwoBases(found: Actuals): OnTwoBases[] {
	const sums = new Map<string, { readonly owner: Owner; reserved: bigint; busy: bigint }>();
	for (const basis of ["reserved", "busy"] as const) {
		for (const { kind, owner, amount } of linesBy(linesOnBasis(found, basis), found.question.by)) {
			if (kind !== "serving") continue;
			const key = JSON.stringify(owner);
			const sum = sums.get(key) ?? { owner, reserved: 0n, busy: 0n };
			sum[basis] += amount.nano;
			sums.set(key, sum);
		}
	}
	return [...sums]
		.sort(([a, { reserved: x }], [b, { reserved: y }]) => (y === x ? (a < b ? -1 : 1) : y > x ? 1 : -1))
		.map(([, sum]) => sum);
}
