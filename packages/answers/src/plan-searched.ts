/** What the options of a plan were chosen among: each measured or modelled row is one configuration, and all of them are tried. */
import type { BenchmarkPoint } from "@farthing/engine";
import { layoutOf } from "./rows.ts";

export interface Searched {
	/** Deployments that keep the limits of their own row and have a price. */
	readonly deployments: number;
	/** Of these modelled, not measured. */
	readonly modelled: number;
	readonly gpus_per_replica: readonly number[];
	/** Parallelism of the replicas whose prefill and decode share machines. */
	readonly layouts: readonly string[];
	/** GPUs that prefill over those that decode, of the others; the least first. */
	readonly prefill_to_decode: readonly string[];
	/** Requests in flight in a replica. */
	readonly concurrency: { readonly least: number; readonly most: number };
}

/** `points`: one or more. */
export function searchedAmong(points: readonly BenchmarkPoint[]): Searched {
	const together = points.filter(({ disaggregated }) => !disaggregated);
	const apart = points.flatMap(({ disaggregated, prefill, decode }) =>
		disaggregated && prefill?.gpus !== undefined && decode.gpus !== undefined
			? [{ prefill: prefill.gpus as number, decode: decode.gpus as number }]
			: [],
	);
	apart.sort((a, b) => a.prefill / a.decode - b.prefill / b.decode || a.prefill - b.prefill);
	const places = points.map(({ concurrency }) => concurrency);
	return {
		deployments: points.length,
		modelled: points.filter(({ isModelled }) => isModelled === true).length,
		gpus_per_replica: [...new Set(points.map(({ gpus }) => gpus as number))].sort((a, b) => a - b),
		layouts: [...new Set([...together].sort(byParallelism).map(layoutOf))],
		prefill_to_decode: [...new Set(apart.map(({ prefill, decode }) => `${prefill}:${decode}`))],
		concurrency: { least: Math.min(...places), most: Math.max(...places) },
	};
}

function byParallelism(a: BenchmarkPoint, b: BenchmarkPoint): number {
	return (a.decode.tp ?? 0) - (b.decode.tp ?? 0) || (layoutOf(a) < layoutOf(b) ? -1 : 1);
}
