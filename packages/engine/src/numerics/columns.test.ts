import { describe, expect, it } from "vitest";
import { expColumn, lognormalColumn, normalQuantileColumn, scriptColumns } from "./columns.ts";
import { exp, normalQuantile } from "./elementary.ts";
import { uniformStream } from "./random.ts";
import { wasmColumns } from "./wasm-columns.ts";

const FUNCTIONS = {
	script: scriptColumns,
	wasm: wasmColumns(),
	chosen: { exp: expColumn, normalQuantile: normalQuantileColumn, lognormal: lognormalColumn },
};
const ODD_PROBABILITIES = [
	0,
	-0,
	1,
	-1,
	2,
	0.05,
	0.075,
	0.425,
	0.5,
	0.925,
	0.95,
	1e-300,
	5e-324,
	1 - 2 ** -53,
	2 ** -53,
	1e-10,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	Math.exp(-25),
	Math.exp(-24.9),
	1 - Math.exp(-25),
];
const ODD_POWERS = [
	0,
	-0,
	709.7,
	709.8,
	-745,
	-745.2,
	700,
	-700,
	-720,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	-Infinity,
	1e-300,
];

describe.each(Object.entries(FUNCTIONS))("columns by %s", (_, of) => {
	it("have the same bits as values one by one, to the count asked for", () => {
		for (const length of [1, 2, 255, 256, 257, 512, 513, 5000]) {
			const uniforms = new Float64Array(length + 3);
			uniformStream(length, "p").fill(uniforms, length + 3);
			const powers = uniforms.map((u, i) => (i % 5 === 0 ? (u - 0.5) * 1600 : (u - 0.5) * 20));
			ODD_PROBABILITIES.forEach((value, i) => (uniforms[(i * 17) % (length + 3)] = value));
			ODD_POWERS.forEach((value, i) => (powers[(i * 23) % (length + 3)] = value));
			const [ofPowers, ofUniforms] = [powers.slice(), uniforms.slice()];
			of.exp(ofPowers, length);
			of.normalQuantile(ofUniforms, length);
			expect(ofPowers).toEqual(powers.map((x, i) => (i < length ? exp(x) : x)));
			const drawn = uniforms.slice();
			of.lognormal(drawn, length, -0.7, 1.3);
			expect(drawn).toEqual(uniforms.map((p, i) => (i < length ? exp(-0.7 + 1.3 * normalQuantile(p)) : p)));
			expect(ofUniforms).toEqual(uniforms.map((p, i) => (i < length ? normalQuantile(p) : p)));
		}
	});
});
