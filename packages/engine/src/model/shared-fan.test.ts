import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel, nodeIndex } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { fans } from "./outlook.ts";
import type { FanHalf, FanPartner, FanWork } from "./shared-fan.ts";
import { fanHalf, fansWith } from "./shared-fan.ts";

type Bare = Expr<Record<never, never>>;

describe("fansWith", () => {
	it("has the bits of the fans of one thread, and fails as they do", { timeout: 60_000 }, async () => {
		let [compared, failed, shared] = [0, 0, 0];
		await fc.assert(
			fc.asyncProperty(randomGraph(), fc.integer({ min: 1, max: 70 }), async ({ outputs, months }, draws) => {
				const model = buildModel(outputs);
				const ids = outputs.map(({ data }) => (data as { readonly id: string }).id).filter((id) => isSeries(model, id));
				if (ids.length === 0) return;
				const options = { draws, seed: 1, months };
				const partner = posted();
				const alone = await outcome(() => fans(model, ids, options));
				expect(await outcome(() => fansWith(partner, model, ids, options))).toEqual(alone);
				if (typeof alone === "string") failed++;
				else compared++;
				shared += partner.works.length;
			}),
			{ numRuns: 200, seed: 2 },
		);
		expect(compared).toBeGreaterThan(50);
		expect(failed).toBeGreaterThan(2);
		expect(shared).toBeGreaterThan(40);
	});

	it("leaves half the draws and half the months to the partner, of correlated inputs too", async () => {
		const [x, y] = ["x", "y"].map((id) => rangeInput(id, { kind: "lognormal", p5: 1, p95: 2 })) as [Bare, Bare];
		const path = e.define("path", one, e.multiply(x, e.power(y, e.monthIndex())) as Bare, { label: "path" });
		const model = buildModel([path]);
		const correlations = [{ between: ["x", "y"] as const, rank: 0.6 }];
		const options = { draws: 2001, seed: 5, months: 13, correlations };
		const partner = posted();
		const found = await fansWith(partner, model, ["path"], options);
		expect(found).toEqual(fans(model, ["path"], options));
		expect(partner.works).toMatchObject([{ draws: 1001, from: 6 }]);
		expect(partner.asked).toEqual([1000 * 7]);
		const least = await fansWith(partner, model, ["path"], { ...options, memory: 1000 });
		expect(least).toEqual(found);
		expect(partner.works).toHaveLength(1);
	});

	it("tells that the partner failed", async () => {
		const x = rangeInput("x", { kind: "uniform", low: 1, high: 2 });
		const model = buildModel([e.define("path", one, e.multiply(x, e.monthIndex()) as Bare, { label: "path" })]);
		const gone = new Error("the thread has ended");
		const partner: FanPartner = { draw: () => Promise.reject(gone), bands: () => Promise.reject(gone) };
		await expect(fansWith(partner, model, ["path"], { draws: 100, seed: 1, months: 3 })).rejects.toBe(gone);
	});
});

/** What is handed over comes as a copy, as from a thread. */
function posted(): FanPartner & { readonly works: FanWork[]; readonly asked: number[] } {
	const works: FanWork[] = [];
	const asked: number[] = [];
	let half: FanHalf | undefined;
	return {
		works,
		asked,
		async draw(work) {
			works.push(work);
			half = fanHalf(structuredClone(work));
			return structuredClone(half.drawn);
		},
		async bands(columns) {
			asked.push(...columns.map(({ length }) => length));
			return structuredClone((half as FanHalf).bands(structuredClone(columns)));
		},
	};
}

function isSeries(model: ReturnType<typeof buildModel>, id: string): boolean {
	return model.nodes[nodeIndex(model, id)]?.shape === "series";
}

async function outcome<T>(run: () => T | Promise<T>): Promise<T | string> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof ModelError) return error.code;
		throw error;
	}
}
