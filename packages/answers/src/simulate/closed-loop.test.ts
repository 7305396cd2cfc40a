/** The simulator in a closed loop against the steady state that `farthing predict` works out, on the rows of DeepSeek-R1. */
import type { FleetSpec, PoolSpec, PreparedRow, Role, SimulationReport, StepCosts, StepLaw } from "@farthing/engine";
import {
	closedLoad,
	modelledPrefillCosts,
	modelledState,
	modelledStepCosts,
	PREFILL_STEP_TOKENS,
	simulate,
} from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import { calibrationRows } from "../predict/calibration-rows.ts";

/** One row of so many is simulated; 1 takes all of them. */
const EVERY = Number(process.env["CLOSED_LOOP_EVERY"] ?? 30);
const { law } = catalogue.servingLaw;
const ROWS = calibrationRows(catalogue).rows.filter(({ row }) => row.model === "deepseek-r1");

describe("a closed loop on the rows of DeepSeek-R1 agrees with the steady state within 5% (median)", () => {
	it.each([
		["on machines that do both", (row: PreparedRow) => row.prefill === undefined && row.decode.workers === 1],
		["with prefill machines of their own", (row: PreparedRow) => row.prefill !== undefined],
	])("%s", (_, isAsked) => {
		const rows = ROWS.filter(isAsked).filter((__, i) => i % EVERY === 0);
		expect(rows.length).toBeGreaterThan(30);
		const errors = rows.map((row) => {
			const steady = modelledState(row, law);
			const report = closedLoop(row);
			const { input, output } = report.tokens;
			const gpus = row.decode.gpus + (row.prefill?.gpus ?? 0);
			return {
				throughput: (input + output) / report.seconds / gpus / steady.tokensPerGpuSecond - 1,
				tpot: report.tpot.mean / steady.tpotSeconds - 1,
			};
		});
		const apart = (name: "throughput" | "tpot"): number => medianOf(errors.map((each) => Math.abs(each[name])));
		if (EVERY === 1) console.log(`${rows.length} rows: throughput ${apart("throughput")}, TPOT ${apart("tpot")}`);
		expect(apart("throughput")).toBeLessThan(0.05);
		expect(apart("tpot")).toBeLessThan(0.05);
	});
});

/** As the benchmark runs: ten requests a user, lengths from 80% to 100% of the nominal ones. */
function closedLoop(row: PreparedRow): SimulationReport {
	const { load } = row;
	const users = Math.max(1, Math.round(load.concurrency));
	const [input, output] = [load.inputTokens / 0.9, load.outputTokens / 0.9];
	return simulate({
		fleet: fleetOf(row, law, users),
		source: closedLoad({ users, requests: users * 10, lengths: { kind: "uniform", input, output, least: 0.8 } }, 1),
		limits: {},
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 600,
		seed: 1,
	});
}

const PREFILL_BATCH = 256;

function fleetOf({ load, decode, prefill, transferSeconds }: PreparedRow, of: StepLaw, users: number): FleetSpec {
	const batchOf = (role: Role): number =>
		Math.max(1, Math.min(Math.ceil(users / role.workers), Math.floor(role.sequences)));
	const pool = (role: Role, name: PoolSpec["role"], costs: StepCosts, batch: number, stepTokens: number): PoolSpec => ({
		name,
		role: name,
		replicas: Math.round(role.workers),
		gpusPerReplica: role.gpus / role.workers,
		weight: 1,
		engine: {
			law: costs,
			largestBatch: batch,
			stepTokens,
			kvBlocks: Math.ceil((batch * ((load.inputTokens + load.outputTokens) / 0.9 + 64)) / 16),
			blockTokens: 16,
			schedule: "mixed",
			admission: "reserve",
			tokensPerStep: load.acceptedPerStep,
		},
	});
	const batch = batchOf(decode);
	const costs = modelledStepCosts(decode.work, of, load, batch);
	const common = { router: "least-loaded", priorities: 1 } as const;
	if (prefill === undefined) {
		return { pools: [pool(decode, "both", costs, batch, Math.max(8192, batch * 2 + 2048))], ...common };
	}
	const first = modelledPrefillCosts(prefill.work, of, load, PREFILL_BATCH);
	return {
		pools: [
			pool(prefill, "prefill", first, PREFILL_BATCH, PREFILL_STEP_TOKENS),
			pool(decode, "decode", costs, batch, batch * 2 + 2048),
		],
		transfer: { bytesPerToken: 0, bytesPerSecond: 1, setUpSeconds: transferSeconds },
		...common,
	};
}

function medianOf(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
