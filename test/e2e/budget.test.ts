/** `farthing budget` and `farthing audit` from the outside: what was set is kept, told against the ledger, and written down. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answerOf, expectPublishedShape, farthing, folderWith, refusal } from "./farthing.ts";

/** One GPU at 2 USD an hour for ten days is 480 USD, half of it by each of two teams. */
const days = Array.from({ length: 10 }, (_, i) => String(i + 1).padStart(2, "0"));
const usage = (day: string, team: string) => ({
	usage: {
		grain: "request",
		t0: `2026-10-${day}T10:00:00Z`,
		t1: `2026-10-${day}T10:01:00Z`,
		source: { adapter: "test", version: "1", kind: "gateway" },
		scope: { group: "chat" },
		request_id: `${day}-${team}`,
		model: { served: "m" },
		tenant: { team },
		tokens: { in_total: 1000, out_total: 100 },
	},
});
const capacity = (day: string) => ({
	capacity: {
		t0: `2026-10-${day}T00:00:00Z`,
		t1: `2026-10-${String(Number(day) + 1).padStart(2, "0")}T00:00:00Z`,
		source: { adapter: "own", version: "1" },
		gpu: { uuid: "GPU-0", model: "h100-sxm" },
		held_by: { group: "chat" },
		gpu_time: { held: 86_400_000_000, held_source: "static" },
	},
});
const price = {
	price: {
		id: "h100",
		resource: "gpu_hour",
		amount: { value: "2", currency: "USD" },
		per: 1,
		selector: { gpu_model: "h100-sxm" },
		valid_from: "2026-01-01T00:00:00Z",
		basis: "on_demand",
		includes_power: true,
		provenance: "test",
	},
};
const records = [...days.flatMap((day) => [usage(day, "a"), usage(day, "b"), capacity(day)]), price];

it("a budget is kept, told to be overspent with exit 1, and each change stands in a log that tells when it was changed", () => {
	const cwd = folderWith({ "records.jsonl": records.map((each) => `${JSON.stringify(each)}\n`).join("") });
	expect(farthing("import records.jsonl", { cwd }).code).toBe(0);
	expect(refusal(["budget", "status"], 3, { cwd })).toMatch(/no budget/);
	expect(farthing(["budget", "set", "a", "--amount", "200 USD", "--team", "a"], { cwd }).code).toBe(0);
	const status = farthing("budget status --json", { cwd });
	expectPublishedShape(status.stdout);
	const { result } = JSON.parse(status.stdout);
	expect([status.code, result.budgets[0].state, result.budgets[0].spent.value]).toEqual([1, "over", 240]);
	// 24 USD a day: 160 on the seventh, 200 on the ninth.
	expect(result.budgets[0].thresholds).toEqual([
		{ at: 0.8, passed: "2026-10-07" },
		{ at: 1, passed: "2026-10-09" },
	]);
	expect(farthing("budget status --on 2026-10-04", { cwd }).code).toBe(0);
	const heading = farthing("budget status --on 2026-10-04 --forecast", { cwd });
	expect([heading.code, heading.stdout]).toEqual([
		1,
		expect.stringMatching(/, 1 of 1 will be overspent by the forecast/),
	]);
	expect(refusal(["budget", "set", "a", "--amount", "5"], 2, { cwd })).toMatch(/amount with its currency/);
	const audit = answerOf("audit --action budget.set --json", { cwd });
	expectPublishedShape(JSON.stringify(audit));
	expect(audit.result.entries.map(({ state }: { state: string }) => state)).toEqual(["done", "begun"]);
	const log = join(cwd, ".farthing", "ledger.duckdb.audit", "local.jsonl");
	writeFileSync(log, readFileSync(log, "utf8").replaceAll("200 USD", "900 USD"));
	const changed = farthing("audit", { cwd });
	expect([changed.code, changed.stdout]).toEqual([1, expect.stringMatching(/line 3: .*changed/)]);
});
