import { expect, it } from "vitest";
import { parametersFlag } from "./train-parameters.ts";

it.each(["70B", "70e9", "37B active parameters", "1M"])("%s is taken", (text) => {
	expect(parametersFlag(text)).toMatchObject({ kind: "point" });
});

it.each([
	["70", "70B"],
	["70 parameters", "70B"],
	["0.5", "0.5B"],
	["70k", "1M"],
])("%s is asked about: did you mean %s", (text, meant) => {
	expect(() => parametersFlag(text)).toThrow(
		expect.objectContaining({
			code: "out-of-bounds",
			message: expect.stringContaining(`did you mean ${meant}?`),
			detail: expect.objectContaining({ field: "--params", hint: `--params ${meant}` }),
		}),
	);
});

it("neither end of a range is below a million", () => {
	expect(() => parametersFlag("60B to 80B")).not.toThrow();
	expect(() => parametersFlag("60 to 80")).toThrow(expect.objectContaining({ code: "out-of-bounds" }));
});
