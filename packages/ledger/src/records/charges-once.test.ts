import { expect, test } from "vitest";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import type { FiledCharge } from "./charges-once.ts";
import { chargesOnce } from "./charges-once.ts";

const [first, second] = fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 }).charges;
if (first === undefined || second === undefined) throw new Error("a month has charges");
const of = (file: string, ...charges: FiledCharge["charge"][]): FiledCharge[] =>
	charges.map((charge) => ({ file, charge }));

test("counts a bill that was exported anew once, whatever else its columns say", () => {
	const anew = { ...first, columns: { x_Exported: "again" } };
	expect(chargesOnce([...of("a", first, second), ...of("b", anew, second), ...of("c", second)])).toEqual({
		charges: [first, second],
		repeated: 3,
	});
});

test("keeps equal rows of one file, and as many as the file that has most", () => {
	expect(chargesOnce([...of("a", first), ...of("b", first, first, first)])).toEqual({
		charges: [first, first, first],
		repeated: 1,
	});
});

test("keeps rows that differ in amount, period or tags", () => {
	const dearer = { ...first, billed_cost: { ...first.billed_cost, nano: first.billed_cost.nano + 1n } };
	const tagged = { ...first, tags: { team: "other" } };
	expect(chargesOnce([...of("a", first), ...of("b", dearer), ...of("c", tagged)]).repeated).toBe(0);
});
