import type { BusyLaw } from "@farthing/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COST_BASES } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import { formatAmount, parseAmount } from "../records/money.ts";
import type { GpuMicros, Instant, Millijoules, TokenCount } from "../records/units.ts";
import { MICROS_PER_HOUR } from "../records/units.ts";
import type { Attribution, AttributionInput, HeldTime, UsedWork } from "./attribute.ts";
import { attribute } from "./attribute.ts";
import type { AttributedLine } from "./attributed-line.ts";
import type { PoolCharge, WindowCharge } from "./charge.ts";
import { linesBy, sumOfLines } from "./line-sums.ts";

/** 1 ms per uncached input token, 4 ms per output token: easy to add in one's head. */
const LAW: BusyLaw = {
	gpuSecondsPerUncachedInputToken: 0.001,
	gpuSecondsPerOutputToken: 0.004,
	gpuSecondsPerOutputContextToken2: 0,
};

describe("attribute, worked by hand", () => {
	// Ten GPU-hours for 100 USD: chat holds 6, batch 2, nobody 2. Chat: search works 1.5 h, ads 1.5 h of its 6; batch is at work
	// for all of its 2.
	const hours = [
		heldHours("p", "chat", 6, "llama"),
		heldHours("p", "batch", 2, "qwen"),
		heldHours("p", undefined, 2, undefined),
	];
	const used = [
		work("chat", "llama", "search", 1.5),
		work("chat", "llama", "ads", 1.5),
		work("batch", "qwen", "ads", 2),
	];
	const charges: WindowCharge[] = [pool("a", "p", "100"), own("shared", "10", "network"), own("tax", "5", "VAT")];

	it("reserved: who holds pays, idle apart", () => {
		expect(amounts(run("reserved", { charges, held: hours, used }))).toEqual({
			"serving llama chat ads": "30",
			"serving llama chat search": "30",
			"serving qwen batch ads": "20",
			"unallocated p": "20",
			"shared network": "10",
			"tax VAT": "5",
		});
	});

	it("busy: who works pays, what is held without work apart", () => {
		expect(amounts(run("busy", { charges, held: hours, used }))).toEqual({
			"serving llama chat ads": "15",
			"serving llama chat search": "15",
			"serving qwen batch ads": "20",
			"idle_held llama chat p": "30",
			"unallocated p": "20",
			"shared network": "10",
			"tax VAT": "5",
		});
	});

	it("marginal: on demand as busy, reserved is committed", () => {
		expect(amounts(run("marginal", { charges, held: hours, used }))).toEqual(
			amounts(run("busy", { charges, held: hours, used })),
		);
		const reserved = charges.map((charge) => (charge.kind === "pool" ? { ...charge, isAvoidable: false } : charge));
		expect(amounts(run("marginal", { charges: reserved, held: hours, used }))).toEqual({
			"committed llama chat p": "30",
			"committed qwen batch p": "20",
			"idle_held llama chat p": "30",
			"unallocated p": "20",
			"shared network": "10",
			"tax VAT": "5",
		});
	});

	it("a price that changes within the window meets the hours it applied to", () => {
		// The first half at 10 USD an hour, the second at 20. Search works in the first only, ads in the second only.
		const first = { from: at(0), to: at(5) };
		const second = { from: at(5), to: at(10) };
		const halves = [first, second].map((span): HeldTime => ({ ...heldHours("p", "chat", 5, "llama"), ...span }));
		const works = [
			{ ...work("chat", "llama", "search", 5), ...first },
			{ ...work("chat", "llama", "ads", 5), ...second },
		];
		const prices = [
			{ ...pool("a", "p", "50"), ...first },
			{ ...pool("b", "p", "100"), ...second },
		];
		for (const basis of COST_BASES) {
			expect(amounts(run(basis, { charges: prices, held: halves, used: works }))).toEqual({
				"serving llama chat search": "50",
				"serving llama chat ads": "100",
			});
		}
	});

	it("GPU time that was paid and not seen by any meter is a line of its own", () => {
		const charge: PoolCharge = { ...pool("a", "p", "120"), paid: gpuHours(12) };
		const lines = amounts(run("reserved", { charges: [charge], held: hours, used }));
		expect(lines["unmetered p"]).toBe("20");
		expect(amounts(run("busy", { charges: [pool("a", "unknown", "7")], held: hours, used }))).toEqual({
			"unmetered unknown": "7",
		});
	});

	it("energy goes by joules, and its busy part is marginal though the machine is owned", () => {
		const energetic = hours.map((each, i) => ({ ...each, energy: [300, 600, 100][i] as Millijoules }));
		const charge: PoolCharge = { ...pool("kwh", "p", "10"), by: "energy", isAvoidable: true };
		expect(amounts(run("marginal", { charges: [charge], held: energetic, used }))).toEqual({
			"serving llama chat ads": "0.75",
			"serving llama chat search": "0.75",
			"serving qwen batch ads": "6",
			"idle_held llama chat p": "1.5",
			"unallocated p": "1",
		});
	});

	it("bought tokens go to who used them, and those that no log shows to the residual", () => {
		const tokens = (n: number) => ({ output: n as TokenCount });
		const bought = [
			{ ...work(undefined, "gpt", "ads", 0), tokens: tokens(300) },
			{ ...work(undefined, "gpt", "search", 0), tokens: tokens(100) },
		];
		const charge = (model: string): WindowCharge => ({
			kind: "tokens",
			id: model,
			...ALL,
			model,
			bucket: "output",
			amount: usd("8"),
		});
		const { lines } = run("busy", { charges: [charge("gpt"), charge("other")], held: [], used: bought });
		expect(amounts({ lines })).toEqual({
			"serving gpt ads": "6",
			"serving gpt search": "2",
			"residual output tokens of other that no log shows": "8",
		});
		expect(lines[0]?.output).toEqual(usd("6"));
	});

	it("splits serving by what computed input and what made output", () => {
		const mixed: UsedWork = {
			...work("batch", "qwen", "ads", 0),
			work: { uncachedInputTokens: 3_600_000, outputTokens: 900_000, outputContextTokens2: 0 },
		};
		const [line] = run("busy", { charges, held: hours, used: [mixed] }).lines;
		expect(line).toMatchObject({ kind: "serving", amount: usd("20"), input: usd("10"), output: usd("10") });
	});

	it("names a deployment whose law claims more time than there was, and one without a law", () => {
		const result = run("busy", { charges, held: hours, used: [work("batch", "qwen", "ads", 3)] });
		expect([...result.overruns]).toEqual([["batch", 1.5]]);
		expect(amounts(result)["serving qwen batch ads"]).toBe("20");
		const without = attribute({ basis: "busy", charges, held: hours, used, laws: new Map([["chat", LAW]]) });
		expect(without.withoutLaw).toEqual(["batch"]);
		expect(amounts(without)["idle_held qwen batch p"]).toBe("20");
	});
});

describe("attribute, random fleets", () => {
	it("adds up to the charges exactly on every basis, however it is grouped", () => {
		fc.assert(
			fc.property(fleets, (fleet) => {
				const charged = fleet.charges.reduce((sum, { amount }) => sum + amount.nano, 0n);
				for (const basis of COST_BASES) {
					const { lines } = run(basis, fleet);
					expect(sumOfLines(lines, "USD").nano).toBe(charged);
					expect(sumOfLines(linesBy(lines, ["team"]), "USD").nano).toBe(charged);
					for (const { kind, amount, input, output } of lines) {
						if (kind !== "serving" || basis === "reserved") continue;
						expect((input?.nano ?? 0n) + (output?.nano ?? 0n)).toBe(amount.nano);
					}
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("charges on the busy basis never more than on the reserved one, where charges are positive and the law fits", () => {
		fc.assert(
			fc.property(fleets, (fleet) => {
				const positive = { ...fleet, charges: fleet.charges.filter(({ amount }) => amount.nano >= 0n) };
				const [busy, reserved, marginal] = (["busy", "reserved", "marginal"] as const).map((basis) =>
					run(basis, positive)
						.lines.filter(({ kind }) => kind === "serving")
						.reduce((sum, { amount }) => sum + amount.nano, 0n),
				) as [bigint, bigint, bigint];
				expect(busy <= reserved).toBe(true);
				expect(marginal <= busy).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	it("does not depend on the order in which records come", () => {
		fc.assert(
			fc.property(fleets, (fleet) => {
				const turned = {
					charges: [...fleet.charges].reverse(),
					held: [...fleet.held].reverse(),
					used: [...fleet.used].reverse(),
				};
				expect(run("busy", turned).lines).toEqual(run("busy", fleet).lines);
			}),
			{ numRuns: 30 },
		);
	});
});

const ALL = { from: at(0), to: at(10) };

function at(hour: number): Instant {
	return (hour * MICROS_PER_HOUR) as Instant;
}

function gpuHours(hours: number): GpuMicros {
	return (hours * MICROS_PER_HOUR) as GpuMicros;
}

function usd(text: string): Amount {
	return parseAmount(text, "USD") as Amount;
}

function heldHours(name: string, deployment: string | undefined, hours: number, model: string | undefined): HeldTime {
	return {
		...ALL,
		pools: [name],
		...(deployment === undefined ? {} : { deployment }),
		...(model === undefined ? {} : { model }),
		gpu: gpuHours(hours),
	};
}

/** Uncached input that keeps GPUs at work for so many hours under {@link LAW}. */
function work(deployment: string | undefined, model: string, team: string, hours: number): UsedWork {
	const uncachedInputTokens = hours * 3_600_000;
	return {
		...ALL,
		owner: { model, team, ...(deployment === undefined ? {} : { deployment }) },
		work: { uncachedInputTokens, outputTokens: 0, outputContextTokens2: 0 },
		tokens: { input: uncachedInputTokens as TokenCount },
	};
}

function pool(id: string, name: string, amount: string): PoolCharge {
	return { kind: "pool", id, ...ALL, pool: name, amount: usd(amount), by: "gpu-time", isAvoidable: true };
}

function own(kind: "shared" | "tax" | "credit", amount: string, label: string): WindowCharge {
	return { kind, id: label, ...ALL, label, amount: usd(amount) };
}

function run(
	basis: AttributionInput["basis"],
	input: Pick<AttributionInput, "charges" | "held" | "used">,
): Attribution {
	const names = [...input.held, ...input.used.map(({ owner }) => owner)].flatMap(({ deployment }) => deployment ?? []);
	return attribute({ basis, ...input, laws: new Map(names.map((name) => [name, LAW])) });
}

function amounts({ lines }: { readonly lines: readonly AttributedLine[] }): Record<string, string> {
	return Object.fromEntries(
		lines.map(({ kind, owner: { model, deployment, team }, label, amount }) => [
			[kind, model, deployment, team, label].filter((each) => each !== undefined).join(" "),
			formatAmount(amount),
		]),
	);
}

const NAMES = ["a", "b", "c"];

/** Pools, deployments over several pools, price changes, credits and odd amounts, over ten hours. */
const fleets: fc.Arbitrary<Pick<AttributionInput, "charges" | "held" | "used">> = fc
	.record({
		held: fc.array(
			fc.record({
				pool: fc.constantFrom("p", "q"),
				deployment: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
				hour: fc.nat(9),
				gpu: fc.integer({ min: 1, max: 8 * MICROS_PER_HOUR }),
				energy: fc.nat(1e9),
			}),
			{ maxLength: 12 },
		),
		used: fc.array(
			fc.record({
				deployment: fc.constantFrom(...NAMES),
				team: fc.constantFrom("x", "y", "z"),
				hour: fc.nat(9),
				input: fc.nat(2_000_000),
				output: fc.nat(500_000),
			}),
			{ maxLength: 16 },
		),
		charges: fc.array(
			fc.record({
				pool: fc.constantFrom("p", "q", "none"),
				from: fc.nat(5),
				length: fc.integer({ min: 1, max: 5 }),
				nano: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 13n }),
				by: fc.constantFrom("gpu-time" as const, "energy" as const),
				isAvoidable: fc.boolean(),
				paid: fc.option(fc.nat(40 * MICROS_PER_HOUR), { nil: undefined }),
			}),
			{ maxLength: 8 },
		),
	})
	.map(({ held, used, charges }) => ({
		held: held.map(({ pool: name, deployment, hour, gpu, energy }) => ({
			from: at(hour),
			to: at(hour + 1),
			pools: [name],
			...(deployment === undefined ? {} : { deployment, model: `model ${deployment}` }),
			gpu: gpu as GpuMicros,
			energy: energy as Millijoules,
		})),
		used: used.map(({ deployment, team, hour, input, output }) => ({
			from: at(hour),
			to: at(hour + 1),
			owner: { deployment, team, model: `model ${deployment}` },
			work: { uncachedInputTokens: input, outputTokens: output, outputContextTokens2: 0 },
			tokens: {},
		})),
		charges: charges.map(({ pool: name, from, length, nano, by, isAvoidable, paid }, i) => ({
			kind: "pool" as const,
			id: `${i}`,
			from: at(from),
			to: at(from + length),
			pool: name,
			amount: { currency: "USD", nano },
			by,
			isAvoidable,
			...(paid === undefined ? {} : { paid: paid as GpuMicros }),
		})),
	}));
