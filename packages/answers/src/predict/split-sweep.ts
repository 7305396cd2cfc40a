/**
 * Prefill and decode on machines of their own, for modelled plans: which workers of each, and how many of one to how many of the
 * other. By the step-time law a decode worker ends so many requests a second at a batch, and a prefill worker computes so many
 * prompts: their ratio is the split that leaves neither waiting, and the whole numbers on both sides of it are what is tried.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { PreparedRow, ServingFacts, ServingRow, StepLaw } from "@farthing/engine";
import { decodedPerSecond, modelledState, prepareRow, promptsPerSecond } from "@farthing/engine";
import type { SweepGroup, SweepQuestion } from "./sweep.ts";
import { layoutsOf, sweepGroups, undominated } from "./sweep.ts";

/** Sequences in the batch of a decode worker. */
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Decode workers of one deployment, and its GPUs at most: an NVL72 rack. */
const DECODE_WORKERS = [1, 2, 3, 4, 8];
const MOST_GPUS = 72;
/** Those that may be the fleet to buy. */
export function splitSweepRows(
	catalogue: Catalogue,
	known: readonly PreparedRow[],
	facts: ServingFacts,
	law: StepLaw,
	question: SweepQuestion,
): PreparedRow[] {
	return sweepGroups(catalogue, known, facts, question, true).flatMap((group) =>
		worthwhile(splitsOf(group, facts, law), law),
	);
}

/** Prefill workers to so many decode workers, of one deployment: the whole numbers around what keeps pace. */
export function workersAround(prefillPerDecode: number, decodeWorkers: number): number[] {
	const pace = prefillPerDecode * decodeWorkers;
	return [...new Set([Math.max(1, Math.floor(pace)), Math.max(1, Math.ceil(pace))])];
}

function splitsOf(group: SweepGroup, facts: ServingFacts, law: StepLaw): PreparedRow[] {
	const layouts = layoutsOf(group.model);
	return layouts.flatMap((prefill) =>
		layouts.flatMap((decode) => {
			const one = preparedSplit(group, facts, prefill, decode, { prefill: 1, decode: 1 }, 1);
			if (one?.prefill === undefined) return [];
			const prompts = promptsPerSecond(one.prefill.work, law, one.load, Number.POSITIVE_INFINITY);
			const most = Math.max(1, Math.floor(one.decode.sequences));
			return BATCHES.filter((batch) => batch <= most).flatMap((batch) => {
				const pace = decodedPerSecond(one.decode.work, law, one.load, batch) / prompts;
				return wholeSplits(pace, prefill.tp, decode.tp).flatMap((workers) => {
					const concurrency = batch * workers.decode + workers.prefill;
					return preparedSplit(group, facts, prefill, decode, workers, concurrency) ?? [];
				});
			});
		}),
	);
}

interface Workers {
	readonly prefill: number;
	readonly decode: number;
}

/** A split and its multiples are one: fleets are multiples anyway. */
function wholeSplits(pace: number, prefillGpus: number, decodeGpus: number): Workers[] {
	const found = new Map<string, Workers>();
	for (const decode of DECODE_WORKERS) {
		for (const prefill of workersAround(pace, decode)) {
			if (prefill * prefillGpus + decode * decodeGpus > MOST_GPUS) continue;
			const divisor = greatestDivisor(prefill, decode);
			const least = { prefill: prefill / divisor, decode: decode / divisor };
			found.set(`${least.prefill}:${least.decode}`, least);
		}
	}
	return [...found.values()];
}

function greatestDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestDivisor(b, a % b);
}

function preparedSplit(
	{ id, served }: SweepGroup,
	facts: ServingFacts,
	prefill: { readonly tp: number; readonly ep: number },
	decode: { readonly tp: number; readonly ep: number },
	workers: Workers,
	concurrency: number,
): PreparedRow | undefined {
	const row: ServingRow = {
		...served,
		id: `${id}.p${workers.prefill}tp${prefill.tp}ep${prefill.ep}.d${workers.decode}tp${decode.tp}ep${decode.ep}.c${concurrency}`,
		concurrency,
		prefill: { ...prefill, pp: 1, dpAttention: false, workers: workers.prefill },
		decode: { ...decode, pp: 1, dpAttention: false, workers: workers.decode },
		gpus: workers.prefill * prefill.tp + workers.decode * decode.tp,
	};
	const prepared = prepareRow(row, facts);
	return prepared.possible ? prepared.prepared : undefined;
}

/** Those that may be the fleet to buy, by the law alone: what measured rows say of it moves neighbours alike. */
function worthwhile(rows: readonly PreparedRow[], law: StepLaw): PreparedRow[] {
	const points = rows.map((row) => {
		const { tpotSeconds, ttftSeconds, tokensPerGpuSecond } = modelledState(row, law);
		return {
			row,
			interactivityTokensPerSecond: 1 / tpotSeconds,
			tokensPerGpuSecond,
			ttftMedianSeconds: ttftSeconds,
			gpus: row.row.gpus as number,
		};
	});
	return undominated(points).map(({ row }) => row);
}
