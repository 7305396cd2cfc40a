/**
 * What a GPU-hour costs its owner, built up openly:
 * `c = I·CRF(r,n) − ρ·I·SFF(r,n) + facility + P·L·PUE·e + m·I + S + W`, with `CRF(r,n) = r / (1 − (1+r)⁻ⁿ)` and
 * `SFF = CRF − r`. Facility: own shell `P·b·CRF(r_f,n_f)` or leased `P·q`, never both. A year has 8,760 hours.
 *
 * Lineage: Koomey and others, "A simple model for determining true total cost of ownership for data centers" (Uptime
 * Institute, 2007); Hamilton (2008); Barroso, Clidaras and Hölzle, "The Datacenter as a Computer", chapter 6.
 */
import type { AnyExpr, Expr } from "../model/expression.ts";
import { add, constant, define, divide, multiply, negate, power, subtract, when } from "../model/expression.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import type { Time, Unit, UsdPerGpuHour } from "../quantity/unit.ts";
import { gpu, one, per, unitTimes, usd, usdPerGpuHour, watt, year } from "../quantity/unit.ts";

export type PerYear = { readonly s: -1 };
export type UsdPerGpu = { readonly USD: 1; readonly gpu: -1 };
export type PowerPerGpu = { readonly J: 1; readonly s: -1; readonly gpu: -1 };
export type UsdPerPower = { readonly USD: 1; readonly J: -1; readonly s: 1 };
export type UsdPerEnergy = { readonly USD: 1; readonly J: -1 };

export const perYear: Unit<PerYear> = { ...per(one, year), symbol: "/year" };
export const usdPerGpu: Unit<UsdPerGpu> = per(usd, gpu);
export const wattPerGpu: Unit<PowerPerGpu> = { symbol: "W/GPU", dims: { J: 1, s: -1, gpu: -1 }, factor: watt.factor };
export const kilowattPerGpu: Unit<PowerPerGpu> = { symbol: "kW/GPU", dims: { J: 1, s: -1, gpu: -1 }, factor: 1e3 };
export const usdPerWatt: Unit<UsdPerPower> = { symbol: "USD/W", dims: { USD: 1, J: -1, s: 1 }, factor: 1 };
export const usdPerKilowattHour: Unit<UsdPerEnergy> = { symbol: "USD/kWh", dims: { USD: 1, J: -1 }, factor: 1 / 3.6e6 };
/** Rent of capacity: money per watt of IT power and time, which has the dimension of money per energy. */
export const usdPerKilowattMonth: Unit<UsdPerEnergy> = {
	symbol: "USD/kW/month",
	dims: { USD: 1, J: -1 },
	factor: 1 / (1e3 * 2_628_000),
};
export const usdPerGpuYear: Unit<UsdPerGpuHour> = { ...per(usd, unitTimes(gpu, year)), symbol: "USD/GPU/year" };

export interface BuildUpInputs {
	/** All-in IT capital per GPU: server, scale-out network, storage, installation, spares. */
	readonly capital: Expr<UsdPerGpu>;
	readonly life: Expr<Time>;
	/** Cost of capital per year. */
	readonly costOfCapital: Expr<PerYear>;
	/** Share of the capital that is left at the end of life. */
	readonly residual: Expr<Dimensionless>;
	/** Provisioned IT power per GPU: what is rented or built. */
	readonly provisionedPower: Expr<PowerPerGpu>;
	/** Average over provisioned power: what is metered. */
	readonly powerLoad: Expr<Dimensionless>;
	readonly pue: Expr<Dimensionless>;
	readonly energyPrice: Expr<UsdPerEnergy>;
	/** Maintenance per year, as a share of the capital. */
	readonly maintenance: Expr<PerYear>;
	readonly staff: Expr<UsdPerGpuHour>;
	readonly software: Expr<UsdPerGpuHour>;
	readonly facility: OwnedFacility | LeasedFacility;
}

export interface OwnedFacility {
	readonly kind: "owned";
	/** Cost to build, per watt of IT power. */
	readonly buildCost: Expr<UsdPerPower>;
	readonly life: Expr<Time>;
	readonly costOfCapital: Expr<PerYear>;
}

export interface LeasedFacility {
	readonly kind: "leased";
	readonly rent: Expr<UsdPerEnergy>;
}

export const BUILD_UP_PARTS = [
	"capital",
	"residual",
	"facility",
	"energy",
	"maintenance",
	"staff",
	"software",
] as const;
export type BuildUpPart = (typeof BUILD_UP_PARTS)[number];

export interface BuildUp {
	readonly total: Expr<UsdPerGpuHour>;
	readonly parts: Readonly<Record<BuildUpPart, Expr<UsdPerGpuHour>>>;
}

/** $/GPU-hr with each part as a node `<id>.<part>`; `residual` is negative. */
export function gpuHourBuildUp(id: string, of: BuildUpInputs): BuildUp {
	const crf = capitalRecovery(`${id}.crf`, of.costOfCapital, of.life);
	const sinking = define(`${id}.sff`, perYear, subtract(crf, of.costOfCapital), {
		label: "sinking fund factor",
		formula: "SFF = CRF − r",
	});
	const part = (name: BuildUpPart, label: string, formula: string, value: Expr<UsdPerGpuHour>): Expr<UsdPerGpuHour> =>
		define(`${id}.${name}`, usdPerGpuHour, value, { label, formula });
	const parts: BuildUp["parts"] = {
		capital: part("capital", "capital", "I · CRF(r, n)", asRate(multiply(of.capital, crf))),
		residual: part(
			"residual",
			"resale value at the end of life",
			"−ρ · I · SFF(r, n)",
			asRate(negate(multiply(multiply(of.residual, of.capital), sinking))),
		),
		facility: part("facility", facilityLabel(of.facility), facilityFormula(of.facility), facilityCost(id, of)),
		energy: part(
			"energy",
			"energy",
			"P · L · PUE · e",
			asRate(multiply(multiply(multiply(of.provisionedPower, of.powerLoad), of.pue), of.energyPrice)),
		),
		maintenance: part("maintenance", "maintenance and repair", "m · I", asRate(multiply(of.maintenance, of.capital))),
		staff: part("staff", "staff", "S", of.staff),
		software: part("software", "software licences", "W", of.software),
	};
	const terms = BUILD_UP_PARTS.map((name) => parts[name]) as [Expr<UsdPerGpuHour>, ...Expr<UsdPerGpuHour>[]];
	const total = define(id, usdPerGpuHour, add(...terms), {
		label: "cost of a GPU-hour to its owner",
		formula: "levelised cost of ownership, sum of its parts",
	});
	return { total, parts };
}

/** Capital recovery factor per year; 1/n where capital costs nothing. */
export function capitalRecovery(id: string, rate: Expr<PerYear>, life: Expr<Time>): Expr<PerYear> {
	const oneYear = constant(1, year);
	const years = divide(life, oneYear) as Expr<Dimensionless>;
	const r = multiply(rate, oneYear) as Expr<Dimensionless>;
	const annuity = divide(
		r,
		subtract(constant(1, one), power(add(constant(1, one), r), negate(years))),
	) as Expr<Dimensionless>;
	const factor = when(r, "=", constant(0, one), divide(constant(1, one), years) as Expr<Dimensionless>, annuity);
	return define(id, perYear, divide(factor, oneYear) as Expr<PerYear>, {
		label: "capital recovery factor",
		formula: "CRF(r, n) = r / (1 − (1+r)⁻ⁿ)",
	});
}

function facilityCost(id: string, { facility, provisionedPower }: BuildUpInputs): Expr<UsdPerGpuHour> {
	if (facility.kind === "leased") return asRate(multiply(provisionedPower, facility.rent));
	const crf = capitalRecovery(`${id}.facility_crf`, facility.costOfCapital, facility.life);
	return asRate(multiply(multiply(provisionedPower, facility.buildCost), crf));
}

function facilityLabel({ kind }: BuildUpInputs["facility"]): string {
	return kind === "leased" ? "leased space and power capacity" : "own building and power plant";
}

function facilityFormula({ kind }: BuildUpInputs["facility"]): string {
	return kind === "leased" ? "P · q" : "P · b · CRF(r_f, n_f)";
}

/** Products of typed factors come out in a dimension the compiler spells differently; `define` checks it again. */
function asRate(of: AnyExpr): Expr<UsdPerGpuHour> {
	return of as Expr<UsdPerGpuHour>;
}
