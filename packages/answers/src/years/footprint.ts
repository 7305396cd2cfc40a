/** Energy and carbon per token of machines that are owned, by the grid they might stand on. */
import type { AnyExpr } from "@farthing/engine";
import { constant, kilowattHour, megatoken, named, per, shareOf, sumOverMonths, times, unit } from "@farthing/engine";
import { nodeId } from "../node-id.ts";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { carbonOf } from "./own.ts";
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
	return [perToken, ...grids];
}

export function footprintOf(answer: Answer, owner: PricedStrategy | undefined): Footprint {
	if (owner?.flows.energy === undefined) return { carbon_per_mtok: [] };
	return {
		energy_per_mtok: json(answer, `${owner.name}.energy_per_mtok`),
		carbon_per_mtok: gridsOf(answer.asked).map(({ region }) => ({
			region,
			carbon: json(answer, `${owner.name}.carbon_per_mtok.${region}`),
		})),
	};
}
