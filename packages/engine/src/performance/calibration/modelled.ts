/** What the law alone says of a serving row: the steady state of its deployment. */
import { fitsMemory, ENGINE_MEMORY_SHARE, type Impossible } from "../serving/memory.ts";
import type { Chip } from "../serving/chip.ts";
import type { ServedModel } from "../serving/served-model.ts";
import type { ServingLayout } from "../serving/serving-layout.ts";
import {
	aggregatedState,
	disaggregatedState,
	type Role,
	type ServingLoad,
	type SteadyState,
} from "../serving/steady-state.ts";
import type { StepLaw } from "../serving/step-law.ts";
import { stepWork } from "../serving/step-time.ts";
import { sequenceBytesPerGpu } from "../serving/memory.ts";
import {
	assumedFormats,
	type TensorFormats,
	type WeightFormat,
	type WeightFormats,
} from "../serving/tensor-formats.ts";
import type { ServingRow, WorkerLayout } from "./serving-row.ts";

/** What the catalogue knows of the names in a row; nothing for a name or figure that it lacks. */
export interface ServingFacts {
	readonly model: (id: string) => ServedModel | undefined;
	readonly chip: (id: string) => Chip | undefined;
	/** Formats of each kind of tensor in the checkpoint that is served in a precision; nothing where it is not known. */
	readonly checkpoint: (id: string, precision: string) => WeightFormats | undefined;
	/** Formats that the model's own checkpoint stores. */
	readonly stored: (id: string) => readonly WeightFormat[];
	/** Vendor of a part; vendors whose parts a stack runs on or multiply a format, where that is stated. */
	readonly vendor: (hardware: string) => string | undefined;
	readonly stackVendors: (stack: string) => readonly string[] | undefined;
	readonly formatVendors: (precision: string) => readonly string[] | undefined;
	/** Modules that draft tokens in the checkpoint; nothing where it is not known whether it has any. */
	readonly mtpModules: (model: string) => number | undefined;
}

/** Speculative decoding as a row runs it: an assumption with a source, never a fit. */
export interface Speculation {
	/** Tokens drafted for each step. */
	readonly drafted: number;
	/** Tokens that a step is expected to yield, the verified one included. */
	readonly acceptedPerStep: number;
}

export const NO_SPECULATION: Speculation = { drafted: 0, acceptedPerStep: 1 };
/**
 * One drafted token, accepted 85 to 90% of the time: DeepSeek-V3 technical report (2024), section 5.4.3. What serving
 * stacks reach beyond that, with more drafted tokens, is for the measured rows to say.
 */
export const MTP_SPECULATION: Speculation = { drafted: 1, acceptedPerStep: 1.85 };

/** A row made ready: all that does not depend on the law. */
export interface PreparedRow {
	readonly row: ServingRow;
	readonly load: ServingLoad;
	readonly decode: Role;
	readonly prefill?: Role;
	readonly transferSeconds: number;
}

export type Prepared =
	| { readonly possible: true; readonly prepared: PreparedRow }
	| Impossible
	| { readonly possible: false; readonly code: "unknown"; readonly reason: string };

export interface PrepareOptions {
	readonly memoryShare?: number;
	readonly speculation?: Speculation;
}

/** Seconds to agree on a transfer of cache entries between two workers. */
const HANDSHAKE_SECONDS = 2e-3;

export function prepareRow(row: ServingRow, facts: ServingFacts, options: PrepareOptions = {}): Prepared {
	const model = facts.model(row.model);
	const chip = facts.chip(row.hardware);
	if (model === undefined) return unknown(`the catalogue does not describe the architecture of ${row.model}`);
	if (chip === undefined) return unknown(`the catalogue lacks peak rates, memory or links of ${row.hardware}`);
	const contradiction = namesRuledOut(row, facts) ?? draftsNothing(row, facts, options);
	if (contradiction !== undefined) return contradiction;
	const formats = formatsOf(row, model, chip, facts.checkpoint(row.model, row.precision));
	const input = row.isl * row.lengthShare;
	const output = Math.max(1, row.osl * row.lengthShare);
	const speculation = options.speculation ?? (row.speculative === "mtp" ? MTP_SPECULATION : NO_SPECULATION);
	const cached = input * (row.cachedShare ?? 0);
	const load: ServingLoad = {
		concurrency: row.concurrency,
		inputTokens: input - cached,
		outputTokens: output,
		cachedTokens: cached,
		tokensPerSequence: 1 + speculation.drafted,
		acceptedPerStep: speculation.acceptedPerStep,
	};
	const role = (layout: WorkerLayout, meanTokens: number, workers: number): Role | Impossible => {
		const served = servingLayout(layout);
		const fit = fitsMemory({
			model,
			chip,
			formats,
			layout: served,
			storedFormats: facts.stored(row.model),
			meanTokens,
			longestTokens: row.isl + row.osl,
			memoryShare: options.memoryShare ?? ENGINE_MEMORY_SHARE,
		});
		if (!fit.possible) return fit;
		return {
			work: stepWork(model, chip, formats, served),
			workers,
			gpus: layout.tp * layout.pp * workers,
			sequences: fit.sequences,
		};
	};
	if (row.prefill === undefined) {
		const replicas = row.gpus === undefined ? 1 : Math.max(1, row.gpus / (row.decode.tp * row.decode.pp));
		const decode = role(row.decode, input + output / 2, replicas);
		if ("possible" in decode) return decode;
		return { possible: true, prepared: { row, load, decode, transferSeconds: 0 } };
	}
	const [prefillWorkers, decodeWorkers] = workersOf(row, row.prefill);
	const decode = role(row.decode, input + output / 2, decodeWorkers);
	if ("possible" in decode) return decode;
	const prefill = role(row.prefill, input, prefillWorkers);
	if ("possible" in prefill) return prefill;
	const gpusMoving = Math.max(1, row.prefill.dpAttention ? 1 : row.prefill.tp);
	const bytes = sequenceBytesPerGpu(model, formats, servingLayout(row.prefill), input) * gpusMoving;
	const link = chip.scaleUpChips > 8 ? chip.scaleUpBytesPerSecond : chip.networkBytesPerSecond;
	const transferSeconds = HANDSHAKE_SECONDS + bytes / gpusMoving / link;
	return { possible: true, prepared: { row, load, decode, prefill, transferSeconds } };
}

/** What the names of a row rule out, whatever the sizes. */
function namesRuledOut({ hardware, stack, precision }: ServingRow, facts: ServingFacts): Impossible | undefined {
	const vendor = facts.vendor(hardware);
	const isOther = (vendors: readonly string[] | undefined): vendors is readonly string[] =>
		vendor !== undefined && vendors !== undefined && !vendors.includes(vendor);
	const makers = facts.stackVendors(stack);
	if (isOther(makers)) {
		const reason = `${stack} runs on parts of ${makers.join(" and ")} alone, and ${hardware} is of ${vendor}`;
		return { possible: false, code: "stack-not-for-hardware", reason };
	}
	const owners = facts.formatVendors(precision);
	if (isOther(owners)) {
		const reason = `${precision} is a format of parts of ${owners.join(" and ")} alone, and ${hardware} is of ${vendor}`;
		return { possible: false, code: "precision-not-supported", reason };
	}
	return undefined;
}

/** Where drafted and accepted tokens are told, something drafts: a draft model beside it, if the model itself cannot. */
function draftsNothing(
	{ model, speculative }: ServingRow,
	facts: ServingFacts,
	{ speculation }: PrepareOptions,
): Impossible | undefined {
	if (speculative !== "mtp" || speculation !== undefined || facts.mtpModules(model) !== 0) return undefined;
	const reason = `${model} has no module for multi-token prediction that could draft`;
	return { possible: false, code: "no-mtp-modules", reason, shortBy: { value: 1, unit: "module" } };
}

export function modelledState({ load, decode, prefill, transferSeconds }: PreparedRow, law: StepLaw): SteadyState {
	if (prefill === undefined) return aggregatedState(decode, law, load);
	return disaggregatedState(prefill, decode, { seconds: transferSeconds }, law, load);
}

/**
 * Beside weights of 8 bits or fewer the cache is kept at 8 bit by TensorRT-LLM, and by every stack on parts that multiply
 * 4-bit formats; else at 16.
 */
export function formatsOf(
	{ precision, stack }: Pick<ServingRow, "precision" | "stack">,
	model: ServedModel,
	chip: Chip,
	checkpoint: WeightFormats | undefined,
): TensorFormats {
	const narrow = precision !== "bf16";
	const cacheBytes = narrow && (stack.includes("tensorrt") || chip.fp4FlopPerSecond !== undefined) ? 1 : 2;
	return { ...(checkpoint ?? assumedFormats(precision as WeightFormat, model.experts !== undefined)), cacheBytes };
}

function servingLayout({ tp, pp, ep, dpAttention }: WorkerLayout): ServingLayout {
	return { tp, pp, ep, dpAttention };
}

/**
 * Workers of each role. Where a source leaves them out, as many decode workers as the GPUs allow beside one prefill
 * worker, or one of each.
 */
function workersOf({ prefill, decode, gpus }: ServingRow, role: WorkerLayout): [number, number] {
	const p = prefill?.workers;
	const d = decode.workers;
	if (p !== undefined && d !== undefined) return [p, d];
	if (gpus === undefined) return [p ?? 1, d ?? 1];
	const perPrefill = role.tp * role.pp;
	const perDecode = decode.tp * decode.pp;
	if (d !== undefined) return [Math.max(1, (gpus - d * perDecode) / perPrefill), d];
	const first = p ?? Math.max(1, Math.round(gpus / 4 / perPrefill));
	return [first, Math.max(1, (gpus - first * perPrefill) / perDecode)];
}

function unknown(reason: string): Prepared {
	return { possible: false, code: "unknown", reason };
}
