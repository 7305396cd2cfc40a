/** Where machines stand: what space, power capacity and energy cost there, and how clean the energy is. */
import type { Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { LeasedFacility, OwnedFacility, UsdPerEnergy, UsdPerPower } from "../gpu-hour-build-up.ts";
import type { AtMonth } from "./demand-path.ts";

export interface Facility {
	readonly pue: Expr<Dimensionless>;
	/** Average over provisioned IT power. */
	readonly powerLoad: Expr<Dimensionless>;
	readonly energyPrice: Expr<UsdPerEnergy>;
	readonly energyPath?: AtMonth;
	/** Grid intensity. */
	readonly carbon?: Expr<{ readonly g: 1; readonly J: -1 }>;
	/**
	 * `owned`: a shell of one's own, charged by the year over its own life and cost of capital, as the build-up of a
	 * GPU-hour does. `built`: the same shell paid in cash as it is built. `leased`: rent by the kW. Never two.
	 */
	readonly space: OwnedFacility | LeasedFacility | BuiltFacility;
}

export interface BuiltFacility {
	readonly kind: "built";
	/** Cost to build, per watt of IT power. */
	readonly buildCost: Expr<UsdPerPower>;
	readonly lifeMonths: number;
}
