import { expect, test } from "vitest";
import { thinned } from "./thinned.ts";

const ticks = (width: number) => ["0", "0.10", "0.20", "0.30"].map((label, i) => ({ at: (i * width) / 3, label }));

test("numbers of an axis stand apart, however narrow it is", () => {
	expect(thinned(ticks(200)).map(({ label }) => label)).toEqual(["0", "0.10", "0.20", "0.30"]);
	expect(thinned(ticks(80)).map(({ label }) => label)).toEqual(["0", "0.20"]);
	expect(thinned(ticks(36)).map(({ label }) => label)).toEqual(["0", "0.30"]);
	expect(thinned(ticks(10)).map(({ label }) => label)).toEqual(["0"]);
	expect(thinned([])).toEqual([]);
});
