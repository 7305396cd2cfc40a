import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../test-support/point-fact.ts";
import { evaluate, scalarOf } from "../model/evaluate.ts";
import { buildModel } from "../model/flatten.ts";
import { fraction, usdPerGpuHour, year } from "../quantity/unit.ts";
import type { BuildUpInputs, BuildUpPart } from "./gpu-hour-build-up.ts";
import {
	BUILD_UP_PARTS,
	capitalRecovery,
	gpuHourBuildUp,
	kilowattPerGpu,
	perYear,
	usdPerGpu,
	usdPerGpuYear,
	usdPerKilowattHour,
	usdPerKilowattMonth,
	usdPerWatt,
	wattPerGpu,
} from "./gpu-hour-build-up.ts";

/** In the units people write: years, shares a year, kW, USD/kWh, USD/W, USD/kW/month, USD/GPU/year. */
interface Assumptions {
	readonly capital: number;
	readonly life: number;
	readonly rate: number;
	readonly residual: number;
	readonly power: number;
	readonly load: number;
	readonly pue: number;
	readonly energy: number;
	readonly maintenance: number;
	readonly staff: number;
	readonly software: number;
	readonly shell?: { readonly cost: number; readonly life: number; readonly rate: number };
	readonly rent?: number;
}

const shell = { cost: 11.5, life: 15, rate: 0.07 };
const common = { residual: 0, load: 0.8, staff: 0, software: 0 };
const hyperscaler = { ...common, life: 4, rate: 0.07, pue: 1.15, energy: 0.07, maintenance: 0.015, shell };
const neocloud = {
	...common,
	life: 4,
	rate: 0.12,
	pue: 1.25,
	energy: 0.087,
	maintenance: 0.02,
	staff: 0.03,
	rent: 130,
};
/** GB200 NVL72 at 3.9M USD a rack, five years at 8%. */
const rack: Assumptions = { ...hyperscaler, life: 5, rate: 0.08, capital: 3.9e6 / 72, power: 1.87 };

describe("gpuHourBuildUp", () => {
	// Worked by hand: capital, energy, facility, maintenance with staff, total.
	it.each<[string, Assumptions, number, number, number, number, number]>([
		["GB200 of a hyperscaler", { ...hyperscaler, capital: 51_400, power: 1.87 }, 1.732, 0.12, 0.27, 0.088, 2.21],
		["GB200 of a neocloud", { ...neocloud, capital: 55_800, power: 1.87 }, 2.097, 0.163, 0.333, 0.157, 2.75],
		["H100 of a hyperscaler", { ...hyperscaler, capital: 28_600, power: 1.37 }, 0.965, 0.088, 0.197, 0.049, 1.3],
		["H100 of a neocloud", { ...neocloud, capital: 32_500, power: 1.37 }, 1.223, 0.119, 0.244, 0.104, 1.69],
	])("gives the published rate and parts: %s", (_, of, capital, energy, facility, upkeep, total) => {
		const { parts, total: sum } = computed(of);
		expect(parts.capital).toBeCloseTo(capital, 2);
		expect(parts.energy).toBeCloseTo(energy, 3);
		expect(parts.facility).toBeCloseTo(facility, 3);
		expect(parts.maintenance + parts.staff).toBeCloseTo(upkeep, 3);
		expect(Math.abs(sum / total - 1)).toBeLessThan(0.01);
	});

	it("gives the base case of the GB200 rack over five years", () => {
		expect(computed(rack).total).toBeCloseTo(2.03, 2);
		expect(computed({ ...rack, rate: 0 }).total).toBeCloseTo(1.72, 2);
	});

	it.each<[string, Partial<Assumptions>, number, number]>([
		["life 4 years", { life: 4 }, 2.35, 16],
		["life 6 years", { life: 6 }, 1.82, -10],
		["capital +20%", { capital: rack.capital * 1.2 }, 2.36, 16],
		["capital −20%", { capital: rack.capital * 0.8 }, 1.7, -16],
		["12% a year", { rate: 0.12 }, 2.2, 8],
		["5% a year", { rate: 0.05 }, 1.91, -6],
		["AI Enterprise licence", { software: 4500 }, 2.54, 25],
		["residual 10%", { residual: 0.1 }, 1.93, -5],
		["residual 25%", { residual: 0.25 }, 1.77, -13],
		["maintenance 4%", { maintenance: 0.04 }, 2.19, 8],
		["power at 0.045 USD/kWh", { energy: 0.045 }, 1.99, -2],
		["power at 0.12 USD/kWh", { energy: 0.12 }, 2.12, 4],
		["PUE 1.08", { pue: 1.08 }, 2.02, -0.4],
		["PUE 1.35", { pue: 1.35 }, 2.05, 1],
		["shell at 9 USD/W", { shell: { ...shell, cost: 9 } }, 1.97, -3],
		["shell at 15 USD/W", { shell: { ...shell, cost: 15 } }, 2.11, 4],
	])("moves with one assumption as published: %s", (_, change, rate, percent) => {
		const base = computed(rack).total;
		const moved = computed({ ...rack, ...change }).total;
		expect(Math.abs(moved / rate - 1)).toBeLessThan(0.01);
		expect(Math.abs((moved / base - 1) * 100 - percent)).toBeLessThan(1);
	});

	it("is the sum of its parts, each by the formula in plain arithmetic", () => {
		fc.assert(
			fc.property(assumptions, (of) => {
				const { parts, total } = computed(of);
				const plain = byHand(of);
				for (const name of BUILD_UP_PARTS) expect(parts[name]).toBeCloseTo(plain[name], 9);
				expect(total).toBeCloseTo(
					BUILD_UP_PARTS.reduce((sum, name) => sum + plain[name], 0),
					9,
				);
			}),
			{ seed: 1 },
		);
	});

	it("pays for a shell or for rent, never for both", () => {
		const owned = computed({ ...rack, power: 2 });
		const leased = computed({ ...withoutShell(rack), rent: 130, power: 2 });
		expect(owned.parts.facility).toBeCloseTo((2000 * 11.5 * annuity(0.07, 15)) / 8760, 9);
		expect(leased.parts.facility).toBeCloseTo((12 * 2 * 130) / 8760, 9);
		expect(owned.total - owned.parts.facility).toBeCloseTo(leased.total - leased.parts.facility, 12);
	});

	it("rises with what is paid for and falls with what is kept", () => {
		const rising = ["capital", "rate", "power", "load", "pue", "energy", "maintenance", "staff", "software"] as const;
		fc.assert(
			fc.property(
				assumptions,
				fc.constantFrom(...rising),
				fc.double({ min: 1.01, max: 2, noNaN: true }),
				(of, name, by) => {
					expect(computed({ ...of, [name]: of[name] * by }).total).toBeGreaterThan(computed(of).total);
				},
			),
			{ seed: 2 },
		);
		fc.assert(
			fc.property(assumptions, fc.constantFrom("life" as const, "residual" as const), (of, name) => {
				fc.pre(of.residual * 1.2 < 1);
				expect(computed({ ...of, [name]: of[name] * 1.2 }).total).toBeLessThan(computed(of).total);
			}),
			{ seed: 3 },
		);
	});

	it("is homogeneous in money and does not care in which unit power is written", () => {
		fc.assert(
			fc.property(assumptions, fc.double({ min: 0.1, max: 10, noNaN: true }), (of, k) => {
				const money = ["capital", "energy", "staff", "software"] as const;
				const dearer = { ...of, ...Object.fromEntries(money.map((name) => [name, of[name] * k])) };
				const facility =
					of.shell === undefined ? { rent: (of.rent ?? 0) * k } : { shell: { ...of.shell, cost: of.shell.cost * k } };
				expect(computed({ ...dearer, ...facility }).total / computed(of).total).toBeCloseTo(k, 9);
				const watts = { ...inputsOf(of), provisionedPower: fact("power", wattPerGpu, of.power * 1000) };
				expect(totalOf(watts)).toBeCloseTo(computed(of).total, 9);
			}),
			{ seed: 4 },
		);
	});
});

describe("capitalRecovery", () => {
	it.each([
		[0.07, 4, 0.295228],
		[0.12, 4, 0.329234],
		[0.08, 5, 0.250456],
		[0.07, 15, 0.109795],
		[0, 4, 0.25],
		[0, 5, 0.2],
	])("at %d over %d years is %d", (rate, life, expected) => {
		expect(recovery(rate, life)).toBeCloseTo(expected, 6);
	});

	it("repays the capital: as many yearly payments have its value today", () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.integer({ min: 1, max: 30 }), (rate, years) => {
				fc.pre(rate === 0 || rate > 1e-6);
				const payment = recovery(rate, years);
				let present = 0;
				for (let k = 1; k <= years; k++) present += payment / (1 + rate) ** k;
				expect(present).toBeCloseTo(1, 8);
			}),
			{ seed: 5 },
		);
	});

	it("nears 1/n as capital gets free", () => {
		expect(recovery(1e-7, 7)).toBeCloseTo(1 / 7, 6);
	});
});

const positive = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const facilities = fc.oneof(
	fc.record({ shell: fc.record({ cost: positive(1, 30), life: positive(2, 30), rate: positive(0.01, 0.3) }) }),
	fc.record({ rent: positive(10, 400) }),
);
const assumptions: fc.Arbitrary<Assumptions> = fc
	.tuple(
		fc.record({
			capital: positive(1000, 200_000),
			life: positive(1, 10),
			rate: positive(0.005, 0.4),
			residual: positive(0.01, 0.7),
			power: positive(0.1, 5),
			load: positive(0.1, 1),
			pue: positive(1, 2),
			energy: positive(0.01, 0.5),
			maintenance: positive(0.001, 0.1),
			staff: positive(0.001, 1),
			software: positive(10, 10_000),
		}),
		facilities,
	)
	.map(([of, facility]) => ({ ...of, ...facility }));

function computed(of: Assumptions): { readonly total: number; readonly parts: Record<BuildUpPart, number> } {
	const { total } = gpuHourBuildUp("c", inputsOf(of));
	const evaluation = evaluate(buildModel([total]));
	const value = (id: string): number => scalarOf(evaluation, id) / usdPerGpuHour.factor;
	const parts = Object.fromEntries(BUILD_UP_PARTS.map((name) => [name, value(`c.${name}`)]));
	return { total: value("c"), parts: parts as Record<BuildUpPart, number> };
}

function totalOf(inputs: BuildUpInputs): number {
	return scalarOf(evaluate(buildModel([gpuHourBuildUp("c", inputs).total])), "c") / usdPerGpuHour.factor;
}

function inputsOf(of: Assumptions): BuildUpInputs {
	return {
		capital: fact("capital", usdPerGpu, of.capital),
		life: fact("life", year, of.life),
		costOfCapital: fact("rate", perYear, of.rate),
		residual: fact("residual", fraction, of.residual),
		provisionedPower: fact("power", kilowattPerGpu, of.power),
		powerLoad: fact("load", fraction, of.load),
		pue: fact("pue", fraction, of.pue),
		energyPrice: fact("energy", usdPerKilowattHour, of.energy),
		maintenance: fact("maintenance", perYear, of.maintenance),
		staff: fact("staff", usdPerGpuHour, of.staff),
		software: fact("software", usdPerGpuYear, of.software),
		facility:
			of.shell === undefined
				? { kind: "leased", rent: fact("rent", usdPerKilowattMonth, of.rent ?? 0) }
				: {
						kind: "owned",
						buildCost: fact("shell", usdPerWatt, of.shell.cost),
						life: fact("shell_life", year, of.shell.life),
						costOfCapital: fact("shell_rate", perYear, of.shell.rate),
					},
	};
}

/** The formulas of the handbook in plain numbers, USD per GPU-hour. */
function byHand(of: Assumptions): Record<BuildUpPart, number> {
	const crf = annuity(of.rate, of.life);
	return {
		capital: (of.capital * crf) / 8760,
		residual: (-of.residual * of.capital * (crf - of.rate)) / 8760,
		facility:
			of.shell === undefined
				? (12 * of.power * (of.rent ?? 0)) / 8760
				: (of.power * 1000 * of.shell.cost * annuity(of.shell.rate, of.shell.life)) / 8760,
		energy: of.power * of.load * of.pue * of.energy,
		maintenance: (of.maintenance * of.capital) / 8760,
		staff: of.staff,
		software: of.software / 8760,
	};
}

function annuity(rate: number, years: number): number {
	return rate / (1 - (1 + rate) ** -years);
}

function recovery(rate: number, years: number): number {
	const factor = capitalRecovery("crf", fact("rate", perYear, rate), fact("life", year, years));
	return scalarOf(evaluate(buildModel([factor])), "crf") / perYear.factor;
}

function withoutShell({ shell: _, ...rest }: Assumptions): Assumptions {
	return rest;
}
