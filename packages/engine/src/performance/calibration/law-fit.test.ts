import { describe, expect, it } from "vitest";
import { exp, log } from "../../numerics/elementary.ts";
import { fitConstants } from "./law-fit.ts";

/** Time of a step: fixed + per token · t, as measured at these sizes. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const TRUE: [number, number] = [3e-3, 2e-5];
const times = SIZES.map((t) => TRUE[0] + TRUE[1] * t);
const residuals =
	(measured: readonly number[]) =>
	(constants: readonly number[], into: Float64Array): void => {
		const [fixed, perToken] = constants as [number, number];
		measured.forEach((time, i) => {
			into[i] = log(time / (fixed + perToken * (SIZES[i] as number)));
		});
	};
const options = { scale: 0.3, pull: 1e-6, rounds: 40 };
const weights = new Float64Array(SIZES.length).fill(1);

describe("fitting the constants of a law", () => {
	it("finds constants that made the rows, from a prior far away", () => {
		const fit = fitConstants([1e-2, 1e-6], SIZES.length, residuals(times), weights, options);
		expect(fit.constants[0]).toBeCloseTo(TRUE[0], 6);
		expect((fit.constants[1] as number) / TRUE[1]).toBeCloseTo(1, 3);
	});

	it("is moved little by one wild row", () => {
		const wild = times.map((time, i) => (i === 2 ? time * exp(3) : time));
		const fit = fitConstants([1e-2, 1e-6], SIZES.length, residuals(wild), weights, options);
		expect((fit.constants[0] as number) / TRUE[0]).toBeLessThan(1.25);
	});

	it("leaves out what a row did not measure, and stays at the prior without any", () => {
		const holes = times.map((time, i) => (i % 2 === 0 ? time : Number.NaN));
		const fit = fitConstants([1e-2, 1e-6], SIZES.length, residuals(holes), weights, options);
		expect((fit.constants[1] as number) / TRUE[1]).toBeCloseTo(1, 3);
		const nothing = fitConstants([1e-2, 1e-6], SIZES.length, residuals(times.map(() => Number.NaN)), weights, options);
		expect(nothing.constants[0]).toBeCloseTo(1e-2, 12);
	});
});
