/**
 * Modelled rows beside the measured ones, for questions asked with `--modelled`: the frontier of each part, stack and
 * format that has no measured row of the model at the asked lengths. Grade D, state `modelled`. A group that was measured
 * is left as it is: the model does not speak over a benchmark.
 */
import type { Catalogue } from "@farthing/catalogue";
import { dayNumber } from "@farthing/catalogue";
import type { BenchmarkPoint, PreparedRow } from "@farthing/engine";
import { calibrate, centralValue } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import { groupedBy } from "../grouping.ts";
import { modelNamed } from "../names.ts";
import { calibrationRows, servingFacts } from "./calibration-rows.ts";
import { INFERENCEX_LENGTH_SHARE } from "./row-layouts.ts";
import { sweep, sweepRows, sweptFrontier } from "./sweep.ts";

export interface ModelledQuestion {
	readonly model: string;
	readonly isl: number;
	readonly osl: number;
	/** Day for which the stacks are predicted, `YYYY-MM-DD`. */
	readonly asOf: string;
}

export const MODELLED_SOURCE = "predicted by farthing's step-time law and its measured rows";

/** The catalogue with modelled rows behind its measured ones. */
export function withModelledPoints(catalogue: Catalogue, question: ModelledQuestion): Catalogue {
	const { model, isl, osl, asOf } = question;
	const measured = catalogue.benchmarks.filter(
		(point) => point.model === model && point.isl === isl && point.osl === osl,
	);
	const groupKey = (of: { hardware: string; stack: string; precision: string }): string =>
		[of.hardware, of.stack, of.precision].join("|");
	const taken = new Set(measured.map(groupKey));
	const { rows: known } = calibrationRows(catalogue);
	const facts = servingFacts(catalogue);
	const lengthShare = measured.length > 0 ? INFERENCEX_LENGTH_SHARE : 1;
	const day = dayNumber(asOf);
	const asked = sweepRows(catalogue, known, facts, { model, isl, osl, lengthShare, day }).filter(
		// a deployment whose requests wait for a place in the cache is overloaded, not an option
		({ row, decode }) => !taken.has(groupKey(row)) && row.concurrency <= decode.sequences,
	);
	const calibration = calibrate(known, catalogue.servingLaw.law, catalogue.servingLaw.fields);
	const fronts = [...groupedBy(asked, ({ row }) => groupKey(row)).values()].flatMap((group) =>
		sweptFrontier(sweep(calibration, group)),
	);
	const points = fronts.map(({ prepared, interactivityTokensPerSecond, tokensPerGpuSecond }) => {
		const { ttftMedian } = calibration.means(prepared, ["ttftMedian"]);
		return pointOf(prepared, asOf, { interactivityTokensPerSecond, tokensPerGpuSecond, ttftMedian });
	});
	return { ...catalogue, benchmarks: [...catalogue.benchmarks, ...points] };
}

function pointOf(
	{ row }: PreparedRow,
	asOf: string,
	values: {
		readonly interactivityTokensPerSecond: number;
		readonly tokensPerGpuSecond: number;
		readonly ttftMedian: number | undefined;
	},
): BenchmarkPoint {
	const { ttftMedian, ...rates } = values;
	const { id, model, hardware, stack, precision, speculative, isl, osl, concurrency, decode } = row;
	return {
		id,
		family: "inferencex",
		kind: "dated",
		isModelled: true,
		model,
		hardware,
		stack,
		precision,
		speculative,
		disaggregated: false,
		multinode: false,
		isl,
		osl,
		concurrency,
		gpus: decode.tp * decode.pp,
		decode: { tp: decode.tp, ep: decode.ep, dpAttention: decode.dpAttention },
		measuredOn: asOf,
		...rates,
		latency: {
			tpot: { median: 1 / rates.interactivityTokensPerSecond },
			...(ttftMedian !== undefined && { ttft: { median: ttftMedian } }),
		},
		source: MODELLED_SOURCE,
	};
}

/** Lengths within 5% of a measured pair are answered at that pair, where measured rows stand beside modelled ones. */
const NEAR = 0.05;

/** The same for a scenario: its model, at the measured lengths nearest to its own or at its own. */
export function withModelledPointsFor(catalogue: Catalogue, scenario: Scenario, asOf: string): Catalogue {
	const model = modelNamed(catalogue, scenario.model).id;
	const [input, output] = [scenario.workload.input, scenario.workload.output].map(({ distribution }) =>
		Math.max(1, Math.round(centralValue(distribution))),
	) as [number, number];
	const near = catalogue.benchmarks
		.filter((point) => point.model === model)
		.map(({ isl, osl }) => ({ isl, osl, off: Math.max(Math.abs(isl / input - 1), Math.abs(osl / output - 1)) }))
		.filter(({ off }) => off <= NEAR)
		.sort((a, b) => a.off - b.off)[0];
	const { isl, osl } = near ?? { isl: input, osl: output };
	return withModelledPoints(catalogue, { model, isl, osl, asOf });
}

export function modelledWarning(catalogue: Catalogue): Warning {
	const count = catalogue.benchmarks.filter(({ isModelled }) => isModelled === true).length;
	return {
		code: "modelled-rows",
		message: `${count} modelled rows (grade D) stand beside the measured ones: parts, stacks and formats that nobody measured for this model and these lengths`,
	};
}
