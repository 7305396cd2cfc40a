/**
 * What came of the GPU time that was paid for, each kind with its hours and its cost: for tokens that are sold, for others,
 * for requests that failed, held without work, held by nobody, seen by no meter. The costs are those of the busy basis and
 * add up, to the billionth, to what the GPUs cost.
 */
import { ownerKey } from "../attribution/attribute.ts";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import type { CostLineKind } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import { apportion } from "../records/money.ts";
import type { Actuals } from "./actuals.ts";
import { linesOnBasis } from "./on-basis.ts";

export type IdleKind = "at_work" | "paid" | "internal" | "failed" | "idle_held" | "unallocated" | "unmetered";

export interface IdleLine {
	readonly kind: IdleKind;
	/** GPU microseconds. */
	readonly gpu: number;
	readonly amount: Amount;
}

/** Nothing where no meter knows of a GPU. */
export function idleLedger(found: Actuals): IdleLine[] {
	const { currency } = found.question;
	const { atWork, sold, failed } = workOf(found);
	const lines = linesOnBasis(found, "busy").filter(isOfGpus);
	const others = (["idle_held", "unallocated", "unmetered"] as const).map(
		(kind): IdleLine => ({
			kind,
			gpu: kind === "unmetered" ? gpuOf(lines, kind) : timeOf(found.gpuTime, kind),
			amount: amountOf(lines, currency, kind),
		}),
	);
	if (atWork + others.reduce((sum, { gpu }) => sum + gpu, 0) === 0) return [];
	return [...atWorkLines(found, lines, { atWork, sold, failed }), ...others].filter(
		({ kind, gpu, amount }) => kind !== "unmetered" || gpu !== 0 || amount.nano !== 0n,
	);
}

interface Work {
	readonly atWork: number;
	/** For tokens that are sold; absent where no price of one's own is on file. */
	readonly sold?: number | undefined;
	readonly failed?: number | undefined;
}

/** GPU microseconds at work, and the parts of it that are known apart. */
export function workOf({ gpuTime, revenue, failed }: Actuals): Work {
	const atWork = timeOf(gpuTime, "serving");
	const sellers = sellersOf(revenue);
	const sold = gpuTime
		.filter(({ kind, owner }) => kind === "serving" && sellers.has(ownerKey(owner)))
		.reduce((sum, { amount }) => sum + Number(amount.nano), 0);
	return {
		atWork,
		...(revenue.length === 0 ? {} : { sold }),
		...(failed === undefined ? {} : { failed: Math.min(failed, atWork) }),
	};
}

/** Who sold and who did not shares what failed alike: logs do not say it of both at once. */
function atWorkLines(found: Actuals, lines: readonly AttributedLine[], { atWork, sold, failed }: Work): IdleLine[] {
	const { currency } = found.question;
	const lost = failed ?? 0;
	const done = atWork - lost;
	const serving = lines.filter(({ kind }) => kind === "serving");
	const all = amountOf(serving, currency, "serving");
	const sellers = sellersOf(found.revenue);
	const ofSellers = amountOf(
		serving.filter(({ owner }) => sellers.has(ownerKey(owner))),
		currency,
		"serving",
	).nano;
	const share = atWork === 0 ? 0 : done / atWork;
	const parts: readonly { readonly kind: IdleKind; readonly gpu: number; readonly weight: bigint }[] = [
		...(sold === undefined
			? [{ kind: "at_work" as const, gpu: done, weight: all.nano * BigInt(done) }]
			: [
					{ kind: "paid" as const, gpu: sold * share, weight: ofSellers * BigInt(done) },
					{ kind: "internal" as const, gpu: (atWork - sold) * share, weight: (all.nano - ofSellers) * BigInt(done) },
				]),
		...(failed === undefined ? [] : [{ kind: "failed" as const, gpu: lost, weight: all.nano * BigInt(lost) }]),
	];
	const weights = parts.map(({ weight }) => weight);
	// Credits on what served may leave less than nothing: weights below zero share nothing out.
	const isShared = weights.every((weight) => weight >= 0n) && weights.some((weight) => weight > 0n);
	const amounts = isShared ? apportion(all, weights) : parts.map((_, i) => (i === 0 ? all : { currency, nano: 0n }));
	return parts.map(({ kind, gpu }, i) => ({ kind, gpu, amount: amounts[i] as Amount }));
}

function sellersOf(revenue: Actuals["revenue"]): ReadonlySet<string> {
	return new Set(revenue.flatMap(({ owner, amount }) => (amount.nano > 0n ? [ownerKey(owner)] : [])));
}

/** Tokens that were bought of a provider took none of these GPUs. */
function isOfGpus({ kind, owner, gpu }: AttributedLine): boolean {
	return kind !== "serving" || owner.deployment !== undefined || gpu !== undefined;
}

function timeOf(lines: readonly AttributedLine[], kind: CostLineKind): number {
	return Number(lines.reduce((sum, line) => (line.kind === kind ? sum + line.amount.nano : sum), 0n));
}

function gpuOf(lines: readonly AttributedLine[], kind: CostLineKind): number {
	return lines.reduce((sum, line) => (line.kind === kind ? sum + (line.gpu ?? 0) : sum), 0);
}

function amountOf(lines: readonly AttributedLine[], currency: string, kind: CostLineKind): Amount {
	const nano = lines.reduce((sum, line) => (line.kind === kind ? sum + line.amount.nano : sum), 0n);
	return { currency, nano };
}
