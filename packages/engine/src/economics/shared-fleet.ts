/**
 * Machines that several loads share: `GPUs = ⌈serving + spare⌉ up to whole hosts`, `$/token = GPUs·rate ÷ ΣD`; what sharing saves is
 * the bill of the fleets that each load would have alone, less that of the fleet that all share. All of it is paid for all day.
 */
import type { Expr } from "../model/expression.ts";
import { add, ceilTo, constant, define, divide, multiply, subtract, when } from "../model/expression.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import type { Gpus, TokensPerSecond, Unit, UsdPerGpuHour, UsdPerToken } from "../quantity/unit.ts";
import { day, fraction, gpu, one, per, usd, usdPerMtok } from "../quantity/unit.ts";
import type { FleetBill } from "./fleet.ts";

export interface SharedFleetInputs {
	/** GPUs that serve all loads at once, and those that stand by for any of them. */
	readonly serving: Expr<Gpus>;
	readonly spare: Expr<Gpus>;
	/** 1: whole servers or racks of `hostSize` GPUs; 0: single GPUs. */
	readonly wholeHosts: Expr<Dimensionless>;
	readonly hostSize: Expr<Gpus>;
	readonly rate: Expr<UsdPerGpuHour>;
	/** Mean demand of all loads. */
	readonly demand: Expr<TokensPerSecond<"total">>;
	/** Bills of the fleets that each load would have alone. */
	readonly alone: readonly [Expr<FleetBill>, ...Expr<FleetBill>[]];
	/** Bill of one fleet for all of it as one load, where one model serves all: what sharing is held to beside the others. */
	readonly asOneLoad?: Expr<FleetBill>;
}

export interface SharedFleet {
	readonly gpus: Expr<Gpus>;
	readonly bill: Expr<FleetBill>;
	readonly delivered: Expr<UsdPerToken<"total">>;
	readonly separateBill: Expr<FleetBill>;
	readonly separateDelivered: Expr<UsdPerToken<"total">>;
	/** Against fleets of their own. */
	readonly saved: Expr<FleetBill>;
	readonly savedShare: Expr<Dimensionless>;
	/** Against one fleet for all as one load, where there is one. */
	readonly savedOverOne?: Expr<FleetBill>;
	readonly savedOverOneShare?: Expr<Dimensionless>;
}

export const usdPerDay: Unit<FleetBill> = per(usd, day) as unknown as Unit<FleetBill>;

/** Nodes under `sharing.`. */
export function sharedFleet(of: SharedFleetInputs): SharedFleet {
	const single = add(of.serving, of.spare);
	const gpus = define(
		"sharing.gpus",
		gpu,
		when(of.wholeHosts, ">", constant(0.5, one), ceilTo(single, of.hostSize), single),
		{ label: "GPUs that all loads share", formula: "serving + spare, up to whole hosts" },
	);
	const bill = define("sharing.bill.day", usdPerDay, multiply(gpus, of.rate) as unknown as Expr<FleetBill>, {
		label: "bill of the shared fleet, per day",
		formula: "GPUs × $/GPU-hr",
		tags: { basis: "delivered" },
	});
	const separateBill = define("sharing.separate.bill.day", usdPerDay, add(...of.alone), {
		label: "bill of fleets of their own, per day",
		formula: "Σ over loads",
		tags: { basis: "delivered" },
	});
	const apart = savedAgainst("saved", "fleets of their own", separateBill, bill);
	const asOne =
		of.asOneLoad === undefined
			? undefined
			: savedAgainst("saved_over_one_load", "one fleet for all as one load", of.asOneLoad, bill);
	return {
		gpus,
		bill,
		separateBill,
		saved: apart.saved,
		savedShare: apart.share,
		...(asOne === undefined ? {} : { savedOverOne: asOne.saved, savedOverOneShare: asOne.share }),
		delivered: perToken("sharing.unit_cost.delivered.total", bill, of.demand, "cost per delivered token, shared"),
		separateDelivered: perToken(
			"sharing.separate.unit_cost.delivered.total",
			separateBill,
			of.demand,
			"cost per delivered token, each load on a fleet of its own",
		),
	};
}

/** What the shared fleet saves against another; below 0 where it costs more. */
function savedAgainst(
	name: string,
	against: string,
	other: Expr<FleetBill>,
	bill: Expr<FleetBill>,
): { readonly saved: Expr<FleetBill>; readonly share: Expr<Dimensionless> } {
	const saved = define(`sharing.${name}.day`, usdPerDay, subtract(other, bill), {
		label: `what sharing saves against ${against}, per day`,
		formula: `bill of ${against} − bill of the shared fleet`,
	});
	const share = define(`sharing.${name}_share`, fraction, divide(saved, other) as unknown as Expr<Dimensionless>, {
		label: `share of the bill of ${against} that sharing saves`,
		formula: `saved ÷ bill of ${against}`,
	});
	return { saved, share };
}

function perToken(
	id: string,
	bill: Expr<FleetBill>,
	demand: Expr<TokensPerSecond<"total">>,
	label: string,
): Expr<UsdPerToken<"total">> {
	return define(id, usdPerMtok("total"), divide(bill, demand) as unknown as Expr<UsdPerToken<"total">>, {
		label,
		formula: "bill ÷ mean demand",
		tags: { basis: "delivered" },
	});
}
