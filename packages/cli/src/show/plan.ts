import type { Envelope, PlanOption, PlanResult } from "@farthing/answers";
import { summedUnranked } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { bare, shown, shownRange } from "./words.ts";

export function planText(result: PlanResult, { id, catalogue, as_of }: Envelope<unknown>, top: number): string {
	const best = result.options[0] as PlanOption;
	return [
		bold(`${result.scenario}: ${result.model} · ${shown(result.question["tokens"])} · ${result.rate}`),
		"",
		answerLine(best, result),
		bridgeLine(best),
		"",
		optionTable(result, top),
		"",
		...slideLine(result),
		...crossoverLines(result),
		...apiLines(result),
		...unrankedLines(result),
		dim(result.attribution),
		dim(`result ${id} · catalogue ${catalogue} · as of ${as_of}`),
		dim("Next: farthing why 1 · farthing frontier --model … · farthing claim"),
	].join("\n");
}

function answerLine(best: PlanOption, result: PlanResult): string {
	const range = shownRange(best.delivered);
	const load = result.utilization_overridden ? "stated utilisation" : "utilisation";
	return `${bold(shown(best.delivered))} delivered (total tokens)${range === "" ? "" : `, P10–P90 ${range}`}, grade ${best.delivered.grade}: ${best.gpus} × ${best.hardware}, ${shown(best.utilization)} ${load}; on a slide ${shown(best.headline)}`;
}

function bridgeLine(best: PlanOption): string {
	const steps = best.bridge.map(({ cause, delta }) => `${(delta.value ?? 0) < 0 ? "−" : "+"} ${bare({ ...delta, value: Math.abs(delta.value ?? 0) })} ${cause}`);
	return `  ${bare(best.headline)} headline ${steps.join(" ")} = ${bare(best.delivered)}`;
}

function optionTable({ options }: PlanResult, top: number): string {
	const rows = options.slice(0, top).map((option) => [
		String(option.rank),
		option.hardware,
		option.stack,
		`${option.precision}${option.speculative === "none" ? "" : ` ${option.speculative}`}`,
		option.deployment.layout,
		bare(option.delivered),
		shownRange(option.delivered),
		formatQuantity(option.gpus, ""),
		shown(option.utilization),
		option.delivered.grade ?? "",
		bare(option.headline),
		formatQuantity(option.deployment.interactivity, ""),
		option.id,
	]);
	const titles = ["", "hardware", "stack", "precision", "layout", "$/M delivered", "P10–P90", "GPUs", "util", "grade", "$/M headline", "tok/s/user", "row"];
	const keep = titles.map((_, i) => i).filter((i) => i !== 6 || rows.some((row) => row[6] !== ""));
	const right = keep.flatMap((column, place) => ([0, 5, 7, 8, 10, 11].includes(column) ? [place] : []));
	const table = textTable(keep.map((i) => titles[i] as string), rows.map((row) => keep.map((i) => row[i] as string)), right);
	return options.length > top ? `${table}\n${dim(`… ${options.length - top} more options: --top ${options.length}`)}` : table;
}

/** What is cheapest on a slide and where it lands once delivered. */
function slideLine({ options }: PlanResult): string[] {
	const slide = options.reduce((a, b) => ((b.headline.value ?? 0) < (a.headline.value ?? 0) ? b : a));
	if (slide.rank === 1) return [];
	return [`Cheapest on a slide is ${slide.rank === options.length ? "last" : `place ${slide.rank} of ${options.length}`} here: ${slide.hardware} ${slide.stack} ${slide.deployment.layout}, ${shown(slide.headline)} headline, ${shown(slide.delivered)} delivered at ${shown(slide.utilization)} utilisation.`];
}

function crossoverLines(result: PlanResult): string[] {
	const { crossovers, volumes } = result;
	const name = (id: string): string => {
		const option = result.options.find((each) => each.id === id);
		return option === undefined ? id : `${option.hardware} ${option.stack} ${option.precision} ${option.deployment.layout}`;
	};
	const first = crossovers[0]?.from ?? volumes.cheapest[0];
	if (first === undefined) return [];
	const steps = crossovers.map(({ tokens_per_day, to }) => `  from ${shown(tokens_per_day)}: ${name(to)}`);
	return ["Cheapest by volume:", `  from ${formatQuantity(volumes.tokens_per_day[0] as number, "tok/day")}: ${name(first)}`, ...steps];
}

function apiLines({ api }: PlanResult): string[] {
	return api.map((offer) => {
		const where = offer.self_hosting_cheaper_from === undefined ? "self-hosting does not get below it" : `self-hosting is below it from ${shown(offer.self_hosting_cheaper_from)} on`;
		return `API, ${offer.statistic} of ${offer.offers} offers (${offer.provider}): ${shown(offer.blended)}; ${where}`;
	});
}

function unrankedLines({ unranked, missed, considered, options }: PlanResult): string[] {
	const limits = Object.entries(missed).map(([limit, count]) => `${count} miss ${limit}`);
	const line = `Of ${considered} measured rows: ${options.length} ranked${limits.length === 0 ? "" : `, ${limits.join(", ")}`}${unranked.length === 0 ? "" : `, ${unranked.length} not ranked`}`;
	const reasons = new Map<string, number>();
	for (const each of summedUnranked(unranked)) {
		const words = each.code === "failed-check" ? `${each.hardware}: ${each.reason}` : each.reason;
		reasons.set(words, (reasons.get(words) ?? 0) + each.rows);
	}
	const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 5);
	return [line, ...most.map(([reason, count]) => dim(`  ${count} × ${reason}`))];
}

export function defaultsText(defaults: PlanResult["defaults"]): string {
	if (defaults.length === 0) return "Nothing was left to a default.";
	return textTable(["member", "taken", "why"], defaults.map(({ path, value, source }) => [path, value, source]));
}
