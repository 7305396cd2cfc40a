/**
 * Machines that several loads share: `GPUs = ⌈serving + spare⌉ up to whole hosts`, `$/token = GPUs·rate ÷ ΣD`; what sharing saves is
 * the bill of the fleets that each load would have alone, less that of the fleet that all share. All of it is paid for all day.
 */
import type { Expr } from "../model/expression.ts";
import { add, ceilTo, constant, define, divide, minimum, multiply, subtract, when } from "../model/expression.ts";
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
	/** Bill of one fleet for all of it as one load, where one model serves all: the least of it and the others is what sharing is held to. */
	readonly asOneLoad?: Expr<FleetBill>;
}

export interface SharedFleet {
	readonly gpus: Expr<Gpus>;
	readonly bill: Expr<FleetBill>;
	readonly delivered: Expr<UsdPerToken<"total">>;
	readonly separateBill: Expr<FleetBill>;
	readonly separateDelivered: Expr<UsdPerToken<"total">>;
	readonly saved: Expr<FleetBill>;
	readonly savedShare: Expr<Dimensionless>;
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
	const base = of.asOneLoad === undefined ? separateBill : minimum(separateBill, of.asOneLoad);
	const baseWords =
		of.asOneLoad === undefined
			? "bill of fleets of their own"
			: "the lower bill of fleets of their own and of one load";
	const saved = define("sharing.saved.day", usdPerDay, subtract(base, bill), {
		label: "what sharing saves, per day",
		formula: `${baseWords} − bill of the shared fleet`,
	});
	return {
		gpus,
		bill,
		separateBill,
		saved,
		delivered: perToken("sharing.unit_cost.delivered.total", bill, of.demand, "cost per delivered token, shared"),
		separateDelivered: perToken(
			"sharing.separate.unit_cost.delivered.total",
			separateBill,
			of.demand,
			"cost per delivered token, each load on a fleet of its own",
		),
		savedShare: define("sharing.saved_share", fraction, divide(saved, base) as unknown as Expr<Dimensionless>, {
			label: "share of the bill that sharing saves",
			formula: `saved ÷ ${baseWords}`,
		}),
	};
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
