/** Quantiles of the cost of a token or of the cash, month by month: quick enough to follow a slider. */
import type { Envelope, YearsFan, YearsFanOptions } from "@farthing/answers";
import { envelope, YEARS_DRAWS, yearsFan } from "@farthing/answers";
import type { Host } from "../host.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

export interface FanWords {
	readonly scenario: ScenarioWords;
	readonly of: YearsFanOptions["of"];
	readonly strategies?: YearsFanOptions["strategies"];
	/** As many as the whole plan takes unless given. */
	readonly draws?: number;
}

/** What the whole plan would be warned of is not known from its fan alone. */
export type FanAnswer = Omit<Envelope<YearsFan>, "warnings">;

export async function answer(
	{ scenario: words, of, strategies, draws = YEARS_DRAWS }: FanWords,
	host: Host,
): Promise<FanAnswer> {
	const { scenario } = await readScenario(words, host);
	const chosen = { of, draws, ...(strategies === undefined ? {} : { strategies }) };
	// With the draws of the plan these are the fans that its result holds, and its id is theirs.
	const differs = draws === YEARS_DRAWS ? {} : { draws };
	const asking = { ...(await askingOf("plan", words, scenario, host)), arguments: differs };
	const catalogue = await catalogueFor(scenario, host);
	const fan = await yearsFan(catalogue, scenario, asking, { ...chosen, partner: host.drawsPartner() });
	const { warnings: _, ...answered } = envelope({ ...asking, scenario: scenario.document }, fan, []);
	return answered;
}
