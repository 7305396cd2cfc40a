/** The roofline of the best configuration, which bounds what better software can bring to a machine. */
import { servedModelOf } from "@farthing/catalogue";
import type { Expr, TokensPerGpuSecond } from "@farthing/engine";
import {
	assumedFormats,
	ceilingLayouts,
	centralValue,
	input,
	multiplies,
	throughputCeiling,
	tokensPerGpuSecond,
	type BenchmarkPoint,
	type WeightFormat,
} from "@farthing/engine";
import { checkpointOf, servingFacts } from "../predict/calibration-rows.ts";
import { INFERENCEX_LENGTH_SHARE } from "../predict/row-layouts.ts";
import { isServed } from "../predict/sweep.ts";
import type { Asked } from "./asked.ts";

/** Most tokens that measured recipes draft for each step. */
const DRAFTED = 3;

export interface Roofline {
	readonly limit: Expr<TokensPerGpuSecond<"total">>;
	/** The configuration that reaches it, in words. */
	readonly reason: string;
}

/**
 * None, with the reason, where the architecture or the part is not described in full, or where the roofline lies below
 * what was measured. An unchanged recipe keeps its format and what it drafts; with new recipes (`steps`) every
 * format that is served on the part counts, and three drafted tokens, all of them accepted.
 */
export function rooflineOf(
	asked: Asked,
	point: BenchmarkPoint,
	steps: boolean,
): Roofline | { readonly reason: string } {
	const { catalogue, scenario } = asked;
	const facts = servingFacts(catalogue);
	const entry = catalogue.models.find(({ id }) => id === point.model);
	const served = entry === undefined ? undefined : servedModelOf(entry);
	const chip = facts.chip(point.hardware);
	if (served?.complete !== true) return { reason: `the architecture of ${point.model} is not described in full` };
	if (chip === undefined) return { reason: `${point.hardware} lacks peak rates, memory or links` };
	const model = served.value;
	const vendor = catalogue.hardware.find(({ id }) => id === point.hardware)?.vendor;
	const stored = facts.stored(point.model);
	const formats = catalogue.precisions
		.map(({ id }) => id as WeightFormat)
		.filter((id) => id === point.precision || (steps && multiplies(chip, id) && isServed(id, stored, vendor)))
		.map((id) => ({
			...(checkpointOf(catalogue, point.model, id)?.formats ?? assumedFormats(id, model.experts !== undefined)),
			cacheBytes: 1,
		}));
	const limit = scenario.slo.tokensPerSecondPerUser;
	const tokensPerSecondPerUser = limit === undefined ? 0 : centralValue(limit.distribution);
	const drafts = steps || point.speculative !== "none";
	const ceiling = throughputCeiling({
		model,
		chip,
		formats,
		layouts: ceilingLayouts(chip, model.heads),
		load: {
			inputTokens: point.isl * INFERENCEX_LENGTH_SHARE,
			outputTokens: point.osl * INFERENCEX_LENGTH_SHARE,
			cachedTokens: 0,
			tokensPerStep: drafts ? 1 + DRAFTED : 1,
		},
		tokensPerSecondPerUser,
	});
	if (ceiling === undefined) return { reason: "no configuration keeps the interactivity, whatever the software" };
	if (ceiling.tokensPerGpuSecond < point.tokensPerGpuSecond) {
		return { reason: `the row measured more than its roofline of ${Math.round(ceiling.tokensPerGpuSecond)} tok/s/GPU` };
	}
	const { layout, sequences, boundBy, tokensPerGpuSecond: value } = ceiling;
	const size = `${layout.tp} GPUs to a replica${layout.dpAttention ? ", attention apart" : ""}`;
	const reason = `${size}, ${Math.floor(sequences)} sequences at a time, ${ceiling.formats.experts} weights, bound by ${boundBy}`;
	return {
		reason,
		limit: input(asked.within("software.limit"), tokensPerGpuSecond("total"), {
			label: "throughput at the roofline of the best configuration",
			value: { kind: "point", value },
			source: `data sheet of ${chip.id} and architecture of ${model.id}: ${reason}`,
			asOf: asked.asOf,
			grade: "D",
			state: "modelled",
			note:
				tokensPerSecondPerUser > 0
					? `keeps ${tokensPerSecondPerUser} tokens a second for each user; every read, FLOP and transfer at its peak, at the same time`
					: "every read, FLOP and transfer at its peak, at the same time",
		}),
	};
}
