import type { ClaimList, Envelope, PlanOption, PlanResult } from "@farthing/answers";
import { bad, bold, dim, good } from "../print.ts";
import { bridgeLines } from "./bridge.ts";
import { shown } from "./words.ts";

/** The screen of the first run: the number, why it is not the headline's, where it changes, what headlines are worth. */
export function firstAnswerText({ result }: Envelope<PlanResult>, { claims }: ClaimList): string {
	const best = result.options[0] as PlanOption;
	const price = shown(best.delivered).replace("/M tok", "");
	return [
		bold(`  What does a million tokens cost at ${shown(result.question["tokens"])}?`),
		`  ${bold(price)} delivered, grade ${best.delivered.grade}: ${result.model} on ${best.gpus} × ${best.hardware}, ${result.rate}`,
		...bridgeLines(best),
		`  Cheapest by volume: ${byVolume(result)}`,
		...apiLine(result),
		...headlineLines(claims),
		dim(`  ${result.attribution}`),
	].join("\n");
}

function byVolume(result: PlanResult): string {
	const name = (id: string): string => {
		const option = result.options.find((each) => each.id === id);
		return option === undefined ? id : `${option.hardware} ${option.deployment.layout.replace(" GPUs", "")}`;
	};
	const { crossovers, volumes } = result;
	const first = crossovers[0]?.from ?? (volumes.cheapest[0] as string);
	return [
		name(first),
		...crossovers.map(({ tokens_per_day, to }) => `≥ ${shown(tokens_per_day).replace(" tok/day", "/d")} ${name(to)}`),
	].join(" · ");
}

function apiLine({ api }: PlanResult): string[] {
	const median = api.find(({ statistic }) => statistic === "median");
	if (median === undefined) return [];
	const from = median.self_hosting_cheaper_from;
	const words =
		from === undefined
			? "self-hosting does not get below it"
			: `self-hosting is below it from ${shown(from).replace(" tok/day", "/d")} on`;
	return [`  API price of the same model (median): ${shown(median.blended)}; ${words}`];
}

const WIDTH = 96;
const VERDICTS = [
	["holds", good],
	["conditional", bold],
	["fails", bad],
	["unverified", dim],
] as const;

/** Claims by verdict, wrapped. */
function headlineLines(claims: ClaimList["claims"]): string[] {
	return VERDICTS.flatMap(([verdict, colour]) => {
		const ids = claims.filter((each) => each.verdict === verdict).map(({ id }) => id);
		const lead = `    ${verdict.padEnd(11)}  `;
		return wrapped(ids, WIDTH - lead.length).map((line, i) =>
			i === 0 ? `    ${colour(verdict.padEnd(11))}  ${line}` : `${" ".repeat(lead.length)}${line}`,
		);
	});
}

function wrapped(words: readonly string[], width: number): string[] {
	return words.reduce<string[]>((lines, word) => {
		const last = lines[lines.length - 1];
		if (last !== undefined && last.length + 3 + word.length <= width)
			return [...lines.slice(0, -1), `${last} · ${word}`];
		return [...lines, word];
	}, []);
}
