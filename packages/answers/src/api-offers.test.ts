import type { Catalogue } from "@farthing/catalogue";
import { buildModel, evaluate, quantityJson } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, leavesOf, saved } from "../test-support/questions.ts";
import { apiOffer, apiPrices } from "./api-offers.ts";
import type { BlendedPrice } from "./api-prices.ts";
import { blendedPrice } from "./api-prices.ts";
import { nodeId } from "./node-id.ts";
import { plan } from "./whole-plan.ts";
import { whyNode } from "./why.ts";

const lengths = { input: 8192, output: 1024 };
const day = catalogue.releaseDate;
/** Ten hosts of DeepSeek-R1, (8·input + output) / 9. */
const blends = catalogue.apiPrices
	.filter(({ model, seller }) => model === "deepseek-r1" && seller === "host")
	.map(({ input, output }) => (8 * input.value + output.value) / 9)
	.sort((a, b) => a - b);

describe("blendedPrice", () => {
	it("weighs input and output by the tokens of a request", () => {
		const lowest = blendedPrice(catalogue, "deepseek-r1", lengths, "lowest", day) as BlendedPrice;
		expect(lowest.offer).toMatchObject({ provider: "deepinfra", seller: "host" });
		expect(valueOf(lowest).value).toBeCloseTo((8 * 0.5 + 2.15) / 9, 12);
		expect(valueOf(lowest).value).toBeCloseTo(blends[0] as number, 12);
		expect(valueOf(lowest)).toMatchObject({ tokens: "total", grade: "E", as_of: "2026-07-02", basis: "headline" });
	});

	it("takes the middle offer for the median, of an even number the dearer", () => {
		const median = blendedPrice(catalogue, "deepseek-r1", lengths, "median", day) as BlendedPrice;
		expect(median.offers).toBe(blends.length);
		expect(valueOf(median).value).toBeCloseTo(blends[blends.length >> 1] as number, 12);
	});

	it("leaves out resellers and free offers", () => {
		const cheap = { ...(catalogue.apiPrices[0] as Catalogue["apiPrices"][number]), model: "deepseek-r1" };
		const figure = (value: number) => ({ ...cheap.input, value });
		const free = { ...cheap, id: "free", seller: "host" as const, input: figure(0), output: figure(0) };
		const resold = { ...cheap, id: "resold", seller: "reseller" as const, input: figure(0.01), output: figure(0.01) };
		const more = { ...catalogue, apiPrices: [...catalogue.apiPrices, free, resold] };
		expect(blendedPrice(more, "deepseek-r1", lengths, "lowest", day)?.offer.provider).toBe("deepinfra");
	});

	it("warns of a list older than 90 days on the day of the question, and not of a younger one", () => {
		const on = (asOf: string) =>
			blendedPrice(catalogue, "deepseek-r1", lengths, "lowest", asOf)?.warnings.map(({ code }) => code);
		expect(on("2026-11-22")).toEqual(["stale-price"]);
		expect(on("2026-09-30")).toEqual([]);
	});

	it("is undefined where no host sells the model", () => {
		expect(blendedPrice(catalogue, "no-such-model", lengths, "lowest", day)).toBeUndefined();
		expect(apiPrices(catalogue, "no-such-model", lengths, day)).toEqual({
			prices: [],
			warnings: [{ code: "no-api-price", message: `no host's API price of no-such-model by ${day} in the catalogue` }],
		});
	});
});

describe("apiOffer", () => {
	const [lowest] = apiPrices(catalogue, "deepseek-r1", lengths, day).prices;

	it("states the volume from which self-hosting is below it, or that none is", () => {
		const blended = valueOf(lowest as BlendedPrice);
		const reached = apiOffer(lowest as never, blended, {
			cheaperFrom: (price) => price * 1e9,
			cheaperBetween: () => [],
		});
		expect(reached).not.toHaveProperty("self_hosting_cheaper_between");
		expect(reached).toMatchObject({ statistic: "lowest", provider: "deepinfra", state: "reached", blended });
		expect(reached.self_hosting_cheaper_from).toEqual({
			value: (blended.value as number) * 1e9,
			unit: "tok/day",
			tokens: "total",
			grade: "E",
			as_of: "2026-07-02",
			node: "api.lowest.self_hosting_cheaper_from",
		});
		const never = apiOffer(lowest as never, blended, {
			cheaperFrom: () => undefined,
			cheaperBetween: () => [{ from: 1e8, to: 2e8 }],
		});
		expect(never.self_hosting_cheaper_between).toEqual([{ from: 1e8, to: 2e8 }]);
		expect(never.state).toBe("not-reached");
		expect(never).not.toHaveProperty("self_hosting_cheaper_from");
	});
});

describe("the API prices beside a plan", () => {
	it("are compared on the whole fleet's cost, from the crossing on", () => {
		const { result } = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"));
		expect(result.api.map(({ statistic, state }) => [statistic, state])).toEqual([
			["lowest", "reached"],
			["median", "reached"],
		]);
		const { volumes, api } = result;
		for (const { blended, self_hosting_cheaper_from: from } of api) {
			volumes.tokens_per_day.forEach((volume, i) => {
				const cheapest = volumes.delivered[volumes.cheapest[i] as string]?.[i] as number;
				if (volume >= (from?.value as number)) expect(cheapest).toBeLessThanOrEqual(blended.value as number);
			});
		}
	});

	it("are explained down to both prices of the host's list", () => {
		const answer = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"));
		const node = answer.result.api[0]?.blended.node as string;
		const leaves = leavesOf(whyNode(saved(answer), node));
		expect(leaves.map(({ source }) => source?.at)).toEqual([
			"api-prices/deepseek-r1@deepinfra/deepseek-ai/DeepSeek-R1-0528/input",
			"api-prices/deepseek-r1@deepinfra/deepseek-ai/DeepSeek-R1-0528/output",
		]);
	});
});

function valueOf({ price }: BlendedPrice) {
	return quantityJson(evaluate(buildModel([price])), nodeId(price));
}
