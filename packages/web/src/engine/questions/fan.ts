/** Quantiles of the cost of a token or of the cash, month by month: quick enough to follow a slider. */
import type { Envelope, YearsFan, YearsFanOptions } from "@farthing/answers";
import { envelope, yearsFan } from "@farthing/answers";
import type { Host } from "../host.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

export interface FanWords {
	readonly scenario: ScenarioWords;
	readonly of: YearsFanOptions["of"];
	readonly strategies?: YearsFanOptions["strategies"];
	readonly draws: number;
}

export async function answer(
	{ scenario: words, of, strategies, draws }: FanWords,
	host: Host,
): Promise<Envelope<YearsFan>> {
	const { scenario } = await readScenario(words, host);
	const chosen = { of, draws, ...(strategies === undefined ? {} : { strategies }) };
	const asking = { ...(await askingOf("plan", words, scenario, host)), arguments: chosen };
	const catalogue = await catalogueFor(scenario, host);
	const fan = await yearsFan(catalogue, scenario, asking, { ...chosen, partner: host.drawsPartner() });
	return envelope({ ...asking, scenario: scenario.document }, fan, []);
}
