/** What a run observed of its requests, as inputs of the model, so that each figure says which run it is from. */
import type { AnyExpr, Dims, LatencySummary, SimulationReport, Unit } from "@farthing/engine";
import { input, per, second, token } from "@farthing/engine";
import { nodeId } from "../node-id.ts";

export const OBSERVED = ["ttft", "tpot", "e2e", "queue"] as const;
export const STATISTICS = ["mean", "p50", "p90", "p99"] as const;

const WORDS: Readonly<Record<(typeof OBSERVED)[number], string>> = {
	ttft: "time to the first token",
	tpot: "time per output token after the first",
	e2e: "time to the last token",
	queue: "time in the queue for a place in a batch",
};

export interface ObservedNodes {
	readonly nodes: readonly AnyExpr[];
	/** Ids by name: `ttft.p50`, `goodput`, `duration`. */
	readonly ids: Readonly<Record<string, string>>;
}

/** Which run it was; of the grade D unless its step costs deserve less. */
export interface RunSource {
	readonly source: string;
	readonly asOf: string;
	readonly grade?: "E";
}

export function observedNodes(report: SimulationReport, source: RunSource): ObservedNodes {
	const named = new Map<string, AnyExpr>();
	const observe = <D extends Dims>(name: string, unit: Unit<D>, value: number, label: string): void => {
		const evidence = { grade: "D", ...source, state: "modelled" } as const;
		const point = { kind: "point", value: value * unit.factor } as const;
		named.set(name, input(`simulation.${name}`, unit, { label, value: point, ...evidence }));
	};
	for (const name of OBSERVED) {
		const summary: LatencySummary = report[name];
		if (summary.count === 0) continue;
		for (const statistic of STATISTICS)
			observe(`${name}.${statistic}`, second, summary[statistic], `${WORDS[name]}, ${statistic} of all requests`);
	}
	observe("duration", second, report.seconds, "virtual time of the run");
	const { good } = report.tokens;
	observe(
		"goodput",
		per(token("total"), second),
		good / report.seconds,
		"tokens a second of the requests inside the limits",
	);
	return {
		nodes: [...named.values()],
		ids: Object.fromEntries([...named].map(([name, node]) => [name, nodeId(node)])),
	};
}
