/** What each owner used and cost, with what it sold for where that is known. */
import type { Grade, QuantityJson } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import type { AttributedLine, Owner } from "../attribution/attributed-line.ts";
import { linesBy, ownerBy } from "../attribution/line-sums.ts";
import type { Amount } from "../records/money.ts";
import { addAmounts } from "../records/money.ts";
import type { Actuals } from "./actuals.ts";
import type { ActualsRow } from "./actuals-json.ts";
import { costModelled, isTimeModelled, workByOwner } from "./by-modelled-law.ts";
import type { Shower, Tokens } from "./quantities-of-actuals.ts";
import {
	BY_MODEL,
	computedOf,
	coverageWith,
	deliveredOf,
	outputOf,
	unitsOf,
	unknownMoney,
} from "./quantities-of-actuals.ts";
import type { Revenue } from "./revenue.ts";
import { chargedWork } from "./uncharged.ts";
import { addTokens } from "./used-work.ts";

export interface RowOptions {
	/** For energy. */
	readonly pue?: number | undefined;
	/** Of the whole answer. */
	readonly coverage: number;
	/** All that was served beside the work of the rows, where they are not of all. */
	readonly among?: readonly UsedWork[] | undefined;
}

/** Of the lines of serving; dearest first. */
export function rowsOf(found: Actuals, show: Shower, { pue, coverage, among = found.used }: RowOptions): ActualsRow[] {
	const { by, basis } = found.question;
	const works = workByOwner(found);
	const isCostModelled = costModelled(found, among);
	const serving = found.lines.filter(({ kind }) => kind === "serving");
	const tokens = new Map<string, Tokens>();
	for (const { owner, tokens: own } of found.used) {
		const key = keyOf(ownerBy(owner, by));
		tokens.set(key, addTokens(tokens.get(key) ?? {}, own));
	}
	const revenues = revenuesBy(found, by);
	const energies = new Map<string, AttributedLine[]>();
	for (const line of linesBy(found.energy, by)) {
		if (line.kind === "serving") energies.set(keyOf(line.owner), [line]);
	}
	const costs = new Map(linesBy(serving, by).map((line) => [keyOf(line.owner), line]));
	const charged = new Map<string, Tokens>();
	for (const { owner, tokens: own } of chargedWork(found)) {
		const key = keyOf(ownerBy(owner, by));
		charged.set(key, addTokens(charged.get(key) ?? {}, own));
	}
	const owners = new Map<string, Owner>();
	for (const { owner } of found.used) owners.set(keyOf(ownerBy(owner, by)), ownerBy(owner, by));
	for (const { owner } of costs.values()) owners.set(keyOf(owner), owner);
	return [...owners]
		.map(([key, owner]) => {
			const line = costs.get(key);
			const own = tokens.get(key) ?? {};
			const amount = line?.amount ?? { currency: found.question.currency, nano: 0n };
			const energy = joulesOf(energies.get(key) ?? [], pue);
			const delivered = deliveredOf(own);
			const isKnown = line !== undefined || charged.has(key);
			const priced = charged.get(key) ?? {};
			const known = coverageWith(coverage, own, priced);
			const per = deliveredOf(priced);
			const work = works.get(key) ?? [];
			const byModel = isCostModelled(work, basis);
			const isTime = isTimeModelled(found, work);
			const row: ActualsRow = {
				...owner,
				tokens: isKnown ? show.tokens(own, priced) : show.tokens(own),
				cost: isKnown ? show.shared(amount, byModel) : unknownMoney(amount.currency),
				...(per === 0 || !isKnown
					? {}
					: { unit_cost: show.unitCost(amount, per, "total", byModel, { coverage: known }) }),
				...(line === undefined ? {} : byTokens(line, priced, show, isTime)),
				...(line?.gpu === undefined ? {} : { gpu_hours: show.gpuHours(line.gpu, byModel) }),
				...(energy === undefined ? {} : energyOfRow(energy, delivered, isTime ? BY_MODEL : "A")),
				// What sold tokens cost of which a part is unknown leaves no margin to tell.
				...revenueMembers(revenues.get(key), isKnown && per === delivered ? amount : undefined, show),
				coverage: isKnown ? known : coverage,
			};
			return row;
		})
		.sort((a, b) => (b.cost.value ?? 0) - (a.cost.value ?? 0));
}

function revenuesBy({ revenue }: Actuals, by: Actuals["question"]["by"]): Map<string, Revenue> {
	const sums = new Map<string, Revenue>();
	for (const each of revenue) {
		const owner = ownerBy(each.owner, by);
		const before = sums.get(keyOf(owner));
		sums.set(keyOf(owner), {
			owner,
			amount: before === undefined ? each.amount : addAmounts(before.amount, each.amount),
			isComplete: each.isComplete && (before?.isComplete ?? true),
		});
	}
	return sums;
}

function revenueMembers(sold: Revenue | undefined, cost: Amount | undefined, show: Shower): Partial<ActualsRow> {
	if (sold === undefined || !sold.isComplete) return {};
	const { currency, nano } = sold.amount;
	const revenue: QuantityJson = { value: unitsOf(nano), unit: currency, grade: "E" };
	if (nano === 0n || cost === undefined) return { revenue };
	return { revenue, margin: show.share(1 - Number(cost.nano) / Number(nano), revenue.grade) };
}

export function byTokens(
	{ input, output }: AttributedLine,
	tokens: Tokens,
	show: Shower,
	byModel: boolean,
): Pick<ActualsRow, "by_tokens"> {
	const computed = computedOf(tokens);
	const made = outputOf(tokens);
	const members = {
		...(input === undefined || computed === 0 ? {} : { input: show.unitCost(input, computed, "input", byModel) }),
		...(output === undefined || made === 0 ? {} : { output: show.unitCost(output, made, "output", byModel) }),
	};
	return Object.keys(members).length === 0 ? {} : { by_tokens: members };
}

/** Joules at the meters times PUE; nothing where no meter saw any. */
export function joulesOf(lines: readonly AttributedLine[], pue = 1): number | undefined {
	if (lines.length === 0) return undefined;
	return (Number(lines.reduce((sum, { amount }) => sum + amount.nano, 0n)) / 1000) * pue;
}

function energyOfRow(joules: number, delivered: number, grade: Grade): Partial<ActualsRow> {
	const energy = { value: joules / 3.6e6, unit: "kWh", grade };
	if (delivered === 0) return { energy };
	return {
		energy,
		energy_per_mtok: { value: (joules / 3.6e6 / delivered) * 1e6, unit: "kWh/Mtok", tokens: "total", grade },
	};
}

function keyOf(owner: Owner): string {
	return JSON.stringify(owner);
}
