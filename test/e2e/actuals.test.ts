/** From files to actuals, as a user goes: import bill, usage and GPUs, then ask what the month cost and whose it was. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../packages/ledger/test-support/fleet-month.ts";
import { writeFleet } from "../../packages/ledger/test-support/write-fleet.ts";
import type { Json } from "./farthing.ts";
import { answerOf, expectPublishedShape, farthing, folderWith, refusal, refusalJson } from "./farthing.ts";

const month = fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 });
const cwd = folderWith({}, { scenarios: true });
const REST = ["--basis", "busy", "--rates", "rates.csv", "--calibration", "benchmarks.jsonl", "--plan", "plan.json"];
const ASK = ["actuals", "--window", "2026-10", "--by", "model,team", ...REST, "--json", "--quiet"];
let answer: Json;

beforeAll(() => {
	writeFleet(month, cwd);
	const run = farthing(["import", "usage.jsonl", "gpus.jsonl", "bill.csv", "--json"], { cwd });
	expect(run.code).toBe(0);
	expectPublishedShape(run.stdout);
	answerOf(["plan", "scenarios/prototype-to-5b.yaml", "--row", "ix-84573640", "--json", "--quiet", "-o", "plan.json"], {
		cwd,
	});
	answer = answerOf(ASK, { cwd });
});

describe("farthing actuals", () => {
	it("reconciles the month to the cent, as its schema says; every basis in the library's own test", () => {
		const { result } = answer;
		expectPublishedShape(JSON.stringify(answer));
		const parts = [...result.rows, ...result.lines].map(({ cost }: Json) => cost.value as number);
		const sum = parts.reduce((total, each) => total + each, 0);
		expect(Math.abs(sum - result.cost.value)).toBeLessThan(0.000_01);
		expect(Math.abs(result.bill.value - result.cost.value)).toBeLessThan(0.000_000_1);
		expect(result.reconciliation.difference.value).toBe(0);
		for (const { currency, billed, effective, counted } of result.reconciliation.bills) {
			const nano = (value: number): bigint => BigInt(Math.round(value * 1e6));
			expect(nano(effective.value)).toBe(nano(Number(month.truth.effective.get(currency)) / 1e9));
			expect(nano(billed.value)).toBe(nano(Number(month.truth.billed.get(currency)) / 1e9));
			expect(counted.value).toBe(effective.value);
		}
		expect(result.reconciliation.rows).toBe(month.charges.length);
		expect(new Set(result.rows.map(({ model }: Json) => model))).toEqual(
			new Set(month.shape.fleets.map(({ model }) => model)),
		);
		expect(result.rows.every(({ cost }: Json) => cost.basis === "busy" && cost.grade === "A")).toBe(true);
	});

	it("goes from a plan to what was paid by causes that add up", () => {
		const { result } = answer;
		const causes = result.variance.map(({ cause }: Json) => cause);
		expect(causes).toEqual(["volume", "mix", "efficiency", "utilisation", "price", "currency", "other", "unplanned"]);
		const sum = result.variance.reduce((total: number, { delta }: Json) => total + delta.value, result.plan.cost.value);
		expect(Math.abs(sum - result.cost.value)).toBeLessThan(0.000_01);
		expect(result.plan.plans[0].model).toBe("deepseek-r1");
	});

	it("says the same, imported twice and with the bill given beside it", () => {
		expect(farthing(["import", "usage.jsonl", "bill.csv"], { cwd }).code).toBe(0);
		expect(answerOf([...ASK, "--bill", "bill.csv"], { cwd }).result).toEqual(answer.result);
	});

	it("prints columns that add up to the cent", () => {
		const { stdout } = farthing(
			ASK.filter((word) => word !== "--json"),
			{ cwd },
		);
		const paid = stdout.slice(stdout.indexOf("what was paid for"));
		const table = paid.slice(0, paid.indexOf("\n\n"));
		const cents = [...table.matchAll(/(-?[\d,]+\.\d{2})$/gm)].map(([, amount]) =>
			Number((amount ?? "").replace(/[,.]/g, "")),
		);
		const all = cents.at(-1);
		expect(cents.slice(0, -1).reduce((sum, each) => sum + each, 0)).toBe(all);
		expect(stdout).toMatch(/to the cent/);
	});
});

describe("a month that is not over", () => {
	const policies = [
		"cost <= 100000 USD",
		"p90(forecast.end) <= 100 USD",
		"team.search.cost <= 90000 USD",
		"anomalies <= 50",
		"coverage >= 95%",
		"unit_cost <= 5 USD/Mtok",
		"grade(cost) >= B",
	];

	it("is forecast with a range, and check holds its budget", () => {
		writeFileSync(
			join(cwd, "budget.yaml"),
			`version: 1\npolicies:\n${policies.map((rule) => `  - ${JSON.stringify(rule)}\n`).join("")}`,
		);
		const words = "actuals --window 2026-10-01..2026-10-21 --by team --rates rates.csv --calibration benchmarks.jsonl";
		const told = farthing(`${words} -o actuals.json --quiet`, { cwd });
		expect(told.code).toBe(0);
		expect(told.stdout).toMatch(/P10–P90 USD [\d,]+\.\d\d–[\d,]+\.\d\d, from/);
		const saved = JSON.parse(readFileSync(join(cwd, "actuals.json"), "utf8")) as Json;
		expect(saved.command_line).toBe(`farthing ${words.replace("--rates", "--basis reserved --rates")}`);
		const { forecast, cost } = saved.result;
		expect(forecast.month).toBe("2026-10");
		expect(forecast.spent.value).toBeCloseTo(cost.value, 2);
		expect(forecast.end.p10).toBeLessThan(forecast.end.p90);
		// What is of the month as a whole falls on its days by time.
		expect(forecast.end.p50).toBeGreaterThan(cost.value * 1.4);
		expect(forecast.end.p50).toBeLessThan(cost.value * 1.65);
		const run = farthing(["check", "actuals.json", "--policy", "budget.yaml", "--json"], { cwd });
		const { policies: held } = (JSON.parse(run.stdout) as Json).result;
		expect(held.map(({ rule, state }: Json) => [rule, state])).toEqual(
			policies.map((rule) => [rule, rule.includes("forecast") ? "fail" : "pass"]),
		);
		expect(run.code).toBe(1);
	});
});

describe("farthing report --template monthly", () => {
	const amounts = (text: string): number[] =>
		[...text.matchAll(/(−?)(?:\\\$)([\d,]+\.\d{2}) \|$/gm)].map(([, sign, digits]) => {
			const cents = Number((digits ?? "").replace(/[,.]/g, ""));
			return sign === "" ? cents : -cents;
		});

	it("shows the month with a waterfall and an annex that add up to the cent, from the same figures as actuals", () => {
		const ledger = join(cwd, ".farthing/ledger.duckdb");
		const where = ["--store", ledger, "--format", "html,md", "-o", "the pack"];
		const words = ["report", "--template", "monthly", "--window", "2026-10", ...REST, ...where];
		const run = farthing(words, { cwd });
		expect(run.code, run.stderr).toBe(0);
		const text = readFileSync(join(cwd, "the pack/monthly.md"), "utf8");
		// The command that it names is the one that made it, whichever ledger and folder that was.
		const [, command = ""] = /`farthing (report [^`]*)`/.exec(text) ?? [];
		const named = [...command.matchAll(/'([^']*)'|\S+/g)].map(([whole, inner]) => inner ?? whole);
		expect(new Set(named)).toEqual(new Set(words));
		for (const heading of [
			"Cost of a million tokens",
			"By model",
			"By customer and team",
			"From plan to actual",
			"Claimed and delivered",
			"GPU time and outlook",
			"Annex",
		]) {
			expect(text).toContain(`## ${heading}`);
		}
		const section = (from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to));
		for (const table of [section("## From plan", "## By model"), section("## Annex", "*The bill by currency")]) {
			const cells = amounts(table);
			expect(cells.length).toBeGreaterThan(7);
			expect(cells.slice(0, -1).reduce((sum, each) => sum + each, 0)).toBe(cells.at(-1));
		}
		expect(amounts(section("## Annex", "*The bill by currency")).at(-1)).toBe(
			Math.round(answer.result.cost.value * 100),
		);
		expect(text).toMatch(/warm time took \S*[1-9]\S* and spare time \S*[1-9]\S* \(busy basis\)/);
		expect(text).not.toContain("On the reserved basis of this pack");
		expect(readFileSync(join(cwd, "the pack/monthly.html"), "utf8")).toMatch(/<svg[\s\S]*id="annex"/);
	});

	it("refuses a workbook, a plan beside it, and no month", () => {
		expect(refusalJson(["report", "--template", "monthly"], 2, { cwd })).toMatchObject({ field: "--window" });
		expect(
			refusalJson(["report", "--window", "2026-10", "--template", "monthly", "--format", "xlsx"], 2, { cwd }).code,
		).toBe("no-graph");
	});
});

describe("farthing actuals refuses", () => {
	it("a folder without a ledger, a ledger without usage", () => {
		const empty = folderWith();
		expect(refusal(["actuals"], 3, { cwd: empty })).toMatch(/no ledger at .*\n.*import/s);
		writeFleet(month, empty);
		expect(farthing(["import", "bill.csv"], { cwd: empty }).code).toBe(0);
		expect(refusalJson(["actuals"], 3, { cwd: empty }).code).toBe("no-usage");
	});

	it("what it is asked wrongly, with the flag and a way out; the other questions in the library's own test", () => {
		expect(refusalJson(["actuals", "--by", "colour"], 2, { cwd })).toMatchObject({
			field: "--by",
			code: "unknown-value",
		});
		expect(refusalJson(["actuals", "--window", "2026-10"], 3, { cwd })).toMatchObject({
			code: "unknown-rate",
			field: "--rates",
			hint: expect.stringMatching(/^farthing actuals --rates rates\.csv/),
		});
		const files = ["actuals", "--window", "2026-10"];
		expect(refusalJson([...files, "--plan", "rates.csv"], 2, { cwd }).code).toBe("malformed-json");
		expect(refusalJson([...files, "--bill", "rates.csv"], 2, { cwd }).code).toBe("unknown-format");
		writeFileSync(join(cwd, "cut.csv"), readFileSync(join(cwd, "bill.csv"), "utf8").slice(0, -40));
		const cut = refusalJson([...files, "--bill", "cut.csv"], 2, { cwd });
		expect([cut.code, cut.hint]).toEqual(["malformed-record", expect.stringMatching(/^mend line \d+ of cut\.csv$/)]);
		expect(JSON.stringify(cut)).not.toContain("strict");
	});

	it("a file of rates with a fault, by its line", () => {
		const bad = join(
			folderWith({ "rates.csv": "day,from,to,rate\n2026-10-01,EUR,USD,1.1\n2026-10-02,EUR,USD,none\n" }),
			"rates.csv",
		);
		expect(refusalJson(["actuals", "--rates", bad], 2, { cwd })).toMatchObject({ file: bad, line: 3, field: "rate" });
	});
});
