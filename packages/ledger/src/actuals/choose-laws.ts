/**
 * Which law of GPU time a deployment is charged by: fitted to saturated runs of its own model and hardware where they are known; else
 * to runs that a model of the engine gives for them; else the proportions of a law that was measured elsewhere, at the level at
 * which the deployment's fullest span is full: the proportions then say who pays, and the time at work is the most that can
 * be, so that idle time is not overstated.
 */
import type { BusyLaw, BusyRun } from "@farthing/engine";
import { busyTime, fitBusyLaw, scaledLaw } from "@farthing/engine";
import type { HeldTime, UsedWork } from "../attribution/attribute.ts";
import { sumOfWork } from "../attribution/attribute.ts";
import { spanIndex } from "../attribution/spans.ts";

export interface ChosenLaw {
	readonly law: BusyLaw;
	readonly state: "measured" | "modelled";
	/** Measured runs it was fitted to, of this deployment's model. */
	readonly runs?: number;
	readonly medianError?: number;
	readonly note: string;
}

/** Saturated runs of one model on one part. */
export interface Calibration {
	readonly model: string;
	readonly hardware?: string;
	/** What gave the runs, where nobody measured them. */
	readonly modelledBy?: string;
	readonly runs: readonly BusyRun[];
}

/**
 * Saturated `vllm bench serve` runs of Qwen3.5-4B in BF16 on one H100, 48 shapes (vLLM 0.25.1, August 2026): 16.5 µs per uncached
 * input token, 84.1 µs per output token, 12.1 ns per output token and token of context. Its proportions stand in for others.
 */
export const STAND_IN_LAW: BusyLaw = {
	gpuSecondsPerUncachedInputToken: 16.5e-6,
	gpuSecondsPerOutputToken: 84.1e-6,
	gpuSecondsPerOutputContextToken2: 12.1e-9,
};

export function chooseLaws(
	held: readonly HeldTime[],
	used: readonly UsedWork[],
	calibrations: readonly Calibration[],
	hardware: ReadonlyMap<string, string>,
): ReadonlyMap<string, ChosenLaw> {
	const laws = new Map<string, ChosenLaw>();
	const deployments = new Set(held.flatMap(({ deployment }) => deployment ?? []));
	for (const deployment of [...deployments].sort()) {
		const work = used.filter(({ owner }) => owner.deployment === deployment);
		if (work.length === 0) continue;
		const models = new Set(work.flatMap(({ owner }) => owner.model ?? []));
		const part = hardware.get(deployment);
		const own = held.filter((each) => each.deployment === deployment);
		const measured = calibrations.filter(({ modelledBy }) => modelledBy === undefined);
		const chosen =
			fittedLaw(models, part, measured) ?? modelledLaw(models, part, calibrations, own, work) ?? levelledLaw(own, work);
		if (chosen !== undefined) laws.set(deployment, chosen);
	}
	return laws;
}

function fittedLaw(
	models: ReadonlySet<string>,
	hardware: string | undefined,
	calibrations: readonly Calibration[],
): ChosenLaw | undefined {
	if (models.size !== 1) return undefined;
	const [model] = models;
	const own = calibrations.filter((each) => each.model === model);
	const near = own.filter(
		(each) => each.hardware === undefined || hardware === undefined || each.hardware === hardware,
	);
	const fit = fitBusyLaw(near.flatMap(({ runs }) => runs));
	if (!fit.fitted) return undefined;
	return {
		law: fit.law,
		state: "measured",
		runs: fit.runs,
		medianError: fit.medianError,
		note: `fitted to ${fit.runs} saturated runs of ${model}, median error ${(fit.medianError * 100).toFixed(0)}%`,
	};
}

/** Runs of a model of the engine: as they are, or shorter by what the fullest span would not hold. */
function modelledLaw(
	models: ReadonlySet<string>,
	hardware: string | undefined,
	calibrations: readonly Calibration[],
	held: readonly HeldTime[],
	used: readonly UsedWork[],
): ChosenLaw | undefined {
	const [model] = models;
	if (models.size !== 1 || hardware === undefined) return undefined;
	const found = calibrations.find(
		(each) => each.modelledBy !== undefined && each.model === model && each.hardware === hardware,
	);
	const fit = fitBusyLaw(found?.runs ?? []);
	if (!fit.fitted || found === undefined) return undefined;
	const fullest = fullestSpan(fit.law, held, used);
	const isTooLong = fullest > 1;
	return {
		law: isTooLong ? scaledLaw(fit.law, 1 / fullest) : fit.law,
		state: "modelled",
		note: `no saturated runs of this model: ${found.modelledBy} is taken${isTooLong ? `, ${fullest.toFixed(2)} times as fast, so that its fullest span is full` : ""}`,
	};
}

/** The stand-in, scaled so that the fullest span of work takes all the time that was held in it. */
function levelledLaw(held: readonly HeldTime[], used: readonly UsedWork[]): ChosenLaw | undefined {
	const fullest = fullestSpan(STAND_IN_LAW, held, used);
	if (fullest === 0) return undefined;
	return {
		law: scaledLaw(STAND_IN_LAW, 1 / fullest),
		state: "modelled",
		note: "no saturated runs of this model: proportions of another's, at the level at which its fullest span is full",
	};
}

/** The largest share of the time held in a span that its work would take. */
function fullestSpan(law: BusyLaw, held: readonly HeldTime[], used: readonly UsedWork[]): number {
	const [heldIndex, usedIndex] = [spanIndex(held), spanIndex(used)];
	const spans = new Map(held.map(({ from, to }) => [`${from} ${to}`, { from, to }]));
	let fullest = 0;
	for (const span of spans.values()) {
		const time = heldIndex.overlapping(span).reduce((sum, { of, share }) => sum + of.gpu * share, 0) / 1e6;
		const busy = busyTime(law, sumOfWork(usedIndex.overlapping(span))).gpuSeconds;
		if (time > 0) fullest = Math.max(fullest, busy / time);
	}
	return fullest;
}
