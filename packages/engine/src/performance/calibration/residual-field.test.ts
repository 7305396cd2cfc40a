import { describe, expect, it } from "vitest";
import { covariance, fitField, type FieldLaw, type FieldPoint } from "./residual-field.ts";

/** Two levels: all rows, and their group. One coordinate. */
const law: FieldLaw = {
	constant: [0.2, 0.3],
	smooth: [0, 0.2],
	rough: [0, 0],
	lengths: [1],
	drift: 0,
	era: 0,
	eraYears: 1,
	noise: 0.05,
	driftLevel: 1,
	eraLevel: 1,
};
const point = (group: number, at: number, years = 0): FieldPoint => ({ groups: [0, group], at: [at], years });

describe("the field of residuals", () => {
	it("is the closed form of kriging for one row", () => {
		const field = fitField([point(1, 0)], [0.4], law);
		// prior variance of the row: 0.04 + 0.09 + 0.04, noise 0.0025; shared with another group: 0.04
		const total = 0.04 + 0.09 + 0.04 + 0.0025;
		expect(field.predict(point(1, 0)).mean).toBeCloseTo((0.4 * 0.17) / total, 12);
		expect(field.predict(point(2, 0)).mean).toBeCloseTo((0.4 * 0.04) / total, 12);
		expect(field.predict(point(1, 0)).deviation).toBeCloseTo(Math.sqrt(total - (0.17 * 0.17) / total), 12);
	});

	it("shrinks to the wider level, and follows rows as they grow in number", () => {
		const rows = (n: number) => Array.from({ length: n }, () => point(1, 1));
		const of = (n: number) =>
			fitField(
				rows(n),
				rows(n).map(() => 0.4),
				law,
			).predict(point(1, 1)).mean;
		expect(of(1)).toBeLessThan(of(3));
		expect(of(3)).toBeLessThan(of(12));
		expect(of(12)).toBeLessThan(0.4);
		expect(of(12)).toBeGreaterThan(0.38);
	});

	it("gives the same mean in a sweep as one by one, whatever was asked before", () => {
		const place = (group: number, concurrency: number, tokens: number, years = 0): FieldPoint => ({
			groups: [0, group, group * 100 + concurrency],
			at: [concurrency, tokens],
			years,
		});
		const rows = [place(1, 0, 3, 0.2), place(1, 2, 3, -0.1), place(1, 2, 4), place(2, 1, 3), place(1, 0, 3, 0.3)];
		const wide: FieldLaw = {
			...law,
			constant: [...law.constant, 0.1],
			smooth: [...law.smooth, 0.05],
			rough: [0, 0.1, 0.02],
			lengths: [1.5, 0.8],
			drift: 0.3,
			era: 0.1,
		};
		const field = fitField(rows, [0.4, -0.2, 0.1, 0.3, 0.2], wide);
		const asked = [0, 1, 2, 0.5, 9].flatMap((concurrency) => [
			place(1, concurrency, 3, 0.3),
			place(1, concurrency, 3.5, 0.3),
			place(2, concurrency, 3),
			place(7, concurrency, 8),
		]);
		for (const at of [...asked, ...asked.toReversed()]) {
			expect(field.mean(at)).toBeCloseTo(field.predict(at).mean, 5);
		}
	});

	it("lets a row that all others contradict count less, and names it", () => {
		const rows = Array.from({ length: 9 }, (_, i) => point(1, i * 0.1));
		const values = rows.map((_, i) => (i === 4 ? 2 : 0.1));
		const field = fitField(rows, values, law);
		expect(Math.abs(field.leftOut[4] as number)).toBeGreaterThan(3.5);
		expect(Math.abs(field.predict(point(1, 0.4)).mean - 0.1)).toBeLessThan(0.05);
	});

	it("knows how much one more row would leave", () => {
		const field = fitField([point(2, 0)], [0.1], law);
		const at = point(1, 0);
		const now = field.predict(at).deviation;
		const same = field.deviationAfter(at, at);
		const far = field.deviationAfter(at, point(1, 5));
		expect(same).toBeLessThan(far);
		expect(far).toBeLessThan(now);
		const measured = fitField([point(2, 0), at], [0.1, 0.3], law).predict(at).deviation;
		expect(same).toBeCloseTo(measured, 10);
	});

	it("carries a trend forward in time, and less beyond what it has seen", () => {
		const dated = { ...law, drift: 0.5 };
		const rows = [point(1, 0, -0.5), point(1, 0, 0), point(1, 0, 0.5)];
		const field = fitField(rows, [0.2, 0, -0.2], dated);
		expect(field.predict(point(1, 0, 1)).mean).toBeLessThan(-0.2);
		expect(field.predict(point(1, 0, 2)).deviation).toBeGreaterThan(field.predict(point(1, 0, 0.5)).deviation);
		expect(covariance(point(1, 0, 1), point(2, 0, 1), dated)).toBeCloseTo(0.04, 12);
	});
});
