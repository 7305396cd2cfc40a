import type { ClaimList, Envelope, PlanOption, PlanResult } from "@farthing/answers";
import { bad, bold, dim, good } from "../print.ts";
import { bare, shown } from "./words.ts";

/** The screen of the first run: the number, why it is not the slide's, where it changes, what the headlines are worth. */
export function firstAnswerText({ result }: Envelope<PlanResult>, { claims }: ClaimList): string {
	const best = result.options[0] as PlanOption;
	return [
		bold(`  What does a million tokens cost at ${shown(result.question["tokens"]).replace(" tok/day", "")} tokens/day?`),
		`  ${bold(shown(best.delivered))} delivered   grade ${best.delivered.grade}   slide price: ${shown(best.headline)}   ${result.model}, ${result.rate}`,
		`  ${bars(best)}`,
		`  Cheapest by volume: ${byVolume(result)}`,
		...apiLine(result),
		`  Headlines: ${claims.map(({ id, verdict }) => `${id} ${colour(verdict)}`).join(" · ")}`,
		dim(`  ${result.attribution}`),
	].join("\n");
}

function bars(best: PlanOption): string {
	const scale = 24 / (best.delivered.value ?? 1);
	const bar = (value: number): string => (value <= 0 ? "" : "█".repeat(Math.max(0, Math.round(value * scale))) || "▏");
	const steps = best.bridge.filter(({ delta }) => (delta.value ?? 0) !== 0).map(({ cause, delta }) => `+${cause} ${bare(delta)} ${bar(delta.value ?? 0)}`);
	return [`headline ${bare(best.headline)} ${bar(best.headline.value ?? 0)}`, ...steps].join(" ");
}

function byVolume(result: PlanResult): string {
	const name = (id: string): string => {
		const option = result.options.find((each) => each.id === id);
		return option === undefined ? id : `${option.hardware} ${option.deployment.layout}`;
	};
	const { crossovers, volumes } = result;
	const first = crossovers[0]?.from ?? (volumes.cheapest[0] as string);
	return [name(first), ...crossovers.map(({ tokens_per_day, to }) => `from ${shown(tokens_per_day).replace(" tok/day", "/d")} ${name(to)}`)].join(" · ");
}

function apiLine({ api }: PlanResult): string[] {
	const median = api.find(({ statistic }) => statistic === "median");
	if (median === undefined) return [];
	const from = median.self_hosting_cheaper_from;
	const words = from === undefined ? "self-hosting does not get below it" : `self-hosting is below it from ${shown(from).replace(" tok/day", "/d")}`;
	return [`  Median API price of the same model: ${shown(median.blended)}; ${words}`];
}

function colour(verdict: string): string {
	return verdict === "holds" ? good(verdict) : verdict === "fails" ? bad(verdict) : verdict;
}
