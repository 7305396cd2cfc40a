/** `farthing doctor --prometheus URL`: which series are there, and what each absence costs. Reads the clock, as doctor may. */
import { envelope } from "@farthing/answers";
import { diagnoseMetrics } from "@farthing/ledger/importers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { metricsText } from "../show/doctor-metrics.ts";
import { serverOf, told } from "./import.ts";

/** Exit 1 where nothing counts tokens. */
export async function runMetricsDoctor(url: string, flags: CommonFlags): Promise<number> {
	const diagnosis = await told(() => diagnoseMetrics(serverOf(url), Date.now()));
	const asking = askingOf("doctor", { prometheus: url }, flags, catalogueStore());
	deliver(envelope(asking, { metrics: diagnosis }, []), flags, ({ metrics }) => metricsText(metrics));
	const counts = diagnosis.exporters.some(({ found }) => found.some(({ concept }) => concept === "out_total"));
	return counts ? 0 : 1;
}
