/** Energy and carbon per token of machines that are owned, by the grid they might stand on. */
import type { AnyExpr, Expr } from "@farthing/engine";
import {
	constant,
	kilowattHour,
	megatoken,
	named,
	per,
	shareOf,
	sumOverMonths,
	times,
	unit,
	usdPerKilowattHour,
	usdPerMtok,
} from "@farthing/engine";
import { nodeId } from "../node-id.ts";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { carbonOf } from "./own.ts";
import type { UsdPerEnergy } from "@farthing/scenario";
import type { Footprint } from "./result.ts";
import type { PricedStrategy } from "./strategies.ts";

const COMPARED = ["USA", "SWE", "FRA", "DEU", "IND"] as const;

const kwhPerMtok = per(kilowattHour, megatoken("total"));

const gramsPerMtok = per(unit("gCO2", { g: 1 }, 1), megatoken("total"));

/** Grids that are looked at: the scenario's own first. */
function gridsOf(
	asked: Asked,
): readonly { readonly region: string; readonly grid: NonNullable<ReturnType<typeof carbonOf>> }[] {
	const own = carbonOf(asked, asked.years.facility.grid, asked.years.facility.region);
	const others = COMPARED.flatMap((region) => {
		const grid = carbonOf(asked, region, undefined);
		return grid === undefined ? [] : [{ region, grid }];
	});
	const first = own === undefined ? [] : [{ region: nodeId(own).slice("grid.".length), grid: own }];
	return [...first, ...others.filter(({ region }) => region !== first[0]?.region)];
}

export function footprintNodes(asked: Asked, { name, flows }: PricedStrategy): AnyExpr[] {
	const served = sumOverMonths(flows.served);
	const { energy } = flows;
	if (energy === undefined) return [];
	const tokens = times(served, constant(2_628_000, { symbol: "s", dims: { s: 1 }, factor: 1 }));
	const perToken = named(`${name}.energy_per_mtok`, kwhPerMtok, shareOf(sumOverMonths(energy), tokens), {
		label: "energy per million tokens",
		formula: "energy drawn from the grid ÷ tokens served",
	});
	const grids = gridsOf(asked).map(({ region, grid }) =>
		named(`${name}.carbon_per_mtok.${region}`, gramsPerMtok, times(perToken, grid), {
			label: `carbon per million tokens, ${region}`,
			formula: "energy × grid intensity",
		}),
	);
	return [
		perToken,
		...grids,
		...regionsOf(asked).flatMap(({ region, price, grid }) => regionNodes(name, region, perToken, price, grid)),
	];
}

const REGIONS = ["US-TX", "US-VA", "US-IA", "US-WA", "US-CA"] as const;

interface Region {
	readonly region: string;
	readonly price: Expr<UsdPerEnergy>;
	readonly grid: ReturnType<typeof carbonOf>;
}

/** Regions whose price of energy the catalogue knows: the scenario's own first. */
function regionsOf(asked: Asked): readonly Region[] {
	const { region: own, grid } = asked.years.facility;
	const names = [...new Set([...(own === undefined ? [] : [own]), ...REGIONS])];
	return names.flatMap((region): Region[] => {
		const found = asked.catalogue.facility
			.filter((fact) => fact.kind === "electricity" && fact.region?.toLowerCase() === region.toLowerCase())
			.filter((fact) => fact.figure.unit === "USD/kWh")
			.sort((a, b) => (a.figure.asOf < b.figure.asOf ? 1 : -1))[0];
		if (found === undefined) return [];
		const price = asked.fact(
			`energy_price.${region}`,
			usdPerKilowattHour,
			found.figure,
			`price of energy, ${region}`,
			`facility/${found.id}`,
		);
		return [{ region, price, grid: carbonOf(asked, region === own ? grid : undefined, region) }];
	});
}

const usdPerMegatoken = usdPerMtok("total");

function regionNodes(name: string, region: string, perToken: AnyExpr, price: AnyExpr, grid: Region["grid"]): AnyExpr[] {
	const cost = named(`${name}.region.${region}.energy_cost_per_mtok`, usdPerMegatoken, times(perToken, price), {
		label: `cost of energy per million tokens, ${region}`,
		formula: "energy × price of energy",
		tags: { basis: "delivered" },
	});
	if (grid === undefined) return [cost];
	return [
		cost,
		named(`${name}.region.${region}.carbon_per_mtok`, gramsPerMtok, times(perToken, grid), {
			label: `carbon per million tokens, ${region}`,
			formula: "energy × grid intensity",
		}),
	];
}

export function footprintOf(answer: Answer, owner: PricedStrategy | undefined): Footprint {
	if (owner?.flows.energy === undefined) return { carbon_per_mtok: [], regions: [] };
	return {
		strategy: owner.name,
		energy_per_mtok: json(answer, `${owner.name}.energy_per_mtok`),
		carbon_per_mtok: gridsOf(answer.asked).map(({ region }) => ({
			region,
			carbon: json(answer, `${owner.name}.carbon_per_mtok.${region}`),
		})),
		regions: regionsOf(answer.asked).map(({ region, grid }) => ({
			region,
			energy_price: json(answer, `energy_price.${region}`),
			energy_cost_per_mtok: json(answer, `${owner.name}.region.${region}.energy_cost_per_mtok`),
			...(grid === undefined
				? {}
				: { carbon_per_mtok: json(answer, `${owner.name}.region.${region}.carbon_per_mtok`) }),
		})),
	};
}
