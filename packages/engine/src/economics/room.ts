/**
 * What a fleet draws and how many GPUs there is room for: `power = GPUs · kW/GPU · PUE`, and the other way round
 * `GPUs = power ÷ (kW/GPU · PUE)`. Power is provisioned, not metered: what must stand ready for the fleet at full load, the share
 * of each GPU in hosts and network included.
 */
import type { Expr } from "../model/expression.ts";
import { ceilTo, constant, define, divide, multiply } from "../model/expression.ts";
import type { Dimensionless, Product } from "../quantity/dimension.ts";
import type { Gpus, Hosts, Power, Unit } from "../quantity/unit.ts";
import { fraction, host, kilowatt, megawatt } from "../quantity/unit.ts";

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

/** Node `<prefix>it_power`: the same before cooling and losses. */
export function fleetItPower(
	prefix: string,
	gpus: Expr<Gpus>,
	perGpu: Expr<Product<Power, { readonly gpu: -1 }>>,
): Expr<Power> {
	return define(`${prefix}it_power`, kilowatt as Unit<Power>, multiply(gpus, perGpu) as unknown as Expr<Power>, {
		label: "IT power the fleet needs",
		formula: "GPUs × provisioned power of a GPU",
	});
}

/** Node `<prefix>meter_power`. */
export function fleetMeterPower(prefix: string, itPower: Expr<Power>, pue: Expr<Dimensionless>): Expr<Power> {
	return define(`${prefix}meter_power`, kilowatt as Unit<Power>, multiply(itPower, pue) as Expr<Power>, {
		label: "power the fleet needs at the meter",
		formula: "IT power × PUE",
	});
}

/** Node `<prefix>site_share`. */
export function siteShare(prefix: string, meterPower: Expr<Power>, limit: Expr<Power>): Expr<Dimensionless> {
	return define(`${prefix}site_share`, fraction, divide(meterPower, limit) as unknown as Expr<Dimensionless>, {
		label: "share of the site's power",
		formula: "power at the meter ÷ power of the site",
	});
}

/** Node `<prefix>hosts`: servers or racks that hold the GPUs. */
export function fleetHosts(prefix: string, gpus: Expr<Gpus>, hostSize: Expr<GpusPerHost>): Expr<Hosts> {
	return define(
		`${prefix}hosts`,
		host as Unit<Hosts>,
		ceilTo(divide(gpus, hostSize) as unknown as Expr<Hosts>, constant(1, host)),
		{ label: "servers or racks of the fleet", formula: "GPUs ÷ GPUs of a host, up to whole ones" },
	);
}

export type GpusPerHost = { readonly gpu: 1; readonly host: -1 };
export const gpusPerHost: Unit<GpusPerHost> = { symbol: "GPU/host", dims: { gpu: 1, host: -1 }, factor: 1 };

/** GPUs, broken ones too, that so much power is enough for. Watts. */
export function gpusWithin(power: number, perGpu: number, pue: number): number {
	return power / (perGpu * pue);
}
