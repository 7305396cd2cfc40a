import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaProbability, betaQuantile } from "./beta.ts";

/** a, b, and quantiles by scipy.stats.beta.ppf, scipy 1.17. */
const PUBLISHED: readonly (readonly [number, number, readonly (readonly [number, number])[]])[] = [
	[
		2,
		5,
		[
			[1e-12, 2.5819897863610075e-7],
			[0.001, 0.008255492787746678],
			[0.05, 0.06284989170835438],
			[0.3, 0.18180347131894917],
			[0.5, 0.26444998329566005],
			[0.9, 0.5103163065514917],
			[0.999, 0.818613866919134],
			[0.9999999999, 0.9930035512206541],
		],
	],
	[
		1,
		1,
		[
			[1e-12, 1e-12],
			[0.001, 0.001],
			[0.05, 0.05],
			[0.3, 0.3],
			[0.5, 0.5],
			[0.9, 0.9],
			[0.999, 0.999],
			[0.9999999999, 0.9999999999],
		],
	],
	[
		3,
		3,
		[
			[1e-12, 4.6416965608476333e-5],
			[0.001, 0.04755189817545767],
			[0.05, 0.1892553774377708],
			[0.3, 0.38981835053095837],
			[0.5, 0.5],
			[0.9, 0.7533635467115334],
			[0.999, 0.9524481018245423],
			[0.9999999999, 0.9997845333116078],
		],
	],
	[
		1.5,
		4.5,
		[
			[1e-12, 2.5511312687255307e-9],
			[0.001, 0.002560295666917047],
			[0.05, 0.036447268045388836],
			[0.3, 0.13955294070224458],
			[0.5, 0.2211198949227273],
			[0.9, 0.483903198569421],
			[0.999, 0.8225041454990092],
			[0.9999999999, 0.9951444202403733],
		],
	],
	[
		1.0001,
		4.9999,
		[
			[1e-12, 2.0056388048356943e-13],
			[0.001, 0.00020022887960735223],
			[0.05, 0.010209872154682918],
			[0.3, 0.0688631024129829],
			[0.5, 0.12946755219264947],
			[0.9, 0.36906766376839206],
			[0.999, 0.7488285829982441],
			[0.9999999999, 0.9900013757762175],
		],
	],
	[
		5,
		1,
		[
			[1e-12, 0.003981071705534972],
			[0.001, 0.251188643150958],
			[0.05, 0.5492802716530588],
			[0.3, 0.7860030855966228],
			[0.5, 0.8705505632961241],
			[0.9, 0.9791483623609768],
			[0.999, 0.9997999199519664],
			[0.9999999999, 0.99999999998],
		],
	],
	[
		20.3,
		7.1,
		[
			[1e-12, 0.14433151243724093],
			[0.001, 0.4538280979129742],
			[0.05, 0.5959045612035606],
			[0.3, 0.7013150150124774],
			[0.5, 0.7468035884139284],
			[0.9, 0.8428263314694328],
			[0.999, 0.9349355364971715],
			[0.9999999999, 0.9941818647596875],
		],
	],
	[
		0.5,
		0.5,
		[
			[1e-12, 2.4674011002723395e-24],
			[0.001, 2.4673990709169446e-6],
			[0.05, 0.0061558297024311365],
			[0.3, 0.2061073738537634],
			[0.5, 0.4999999999999999],
			[0.9, 0.9755282581475768],
			[0.999, 0.999997532600929],
			[0.9999999999, 1.0],
		],
	],
	[
		201,
		399,
		[
			[1e-12, 0.2107000144173717],
			[0.001, 0.27722524020870587],
			[0.05, 0.3036439937646334],
			[0.3, 0.32476092272587576],
			[0.5, 0.33481655340957855],
			[0.9, 0.35980256060494537],
			[0.999, 0.3958998510240225],
			[0.9999999999, 0.46277894036005635],
		],
	],
];

describe("betaQuantile", () => {
	it.each(PUBLISHED)("of (%f, %f) agrees with a second library", (a, b, values) => {
		const at = betaQuantile(a, b);
		for (const [p, x] of values) {
			// Near 1 the last digits of 1 − x are those of p.
			expect(Math.abs(at(p) - x) / Math.min(x, Math.max(1 - x, 1e-3))).toBeLessThan(p > 0.9999 ? 1e-7 : 2e-11);
		}
	});

	it("has its closed forms: uniform, powers, and a polynomial", () => {
		for (const p of [1e-9, 0.02, 0.3, 0.5, 0.8, 0.99]) {
			expect(betaQuantile(1, 1)(p)).toBeCloseTo(p, 14);
			expect(betaQuantile(4, 1)(p)).toBeCloseTo(p ** 0.25, 13);
			expect(betaQuantile(1, 3)(p)).toBeCloseTo(1 - (1 - p) ** (1 / 3), 13);
			const x = betaQuantile(2, 2)(p);
			expect(x * x * (3 - 2 * x)).toBeCloseTo(p, 13);
		}
		expect(betaQuantile(2, 5)(0.3)).toBeCloseTo(0.1818034713, 10);
	});

	it("ends at 0 and 1, never falls but by a last digit, and is undone by the distribution function", () => {
		const shape = fc.double({ min: 0.3, max: 60, noNaN: true });
		const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
		fc.assert(
			fc.property(shape, shape, share, share, (a, b, p, q) => {
				const at = betaQuantile(a, b);
				expect([at(0), at(1)]).toEqual([0, 1]);
				const [low, high] = [at(Math.min(p, q)), at(Math.max(p, q))];
				expect(low).toBeLessThanOrEqual(high * (1 + 1e-14));
				if (low < 1 - 1e-6) expect(betaProbability(low, a, b)).toBeCloseTo(Math.min(p, q), 10);
			}),
			{ numRuns: 300, seed: 1 },
		);
	});
});

describe("betaProbability", () => {
	it("is symmetric, and 0 and 1 beyond its ends", () => {
		for (const x of [0.01, 0.2, 0.5, 0.9]) {
			expect(betaProbability(x, 2.5, 4)).toBeCloseTo(1 - betaProbability(1 - x, 4, 2.5), 14);
		}
		expect([betaProbability(-1, 2, 3), betaProbability(2, 2, 3)]).toEqual([0, 1]);
	});
});
