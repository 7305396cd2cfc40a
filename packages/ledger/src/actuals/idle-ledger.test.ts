import { modelFromJson } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import type { GpuMicros, Instant } from "../records/units.ts";
import type { Actuals, ActualsQuestion } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import { actualsGraph } from "./actuals-graph.ts";
import { withNodes } from "./actuals-nodes.ts";
import { actualsResult } from "./actuals-result.ts";
import { capacitySumsOf, usageSumOf } from "./facts.ts";
import { idleLedger } from "./idle-ledger.ts";
import { linesOnBasis, onTwoBases } from "./on-basis.ts";
import { outlookOf } from "./outlook.ts";

const month = fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 });
const { usage, capacity, charges, window } = month;
const facts = { usage: usage.map(usageSumOf), capacity: capacity.flatMap(capacitySumsOf), charges, prices: [], window };
const price = (token_bucket: "input" | "output") => ({
	id: token_bucket,
	resource: "api_token" as const,
	token_bucket,
	amount: { currency: "USD", nano: 2_000_000_000n },
	per: 1_000_000,
	selector: { model: "deepseek-r1" },
	valid_from: 0 as Instant,
	basis: "on_demand" as const,
	includes_power: true,
	provenance: "test",
});
function ask(question: Partial<ActualsQuestion>, prices: readonly unknown[] = []): Actuals {
	return actuals({ ...facts, prices } as typeof facts, {
		window,
		basis: "reserved",
		by: ["model"],
		cost: "effective",
		currency: "USD",
		rates: month.rates,
		calibrations: month.calibrations,
		...question,
	});
}
const kinds = (found: Actuals) => new Map(idleLedger(found).map((line) => [line.kind, line]));
const nano = (lines: readonly { readonly amount: { readonly nano: bigint } }[]) =>
	lines.reduce((sum, { amount }) => sum + amount.nano, 0n);

describe("the idle ledger", () => {
	it("adds up to what the GPUs cost on the busy basis, whichever basis was asked for", () => {
		const busy = ask({ basis: "busy" });
		const ofGpus = busy.lines.filter(({ kind }) => ["serving", "idle_held", "unallocated"].includes(kind));
		for (const basis of ["reserved", "busy", "marginal"] as const)
			expect(nano(idleLedger(ask({ basis })))).toBe(nano(ofGpus));
		expect([...kinds(busy).keys()]).toEqual(["at_work", "idle_held", "unallocated"]);
		const hours = idleLedger(busy).reduce((sum, { gpu }) => sum + gpu, 0);
		expect(hours).toBe(Number(nano(busy.gpuTime)));
	});

	it("tells what was sold from one's own use, and what failed from both: a tenth of the time is a tenth of the cost", () => {
		const plain = ask({}, [price("input"), price("output")]);
		const atWork = Number(nano(plain.gpuTime.filter(({ kind }) => kind === "serving")));
		const failed = Math.round(atWork / 10) as GpuMicros;
		const [before, after] = [kinds(plain), kinds({ ...plain, failed })];
		const amount = (of: typeof before, kind: Parameters<typeof before.get>[0]) => Number(of.get(kind)?.amount.nano);
		const sold = linesOnBasis(plain, "busy").filter(
			({ kind, owner }) => kind === "serving" && owner.model === "deepseek-r1",
		);
		expect(before.get("paid")?.amount.nano).toBe(nano(sold));
		expect(amount(after, "paid") / amount(before, "paid")).toBeCloseTo(0.9, 9);
		expect(amount(after, "internal") / amount(before, "internal")).toBeCloseTo(0.9, 9);
		expect(amount(after, "failed")).toBeCloseTo((amount(before, "paid") + amount(before, "internal")) / 10, -2);
		expect(after.get("failed")?.gpu).toBe(failed);
		expect(nano(idleLedger({ ...plain, failed }))).toBe(nano(idleLedger(plain)));
	});

	it("is empty where no meter knows of a GPU", () => {
		expect(
			idleLedger({ ...ask({}), gpuTime: [], lines: [], held: [], charges: { ...ask({}).charges, charges: [] } }),
		).toEqual([]);
	});
});

describe("two bases", () => {
	it("hold what each basis gives its owners, and every model of the month", () => {
		for (const basis of ["reserved", "busy"] as const) {
			const found = ask({ basis });
			const serving = found.lines.filter(({ kind }) => kind === "serving");
			expect(onTwoBases(found).reduce((sum, each) => sum + each[basis], 0n)).toBe(sumOfLines(serving, "USD").nano);
			for (const { owner, reserved, busy } of onTwoBases(found)) {
				const own = serving.filter(({ owner: { model } }) => model === owner.model);
				expect(basis === "reserved" ? reserved : busy).toBe(nano(own));
			}
		}
		expect(onTwoBases(ask({})).map(({ owner }) => owner.model)).toHaveLength(3);
	});

	it("come with a node for each number, which the graph gives the same value for", () => {
		for (const by of [["model"], ["team"], []] as const) {
			const found = ask({ by: [...by], basis: "busy" });
			const result = actualsResult(found, { outlook: outlookOf(found, 1) });
			const graph = actualsGraph(result);
			const told = withNodes(result);
			const { model, scalars } = modelFromJson(graph as NonNullable<typeof graph>);
			const known = new Map(
				model.nodes.map(({ id, index, unit }) => [
					id,
					(scalars[index] as number) / ((unit as { factor: number } | undefined)?.factor ?? 1),
				]),
			);
			const seen: string[] = [];
			(function walk(of: unknown): void {
				if (typeof of !== "object" || of === null) return;
				const { node, value } = of as { readonly node?: string; readonly value?: number };
				if (node !== undefined) {
					seen.push(node);
					expect(known.has(node), node).toBe(true);
					expect(Math.abs((known.get(node) ?? NaN) - (value ?? NaN)), node).toBeLessThan(
						1e-6 * Math.max(1, value ?? 0),
					);
				}
				for (const each of Object.values(of)) walk(each);
			})(told);
			expect(new Set(seen).size).toBe(seen.length);
			expect(seen).toContain("idle_ledger.idle_held.cost");
			expect(told.by_tokens?.output?.value).toBeGreaterThan(told.by_tokens?.input?.value ?? 0);
		}
	});
});
