import { expect, it } from "vitest";
import { boxOf } from "./frontier-words.ts";

it("sides of the box are read as the question reads them", () => {
	expect(boxOf({})).toEqual({ at: 50, most: undefined });
	expect(boxOf({ at: "50 tok/s/user", most: "$0.20/Mtok" })).toEqual({ at: 50, most: 0.2 });
});

it.each(["0", "-3", "any", "20 ms", "40 to 60"])("a speed of %s has no box", (at) =>
	expect(boxOf({ at })).toBeUndefined(),
);
