/** What the catalogue answers to the figures of a claim. */
import type { Catalogue } from "@farthing/catalogue";
import { powerFor, rateCard } from "@farthing/catalogue";
import type {
	AnyExpr,
	BenchmarkPoint,
	ClaimFacts,
	ComputedFact,
	Expr,
	Gap,
	PointField,
	RowSelect,
	UsdPerGpuHour,
} from "@farthing/engine";
import {
	BUILD_UP_PARTS,
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
	quantile,
	quantiles,
} from "@farthing/engine";
import { blendedPrice } from "./api-prices.ts";
import { assumptionSet, buildUpInputs } from "./build-up.ts";
import type { Warning } from "./envelope.ts";
import { citation, figureInput, rowEvidence } from "./evidence.ts";
import { groupedBy } from "./grouping.ts";
import { cardSource } from "./rates.ts";
import { checkedPoint, isMatch, mayAnswer, splitThroughputInput, throughputInput } from "./rows.ts";

/** Warnings about stale prices gather in `warnings`. */
export function claimFacts(catalogue: Catalogue, asOf: string, warnings: Warning[]): ClaimFacts {
	return {
		rate: (hardware, card, tier) => rate(catalogue, hardware, card, tier, asOf, warnings),
		power: (hardware, card) => power(catalogue, hardware, card),
		row: (id, tokens) => row(catalogue, id, tokens),
		frontier: (select) => frontierOf(catalogue, select),
		drift: (select, minimumDays, perDays) => drift(catalogue, select, minimumDays, perDays),
		accuracy: (from, to) => accuracyDifference(catalogue, from, to),
		buildUpShare: (assumptions, hardware, part) =>
			buildUpShare(catalogue, assumptions, hardware, part, { asOf, warnings }),
		fact: (id) => fact(catalogue, id, asOf, warnings),
	};
}

function rate(
	catalogue: Catalogue,
	hardware: string,
	card: string,
	tier: string,
	asOf: string,
	warnings: Warning[],
): Expr<UsdPerGpuHour> | Gap {
	const answer = cardSource(catalogue, card, tier, asOf, warnings).find(hardware);
	return answer.known ? answer.rate : { missing: answer.reason };
}

function power(catalogue: Catalogue, hardware: string, cardId: string): AnyExpr | Gap {
	const card = rateCard(catalogue, cardId);
	if (!card.found) return { missing: card.reason };
	const found = powerFor(card.value, hardware);
	if (!found.known) return { missing: found.reason };
	const at = `rate-cards/${cardId}/${hardware}/all_in_power`;
	const spec = figureInput(
		catalogue,
		found.figure,
		`${hardware} all-in power, card ${cardId}`,
		kilowattPerGpu.factor,
		at,
	);
	return input(`power.${cardId}.${hardware}`, kilowattPerGpu, spec);
}

function row(catalogue: Catalogue, id: string, tokens: "total" | "output" | "input"): AnyExpr | Gap {
	const point = catalogue.benchmarks.find((each) => each.id === id);
	if (point === undefined) return { missing: `benchmark row ${id} is not in the catalogue` };
	const checked = checkedPoint(point);
	if (tokens !== "total") return splitThroughputInput(catalogue, checked, tokens);
	const fit = mayAnswer(checked, ["tokensPerGpuSecond"]);
	return fit.ok ? throughputInput(catalogue, point) : { missing: fit.reason };
}

function frontierOf(catalogue: Catalogue, select: RowSelect): ReturnType<ClaimFacts["frontier"]> {
	const rows = latestRows(rowsOf(catalogue, select), select);
	const points = sound(rows, ["tokensPerGpuSecond", "interactivityTokensPerSecond"]);
	if (points.length === 0) return { missing: `no benchmark row of ${selectText(select)}` };
	return frontierTable(`frontier.${selectText(select).replaceAll(" ", ".")}`, points, rowEvidence(catalogue));
}

function rowsOf(catalogue: Catalogue, select: RowSelect): BenchmarkPoint[] {
	return catalogue.benchmarks.filter((point) => isMatch(point, select));
}

function sound(points: readonly BenchmarkPoint[], needed: readonly PointField[]): BenchmarkPoint[] {
	return points.filter((point) => mayAnswer(checkedPoint(point), needed).ok);
}

function drift(catalogue: Catalogue, select: RowSelect, minimumDays: number, perDays: number): ComputedFact | Gap {
	const rows = sound(rowsOf(catalogue, select), ["tokensPerGpuSecond"]);
	const inWindow = select.between === undefined ? rows : latestRows(rows, select);
	const pairs = driftPairs(inWindow, minimumDays, perDays);
	if (pairs.length === 0) {
		return {
			missing: `no configuration of ${selectText(select)} was measured twice, ${minimumDays} days or more apart`,
		};
	}
	const ratios = pairs.map(({ ratioPerSpan }) => ratioPerSpan);
	const days = pairs.map(({ last }) => last.measuredOn as string);
	return {
		...spread(ratios),
		source: `${citation(catalogue.sources, (pairs[0] as (typeof pairs)[number]).last.source)}: pairs of the same configuration`,
		asOf: latest(days),
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
	if (differences.length === 0) {
		return { missing: `no model and hardware with accuracy runs in ${from.join(", ")} and in ${to.join(", ")}` };
	}
	return {
		...spread(differences),
		source: citation(catalogue.sources, (catalogue.accuracyRuns[0] as { source: string }).source),
		asOf: latest(dates),
		grade: "B",
		note: `median over ${differences.length} pairs of model and hardware`,
	};
}

/** Share of a part in the owner's cost of a GPU-hour; `network` is its share of the capital times that of the capital. */
function buildUpShare(
	catalogue: Catalogue,
	assumptions: string,
	hardware: string,
	part: string,
	context: { readonly asOf: string; readonly warnings: Warning[] },
): AnyExpr | Gap {
	const id = `build_up.${assumptions}.${hardware}`;
	const inputs = buildUpInputs(catalogue, { assumptions, hardware: {} }, hardware, { id, ...context });
	if ("missing" in inputs) return inputs;
	const { total, parts } = gpuHourBuildUp(id, inputs);
	const share = (of: AnyExpr, name: string): AnyExpr =>
		define(`${id}.${name}_share`, fraction, of as never, { label: `share of ${name} in a GPU-hour` });
	const known = BUILD_UP_PARTS.find((name) => name === part);
	if (known !== undefined) return share(divide(parts[known], total), known);
	const figure = assumptionSet(catalogue, assumptions).figures.networkShareOfCapital;
	if (part !== "network" || figure === undefined) return { missing: `a build-up has no part "${part}"` };
	const at = `build-up/${assumptions}/network_share_of_capital`;
	const spec = figureInput(catalogue, figure, "network share of capital", 1, at);
	const ofCapital = input(`build_up.${assumptions}.network_share_of_capital`, fraction, spec);
	return share(divide(multiply(ofCapital, parts.capital), total), "network");
}

/** Facts by path: `api-median/<model>/<input tokens>/<output tokens>`, `accuracy/other-tasks`. */
function fact(catalogue: Catalogue, id: string, asOf: string, warnings: Warning[]): AnyExpr | Gap {
	const [kind, model, isl, osl] = id.split("/") as [string, string?, string?, string?];
	if (kind === "accuracy") {
		return { missing: "the catalogue holds accuracy runs of GSM8K alone: other tasks are not tested" };
	}
	const lengths = { input: Number(isl), output: Number(osl) };
	if (kind !== "api-median" || model === undefined || !(lengths.input + lengths.output > 0)) {
		return { missing: `the catalogue has no fact "${id}"` };
	}
	const median = blendedPrice(catalogue, model, lengths, "median", asOf);
	if (median === undefined) return { missing: `no host's price of ${model}` };
	warnings.push(...median.warnings);
	return median.price;
}

function spread(values: readonly number[]): Pick<ComputedFact, "value" | "p10" | "p90" | "count"> {
	const [p10, value, p90] = quantiles(Float64Array.from(values), [0.1, 0.5, 0.9]) as [number, number, number];
	return { value, p10, p90, count: values.length };
}

function medianOf(values: readonly number[]): number {
	return quantile(Float64Array.from(values), 0.5);
}

function latest(days: readonly string[]): string {
	return days.reduce((a, b) => (b > a ? b : a));
}

/** Every member that is set, so that different selections have different names. */
function selectText(select: RowSelect): string {
	const { model, hardware, stack, precision, speculative, disaggregated, multinode, isl, osl, asOf, between, repeats } =
		select;
	const words = [
		model,
		hardware,
		stack,
		precision,
		speculative === undefined ? undefined : `speculative ${speculative}`,
		disaggregated === undefined ? undefined : disaggregated ? "disaggregated" : "aggregated",
		multinode === undefined ? undefined : multinode ? "multi-node" : "single-node",
		isl === undefined && osl === undefined ? undefined : `${isl ?? "any"}/${osl ?? "any"}`,
		between === undefined ? undefined : `${between[0]} to ${between[1]}`,
		asOf === undefined ? undefined : `to ${asOf}`,
		repeats === true ? "with repeats" : undefined,
	];
	return words.filter((word) => word !== undefined).join(" ") || "any kind";
}
