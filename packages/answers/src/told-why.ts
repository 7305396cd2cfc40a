/**
 * Numbers of a result that are no formula of its graph: shares of draws, ratios of groups, volumes that were searched for.
 * Each is told with how it was found and with the numbers it was found from, which open into trees of their own.
 */
import type { QuantityJson, WhyNode, WhySource } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { CompareResult, InferenceXFamily } from "./compare.ts";
import type { GroupCrossing, Grouped } from "./compare/groups.ts";
import type { PlanResult } from "./plan-result.ts";
import type { ChanceResult, PlanYearsResult } from "./years/result.ts";

/** Names under which {@link toldNumbers} tells them. */
export const toldName = {
	chance: (strategy: string, of: ChanceResult["of"]): string => `chance.${strategy}.${of}`,
	breakEvenVolume: (of: string, against: string): string => `break_even.${of}.${against}.volume`,
	/** From 1, in the order of rising volume; `next` above the demand asked. */
	crossover: (place: number | "next"): string => `crossover.${place}.volume`,
	selfHosting: (statistic: string): string => `api.${statistic}.self_hosting_cheaper_from`,
	ratio: (dimension: string, name: string): string => `compare.${dimension}.${name}.ratio`,
	groupVolume: (dimension: string, of: string, against: string): string =>
		`compare.${dimension}.${of}.${against}.volume`,
};

/** `why`: the tree under a number of the graph, or undefined where it has no such number. */
export type GraphWhy = (node: string) => WhyNode | undefined;

/** Every such number of a result, by name. */
export function toldNumbers(result: unknown, asOf: string): ReadonlyMap<string, (why: GraphWhy) => WhyNode> {
	const {
		uncertainty,
		break_evens,
		crossovers,
		next_crossover: next,
		api,
		families,
	} = (result ?? {}) as Partial<PlanResult> & Partial<PlanYearsResult> & Partial<CompareResult>;
	return new Map([
		...(uncertainty?.chances ?? []).map((each) => chance(each, result as PlanYearsResult, asOf)),
		...(break_evens ?? []).flatMap((each) => breakEven(each, result as PlanYearsResult, asOf)),
		...(crossovers ?? []).map((each, i) => crossover(each, i + 1, result as PlanResult, asOf)),
		...(next === undefined ? [] : [crossover(next, "next", result as PlanResult, asOf)]),
		...(api ?? []).flatMap((each) => selfHosting(each, (result as Partial<PlanResult>).volumes, asOf)),
		...(families ?? []).flatMap((family) => (family.family === "inferencex" ? grouped(family, asOf) : [])),
	]);
}

type Told = readonly [string, (why: GraphWhy) => WhyNode];

const CHANCES: Readonly<Record<ChanceResult["of"], string>> = {
	best: "chance of being the best way",
	loss: "chance of an NPV below 0",
	no_payback: "chance of not being paid back within the horizon",
};

function chance(
	{ strategy, of, probability, standard_error }: ChanceResult,
	{ uncertainty, strategies, ranked_by: measure }: PlanYearsResult,
	asOf: string,
): Told {
	const { draws = 0, seed } = uncertainty ?? {};
	const name = toldName.chance(strategy, of);
	const ways = of === "best" ? strategies.filter(({ priced }) => priced).map((way) => way.strategy) : [strategy];
	const ids = ways.map((way) => `${way}.${of === "no_payback" ? "payback" : measure}`);
	const own = `${strategy}.${of === "no_payback" ? "payback" : measure}`;
	const rest = ids.filter((id) => id !== own).join(", ");
	const holds = {
		best: `${own} ${measure === "npv" ? "≥" : "≤"} ${measure === "npv" ? "max" : "min"}(${rest})`,
		loss: `${own} < 0`,
		no_payback: `${own} is not reached`,
	}[of];
	const ties = of === "best" ? "; a draw that several ways share counts for each in equal parts" : "";
	return [
		name,
		(why) => ({
			node: name,
			label: `${CHANCES[of]}: ${strategy}`,
			value: { value: probability, unit: "fraction", node: name, ...dated(asOf) },
			formula: `draws in which ${holds} ÷ ${name}.draws = ${plain(probability * draws)} ÷ ${plain(draws)}`,
			note: `every input with a range is drawn anew in each, the same for all ways${ties}; standard error ${formatQuantity(standard_error, "fraction")}`,
			inputs: [
				...ids.flatMap((id) => why(id) ?? []),
				leaf(`${name}.draws`, "draws", { value: draws, unit: "" }, found(`seed ${seed}`, asOf, "condition")),
			],
		}),
	];
}

function breakEven(
	{ of, against, volume }: PlanYearsResult["break_evens"][number],
	{ by_volume: curves }: PlanYearsResult,
	asOf: string,
): Told[] {
	const at = volume.tokens_per_day;
	if (at === undefined) return [];
	const name = toldName.breakEvenVolume(of, against);
	const places = around(curves.tokens_per_day, at.value as number);
	const tell = (why: GraphWhy): WhyNode => ({
		node: name,
		label: `mean daily volume from which ${of} costs no more per token than ${against}`,
		value: at,
		formula: `lowest volume looked at from which ${of}.levelised ≤ ${against}.levelised, there and at every higher one`,
		note: lookedAt(curves.tokens_per_day),
		inputs: [
			...places.flatMap((i) =>
				[of, against].map((way) =>
					costAt(`${way}.levelised`, curves.tokens_per_day[i], curves.levelised[way]?.[i], asOf),
				),
			),
			...[`${of}.levelised`, `${against}.levelised`, "demand.mean"].flatMap((id) => why(id) ?? []),
		],
	});
	return [[name, tell]];
}

function crossover(
	{ tokens_per_day: at, from, to }: PlanResult["crossovers"][number],
	place: number | "next",
	{ volumes }: PlanResult,
	asOf: string,
): Told {
	const name = toldName.crossover(place);
	return [
		name,
		(why) => ({
			node: name,
			label: `daily volume from which ${to} is the cheapest, in place of ${from}`,
			value: at,
			formula:
				place === "next"
					? `lowest volume looked at above the demand at which ${to} is in the lead and costs least`
					: `lowest volume looked at from which ${to} costs least, there and at every one up to 1.25 times it`,
			note: `${lookedAt(volumes.tokens_per_day)}; the costs below are those of the chart on both sides of it`,
			inputs: [
				...around(volumes.tokens_per_day, at.value as number).flatMap((place) =>
					[from, to].map((id) =>
						costAt(
							`${id}.unit_cost.delivered.total`,
							volumes.tokens_per_day[place],
							volumes.delivered[id]?.[place],
							asOf,
						),
					),
				),
				...[from, to].flatMap((id) => why(`${id}.unit_cost.delivered.total`) ?? []),
			],
		}),
	];
}

function selfHosting(
	{ statistic, blended, self_hosting_cheaper_from: at }: PlanResult["api"][number],
	volumes: PlanResult["volumes"] | undefined,
	asOf: string,
): Told[] {
	if (at === undefined) return [];
	const name = toldName.selfHosting(statistic);
	const tell = (why: GraphWhy): WhyNode => ({
		node: name,
		label: `daily volume from which the cheapest own fleet costs no more than the ${statistic} API price`,
		value: at,
		formula: `lowest volume from which the least of all delivered costs ≤ ${blended.node}, there and at every higher one`,
		...(volumes === undefined
			? {}
			: { note: `${lookedAt(volumes.tokens_per_day)}, and closer between the two on both sides of it` }),
		inputs: [
			...(blended.node === undefined ? [] : [why(blended.node)]).flatMap((tree) => tree ?? []),
			...(volumes === undefined ? [] : leastAround(volumes, at.value as number, asOf)),
		],
	});
	return [[name, tell]];
}

/** What the cheapest costs on both sides of a volume. */
function leastAround(
	{ tokens_per_day, cheapest, delivered }: PlanResult["volumes"],
	at: number,
	asOf: string,
): WhyNode[] {
	return around(tokens_per_day, at).map((place) => {
		const id = cheapest[place] as string;
		return costAt(`${id}.unit_cost.delivered.total`, tokens_per_day[place], delivered[id]?.[place], asOf);
	});
}

function grouped({ by }: InferenceXFamily, asOf: string): Told[] {
	return Object.entries(by).flatMap(([dimension, { groups, crossovers }]) => [
		...groups.map((group) => ratio(dimension, group, groups[0]?.delivered.node, asOf)),
		...crossovers.flatMap((each) => groupVolume(dimension, each, asOf)),
	]);
}

function ratio(dimension: string, group: Grouped["groups"][number], cheapest: string | undefined, asOf: string): Told {
	const name = toldName.ratio(dimension, group.name);
	const ids = [group.delivered.node, cheapest].flatMap((id) => id ?? []);
	return [
		name,
		(why) => ({
			node: name,
			label: `delivered cost of ${group.name} over that of the cheapest ${dimension}`,
			value: { value: group.ratio, unit: "x", node: name, ...dated(asOf), ...graded(group.delivered) },
			formula: ids.join(" ÷ "),
			inputs: [...new Set(ids)].flatMap((id) => why(id) ?? []),
		}),
	];
}

function groupVolume(
	dimension: string,
	{ of, against, tokens_per_day: at, looked_at: range, sides = [] }: GroupCrossing,
	asOf: string,
): Told[] {
	if (at === undefined) return [];
	const name = toldName.groupVolume(dimension, of, against);
	const tell = (): WhyNode => ({
		node: name,
		label: `daily volume from which ${of} is no dearer than ${against}`,
		value: at,
		formula: `lowest volume looked at from which the least cost of ${of} ≤ the least cost of ${against}, there and at every higher one`,
		...(range === undefined ? {} : { note: lookedAt(range) }),
		inputs: sides.flatMap(({ tokens_per_day: volume, cost }) =>
			[of, against].map((each) =>
				costAt(`compare.${dimension}.${each}.least`, volume, cost[each], asOf, `least cost of ${each}`),
			),
		),
	});
	return [[name, tell]];
}

/** The last volume below, and the first that is not. */
function around(volumes: readonly number[], at: number): number[] {
	const above = volumes.findIndex((volume) => volume >= at);
	return [above - 1, above].filter((i) => i >= 0);
}

function lookedAt(volumes: readonly number[]): string {
	const [low, high] = [volumes[0], volumes.at(-1)];
	if (low === undefined || high === undefined) return "no volume could be looked at";
	return `looked at from ${formatQuantity(low, "tok/day")} to ${formatQuantity(high, "tok/day")}`;
}

function costAt(
	of: string,
	volume: number | undefined,
	cost: number | null | undefined,
	asOf: string,
	label = of,
): WhyNode {
	const at = formatQuantity(volume ?? Number.NaN, "tok/day");
	const value: QuantityJson =
		cost === null || cost === undefined
			? { unit: "USD/Mtok", state: "unreachable" }
			: { value: cost, unit: "USD/Mtok", grade: "D", ...dated(asOf) };
	return leaf(`${of}@${volume}`, `${label} at ${at}`, value, found(`worked out anew at ${at}`, asOf, "evidence"));
}

function leaf(node: string, label: string, value: QuantityJson, source: WhySource): WhyNode {
	return { node, label, value, source, inputs: [] };
}

function found(source: string, asOf: string, role: "evidence" | "condition"): WhySource {
	return { source, as_of: asOf, grade: "D", role };
}

function dated(asOf: string): { as_of?: string } {
	return asOf === "" ? {} : { as_of: asOf };
}

function graded({ grade }: QuantityJson): Pick<QuantityJson, "grade"> {
	return grade === undefined ? {} : { grade };
}

function plain(value: number): string {
	return formatQuantity(value, "");
}
