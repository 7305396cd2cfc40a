import { describe, expect, it } from "vitest";
import { emptyRequest } from "../simulation/request-source.ts";
import { meanLengths } from "./lengths.ts";
import { generatedLoad } from "./load.ts";
import { shapeFitter, shapeLoad } from "./traffic-shape.ts";

const SPEC = {
	arrivals: { process: { kind: "gamma", variation: 2.5 }, requestsPerSecond: 3 },
	lengths: { kind: "log-normal", input: 1200, output: 300, inputVariation: 1, outputVariation: 0.7 },
	prefixes: { blockTokens: 64, share: 0.5, groups: 10, skew: 0 },
} as const;

function fitted(requests: number) {
	const source = generatedLoad({ ...SPEC, requests }, 3);
	const fitter = shapeFitter();
	const next = emptyRequest();
	let [input, output] = [0, 0];
	while (source.next(next)) {
		fitter.add({ kind: "request", line: 1, ...next, prefixIds: Array.from(next.prefixIds as Float64Array) });
		input += next.inputTokens / requests;
		output += next.outputTokens / requests;
	}
	return { shape: fitter.fit(64), input, output };
}

describe("a fitted shape", () => {
	const { shape, input, output } = fitted(20_000);

	it("finds rate, burstiness, mean lengths and reuse again", () => {
		expect(shape.requestsPerSecond).toBeGreaterThan(2.8);
		expect(shape.requestsPerSecond).toBeLessThan(3.2);
		expect(Math.abs(shape.burstiness / 2.5 - 1)).toBeLessThan(0.08);
		const mean = meanLengths({ kind: "joint", cells: shape.cells });
		expect(Math.abs(mean.input / input - 1)).toBeLessThan(0.01);
		expect(Math.abs(mean.output / output - 1)).toBeLessThan(0.01);
		expect(shape.prefixReuse).toBeGreaterThan(0.4);
		expect(shape.prefixReuse).toBeLessThan(0.55);
	});

	it("gives requests of the asked means back, clustered as they were", () => {
		const load = shapeLoad(shape, {
			requestsPerSecond: 10,
			inputTokens: 8192,
			outputTokens: 1024,
			prefixBlockTokens: 128,
			groups: 50,
		});
		const again = shapeFitter();
		const next = emptyRequest();
		const source = generatedLoad({ ...load, requests: 20_000 }, 5);
		while (source.next(next)) again.add({ kind: "request", line: 1, ...next, prefixIds: [] });
		const second = again.fit();
		const mean = meanLengths({ kind: "joint", cells: second.cells });
		expect(Math.abs(mean.input / 8192 - 1)).toBeLessThan(0.02);
		expect(Math.abs(mean.output / 1024 - 1)).toBeLessThan(0.02);
		expect(Math.abs(second.burstiness / 2.5 - 1)).toBeLessThan(0.15);
	});

	it("refuses what has no gap", () => {
		expect(() => shapeFitter().fit()).toThrow(RangeError);
	});
});
