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
