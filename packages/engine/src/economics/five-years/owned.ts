/** Owning the machines: fleet, capital and running cost put together. */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { cumulative, previous, constant } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import { kilowatt, usd } from "../../quantity/unit.ts";
import type { CapitalPrices, ResidualPoint, Usd } from "./capital.ts";
import { builtShell, capital } from "./capital.ts";
import type { Facility } from "./facility.ts";
import { monthly, number, plus, times } from "./formula.ts";
import type { Asset, Flows } from "./measures.ts";
import type { Generation, OwnedFleet, OwnedFleetInputs } from "./owned-fleet.ts";
import { ownedFleet } from "./owned-fleet.ts";
import type { RunningItem, RunningPrices } from "./running-cost.ts";
import { runningCost } from "./running-cost.ts";

export interface OwnedInputs extends Omit<OwnedFleetInputs, "generations" | "pue"> {
	readonly generations: readonly [PricedGeneration, ...PricedGeneration[]];
	readonly facility: Facility;
	/** Share paid with the order. */
	readonly deposit?: Expr<Dimensionless>;
	readonly residual: readonly ResidualPoint[];
	readonly running: RunningPrices;
	readonly committed: ReadonlySet<RunningItem>;
	/** Mean demand whose tokens leave the site, where it is not what own machines serve. */
	readonly traffic?: AnyExpr;
	/** 1: full cost; 0: marginal, what is already committed left out. */
	readonly lens: Expr<Dimensionless>;
}

export interface PricedGeneration extends Generation {
	readonly prices: CapitalPrices;
}

export interface Owned {
	readonly fleet: OwnedFleet;
	readonly flows: Flows;
}

export function owned(prefix: string, of: OwnedInputs): Owned {
	const { calendar, facility, lens } = of;
	const fleet = ownedFleet(prefix, { ...of, pue: facility.pue });
	const assets = fleet.generations.map((each, i): Asset => {
		const { prices } = of.generations[i] as PricedGeneration;
		const id = `${prefix}${each.generation.name}.`;
		const bought = capital(id, {
			calendar,
			fleet: each,
			prices,
			leadMonths: of.leadMonths,
			...(of.deposit === undefined ? {} : { deposit: of.deposit }),
			residual: of.residual,
			existingCounts: lens,
		});
		return { name: each.generation.name, lifeMonths: each.lifeMonths, ...bought };
	});
	const shell = facility.space.kind === "built" ? [shellAsset(prefix, of, fleet)] : [];
	const last = of.generations[of.generations.length - 1] as PricedGeneration;
	const running = runningCost(prefix, {
		calendar,
		gpus: fleet.gpus,
		power: fleet.power,
		installed: plus(...assets.map((asset) => asset.installed)),
		served: of.traffic ?? fleet.served,
		facility,
		prices: of.running,
		committed: of.committed,
		lens,
		...(last.prices.path === undefined ? {} : { hardwarePath: last.prices.path }),
	});
	const { demand, served, shortfall, gpus, power, utilisation, reserveUsed } = fleet;
	return {
		fleet,
		flows: {
			demand,
			served,
			shortfall,
			gpus,
			power,
			utilisation,
			reserveUsed,
			assets: [...assets, ...shell],
			running: running.items,
			energy: running.energy,
			...(running.carbon === undefined ? {} : { carbon: running.carbon }),
		},
	};
}

/** A building is paid for when the power it gives is ordered, and serves from then on. */
function shellAsset(prefix: string, of: OwnedInputs, fleet: OwnedFleet): Asset {
	if (of.facility.space.kind !== "built") throw new TypeError("no building is bought");
	const { buildCost, lifeMonths } = of.facility.space;
	const ahead = monthly(
		`${prefix}power_standing`,
		kilowatt,
		plus(...fleet.generations.map((each) => times(each.standing, each.generation.power))),
		{ label: "provisioned IT power once all orders have arrived" },
	);
	const { paid, resale } = builtShell(prefix, { calendar: of.calendar, ahead, buildCost, lifeMonths });
	const noUsd: Expr<Usd> = constant(0, usd);
	return {
		name: "shell",
		paid: { shell: paid },
		placed: paid,
		installed: previous(cumulative(paid), noUsd),
		counts: number(1),
		lifeMonths,
		endShare: number(0),
		resale,
	};
}
