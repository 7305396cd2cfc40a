/** The simulator in a closed loop against the steady state that `farthing predict` works out, on the rows of DeepSeek-R1. */
import type { PreparedRow, SimulationReport, StepLaw } from "@farthing/engine";
import { closedLoad, modelledState, modelledStepCosts, simulate } from "@farthing/engine";
import { expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import { calibrationRows } from "../predict/calibration-rows.ts";

const EVERY = 20;

it("agrees on the throughput and TPOT of DeepSeek-R1 rows within 5% (median)", () => {
	const { law } = catalogue.servingLaw;
	const all = calibrationRows(catalogue).rows.filter(
		({ row, prefill, decode }) => row.model === "deepseek-r1" && prefill === undefined && decode.workers === 1,
	);
	const rows = all.filter((_, i) => i % EVERY === 0);
	expect(rows.length).toBeGreaterThan(40);
	const errors = rows.map((row) => {
		const steady = modelledState(row, law);
		const report = closedLoop(row, law);
		const { input, output } = report.tokens;
		return {
			throughput: (input + output) / report.seconds / row.decode.gpus / steady.tokensPerGpuSecond - 1,
			tpot: report.tpot.mean / steady.tpotSeconds - 1,
		};
	});
	expect(medianOf(errors.map(({ throughput }) => Math.abs(throughput)))).toBeLessThan(0.05);
	expect(medianOf(errors.map(({ tpot }) => Math.abs(tpot)))).toBeLessThan(0.05);
});

/** As the benchmark runs: ten requests a user, lengths from 80% to 100% of the nominal ones. */
function closedLoop({ load, decode }: PreparedRow, law: StepLaw): SimulationReport {
	const users = Math.max(1, Math.round(load.concurrency));
	const largestBatch = Math.max(1, Math.min(users, Math.floor(decode.sequences)));
	const [input, output] = [load.inputTokens / 0.9, load.outputTokens / 0.9];
	const engine = {
		law: modelledStepCosts(decode.work, law, load, largestBatch),
		largestBatch,
		stepTokens: Math.max(8192, largestBatch * 2 + 2048),
		kvBlocks: Math.ceil((largestBatch * (input + output + 32)) / 16),
		blockTokens: 16,
		schedule: "mixed",
		admission: "reserve",
		tokensPerStep: load.acceptedPerStep,
	} as const;
	return simulate({
		fleet: {
			pools: [{ name: "row", role: "both", replicas: 1, gpusPerReplica: decode.gpus, weight: 1, engine }],
			router: "least-loaded",
			priorities: 1,
		},
		source: closedLoad({ users, requests: users * 10, lengths: { kind: "uniform", input, output, least: 0.8 } }, 1),
		limits: {},
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 600,
		seed: 1,
	});
}

function medianOf(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
