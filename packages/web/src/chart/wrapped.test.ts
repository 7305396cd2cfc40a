import { expect, test } from "vitest";
import { wrapped } from "./wrapped.ts";

test("breaks between words alone, and loses none", () => {
	expect(wrapped("prices of hardware, energy, rent and tokens", 20)).toEqual([
		"prices of hardware,",
		"energy, rent and",
		"tokens",
	]);
	expect(wrapped("Headline", 4)).toEqual(["Headline"]);
	expect(wrapped("N+1 in reserve", 40)).toEqual(["N+1 in reserve"]);
});

test("breaks Chinese between letters, and not before a stop", () => {
	expect(wrapped("共享、抵扣、税、未解释", 12)).toEqual(["共享、抵扣、", "税、未解释"]);
	expect(wrapped("共享、抵扣", 8)).toEqual(["共享、抵", "扣"]);
	expect(wrapped("共享服务、税", 8)).toEqual(["共享服", "务、税"]);
	expect(wrapped("每 GPU 小时的 token 数", 10)).toEqual(["每 GPU 小", "时的 token", "数"]);
});
