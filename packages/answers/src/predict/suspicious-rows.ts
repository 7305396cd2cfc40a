/** Measured rows that the others contradict: they calibrate with a larger noise, and someone should look at them. */
import type { Catalogue } from "@farthing/catalogue";
import type { PredictedName, ServingRow } from "@farthing/engine";
import { exp, groupOf, measuredOf, PREDICTED } from "@farthing/engine";
import type { Asking, Envelope } from "../envelope.ts";
import { envelope } from "../envelope.ts";
import { calibratedLaw } from "./calibration-rows.ts";

export interface SuspiciousQuestion {
	/** Measured rows of one's own, which are judged beside the catalogue's. */
	readonly fit?: readonly ServingRow[];
	/** Ids: rows of this model or part alone. */
	readonly model?: string;
	readonly hardware?: string;
}

export interface SuspiciousResult {
	/** Farthest from what the others say first. */
	readonly suspicious: readonly SuspiciousRow[];
	/** Rows that were judged. */
	readonly judged: number;
}

export interface SuspiciousRow {
	readonly id: string;
	readonly source: string;
	readonly quantity: "tpot" | "ttft_median" | "ttft_mean" | "tokens_per_gpu_second";
	readonly measured: { readonly value: number; readonly unit: string };
	/** What the other rows expect there. */
	readonly expected: { readonly value: number; readonly unit: string };
	/** ln(measured / expected) over its standard deviation. */
	readonly deviations: number;
	readonly model: string;
	readonly hardware: string;
	readonly stack: string;
	readonly precision: string;
	readonly speculative: string;
	readonly disaggregated: boolean;
	readonly isl: number;
	readonly osl: number;
	readonly concurrency: number;
}

export function suspiciousRows(
	catalogue: Catalogue,
	question: SuspiciousQuestion,
	asking: Asking,
): Envelope<SuspiciousResult> {
	const { known: rows, calibration } = calibratedLaw(catalogue, question.fit);
	const isAsked = ({ model, hardware }: ServingRow): boolean =>
		(question.model ?? model) === model && (question.hardware ?? hardware) === hardware;
	const asked = rows.map(({ row }) => row).filter(isAsked);
	const groups = new Map(asked.map((row) => [groupOf(row), row]));
	const found = [...groups.values()].flatMap((group) =>
		PREDICTED.flatMap((name) =>
			calibration
				.suspicious(group, name)
				.filter(({ row }) => isAsked(row))
				.map((each) => suspiciousRow(name, each)),
		),
	);
	const suspicious = found.sort(
		(a, b) => Math.abs(b.deviations) - Math.abs(a.deviations) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
	);
	return envelope(asking, { suspicious, judged: asked.length }, []);
}

const QUANTITIES: Readonly<Record<PredictedName, readonly [SuspiciousRow["quantity"], string]>> = {
	tpot: ["tpot", "s"],
	ttftMedian: ["ttft_median", "s"],
	ttftMean: ["ttft_mean", "s"],
	throughput: ["tokens_per_gpu_second", "tok/s/GPU"],
};

function suspiciousRow(
	name: PredictedName,
	{ row, deviations, residual }: { row: ServingRow; deviations: number; residual: number },
): SuspiciousRow {
	const { id, source, model, hardware, stack, precision, speculative, disaggregated, isl, osl, concurrency } = row;
	const [quantity, unit] = QUANTITIES[name];
	const value = measuredOf(row, name) as number;
	return {
		id,
		source,
		quantity,
		measured: { value, unit },
		expected: { value: value * exp(-residual), unit },
		deviations,
		model,
		hardware,
		stack,
		precision,
		speculative,
		disaggregated,
		isl,
		osl,
		concurrency,
	};
}
