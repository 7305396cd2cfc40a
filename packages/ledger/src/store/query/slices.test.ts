import { expect, test } from "vitest";
import { slicesOf } from "./slices.ts";

test("hours are taken together as long as they hold few events, and each hour once", () => {
	const hours = [
		[1n, 40n],
		[2n, 60n],
		[5n, 1n],
		[6n, 500n],
		[7n, 99n],
		[30n, 1n],
	] as const;
	expect(slicesOf(hours, 100n)).toEqual([
		[1n, 2n],
		[5n, 5n],
		[6n, 6n],
		[7n, 30n],
	]);
	expect(slicesOf([], 100n)).toEqual([]);
});
