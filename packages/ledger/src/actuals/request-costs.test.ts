import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BusyLaw } from "@farthing/engine";
import { busyTime } from "@farthing/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stream } from "../../test-support/usage-records.ts";
import { COST_BASES } from "../records/cost-window.ts";
import type { ChargeRecord } from "../records/charge.ts";
import { parseAmount } from "../records/money.ts";
import type { CapacitySample } from "../records/capacity.ts";
import type { UsageRecord } from "../records/usage.ts";
import { count, gpuMicros, instant, tokenCount } from "../records/units.ts";
import type { LedgerStore } from "../store/index.ts";
import { openStore, SegmentWriter } from "../store/index.ts";
import { actualsGraph } from "./actuals-graph.ts";
import type { AnsweredActuals } from "./ask-actuals.ts";
import { askActuals } from "./ask-actuals.ts";
import type { RequestCost } from "./request-costs.ts";
import { busyWorkOf } from "./used-work.ts";

const DAY = 86_400_000_000;
const START = Date.UTC(2026, 9, 5) * 1000;
const N = 600;
const LOST = 3;

/** Two days of a gateway's log of one deployment, which the engine counted too, and tokens of a provider. */
const requests: UsageRecord[] = madeRequests();
const engines: UsageRecord[] = [0, 1].map((day) => engineDay(day));

describe("askActuals by request, on DuckDB", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-requests-"));
	let store: LedgerStore;

	beforeAll(async () => {
		store = await openStore(join(folder, "ledger"));
		const writer = new SegmentWriter(store, { name: "days", id: "days" });
		for (const record of [...requests, ...engines]) await writer.add({ kind: "usage", record });
		for (const record of samples()) await writer.add({ kind: "capacity", record });
		for (const record of bill()) await writer.add({ kind: "charge", record });
		await writer.finish();
		await store.rollUp();
	});
	afterAll(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});

	const ask = async (basis: string, top: string): Promise<{ answered: AnsweredActuals; all: RequestCost[] }> => {
		const all: RequestCost[] = [];
		const words = { window: "2026-10-05..2026-10-07", by: ["team", "request"], basis, top };
		const answered = await askActuals(store, words, { seed: 1, onRequests: (some) => void all.push(...some) });
		return { answered, all };
	};

	it("has a graph where one request id stands in two rows", async () => {
		const { answered } = await ask("reserved", "5");
		const { rows } = answered.result;
		const graph = actualsGraph({ ...answered.result, rows: [...rows, ...rows.slice(0, 1)] });
		expect(JSON.stringify(graph)).toContain(`request.${rows[0]?.request}.2.cost`);
	});

	it.each(COST_BASES)(
		"adds up to the billionth on the %s basis: requests, what no log shows, other lines",
		async (basis) => {
			const { answered, all } = await ask(basis, "5");
			const { found, result } = answered;
			const ofRequests = all.reduce((sum, { nano }) => sum + (nano ?? 0n), 0n);
			const other = found.lines
				.filter(({ kind }) => kind !== "serving")
				.reduce((sum, { amount }) => sum + amount.nano, 0n);
			const serving = found.lines
				.filter(({ kind }) => kind === "serving")
				.reduce((sum, { amount }) => sum + amount.nano, 0n);
			const unlogged = result.rows.filter(
				({ request, team, at }) => request === undefined && team === undefined && at === undefined,
			);
			expect(all).toHaveLength(N + 20 + LOST);
			expect(all.filter(({ nano }) => nano === undefined).map(({ owner }) => owner.model)).toEqual(
				Array(LOST).fill("lost"),
			);
			expect(Number(serving - ofRequests)).toBeCloseTo(
				unlogged.reduce((sum, { cost }) => sum + (cost.value ?? 0), 0) * 1e9,
				-2,
			);
			expect(serving + other).toBe(found.total.nano);
			expect(found.total.nano).toBe(104_000_000_000n);
			const shown = [...result.rows, ...result.lines].reduce((sum, { cost }) => sum + (cost.value ?? 0), 0);
			expect(shown).toBeCloseTo(104, 9);
			expect(result.rows.filter(({ at }) => at !== undefined)).toHaveLength(5);
			expect(result.requests).toMatchObject({ count: N + 20 + LOST, shown: 5, unpriced: LOST });
			expect(result.requests?.coverage).toBeCloseTo(1 - (LOST * 300) / tokensOfAll(), 12);
			expect(result.lines[0]?.label).toBe(`${N + 15} requests that cost less`);
			expect(result.lines[1]).toEqual({
				kind: "serving",
				label: `${LOST} requests whose cost is not known`,
				cost: expect.objectContaining({ state: "unknown" }),
			});
		},
	);

	it("has one GPU time at work and one idle cost, whatever it is told by; requests of a team add up to its row", async () => {
		const by = (dimensions: string[]) =>
			askActuals(store, { window: "2026-10-05..2026-10-07", by: dimensions, basis: "busy" }, { seed: 1 });
		const answers = [await by(["model"]), await by(["team"]), await by(["user"]), await by(["team", "user"])];
		const { answered, all } = await ask("busy", "5");
		const seen = [...answers, answered].map(({ result: { use, idle } }) => [use.busy.value, idle.value]);
		for (const [busy, idle] of seen) {
			expect(busy).toBeCloseTo(seen[0]?.[0] as number, 6);
			expect(idle).toBeCloseTo(seen[0]?.[1] as number, 6);
		}
		for (const row of answers[1]?.result.rows ?? []) {
			const own = all.filter(({ owner }) => owner.team === row.team && row.team !== undefined);
			const nano = own.reduce((sum, each) => sum + (each.nano ?? 0n), 0n);
			if (own.length > 0) expect(Number(nano) / 1e9).toBeCloseTo(row.cost.value as number, 6);
		}
	});

	it("gives each request its share by the law: proportional to its GPU time within its labels and day", async () => {
		const { all, answered } = await ask("busy", "10");
		const [law] = [...answered.found.laws.values()].map((chosen) => chosen.law);
		const logged = requests.filter(({ model }) => model.served === "m");
		const own = logged.map(({ request_id, tokens }) => {
			const [input, output, total] = [tokens.in_computed ?? 0, tokens.out_total ?? 0, tokens.in_total ?? 0];
			const attended = output * (total + output / 2);
			const a = law?.gpuSecondsPerUncachedInputToken ?? 0;
			const rest =
				(law?.gpuSecondsPerOutputToken ?? 0) * output + (law?.gpuSecondsPerOutputContextToken2 ?? 0) * attended;
			return { id: request_id ?? "", prefill: a * input, decode: rest };
		});
		const costs = new Map(all.map((cost) => [cost.owner.request, cost]));
		const first = own.filter(
			(_, i) =>
				logged[i]?.tenant?.team === "a" && logged[i]?.tenant?.user === "u0" && (logged[i]?.t0 ?? 0) < START + DAY,
		);
		const sum = (of: (each: (typeof own)[number]) => number): number =>
			first.reduce((all_, each) => all_ + of(each), 0);
		const input = first.reduce((n, { id }) => n + Number(costs.get(id)?.input), 0);
		const output = first.reduce((n, { id }) => n + Number(costs.get(id)?.output), 0);
		for (const { id, prefill, decode } of first) {
			expect(Math.abs(Number(costs.get(id)?.input) - (prefill / sum((each) => each.prefill)) * input)).toBeLessThan(2);
			expect(Math.abs(Number(costs.get(id)?.output) - (decode / sum((each) => each.decode)) * output)).toBeLessThan(2);
		}
		const rows = answered.result.rows.slice(0, 10);
		const dearest = [...all].sort((a, b) => Number((b.nano ?? 0n) - (a.nano ?? 0n))).slice(0, 10);
		expect(rows.map(({ request }) => request)).toEqual(dearest.map(({ owner }) => owner.request));
	});

	it("gives bought tokens to those who bought them, at what each kind cost", async () => {
		const { all } = await ask("reserved", "1");
		const bought = all.filter(({ owner }) => owner.model === "bought");
		// 20 requests of 1,000 in and 100 out: 1 USD for input, 3 USD for output.
		expect(bought.map(({ input, output }) => [input, output])).toEqual(bought.map(() => [50_000_000n, 150_000_000n]));
	});

	it("tells GPU time for requests that failed apart: a tenth of them, with a tenth of the law's time", async () => {
		const { answered } = await ask("busy", "1");
		const [law] = [...answered.found.laws.values()].map((chosen) => chosen.law);
		const lost = requests
			.filter(({ status }) => status === "error")
			.reduce(
				(sum, { tokens }) => sum + busyTime(law as BusyLaw, busyWorkOf({ tokens, requests: count(1) }, 1)).gpuSeconds,
				0,
			);
		const hours = answered.result.use.failed?.value ?? 0;
		// The store knows Σ output × input, and half of the output only on average.
		expect(Math.abs(hours / (lost / 3600) - 1)).toBeLessThan(0.02);
		expect(answered.result.use).not.toHaveProperty("sold");
	});

	it("refuses a window whose requests were dropped, and a number of rows that is none", async () => {
		const copy = await openStore(join(folder, "old"));
		const writer = new SegmentWriter(copy, { name: "days", id: "days" });
		for (const record of requests) await writer.add({ kind: "usage", record });
		await writer.finish();
		await copy.retain(instant(START + DAY));
		const words = { window: "2026-10-05", by: ["request"] };
		await expect(askActuals(copy, words, { seed: 1 })).rejects.toMatchObject({ code: "beyond-retention" });
		await copy.close();
		await expect(askActuals(store, { ...words, top: "0" }, { seed: 1 })).rejects.toMatchObject({
			code: "wrong-type",
			detail: { field: "top" },
		});
	});
});

function madeRequests(): UsageRecord[] {
	const draw = stream(7);
	const pick = (n: number): number => Math.floor(draw() * n);
	const own = Array.from({ length: N }, (_, i): UsageRecord => {
		// One team's answers are long: means over all tell nothing of either.
		const [input, output] = [1 + pick(9000), 1 + pick(i % 3 === 0 ? 2400 : 600)];
		const cached = pick(input);
		const t0 = START + pick(2 * DAY);
		return {
			grain: "request",
			t0: instant(t0),
			t1: instant(t0 + pick(9_000_000)),
			source: { adapter: "litellm", version: "1", kind: "gateway" },
			request_id: `r${i}`,
			model: { served: "m" },
			status: i % 10 === 0 ? "error" : "ok",
			tenant: { team: i % 3 === 0 ? "a" : "b", user: `u${i % 2}` },
			tokens: tokens(input, cached, output),
		};
	});
	const bought = Array.from({ length: 20 }, (_, i): UsageRecord => {
		const t0 = START + i * 1_000_000;
		return {
			grain: "request",
			t0: instant(t0),
			t1: instant(t0 + 1),
			source: { adapter: "litellm", version: "1", kind: "provider" },
			request_id: `b${i}`,
			model: { served: "bought" },
			tenant: { team: "a" },
			tokens: tokens(1000, 0, 100),
		};
	});
	// Nothing says what served them.
	const lost = bought.slice(0, LOST).map(
		(record, i): UsageRecord => ({
			...record,
			source: { ...record.source, kind: "gateway" },
			request_id: `l${i}`,
			model: { served: "lost" },
			tokens: tokens(200, 0, 100),
		}),
	);
	return [...own, ...bought, ...lost];
}

function tokensOfAll(): number {
	return requests.reduce((sum, { tokens: { in_total = 0, out_total = 0 } }) => sum + in_total + out_total, 0);
}

function tokens(input: number, cached: number, output: number): UsageRecord["tokens"] {
	return {
		in_total: tokenCount(input),
		in_computed: tokenCount(input - cached),
		in_cached_local: tokenCount(cached),
		in_cached_remote: tokenCount(0),
		in_transferred: tokenCount(0),
		out_total: tokenCount(output),
	};
}

/** What the gateway logged on the day, and a tenth more that it did not. */
function engineDay(day: number): UsageRecord {
	const own = requests.filter(
		({ t0, model }) => model.served === "m" && t0 >= START + day * DAY && t0 < START + (day + 1) * DAY,
	);
	const sum = (of: (each: UsageRecord) => number | undefined): number =>
		Math.round(own.reduce((all, each) => all + (of(each) ?? 0), 0) * 1.1);
	const [input, computed] = [
		sum(({ tokens: { in_total } }) => in_total),
		sum(({ tokens: { in_computed } }) => in_computed),
	];
	return {
		grain: "window",
		t0: instant(START + day * DAY),
		t1: instant(START + (day + 1) * DAY),
		source: { adapter: "vllm", version: "1", kind: "engine" },
		scope: { group: "chat" },
		model: { served: "m" },
		tokens: tokens(
			input,
			input - computed,
			sum(({ tokens: { out_total } }) => out_total),
		),
		requests: { finished: count(own.length) },
	};
}

function samples(): CapacitySample[] {
	return [0, 1].map((day) => ({
		t0: instant(START + day * DAY),
		t1: instant(START + (day + 1) * DAY),
		source: { adapter: "own", version: "1" },
		gpu: { uuid: "GPU-0", model: "h100-sxm", node: "node-a" },
		held_by: { group: "chat" },
		gpu_time: { held: gpuMicros(DAY), held_source: "static" },
	}));
}

function bill(): ChargeRecord[] {
	const row = (amount: string, more: Partial<ChargeRecord>): ChargeRecord => ({
		charge_period_start: instant(START),
		charge_period_end: instant(START + 2 * DAY),
		billing_period_start: instant(START),
		billing_period_end: instant(START + 2 * DAY),
		billed_cost: parseAmount(amount, "USD")!,
		effective_cost: parseAmount(amount, "USD")!,
		charge_category: "Usage",
		billing_account_id: "a",
		service_provider_name: "p",
		...more,
	});
	const bought = (direction: string) => ({
		consumed_unit: "Tokens",
		sku_price_details: { ModelId: "bought", TokenDirection: direction },
	});
	return [
		row("97", { resource_id: "node-a", service_category: "Compute" }),
		row("3", { service_category: "Storage", service_name: "Disks" }),
		row("1", bought("Input")),
		row("3", bought("Output")),
	];
}
