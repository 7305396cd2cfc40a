import { describe, expect, it } from "vitest";
import { generation, ownedInputs, sizing, steps } from "../../../test-support/owned-plan.ts";
import { fact } from "../../../test-support/point-fact.ts";
import type { Evaluation } from "../../model/evaluate.ts";
import { evaluate, seriesOf } from "../../model/evaluate.ts";
import { negate } from "../../model/expression.ts";
import { buildModel } from "../../model/flatten.ts";
import { fraction, kilowatt, ratio, usdPerGpuHour, usdPerMtok } from "../../quantity/unit.ts";
import { perYear } from "../gpu-hour-build-up.ts";
import { boughtTokens } from "./bought-tokens.ts";
import { demandPath } from "./demand-path.ts";
import { hybrid } from "./hybrid.ts";
import type { Flows } from "./measures.ts";
import { pricePath } from "./price-path.ts";
import type { OwnedInputs } from "./owned.ts";
import type { RentedInputs } from "./rented.ts";
import { rented } from "./rented.ts";

const PER_GPU = 1000 * 86_400;
const HOURS = 730;
const base = ownedInputs(30, steps([1, 80 * PER_GPU], [7, 160 * PER_GPU]));
const machine = generation("b200", { sizing: sizing({ host: 1 }) });
const common = {
	calendar: base.calendar,
	demand: base.demand,
	running: {},
	committed: new Set<never>(),
	lens: base.lens,
};

const run = (flows: Flows): Evaluation =>
	evaluate(
		buildModel([
			flows.demand,
			flows.shortfall,
			...Object.values(flows.running),
			...(flows.gpus === undefined ? [] : [flows.gpus]),
			...(flows.utilisation === undefined ? [] : [flows.utilisation]),
			...(flows.reserveUsed === undefined ? [] : [flows.reserveUsed]),
		]),
		{ months: 31 },
	);
const rent = (more: Partial<RentedInputs>): Evaluation =>
	run(rented("rent.", { ...common, machine, onDemand: { rate: fact("rate", usdPerGpuHour, 2) }, ...more }));

describe("rented", () => {
	it("pays for what is needed, by the hour", () => {
		const of = rent({});
		expect(seriesOf(of, "rent.gpus")[3]).toBe(80);
		expect(seriesOf(of, "rent.running.rent")[3]).toBeCloseTo(80 * 2 * HOURS, 6);
		expect(seriesOf(of, "rent.running.rent")[7]).toBeCloseTo(160 * 2 * HOURS, 6);
		expect(seriesOf(of, "rent.running.rent")[0]).toBe(0);
	});

	it("holds a contract's number and price for its term, and pays for what it no longer needs", () => {
		const falling = demandPath(steps([1, 160 * PER_GPU], [4, 40 * PER_GPU]));
		const path = pricePath([{ fromMonth: 1, changePerYear: negate(fact("fall", perYear, 0.5)) }]);
		const of = rent({
			demand: falling,
			reserved: { rate: fact("reserved", usdPerGpuHour, 1), share: fact("share", fraction, 0.5), termMonths: 12, path },
		});
		expect(seriesOf(of, "rent.reserved")[1]).toBe(80);
		expect(seriesOf(of, "rent.reserved")[12]).toBe(80);
		expect(seriesOf(of, "rent.reserved")[13]).toBe(20);
		expect(seriesOf(of, "rent.on_demand")[5]).toBe(0);
		expect(seriesOf(of, "rent.running.reserved")[12]).toBeCloseTo(80 * 0.5 ** (1 / 12) * HOURS, 6);
		expect(seriesOf(of, "rent.running.reserved")[13]).toBeCloseTo(20 * 0.5 ** (13 / 12) * HOURS, 6);
	});

	it("takes more GPUs on spot than it replaces on demand", () => {
		const of = rent({
			spot: {
				rate: fact("spot", usdPerGpuHour, 0.8),
				share: fact("share", fraction, 0.5),
				interrupted: fact("gone", fraction, 0.2),
			},
		});
		expect(seriesOf(of, "rent.spot")[2]).toBeCloseTo(40 / 0.8, 12);
		expect(seriesOf(of, "rent.on_demand")[2]).toBe(40);
	});
});

const offer = { price: fact("token_price", usdPerMtok("total"), 0.5) };

describe("boughtTokens", () => {
	it("pays by the token, less where it can wait", () => {
		const batch = { share: fact("batch", fraction, 0.4), factor: fact("factor", fraction, 0.5) };
		const plain = seriesOf(run(boughtTokens("api.", { ...common, offer })), "api.running.api");
		const waiting = seriesOf(run(boughtTokens("api.", { ...common, offer: { ...offer, batch } })), "api.running.api");
		expect(plain[1]).toBeCloseTo((80_000 * HOURS * 3600 * 0.5) / 1e6, 6);
		expect((waiting[1] as number) / (plain[1] as number)).toBeCloseTo(0.8, 12);
	});
});

describe("hybrid", () => {
	const mix = (baseLevel: number, burstLevel: number, spare = 0, more: Partial<OwnedInputs> = {}): Evaluation => {
		const flows = hybrid("mix.", {
			...base,
			generations: [generation("b200", { sizing: sizing({ host: 1, peak: 2, spare }) })],
			...more,
			peakToMean: fact("peak", ratio, 2),
			baseLevel: fact("base_level", ratio, baseLevel),
			burstLevel: fact("burst_level", ratio, burstLevel),
			burst: { machine, rate: fact("rate", usdPerGpuHour, 2), efficiency: fact("efficiency", fraction, 0.5) },
			overflow: offer,
		});
		return run(flows);
	};

	it("splits the load by its levels, and leaves nothing over", () => {
		const of = mix(1, 1.5);
		const shares = ["own", "burst", "overflow"].map((name) => seriesOf(of, `mix.share.${name}`)[1] as number);
		expect(shares[0]).toBeCloseTo(0.75, 9);
		expect(shares[2]).toBeCloseTo(0.0625, 9);
		expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
		expect(seriesOf(of, "mix.burst_gpus")[1]).toBeCloseTo((80 * 0.1875) / 0.5, 6);
		expect(seriesOf(of, "mix.running.api")[1]).toBeCloseTo((80_000 * HOURS * 3600 * 0.0625 * 0.5) / 1e6, 3);
	});

	// 80k tok/s on GPUs of 1,000 tok/s: the mean takes 10 replicas of 8 GPUs, and load is uniform up to twice the mean
	it("lets a spare replica stand by, and serves with it only where the site has no power for both", () => {
		const month = 1;
		const [bare, spare] = [mix(1, 1.5), mix(1, 1.5, 1)];
		expect(seriesOf(spare, "mix.all_gpus")[month]).toBe((seriesOf(bare, "mix.all_gpus")[month] as number) + 8);
		for (const of of ["mix.share.own", "mix.share.burst", "mix.burst_gpus"])
			expect(seriesOf(spare, of)[month], of).toBe(seriesOf(bare, of)[month]);
		expect(seriesOf(spare, "mix.reserve_used")[month]).toBe(0);
		// room for 80 GPUs at 1.87 kW and PUE 1.15, not for 88
		const tight = mix(1, 1.5, 1, { sitePower: fact("site", kilowatt, 80 * 1.87 * 1.15 + 1) });
		expect(seriesOf(tight, "mix.gpus")[month]).toBe(80);
		expect(seriesOf(tight, "mix.share.own")[month]).toBeCloseTo(0.75, 9);
		expect(seriesOf(tight, "mix.reserve_used")[month]).toBe(1);
	});

	it("is owning alone where the base is the peak", () => {
		const of = mix(2, 2);
		expect(seriesOf(of, "mix.share.own")[9]).toBeCloseTo(1, 12);
		expect(seriesOf(of, "mix.running.rent")[9]).toBeCloseTo(0, 6);
	});
});
