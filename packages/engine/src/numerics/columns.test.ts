import { describe, expect, it } from "vitest";
import { expColumn, normalQuantileColumn } from "./columns.ts";
import { exp, normalQuantile } from "./elementary.ts";
import { uniformStream } from "./random.ts";

const EXTREMES = [
	0,
	-0,
	1,
	0.05,
	0.075,
	0.925,
	0.95,
	1e-300,
	1 - 2 ** -53,
	Number.NaN,
	-1,
	2,
	Number.POSITIVE_INFINITY,
];

describe("columns", () => {
	it("have the same bits as values one by one, to the count asked for", () => {
		for (const length of [1, 255, 256, 257, 3000]) {
			const uniforms = new Float64Array(length + 3);
			uniformStream(length, "p").fill(uniforms, length + 3);
			EXTREMES.forEach((value, i) => (uniforms[(i * 17) % (length + 3)] = value));
			const powers = uniforms.map((u, i) => (i % 5 === 0 ? (u - 0.5) * 1600 : (u - 0.5) * 20));
			const [ofPowers, ofUniforms] = [powers.slice(), uniforms.slice()];
			expColumn(ofPowers, length);
			normalQuantileColumn(ofUniforms, length);
			expect(ofPowers).toEqual(powers.map((x, i) => (i < length ? exp(x) : x)));
			expect(ofUniforms).toEqual(uniforms.map((p, i) => (i < length ? normalQuantile(p) : p)));
		}
	});
});
