/** Why a frontier has no line to show, and what comes nearest to what was asked. */
import type { BenchmarkPoint } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { FarthingError, type FarthingErrorDetail } from "./farthing-error.ts";
import type { FrontierRow } from "./frontier.ts";
import type { FrontierQuestion } from "./frontier-nodes.ts";
import type { Ranking, Unranked } from "./ranking.ts";
import { summedUnranked } from "./ranking.ts";
import type { CheckedRow, RowMatch } from "./rows.ts";
import { isMatch, nothingYet, windowUpTo } from "./rows.ts";

/** No row matches: the filter that leaves none is named, with the values that the rows have. */
export function noRows(
	points: readonly BenchmarkPoint[],
	{ filter, window }: FrontierQuestion,
	asOf: string,
): FarthingError {
	const early = nothingYet(points, filter, windowUpTo(window, asOf));
	if (early !== undefined) return early;
	const ofModel = points.filter(({ model }) => model === filter.model);
	if (ofModel.length === 0) {
		return new FarthingError(
			3,
			"no-data",
			{ en: `no benchmark row of ${filter.model} in the catalogue`, zh: `目录中没有 ${filter.model} 的基准测试行` },
			{
				expected: { en: "a model with measured rows", zh: "有实测行的模型" },
				nearest: sorted(points.map(({ model }) => model)),
			},
		);
	}
	const { isl, osl } = filter;
	const ofLengths = ofModel.filter((point) => isMatch(point, { isl, osl }));
	if (ofLengths.length === 0) {
		const lengths = sorted(ofModel.map((point) => `${point.isl}/${point.osl}`));
		return new FarthingError(
			3,
			"no-data",
			{
				en: `no benchmark row of ${filter.model} with ${isl} tokens in and ${osl} out`,
				zh: `没有 ${filter.model} 在输入 ${isl} token、输出 ${osl} token 下的基准测试行`,
			},
			{
				expected: {
					en: `input and output lengths that were measured: ${lengths.join(", ")}`,
					zh: `测量过的输入与输出长度：${lengths.join("、")}`,
				},
				hint: { en: "ask for a measured length", zh: "请询问测量过的长度" },
				nearest: lengths,
			},
		);
	}
	return unmatched(ofLengths, filter);
}

const FILTERS = ["hardware", "precision", "stack", "speculative", "disaggregated"] as const;

/** The first filter that leaves nothing of what the filters before it left. */
function unmatched(points: readonly BenchmarkPoint[], filter: FrontierQuestion["filter"]): FarthingError {
	const { model, isl, osl } = filter;
	let left = points;
	const kept: string[] = [];
	for (const name of FILTERS) {
		const wanted = filter[name];
		if (wanted === undefined) continue;
		const words = [wanted].flat().join(", ");
		const match: RowMatch = { [name]: wanted };
		const next = left.filter((point) => isMatch(point, match));
		if (next.length === 0) {
			const there = sorted(left.map((point) => String(point[name])));
			const of = kept.length === 0 ? "" : ` with ${kept.join(" and ")}`;
			return new FarthingError(
				3,
				"no-data",
				`no benchmark row of ${model} at ${isl}/${osl}${of} has ${name} ${words}`,
				{
					field: `--${name}`,
					expected: `${name} that was measured there: ${there.join(", ")}`,
					hint: `leave out --${name}, or ask for one that was measured`,
					nearest: there,
				},
			);
		}
		kept.push(`${name} ${words}`);
		left = next;
	}
	return new FarthingError(
		3,
		"no-data",
		{ en: `no benchmark row of ${model} fits what was asked`, zh: `没有符合所问的 ${model} 的基准测试行` },
		{
			hint: { en: "leave out a filter", zh: "请去掉一个筛选条件" },
		},
	);
}

/** Nothing is known to miss a limit: rows without a TTFT may keep it, and are listed as not ranked. */
export function isUndecided({ kept, unranked, missed }: Ranking): boolean {
	return kept.length === 0 && missed.length === 0 && unranked.some(({ code }) => code === "ttft-unknown");
}

/** Rows match, and none can be shown: too slow, above a limit, not to be trusted, or without a rate. */
export function nothingReached(
	rows: readonly CheckedRow[],
	{ kept, unranked, missed }: Ranking,
	question: FrontierQuestion,
): FarthingError {
	const { model, isl, osl } = question.filter;
	const count = `${rows.length} measured ${rows.length === 1 ? "row" : "rows"} of ${model} at ${isl}/${osl}`;
	const refused = (why: string, detail: FarthingErrorDetail): FarthingError =>
		new FarthingError(3, "nothing-fits", `none of ${count} fits what was asked: ${why}`, detail);
	if (kept.length > 0) return tooFast(kept, question, refused);
	const aside = summedUnranked([...unranked, ...missed.map(({ line }) => line)]);
	const reasons = [...new Set([...missed.map(({ line }) => line), ...unranked].map(({ reason }) => reason))];
	const counts = aside.reduce(
		(sums, { code, rows: n }) => sums.set(code, (sums.get(code) ?? 0) + n),
		new Map<string, number>(),
	);
	const shown = [...counts].map(([code, n]) => `${n} ${code}`).join(", ");
	const why = rows.length === 1 ? (reasons[0] as string) : `${shown} (${reasons.slice(0, 2).join("; ")})`;
	const quickest = missed.length === 0 ? undefined : quickestFirstToken(rows, question);
	if (quickest !== undefined) return refused(why, quickest);
	if (counts.has("not-asked-for")) {
		return refused(why, {
			field: "--row",
			expected: "rows of the parts, formats and stacks asked for",
			hint: "leave out --row, or the filter that the row does not match",
		});
	}
	return refused(why, { expected: "at least one row that may answer" });
}

function tooFast(
	kept: readonly CheckedRow[],
	{ at }: FrontierQuestion,
	refused: (why: string, detail: FarthingErrorDetail) => FarthingError,
): FarthingError {
	const {
		id,
		hardware,
		interactivityTokensPerSecond: speed,
	} = kept
		.map(({ point }) => point)
		.reduce((a, b) => (b.interactivityTokensPerSecond > a.interactivityTokensPerSecond ? b : a));
	return refused(`unreachable: the fastest gives ${speed.toFixed(1)} tok/s/user, ${at} was asked`, {
		field: "--at",
		expected: `at most ${speed.toFixed(1)} tok/s/user`,
		nearest: [`${id} (${hardware}, ${speed.toFixed(1)} tok/s/user)`],
		hint: `--at ${Math.floor(speed)}`,
	});
}

/** Frontiers are reached, and each costs more than was asked. */
export function tooDear(rows: readonly FrontierRow[], question: FrontierQuestion): FarthingError {
	const costOf = ({ unit_cost: { total } }: FrontierRow): number => total.value as number;
	const cheapest = rows.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
	const { hardware, nearest_row: row } = cheapest;
	const { reason } = tooDearLine(cheapest, question);
	const message = `all of ${rows.length} read from the frontiers of ${question.filter.model} cost more than was asked: the cheapest ${reason}`;
	return new FarthingError(3, "nothing-fits", message, {
		field: "--unit-cost",
		expected: `at least ${priceText(costOf(cheapest))}`,
		nearest: [`${row.id} (${hardware}, ${priceText(costOf(cheapest))})`],
		hint: `--unit-cost ${roundedUp(costOf(cheapest))}`,
	});
}

export function tooDearLine(
	{ hardware, precision, stack, speculative, unit_cost: { total }, nearest_row: { id } }: FrontierRow,
	{ unitCost }: FrontierQuestion,
): Unranked {
	const reason = `costs ${priceText(total.value as number)}, ${priceText(unitCost as number)} at most was asked`;
	return { row: id, hardware, precision, stack, speculative, code: "unit-cost-missed", reason, rows: 1 };
}

function priceText(usd: number): string {
	return formatQuantity(usd, "USD/Mtok");
}

/** A price of three digits that is no less. */
function roundedUp(usd: number): string {
	const step = 10 ** (Math.floor(Math.log10(usd)) - 2);
	return (Math.ceil(usd / step) * step).toPrecision(3);
}

function quickestFirstToken(rows: readonly CheckedRow[], { ttft }: FrontierQuestion): FarthingErrorDetail | undefined {
	const statistic = ttft?.statistic ?? "median";
	const known = rows.flatMap(({ point, checks }) => {
		const seconds = point.latency.ttft?.[statistic];
		const isTrusted = !checks.some(({ taints }) => taints.includes("latency.ttft"));
		return seconds === undefined || !isTrusted ? [] : [{ point, seconds }];
	});
	if (ttft === undefined || known.length === 0) return undefined;
	const { point, seconds } = known.reduce((a, b) => (b.seconds < a.seconds ? b : a));
	const least = Math.ceil(seconds * 1000);
	if (least <= ttft.limitSeconds * 1000) return undefined;
	return {
		field: "--ttft",
		expected: `a limit of at least ${least} ms, the lowest ${statistic} TTFT measured`,
		nearest: [`${point.id} (${point.hardware}, ${least} ms)`],
		hint: `--ttft ${least}ms`,
	};
}

function sorted(names: readonly string[]): string[] {
	return [...new Set(names)].sort();
}
