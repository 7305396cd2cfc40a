import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gpuMicros, instant, millijoules, type Instant, type TokenCount, type UsageRecord } from "../src/index.ts";
import { parseAmount } from "../src/records/money.ts";
import { completeTokens, type TokenClass } from "../src/records/token-classes.ts";
import { bucketMiddle, quantileOfBuckets } from "../src/store/query/latency-bucket.ts";
import {
	SUMMED_COLUMNS,
	type UsageDimension,
	type UsageQuestion,
	type UsageSum,
} from "../src/store/query/usage-question.ts";
import { SegmentWriter, type LedgerRecord } from "../src/store/segment-writer.ts";
import type { LedgerStore } from "../src/store/store.ts";
import { someRequests, someWindows, T0 } from "./usage-records.ts";

/** What every store must do, whichever database it stands on. */
export function describeStore(name: string, open: (folder: string) => Promise<LedgerStore>): void {
	describe(name, () => {
		let folder = "";
		let store: LedgerStore;
		beforeEach(async () => {
			folder = mkdtempSync(join(tmpdir(), "farthing-store-"));
			store = await open(folder);
		});
		afterEach(async () => {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		});

		const write = async (
			records: readonly LedgerRecord[],
			id: string,
		): Promise<{ stored: number; repeated: number }> => {
			const writer = new SegmentWriter(store, { name: "test", id });
			for (const record of records) await writer.add(record);
			return writer.finish();
		};
		const asUsage = (records: readonly UsageRecord[]): LedgerRecord[] =>
			records.map((record) => ({ kind: "usage", record }));
		const reopen = async (): Promise<void> => {
			await store.close();
			store = await open(folder);
		};

		test("the same content again stores nothing, also after it was opened anew", async () => {
			const records = asUsage(someRequests(300, 1));
			expect(await write(records, "file-1")).toEqual({ stored: 300, repeated: 0 });
			expect(await write(records, "file-1")).toEqual({ stored: 0, repeated: 300 });
			await reopen();
			expect(await write(records, "file-1")).toEqual({ stored: 0, repeated: 300 });
			expect(await write(records, "file-2")).toEqual({ stored: 300, repeated: 0 });
			expect(await store.rowCount("usage_request")).toBe(600);
		});

		test("sums equal a plain loop over the records, in whole numbers", async () => {
			const records = someRequests(2000, 2);
			await write(asUsage(records), "a");
			for (const question of QUESTIONS) {
				expect(comparable(await store.requests(question))).toEqual(comparable(naiveSums(records, question)));
			}
		});

		test("roll-ups answer as the events do, with late events, repeated builds and after compaction", async () => {
			const [first, late] = [someRequests(1500, 3), someRequests(500, 4)];
			await write(asUsage(first), "a");
			expect(await store.rollUp()).toBe(1);
			await write(asUsage(late), "b");
			const compareAll = async (): Promise<void> => {
				for (const question of QUESTIONS) {
					const raw = comparable(await store.requests({ ...question, detail: "raw" }));
					expect(comparable(await store.requests(question))).toEqual(raw);
				}
			};
			await compareAll();
			expect(await store.rollUp()).toBe(1);
			expect(await store.rollUp()).toBe(0);
			await compareAll();
			expect(await store.compact(instant(T0 + 2 * DAY))).toEqual({ days: 2, dropped: 0 });
			await compareAll();
			await write(asUsage(someRequests(300, 5)), "c");
			await compareAll();
			await reopen();
			await compareAll();
		});

		test("sums beyond 64 bits are exact, from events and from roll-ups", async () => {
			const most = Number.MAX_SAFE_INTEGER as TokenCount;
			const hostile = someRequests(1100, 12).map((record, i) => ({
				...record,
				t0: instant(T0 + i),
				t1: instant(T0 + i + 1),
				tokens: { in_total: most, out_total: most },
			}));
			await write(asUsage(hostile), "hostile");
			await store.rollUp();
			const question: UsageQuestion = { from: T0, to: instant(T0 + DAY), by: [] };
			const [found] = await store.requests(question);
			expect([found?.sums.in_total.sum, found?.sums.out_context.sum]).toEqual([
				1100n * BigInt(most),
				1100n * BigInt(most) ** 2n,
			]);
			expect(comparable([found!])).toEqual(comparable(await store.requests({ ...question, detail: "raw" })));
		});

		test("a request that came by two files is dropped once its day is closed", async () => {
			const records = someRequests(400, 6, 20);
			await write(asUsage(records), "a");
			await write(asUsage(records.slice(0, 150)), "overlapping");
			await write(
				asUsage(records.slice(0, 50).map((r) => ({ ...r, source: { ...r.source, kind: "client" } }))),
				"client",
			);
			await store.rollUp();
			expect(await store.rowCount("usage_request")).toBe(600);
			expect(await store.compact(instant(T0 + DAY))).toEqual({ days: 1, dropped: 150 });
			expect(await store.compact(instant(T0 + DAY))).toEqual({ days: 0, dropped: 0 });
			const question: UsageQuestion = {
				from: T0,
				to: instant(T0 + DAY),
				by: ["team"],
				where: { source_kind: ["gateway"] },
			};
			expect(comparable(await store.requests(question))).toEqual(comparable(naiveSums(records, question)));
		});

		test("an id of one organisation says nothing of another's", async () => {
			const owned = (org: string): UsageRecord[] =>
				someRequests(50, 12, 20).map(({ tenant: _, ...record }) => ({ ...record, tenant: { org } }));
			await write(asUsage(owned("one")), "one");
			await write(asUsage([...owned("two"), ...owned("one")]), "two");
			expect(await store.dropRepeated()).toEqual({ days: 1, dropped: 50 });
			const found = await store.requests({ from: T0, to: instant(T0 + DAY), by: ["org"] });
			expect(found.map(({ keys, records }) => [keys.org, records])).toEqual([
				["one", 50n],
				["two", 50n],
			]);
		});

		test("a request that came again by a grown file is dropped at once, on a day that is not closed", async () => {
			const records = someRequests(300, 6, 20);
			await write(asUsage(records.slice(0, 200)), "young");
			expect(await store.dropRepeated()).toEqual({ days: 0, dropped: 0 });
			await write(asUsage(records), "grown");
			expect(await store.dropRepeated()).toEqual({ days: 1, dropped: 200 });
			expect(await store.dropRepeated()).toEqual({ days: 0, dropped: 0 });
			const question: UsageQuestion = { from: T0, to: instant(T0 + DAY), by: ["team"] };
			expect(comparable(await store.requests(question))).toEqual(comparable(naiveSums(records, question)));
			expect(await store.rowCount("usage_request")).toBe(300);
			// nothing was built anew for it: two builds are there to be merged
			expect(await store.compact(instant(T0 + DAY))).toEqual({ days: 1, dropped: 0 });
			expect(comparable(await store.requests(question))).toEqual(comparable(naiveSums(records, question)));
		});

		test("requests without an id that look like ones of another file are counted, and stay", async () => {
			const records = someRequests(300, 6, 20).map(({ request_id: _, ...record }) => record as UsageRecord);
			const changed = records[7] as UsageRecord;
			const young = records.slice(0, 200);
			await write(asUsage(young), "young");
			expect(await store.alike({ file: "young", without: [] })).toBe(0);
			// One request is a little longer in the file that has grown: another one.
			const grown = records.with(7, { ...changed, t1: instant(changed.t1 + 1) });
			await write(asUsage(grown), "grown");
			expect(await store.alike({ file: "grown", without: [] })).toBe(199);
			expect(await store.alike({ file: "grown", without: ["young"] })).toBe(0);
			await write(asUsage(someRequests(50, 6, 20)), "named");
			expect(await store.alike({ file: "named", without: [] })).toBe(0);
			expect(await store.rowCount("usage_request")).toBe(550);
		});

		test("a window that came by another file counts once where it names its engine, and in one file as often as it stands there", async () => {
			const named = someWindows(6).map((window, i) => ({ ...window, scope: { pod: `p${i % 2}` } }));
			const [first, second] = [named[0] as UsageRecord, named[1] as UsageRecord];
			const changed = { ...second, tokens: { ...second.tokens, out_total: 7 as TokenCount } };
			const ask = (file: string) => store.dropSame({ file, without: [] });
			await write(asUsage([...named, first]), "whole");
			expect(await ask("whole")).toEqual({ windows: 0, samples: 0, suspected: 0 });
			// Cut short, with a window that says something else, and one that stands there three times.
			await write(asUsage([first, changed, first, first, ...named.slice(2, 4)]), "cut");
			expect(await ask("cut")).toEqual({ windows: 4, samples: 0, suspected: 0 });
			await write(asUsage([first, first, first, ...named.slice(1)]), "again");
			expect(await ask("again")).toEqual({ windows: 8, samples: 0, suspected: 0 });
			expect(await store.rowCount("usage_window")).toBe(9);
			// Nothing tells whether these are one engine or two.
			await write(asUsage(someWindows(3)), "nameless");
			await write(asUsage(someWindows(2)), "nameless-2");
			expect(await store.dropSame({ file: "nameless", without: ["nameless-2"] })).toMatchObject({ suspected: 0 });
			expect(await ask("nameless-2")).toEqual({ windows: 0, samples: 0, suspected: 2 });
			expect(await store.rowCount("usage_window")).toBe(14);
		});

		test("a run whose file came under another name, and a sample of a GPU, count once", async () => {
			const run = (file: string): LedgerRecord[] =>
				asUsage(
					someWindows(2).map((window) => ({
						...window,
						source: { adapter: "vllm-bench", version: "1", kind: "benchmark" as const, instance: file },
					})),
				);
			const capacity = [0, 1].map((i): LedgerRecord => ({ kind: "capacity", record: sample(i, i === 0) }));
			const load = async (name: string, records: readonly LedgerRecord[]): Promise<void> => {
				const writer = new SegmentWriter(store, { name, id: name });
				for (const record of records) await writer.add(record);
				await writer.finish();
			};
			await load("a.json", [...run("a.json"), ...capacity]);
			await load("b.json", [...run("b.json"), ...capacity]);
			expect(await store.dropSame({ file: "b.json", without: [] })).toEqual({ windows: 2, samples: 2, suspected: 0 });
			expect(await store.rowCount("usage_window")).toBe(2);
			expect(await store.rowCount("capacity")).toBe(2);
		});

		test("events older than the limit go, what roll-ups hold stays, and what they cannot tell is an error", async () => {
			const records = someRequests(800, 7);
			await write(asUsage(records), "a");
			const whole: UsageQuestion = { from: T0, to: instant(T0 + 3 * DAY), by: ["team", "served"] };
			const before = comparable(await store.requests(whole));
			const old = records.filter(({ t0 }) => t0 < T0 + DAY).length;
			expect(await store.retain(instant(T0 + DAY + 5))).toEqual({ dropped: old });
			expect(await store.rowCount("usage_request")).toBe(800 - old);
			expect(comparable(await store.requests(whole))).toEqual(before);
			const hour = { from: instant(T0 + 3_600_000_000), to: instant(T0 + 2 * 3_600_000_000) };
			expect(comparable(await store.requests({ ...hour, by: ["team"] }))).toEqual(
				comparable(naiveSums(records, { ...hour, by: ["team"] })),
			);
			for (const question of [
				{ ...whole, by: ["pod" as const] },
				{ ...whole, detail: "raw" as const },
				{ ...hour, from: instant(hour.from + 1), by: [] },
				{ ...hour, step: "minute" as const, by: [] },
			]) {
				await expect(store.requests(question)).rejects.toMatchObject({ code: "beyond-retention" });
			}
			expect(await store.requests({ ...whole, from: instant(T0 + DAY), by: ["pod"] })).not.toEqual([]);
		});

		test("quantiles of latency are within 1% of the sorted list", async () => {
			const records = someRequests(3000, 8);
			await write(asUsage(records), "a");
			await store.rollUp();
			await write(asUsage(someRequests(500, 9)), "b");
			const all = [...records, ...someRequests(500, 9)];
			const question = {
				from: instant(T0 + 5),
				to: instant(T0 + 49 * 3_600_000_000 + 7),
				metric: "ttft" as const,
				by: ["served" as const],
			};
			const spreads = await store.latency(question);
			const key = (spread: (typeof spreads)[number]): string =>
				JSON.stringify([spread.keys, [...spread.counts].sort((a, b) => a[0] - b[0])], (_, v) =>
					typeof v === "bigint" ? String(v) : v,
				);
			expect(spreads.map(key).sort()).toEqual((await store.latency({ ...question, detail: "raw" })).map(key).sort());
			for (const { keys, counts } of spreads) {
				const sorted = all
					.filter(
						({ t0, model, latency }) =>
							t0 >= question.from && t0 < question.to && model.served === keys.served && latency,
					)
					.map(({ latency }) => latency?.ttft?.value ?? 0)
					.sort((a, b) => a - b);
				for (const q of [0.5, 0.9, 0.99]) {
					const exact = sorted[Math.ceil(q * sorted.length) - 1] as number;
					expect(Math.abs((quantileOfBuckets(counts, q) as number) / exact - 1)).toBeLessThan(0.01);
				}
			}
			expect(bucketMiddle(0)).toBe(0);
		});

		test("windows, capacity, prices and charges come back as they were written", async () => {
			const prices = [
				price("h100", "1.95", "2026-11-01"),
				price("h100", "2.05", "2026-11-15"),
				price("h100", "2.00", "2026-11-15"),
			];
			const charges = [charge("10.01", 1, 2), charge("-3.5", 2, 3), charge("7", 20, 21)];
			await write(
				[
					...asUsage(someWindows(5)),
					...[true, true, false].map((isHeld, i): LedgerRecord => ({ kind: "capacity", record: sample(i, isHeld) })),
					...prices.map((record): LedgerRecord => ({ kind: "price", record })),
					...charges.map((record): LedgerRecord => ({ kind: "charge", record })),
				],
				"mixed",
			);
			await reopen();
			const range = { from: T0, to: instant(T0 + DAY) };
			const [windows] = await store.windows({ ...range, by: ["adapter"] });
			expect(windows).toMatchObject({ keys: { adapter: "vllm" }, records: 5n });
			expect(windows?.sums.out_total).toEqual({ sum: 510n, known: 5n });
			expect(windows?.sums.in_computed).toEqual({ sum: 0n, known: 0n });
			const held = await store.capacity({ ...range, by: ["held", "gpu_model"], edges: [instant(T0 + 60_000_000)] });
			expect(held.map(({ keys, records, sums }) => [keys.held, records, sums.held_us.sum, sums.energy_mj])).toEqual([
				["true", 1n, 60_000_000n, { sum: 36_000_000n, known: 1n }],
				["false", 1n, 0n, { sum: 36_000_000n, known: 1n }],
				["true", 1n, 60_000_000n, { sum: 36_000_000n, known: 1n }],
			]);
			expect(await store.prices()).toEqual([prices[0], prices[2]]);
			const read = async (from: Instant, to: Instant) => (await store.charges(from, to)).map(({ charge }) => charge);
			expect(await read(instant(day(2)), instant(day(3)))).toEqual([charges[1]]);
			expect(await read(instant(0), instant(day(31)))).toEqual(charges);
		});

		test("records that reach over an edge are cut there by time, and the parts add up to the whole", async () => {
			const month = { t0: T0, t1: instant(T0 + 10 * DAY) };
			const windows = someWindows(3).map((window, i) => ({ ...window, ...(i < 2 ? month : {}) }));
			const held = {
				...sample(0, true),
				...month,
				gpu_time: { held: gpuMicros(7 * DAY), held_source: "static" as const },
			};
			await write([...asUsage(windows), { kind: "capacity", record: held }], "long");
			const third = { from: instant(T0 + 2 * DAY), to: instant(T0 + 3 * DAY) };
			const [part] = await store.windows({ ...third, by: [], step: "day" });
			// A tenth of 1,000 tokens of input each, and of 100 and 101 of output: what the running total gains, rounded down.
			expect(part).toMatchObject({ ...third, records: 2n, sums: { in_total: { sum: 200n }, out_total: { sum: 20n } } });
			const [day3] = await store.capacity({ ...third, by: ["held"] });
			expect(day3?.sums).toMatchObject({ dur_us: { sum: BigInt(DAY) }, held_us: { sum: BigInt((7 * DAY) / 10) } });
			const all = { from: T0, to: instant(T0 + 10 * DAY) };
			for (const question of [
				{ ...all, by: [], step: "day" as const },
				{ ...all, by: [], step: "hour" as const, edges: [instant(T0 + 77_000_001), instant(T0 + 3 * DAY + 5)] },
			]) {
				const sums = await store.windows(question);
				const total = (of: "in_total" | "out_total"): bigint => sums.reduce((sum, each) => sum + each.sums[of].sum, 0n);
				expect([total("in_total"), total("out_total")]).toEqual([3000n, 303n]);
				expect(sums.every(({ from, to }) => from < to && to - from <= DAY)).toBe(true);
			}
			const edges = Array.from({ length: 9 }, (_, i) => instant(T0 + (i + 1) * DAY - i * 1234));
			const samples = await store.capacity({ ...all, by: [], edges });
			expect(samples).toHaveLength(10);
			expect(samples.reduce((sum, { sums }) => sum + sums.held_us.sum, 0n)).toBe(BigInt(7 * DAY));
			expect(samples.reduce((sum, { sums }) => sum + sums.energy_mj.sum, 0n)).toBe(36_000_000n);
		});

		test("meters that count some time twice are named, and how many times", async () => {
			const windows = someWindows(10);
			await write([...asUsage(windows), { kind: "capacity", record: sample(1, true) }], "once");
			expect(await store.crowded(T0, END)).toEqual([]);
			await write(
				[
					...asUsage(windows.slice(0, 5)),
					{ kind: "capacity", record: { ...sample(1, true), source: { adapter: "own", version: "1" } } },
				],
				"again",
			);
			expect(await store.crowded(T0, END)).toEqual([
				{ kind: "gpu", name: "GPU-1", times: 2 },
				{ kind: "usage", name: "vllm m0", times: 1.5 },
			]);
			expect(await store.crowded(T0, instant(T0 + 60_000_000))).toMatchObject([{ times: 2 }]);
		});

		test("labels are data, whatever they hold", async () => {
			const odd = ["it's", '"; DROP TABLE usage_request; --', "\\' OR 1=1", "Ünï ☃", "$1", "%", "a,b"];
			const records = someRequests(odd.length, 10).map((r, i) => ({ ...r, tenant: { team: odd[i] as string } }));
			await write(asUsage(records), "odd");
			const whole = { from: T0, to: instant(T0 + 3 * DAY), by: ["team" as const] };
			for (const team of odd) {
				const found = await store.requests({ ...whole, where: { team: [team] } });
				expect(found.map(({ keys, records: n }) => [keys.team, n])).toEqual([[team, 1n]]);
			}
			expect(await store.requests({ ...whole, where: { team: ["' OR '1'='1"] } })).toEqual([]);
			expect(await store.requests({ ...whole, where: { team: [] } })).toEqual([]);
		});

		test("a copy and an export hold what the ledger holds", async () => {
			await write(asUsage(someRequests(500, 11)), "a");
			await store.rollUp();
			const copy = join(folder, "copy");
			await store.backup(copy);
			await expect(store.backup(copy)).rejects.toMatchObject({ code: "place-taken" });
			const tables = await store.exportParquet(join(folder, "parquet"));
			expect(tables.find(({ table }) => table === "usage_request")).toMatchObject({ rows: 500 });
			await expect(store.exportParquet(join(folder, "parquet"))).rejects.toMatchObject({ code: "place-taken" });
			expect(await store.rowCount("usage_request")).toBe(500);
		});
	});
}

const DAY = 86_400_000_000;
const day = (n: number): number => Date.UTC(2026, 10, n) * 1000;
const END = instant(T0 + 3 * DAY);

const QUESTIONS: readonly UsageQuestion[] = [
	{ from: T0, to: END, by: [] },
	{ from: T0, to: END, by: ["served", "team"] },
	{ from: T0, to: END, by: ["source_kind", "deployment", "hardware", "tier", "status", "context"] },
	{ from: instant(T0 + 1_234_567_891), to: instant(T0 + 40 * 3_600_000_000 + 77), by: ["served"], step: "day" },
	{ from: instant(T0 + 1_234_567_891), to: instant(T0 + 40 * 3_600_000_000 + 77), by: ["team"], step: "hour" },
	{ from: instant(T0 + 61_000_000), to: instant(T0 + 7_300_000_000), by: ["served"], step: "minute" },
	{ from: T0, to: END, by: ["user"], edges: [instant(T0 + DAY), instant(T0 + DAY + 5_000_001)] },
	{ from: T0, to: END, by: ["served"], where: { team: ["t1", null], status: ["ok"] } },
	{ from: T0, to: END, by: ["pod", "instance"] },
	{ from: END, to: END, by: ["served"] },
];

function naiveSums(records: readonly UsageRecord[], question: UsageQuestion): UsageSum[] {
	const edges = [question.from, ...(question.edges ?? []), question.to];
	const steps = { minute: 60_000_000, hour: 3_600_000_000, day: DAY };
	const groups = new Map<string, UsageSum>();
	for (const record of records) {
		if (record.t0 < question.from || record.t0 >= question.to) continue;
		const wanted = Object.entries(question.where ?? {});
		if (!wanted.every(([name, values]) => values.includes(labelOf(record, name as UsageDimension)))) continue;
		const i = edges.findIndex((edge, at) => record.t0 >= edge && record.t0 < (edges[at + 1] as Instant));
		const step = question.step === undefined ? undefined : steps[question.step];
		const start =
			step === undefined ? (edges[i] as number) : Math.max(Math.floor(record.t0 / step) * step, edges[i] as number);
		const end =
			step === undefined
				? (edges[i + 1] as number)
				: Math.min(Math.floor(record.t0 / step) * step + step, edges[i + 1] as number);
		const keys = Object.fromEntries(question.by.map((name) => [name, labelOf(record, name)]));
		const name = JSON.stringify([start, end, keys]);
		const tokens = completeTokens(record.tokens);
		const values = (column: string): number | undefined =>
			column === "dur_us" ? record.t1 - record.t0 : tokens[column as TokenClass];
		const group = groups.get(name) ?? {
			keys,
			from: instant(start),
			to: instant(end),
			records: 0n,
			sums: Object.fromEntries(SUMMED_COLUMNS.map((c) => [c, { sum: 0n, known: 0n }])) as UsageSum["sums"],
		};
		const sums = SUMMED_COLUMNS.map((column) => {
			const value =
				column === "out_context"
					? tokens.out_total === undefined || tokens.in_total === undefined
						? undefined
						: BigInt(tokens.out_total) * BigInt(tokens.in_total)
					: values(column);
			const { sum, known } = group.sums[column];
			return [column, value === undefined ? { sum, known } : { sum: sum + BigInt(value), known: known + 1n }];
		});
		groups.set(name, { ...group, records: group.records + 1n, sums: Object.fromEntries(sums) as UsageSum["sums"] });
	}
	return [...groups.values()];
}

function labelOf({ source, scope, model, tenant, status, tokens }: UsageRecord, name: UsageDimension): string | null {
	const inTotal = completeTokens(tokens).in_total;
	const labels: Partial<Record<UsageDimension, string | undefined>> = {
		source_kind: source.kind,
		instance: source.instance,
		deployment: scope?.group,
		pod: scope?.pod,
		hardware: scope?.hardware,
		served: model.served,
		tier: model.tier,
		team: tenant?.team,
		user: tenant?.user,
		status,
		context:
			inTotal === undefined
				? undefined
				: String([32_000, 128_000, 200_000, 256_000, 272_000].filter((e) => inTotal > e).length),
	};
	return labels[name] ?? null;
}

/** Order and BigInt made plain, for comparison. */
function comparable(sums: readonly UsageSum[]): string[] {
	return sums
		.map((sum) => JSON.stringify(sum, (_, value) => (typeof value === "bigint" ? String(value) : value)))
		.sort();
}

function price(id: string, value: string, from: string) {
	return {
		id,
		resource: "gpu_hour" as const,
		amount: parseAmount(value, "USD")!,
		per: 1 as never,
		selector: { gpu_model: "h100-sxm" },
		valid_from: instant(Date.parse(`${from}T00:00:00Z`) * 1000),
		basis: "owned" as const,
		includes_power: true,
		provenance: "test",
	};
}

function charge(value: string, from: number, to: number) {
	return {
		charge_period_start: instant(day(from)),
		charge_period_end: instant(day(to)),
		billing_period_start: instant(day(1)),
		billing_period_end: instant(day(30)),
		billed_cost: parseAmount(value, "EUR")!,
		effective_cost: parseAmount(value, "EUR")!,
		charge_category: "Usage" as const,
		billing_account_id: "a",
		service_provider_name: "p",
		columns: { x_Team: "search" },
	};
}

function sample(i: number, isHeld: boolean) {
	const t0 = T0 + (i === 0 ? 0 : 60_000_000);
	return {
		t0: instant(t0),
		t1: instant(t0 + 60_000_000),
		source: { adapter: "dcgm", version: "1" },
		gpu: { uuid: `GPU-${i}`, model: "h100-sxm" },
		...(isHeld ? { held_by: { namespace: "ns", group: "d0" } } : {}),
		gpu_time: { ...(isHeld ? { held: gpuMicros(60_000_000) } : {}), held_source: "kube_request" as const },
		energy: { used: millijoules(36_000_000), scope: "board" as const, method: "counter" as const, power_valid: true },
	};
}
