/** Words that stand in for members of a scenario. */
import { FarthingError } from "../farthing-error.ts";
import type { ScenarioOverride } from "@farthing/scenario";
import { flagTime, flagVolume, unlessAny } from "./words.ts";
import { onOffFlag } from "./typed-words.ts";
import type { RowWords } from "./row-words.ts";

export interface ScenarioWords extends RowWords, SizingWords {
	readonly demand?: string;
	readonly peak?: string;
	readonly interactivity?: string;
}

/** How a fleet is rounded up. */
export interface SizingWords {
	readonly util?: string;
	readonly wholeReplicas?: string;
	readonly spare?: string;
	readonly wholeHosts?: string;
	readonly availability?: string;
}

export function overridesOf(flags: ScenarioWords): ScenarioOverride[] {
	const over = (path: string, label: string, value: ScenarioOverride["value"] | undefined): ScenarioOverride[] =>
		value === undefined ? [] : [{ path, label, value }];
	const onOff = (label: string, value: string | undefined): boolean | undefined =>
		value === undefined ? undefined : onOffFlag(label, value);
	return [
		...over("demand.tokens_per_day", "--demand", flags.demand === undefined ? undefined : flagVolume(flags.demand)),
		...over("demand.peak_to_mean", "--peak", flags.peak),
		...over("slo.tokens_per_s_per_user", "--interactivity", flags.interactivity),
		...over("slo.ttft", "--ttft", flags.ttft === undefined ? undefined : flagTime(flags.ttft)),
		...over("slo.ttft_statistic", "--ttft-statistic", flags.ttftStatistic),
		...over("slo.ttft_unknown", "--ttft-unknown", flags.ttftUnknown),
		...over("supply.hardware", "--hardware", listOrAny(flags.hardware)),
		...over("supply.precision", "--precision", listOrAny(flags.precision)),
		...over("supply.stack", "--stack", listOrAny(flags.stack)),
		...over("supply.speculative", "--speculative", listOrAny(flags.speculative)),
		...over("supply.disaggregated", "--disaggregated", onOff("--disaggregated", flags.disaggregated)),
		...over("cost.card.id", "--card", flags.card),
		...over("cost.card.tier", "--tier", flags.tier),
		...over("utilisation", "--util", flags.util),
		...over("redundancy.whole_replicas", "--whole-replicas", onOff("--whole-replicas", flags.wholeReplicas)),
		...over("redundancy.spare_replicas", "--spare", flags.spare === undefined ? undefined : spareOf(flags.spare)),
		...over("redundancy.whole_hosts", "--whole-hosts", onOff("--whole-hosts", flags.wholeHosts)),
		...over("redundancy.availability", "--availability", flags.availability),
	];
}

function listOrAny(names: readonly string[] | undefined): ScenarioOverride["value"] | undefined {
	return names === undefined ? undefined : (unlessAny(names) ?? "any");
}

function spareOf(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new FarthingError(2, "wrong-type", `--spare takes a whole number, not "${text}"`, {
		field: "--spare",
		expected: "0, 1, 2, …",
		hint: "--spare 1",
	});
}
