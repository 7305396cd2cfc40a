/**
 * What a fleet draws and how many GPUs there is room for: `power = GPUs · kW/GPU · PUE`, and the other way round
 * `GPUs = power ÷ (kW/GPU · PUE)`. Power is provisioned, not metered: what must stand ready for the fleet at full load, the share
 * of each GPU in hosts and network included.
 */
import type { Expr } from "../model/expression.ts";
import { define, multiply } from "../model/expression.ts";
import type { Dimensionless, Product } from "../quantity/dimension.ts";
import type { Gpus, Power, Unit } from "../quantity/unit.ts";
import { megawatt } from "../quantity/unit.ts";

/** Node `<prefix>power`. */
export function fleetPower(
	prefix: string,
	gpus: Expr<Gpus>,
	perGpu: Expr<Product<Power, { readonly gpu: -1 }>>,
	pue: Expr<Dimensionless>,
): Expr<Power> {
	return define(
		`${prefix}power`,
		megawatt as Unit<Power>,
		multiply(multiply(gpus, perGpu), pue) as unknown as Expr<Power>,
		{ label: "power the fleet needs of the site", formula: "GPUs × provisioned power of a GPU × PUE" },
	);
}

/** GPUs, broken ones too, that so much power is enough for. Watts. */
export function gpusWithin(power: number, perGpu: number, pue: number): number {
	return power / (perGpu * pue);
}
