/** What the catalogue answers to the figures of a claim. */
import type { Catalogue, Figure } from "@farthing/catalogue";
import { powerFor, rateCard } from "@farthing/catalogue";
import type { AnyExpr, BenchmarkPoint, ClaimFacts, ComputedFact, Expr, Gap, PointField, RowSelect, UsdPerGpuHour } from "@farthing/engine";
import {
	BUILD_UP_PARTS,
	checkRow,
	define,
	divide,
	driftPairs,
	fraction,
	frontierTable,
	gpuHourBuildUp,
	input,
	kilowattPerGpu,
	latestRows,
	multiply,
	usdPerMtok,
} from "@farthing/engine";
import { assumptionSet, buildUpInputs } from "./build-up.ts";
import type { Warning } from "./envelope.ts";
import { citation, figureInput, gradeOf, rowEvidence } from "./evidence.ts";
import { cardSource } from "./rates.ts";
import { groupedBy } from "./frontier.ts";
import { isSelected, mayAnswer, splitThroughputInput, throughputInput } from "./rows.ts";

/** Warnings about stale prices gather in `warnings`. */
export function claimFacts(catalogue: Catalogue, asOf: string, warnings: Warning[]): ClaimFacts {
	const shared = new Map<string, AnyExpr>();
	const once = (key: string, make: () => AnyExpr): AnyExpr => {
		const known = shared.get(key) ?? make();
		shared.set(key, known);
		return known;
	};
	return {
		rate(hardware, card, tier) {
			// A claim is held to the card it names, old or not: its age is the point and no warning.
			const answer = cardSource(catalogue, card, tier, asOf, []).find(hardware);
			return answer.known ? (once(`rate/${card}/${tier}/${hardware}`, () => answer.rate) as Expr<UsdPerGpuHour>) : { missing: answer.reason };
		},
		power(hardware, cardId) {
			const card = rateCard(catalogue, cardId);
			if (!card.found) return { missing: card.reason };
			const power = powerFor(card.value, hardware);
			if (!power.known) return { missing: power.reason };
			return once(`power/${cardId}/${hardware}`, () =>
				input(`power.${cardId}.${hardware}`, kilowattPerGpu, figureInput(catalogue, power.figure, `${hardware} all-in power, card ${cardId}`, 1e3, `rate-cards/${cardId}/${hardware}/all_in_power`)),
			);
		},
		row(id, tokens) {
			const point = catalogue.benchmarks.find((each) => each.id === id);
			if (point === undefined) return { missing: `benchmark row ${id} is not in the catalogue` };
			if (tokens === "total") return once(`row/${id}/total`, () => throughputInput(catalogue, point));
			const fit = mayAnswer({ point, checks: checkRow(point) }, SPLIT_FIELDS);
			const split = splitThroughputInput(catalogue, point, tokens);
			if (!fit.ok || split === undefined) return { missing: fit.ok ? `row ${id} does not split its tokens` : fit.reason };
			return once(`row/${id}/${tokens}`, () => split);
		},
		frontier(select) {
			const points = usableRows(catalogue, select);
			if (points.length === 0) return { missing: `no benchmark row of ${selectText(select)}` };
			return frontierTable(`frontier.${selectText(select).replaceAll(" ", ".")}`, points, rowEvidence(catalogue));
		},
		drift: (select, minimumDays, perDays) => drift(catalogue, select, minimumDays, perDays),
		accuracy: (from, to) => accuracyDifference(catalogue, from, to),
		buildUpShare: (assumptions, hardware, part) => buildUpShare(catalogue, assumptions, hardware, part, asOf),
		fact: (id) => fact(catalogue, id),
	};
}

const SPLIT_FIELDS: readonly PointField[] = ["inputTokensPerPrefillGpuSecond", "outputTokensPerDecodeGpuSecond"];

function usableRows(catalogue: Catalogue, select: RowSelect): BenchmarkPoint[] {
	const { asOf, between } = select;
	const rows = catalogue.benchmarks.filter((point) => isSelected(point, select));
	const latest = latestRows(rows, { ...(asOf === undefined ? {} : { asOf }), ...(between === undefined ? {} : { between }) });
	return latest.filter((point) => mayAnswer({ point, checks: checkRow(point) }, ["tokensPerGpuSecond", "interactivityTokensPerSecond"]).ok);
}

function drift(catalogue: Catalogue, select: RowSelect, minimumDays: number, perDays: number): ComputedFact | Gap {
	const { between } = select;
	const rows = catalogue.benchmarks.filter(
		(point) =>
			isSelected(point, select) &&
			(between === undefined || (point.measuredOn !== undefined && point.measuredOn >= between[0] && point.measuredOn <= between[1])),
	);
	const pairs = driftPairs(rows, minimumDays, perDays);
	if (pairs.length === 0) {
		return { missing: `no configuration of ${selectText(select)} was measured twice, ${minimumDays} days or more apart` };
	}
	const ratios = pairs.map(({ ratioPerSpan }) => ratioPerSpan);
	const last = pairs.map((pair) => pair.last.measuredOn as string).sort().at(-1) as string;
	return {
		...spread(ratios),
		source: `${citation(catalogue.sources, (pairs[0] as (typeof pairs)[number]).last.source)}: pairs of the same configuration`,
		asOf: last,
		grade: "B",
		note: `median over ${pairs.length} pairs at least ${minimumDays} days apart, brought to ${perDays} days; regressions kept`,
	};
}

/** Median over pairs of model and hardware of the median score in one set of formats minus that in another. */
function accuracyDifference(catalogue: Catalogue, from: readonly string[], to: readonly string[]): ComputedFact | Gap {
	const groups = groupedBy(catalogue.accuracyRuns, ({ model, hardware, task }) => `${task}|${model}|${hardware}`);
	const differences: number[] = [];
	const dates: string[] = [];
	for (const runs of groups.values()) {
		const score = (formats: readonly string[]): number[] =>
			runs.filter(({ precision }) => formats.includes(precision)).map(({ scoreStrict }) => scoreStrict);
		const before = score(from);
		const after = score(to);
		if (before.length === 0 || after.length === 0) continue;
		differences.push(medianOf(after) - medianOf(before));
		dates.push(...runs.map(({ measuredOn }) => measuredOn));
	}
	if (differences.length === 0) return { missing: `no model and hardware with runs in ${from.join(", ")} and ${to.join(", ")}` };
	return {
		...spread(differences),
		source: citation(catalogue.sources, (catalogue.accuracyRuns[0] as { source: string }).source),
		asOf: dates.sort().at(-1) as string,
		grade: "B",
		note: `median over ${differences.length} pairs of model and hardware`,
	};
}

/** Share of a part in the owner's cost of a GPU-hour; `network` is its share of the capital times that of the capital. */
function buildUpShare(catalogue: Catalogue, assumptions: string, hardware: string, part: string, asOf: string): AnyExpr | Gap {
	const inputs = buildUpInputs(catalogue, { assumptions, hardware: {} }, hardware, { id: `build_up.${assumptions}.${hardware}`, asOf });
	if ("missing" in inputs) return inputs;
	const { total, parts } = gpuHourBuildUp(`build_up.${assumptions}.${hardware}`, inputs);
	const known = BUILD_UP_PARTS.find((name) => name === part);
	if (known !== undefined) return share(divide(parts[known], total), known);
	const network = assumptionSet(catalogue, assumptions).figures.networkShareOfCapital;
	if (part !== "network" || network === undefined) return { missing: `a build-up has no part "${part}"` };
	const ofCapital = input(`build_up.${assumptions}.network_share_of_capital`, fraction, figureInput(catalogue, network, "network share of capital", 1, `build-up/${assumptions}/network_share_of_capital`));
	return share(divide(multiply(ofCapital, parts.capital), total), "network");

	function share(of: AnyExpr, name: string): AnyExpr {
		return define(`build_up.${assumptions}.${hardware}.${name}_share`, fraction, of as never, { label: `share of ${name} in a GPU-hour` });
	}
}

function fact(catalogue: Catalogue, id: string): AnyExpr | Gap {
	const [kind, model, isl, osl] = id.split("/") as [string, string, string?, string?];
	if (kind === "accuracy") return { missing: "the catalogue holds accuracy runs of GSM8K alone: other tasks are not tested" };
	if (kind !== "api-median" || isl === undefined || osl === undefined) return { missing: `no fact ${id}` };
	const offers = catalogue.apiPrices
		.filter((price) => price.model === model && price.seller === "host")
		.map((price) => ({ price, blended: blend(price.input, price.output, Number(isl), Number(osl)) }))
		.sort((a, b) => a.blended - b.blended);
	const middle = offers[offers.length >> 1];
	if (middle === undefined) return { missing: `no host's price of ${model}` };
	const unit = usdPerMtok("total");
	return input(`api_price.${model}.${isl}.${osl}.median`, unit, {
		label: `median of ${offers.length} hosts' prices of ${model}, ${isl} in and ${osl} out`,
		value: { kind: "point", value: middle.blended * unit.factor },
		source: citation(catalogue.sources, middle.price.input.source),
		asOf: middle.price.input.asOf,
		grade: gradeOf(middle.price.input.confidence),
		at: middle.price.id,
	});
}

function blend(inputPrice: Figure, outputPrice: Figure, isl: number, osl: number): number {
	return (inputPrice.value * isl + outputPrice.value * osl) / (isl + osl);
}

function spread(values: readonly number[]): Pick<ComputedFact, "value" | "p10" | "p90" | "count"> {
	const sorted = [...values].sort((a, b) => a - b);
	return { value: medianOf(sorted), p10: orderStatistic(sorted, 0.1), p90: orderStatistic(sorted, 0.9), count: sorted.length };
}

function medianOf(values: readonly number[]): number {
	return orderStatistic([...values].sort((a, b) => a - b), 0.5);
}

function orderStatistic(sorted: readonly number[], p: number): number {
	const at = p * (sorted.length - 1);
	const i = Math.floor(at);
	const low = sorted[i] as number;
	return low + (at - i) * ((sorted[Math.min(i + 1, sorted.length - 1)] as number) - low);
}

function selectText(select: RowSelect): string {
	const { model, hardware, stack, precision, speculative, isl, osl, asOf, between } = select;
	const lengths = isl === undefined ? undefined : `${isl}/${osl}`;
	const dates = between === undefined ? (asOf === undefined ? undefined : `to ${asOf}`) : `${between[0]} to ${between[1]}`;
	const method = speculative === undefined ? undefined : `speculative ${speculative}`;
	return [model, hardware, stack, precision, method, lengths, dates].filter((part) => part !== undefined).join(" ") || "any kind";
}
