import type {
	CompareResult,
	Envelope,
	Family,
	GroupCrossing,
	Grouped,
	InferenceXFamily,
	LoadTestFamily,
	MlperfFamily,
} from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { compareWords as words } from "../messages/compare.ts";
import { frameWords } from "../messages/frame.ts";
import { bold, dim, oneLine, textTable } from "../print.ts";
import { told } from "../told.ts";
import { apiLines } from "./plan.ts";
import { bare, shown } from "./words.ts";
import { crossingText, notPriced, strategyTable } from "./years.ts";

export function compareText(
	result: CompareResult,
	{ id, catalogue, as_of }: Pick<Envelope<unknown>, "id" | "catalogue" | "as_of">,
): string {
	const { strategies, break_evens: crossings, strategy_rank_by: by } = result;
	return [
		bold(`${oneLine(result.scenario)}: ${result.model} · ${shown(result.tokens_per_day)}`),
		told(result.rate),
		...result.families.flatMap(familyLines),
		...(result.api === undefined ? [] : ["", ...apiLines({ api: result.api })]),
		...(strategies === undefined
			? []
			: ["", bold(words.ways), strategyTable(by, strategies), ...notPriced(strategies)]),
		...(crossings === undefined ? [] : crossings.map((each) => `  ${crossingText(each)}`)),
		dim(frameWords.result(id, catalogue, as_of)),
	].join("\n");
}

function familyLines(family: Family): string[] {
	const lines =
		family.family === "inferencex"
			? inferencexLines(family)
			: family.family === "artificial-analysis"
				? loadTestLines(family)
				: mlperfLines(family);
	return [
		"",
		bold(`${frameWords.because(TITLES[family.family], told(family.measures))}`),
		...lines,
		dim(family.attribution),
	];
}

const TITLES: Readonly<Record<Family["family"], string>> = {
	inferencex: "InferenceX",
	"mlperf-inference-v6.0": "MLPerf Inference v6.0",
	"artificial-analysis": "Artificial Analysis",
};

function inferencexLines({ by }: InferenceXFamily): string[] {
	return Object.entries(by).flatMap(([dimension, grouped]) => [
		groupTable(dimension, grouped as Grouped),
		...crossovers((grouped as Grouped).crossovers),
	]);
}

function groupTable(dimension: string, { groups }: Grouped): string {
	const rows = groups.map((group) => [
		group.name,
		bare(group.delivered),
		`${formatQuantity(group.ratio, "")}x`,
		formatQuantity(group.gpus, ""),
		shown(group.utilization),
		bare(group.headline),
		group.delivered.grade ?? "",
		String(group.options),
		`${group.deployment} ${dim(group.best)}`,
	]);
	const titles = [words.dimensions[dimension] ?? dimension, ...words.columns];
	return textTable(titles, rows, [1, 2, 3, 4, 5, 7]);
}

/** Those that overtake another along the way; who is below at every volume, or at none, shows in the table. */
function crossovers(all: readonly GroupCrossing[]): string[] {
	return all
		.filter(({ state, from_lowest: always }) => state !== "not-reached" && always !== true)
		.map(({ of, against, state, tokens_per_day: from }) => {
			return words.below(of, against, shown(from), state !== "not-verified");
		});
}

function mlperfLines({ scenarios, reason }: MlperfFamily): string[] {
	const rows = Object.entries(scenarios).flatMap(([scenario, best]) =>
		best.map((row) => [
			scenario,
			row.hardware,
			bare(row.unit_cost.output),
			bare(row.tokens_per_gpu_second),
			`${row.system}, ${row.submitter}`,
			row.public_id,
		]),
	);
	const table = rows.length === 0 ? [] : [textTable(words.mlperf, rows, [2, 3])];
	return [...table, ...(reason === undefined ? [] : [`  ${told(reason)}`])];
}

function loadTestLines({ rows, unranked, reason }: LoadTestFamily): string[] {
	const lines = rows.map((row) => [
		row.hardware,
		bare(row.unit_cost.output),
		bare(row.tokens_per_gpu_second),
		formatQuantity(row.speed_per_query, ""),
		words.atOnce(row.system, row.precision, row.concurrency),
		row.at,
	]);
	const table = lines.length === 0 ? [] : [textTable(words.loadTest, lines, [1, 2, 3])];
	const left = unranked.map(({ system, reason: why }) => dim(words.unranked(system, told(why))));
	return [...table, ...left, ...(reason === undefined ? [] : [`  ${told(reason)}`])];
}
