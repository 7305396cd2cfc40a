/** Amounts that follow each other to a sum, reckoned in billionths so that the last one ends at the sum itself. */
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";

export interface PaidStep {
	readonly key: string;
	readonly delta: number;
	readonly from: number;
	readonly to: number;
	readonly role: "start" | "step" | "end";
	readonly node?: string | undefined;
}

type Amounts = readonly { readonly key: string; readonly of: QuantityJson }[];

const NANO = 1e9;

/** From nothing over each amount to the sum; `start` begins it where there is one. */
export function stepsTo(sum: QuantityJson, amounts: Amounts, start?: QuantityJson): PaidStep[] {
	const first: PaidStep[] = start === undefined ? [] : [levelOf("start", start)];
	let at = nanoOf(start?.value ?? 0);
	const steps = amounts.map(({ key, of }): PaidStep => {
		const from = at;
		at += nanoOf(of.value ?? 0);
		return { key, delta: of.value ?? 0, from: from / NANO, to: at / NANO, role: "step", node: of.node };
	});
	return [...first, ...steps, levelOf("end", sum)];
}

/** What the steps leave open of the sum, in its unit: nothing but what doubles cannot hold. */
export function openOf(steps: readonly PaidStep[]): number {
	const before = steps.at(-2)?.to ?? 0;
	return (steps.at(-1)?.to ?? 0) - before;
}

const KINDS = [
	"serving",
	"idle_held",
	"committed",
	"unallocated",
	"unmetered",
	"shared",
	"credit",
	"tax",
	"residual",
] as const;

/** Rows as serving, then the other lines by kind; a kind of one line opens into it. */
export function paidKinds({ rows, lines, cost }: Pick<ActualsResult, "rows" | "lines" | "cost">): Amounts {
	const all = [
		...rows.map((row) => ({ kind: "serving", of: row.cost })),
		...lines.map(({ kind, cost: own }) => ({ kind: kind as string, of: own })),
	];
	return KINDS.flatMap((kind) => {
		const own = all.filter((each) => each.kind === kind);
		const [only] = own;
		if (only === undefined) return [];
		if (own.length === 1) return [{ key: kind, of: only.of }];
		const value = own.reduce((sum, { of }) => sum + nanoOf(of.value ?? 0), 0) / NANO;
		return [{ key: kind, of: { value, unit: cost.unit } }];
	});
}

function levelOf(role: "start" | "end", { value = 0, node }: QuantityJson): PaidStep {
	return { key: role, delta: value, from: 0, to: value, role, node };
}

function nanoOf(value: number): number {
	return Math.round(value * NANO);
}
