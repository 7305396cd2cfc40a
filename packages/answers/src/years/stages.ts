/** Prototype, pilot and production side by side: what a million tokens pays for, of which a prototype does not see most. */
import type { AnyExpr, Asset, Expr, QuantityJson } from "@farthing/engine";
import {
	choose,
	isShell,
	minus,
	monthIndex,
	named,
	number,
	over,
	plus,
	shareOf,
	sumOverMonths,
	times,
	usdPerMtok,
} from "@farthing/engine";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { outputNamed } from "./comparisons.ts";
import { facilityOf } from "./own.ts";
import type { PricedStrategy, StrategyName } from "./strategies.ts";

export const STAGE_PARTS = ["servers", "network", "space", "power", "cooling", "people", "upkeep", "bought"] as const;
export type StagePart = (typeof STAGE_PARTS)[number];

export interface Stage {
	/** The way that owns the machines. */
	readonly strategy: StrategyName;
	readonly stage: "prototype" | "pilot" | "production";
	/** Month of the plan that stands for it. */
	readonly month: number;
	readonly total: QuantityJson;
	readonly parts: Readonly<Partial<Record<StagePart, QuantityJson>>>;
	/** Part of the total that pays for GPUs that serve nothing. */
	readonly idle: QuantityJson;
}

/** The month of the opening, of the first step of demand (or the middle), and the last. */
export function stageMonths({ years }: Asked): readonly { stage: Stage["stage"]; month: number }[] {
	const pilot = years.demand.steps.find(({ fromMonth }) => fromMonth > 1)?.fromMonth ?? Math.ceil(years.months / 2);
	const all = [
		{ stage: "prototype", month: 1 },
		{ stage: "pilot", month: Math.min(pilot, years.months) },
		{ stage: "production", month: years.months },
	] as const;
	return all.filter(({ month }, i) => all.findIndex((other) => other.month === month) === i);
}

/** Nodes `stage.<stage>.<part>` of a strategy that owns machines. */
export function stageNodes(asked: Asked, of: PricedStrategy): AnyExpr[] {
	const parts = monthlyParts(asked, of);
	const tokens = outputNamed(of, `${of.name}.tokens`);
	return stageMonths(asked).flatMap(({ stage, month }) => {
		const inMonth = (series: AnyExpr): AnyExpr =>
			sumOverMonths(times(series, choose(monthIndex(), "=", number(month), number(1), number(0))) as Expr<never>);
		const id = (name: string): string => `stage.${stage}.${name}`;
		const perToken = (name: string, label: string, series: AnyExpr): AnyExpr =>
			named(id(name), usdPerMtok("total"), shareOf(inMonth(series), inMonth(tokens)), {
				label: `${label}, month ${month}`,
				tags: { basis: "delivered" },
			});
		const total = perToken("total", "cost per delivered token", plus(...Object.values(parts)));
		const use = inMonth(of.flows.utilisation as AnyExpr);
		return [
			total,
			...Object.entries(parts).map(([name, series]) => perToken(name, name, series)),
			named(id("idle"), usdPerMtok("total"), times(total, minus(number(1), use)), {
				label: `cost of GPUs that serve nothing, month ${month}`,
				formula: "total × (1 − utilisation)",
				tags: { basis: "delivered" },
			}),
		];
	});
}

export function stageTable(answer: Answer, { name: strategy }: PricedStrategy): Stage[] {
	const { asked, evaluation } = answer;
	return stageMonths(asked).map(({ stage, month }) => {
		const of = (name: string): QuantityJson => json(answer, `stage.${stage}.${name}`);
		const there = STAGE_PARTS.filter((part) => evaluation.model.byId.has(`stage.${stage}.${part}`));
		return {
			strategy,
			stage,
			month,
			total: of("total"),
			parts: Object.fromEntries(there.map((part) => [part, of(part)])),
			idle: of("idle"),
		};
	});
}

/** Each part by month, in USD; together the annuity of capital and the running cost. */
function monthlyParts(asked: Asked, of: PricedStrategy): Partial<Record<StagePart, AnyExpr>> {
	const { running, assets } = of.flows;
	const { pue } = facilityOf(asked);
	const shell = assets.filter(isShell).map((asset) => chargeOf(of, asset));
	const machines = assets.filter((asset) => !isShell(asset));
	const network = machines.map((asset) => times(chargeOf(of, asset), networkShareOf(asset)));
	const all = machines.map((asset) => chargeOf(of, asset));
	const energy = running.energy as AnyExpr;
	const some = (...terms: readonly (AnyExpr | undefined)[]): AnyExpr[] => terms.filter((term) => term !== undefined);
	const parts: Record<StagePart, readonly AnyExpr[]> = {
		servers: [minus(plus(...all), plus(...network))],
		network,
		space: some(running.shell, running.colocation, ...shell),
		power: [over(energy, pue)],
		cooling: [minus(energy, over(energy, pue))],
		people: some(running.staff),
		upkeep: some(running.maintenance, running.failures, running.insurance, running.licences, running.egress),
		bought: some(running.rent, running.reserved, running.spot, running.api),
	};
	return Object.fromEntries(
		Object.entries(parts)
			.filter(([, terms]) => terms.length > 0)
			.map(([name, terms]) => [name, plus(...terms)]),
	);
}

function chargeOf(of: PricedStrategy, { name, installed, counts }: Asset): AnyExpr {
	return times(installed, counts, capitalChargeOf(of, name));
}

function capitalChargeOf(of: PricedStrategy, name: string): AnyExpr {
	const found = of.measures.charges.get(name);
	if (found === undefined) throw new TypeError(`no charge of ${name}`);
	return found;
}

/** What of all that was paid for machines of a generation is network. */
function networkShareOf({ paid }: Asset): AnyExpr {
	const network = paid.network;
	if (network === undefined) return number(0);
	const all = Object.values(paid).map((each) => sumOverMonths(each));
	return shareOf(sumOverMonths(network), plus(...all));
}
