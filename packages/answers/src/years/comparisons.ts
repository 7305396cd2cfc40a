/** Where one way to serve the demand becomes cheaper than another, in time, in volume and in use, and stays so. */
import type { AnyExpr, AtMonth, Expr, QuantityJson } from "@farthing/engine";
import {
	buildModel,
	constant,
	cumulative,
	firstMonthWhere,
	input,
	lastBelow,
	lastMonth,
	minus,
	month,
	monthIndex,
	monthly,
	named,
	one,
	over,
	percent,
	pointsOf,
	ratio,
	sample,
	shareOf,
	sumOverMonths,
	times,
	tokensPerDay,
	usd,
} from "@farthing/engine";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Asked, Plain } from "./asked.ts";
import { SCALE } from "./asked.ts";
import { toldName } from "../told-why.ts";
import type { PricedStrategy, Strategy, StrategyName } from "./strategies.ts";

/** `reached` holds beyond the crossing; `not-verified` crosses too near the end of what was looked at to say. */
export type BreakEvenState = "reached" | "not-reached" | "not-verified";

export interface BreakEven {
	readonly of: StrategyName;
	readonly against: StrategyName;
	/** Months from the opening after which it has cost less in all, and stays so to the horizon. */
	readonly time: { readonly state: BreakEvenState; readonly months?: QuantityJson };
	/** Mean daily volume from which its levelised cost is lower at every higher one. */
	readonly volume: {
		readonly state: BreakEvenState;
		readonly tokens_per_day?: QuantityJson;
		/** It is so at the lowest volume looked at already. */
		readonly from_lowest?: true;
		readonly looked_at: readonly [number, number];
	};
	/** Use of its fleet at which the levelised costs are the same; for fleets only. */
	readonly utilisation?: { readonly state: BreakEvenState; readonly utilisation?: QuantityJson };
}

export interface Pair {
	readonly of: PricedStrategy;
	readonly against: PricedStrategy;
}

/** Pairs in which the first has a commitment that the other has not. */
export function pairsOf(strategies: readonly Strategy[]): readonly Pair[] {
	const priced = strategies.filter((each): each is PricedStrategy => each.priced);
	const order: readonly StrategyName[] = ["own", "hybrid", "rent", "api"];
	const rank = (each: PricedStrategy): number => order.indexOf(each.name);
	return priced.flatMap((of) =>
		priced.filter((against) => rank(of) < rank(against)).map((against) => ({ of, against })),
	);
}

/** Nodes of the comparisons, to be part of the model. */
export function comparisonNodes({ calendar }: Asked, demand: AtMonth, pairs: readonly Pair[]): AnyExpr[] {
	const mean = named(
		"demand.mean",
		tokensPerDay("total"),
		over(sumOverMonths(demandFromFirst(demand) as Expr<never>), constant(calendar.months, one)),
		{
			label: "mean demand over the years",
		},
	);
	return [
		mean,
		...pairs.flatMap(({ of, against }) => [
			...timeNodes(of, against),
			...utilisationNodes(of, against, calendar.months),
		]),
	];
}

function demandFromFirst(demand: AtMonth): AnyExpr {
	return times(demand(monthIndex()), min1());
}

/** 0 at the opening, 1 after. */
function min1(): AnyExpr {
	const m = monthIndex();
	return shareOf(m, m);
}

function timeNodes(of: PricedStrategy, against: PricedStrategy): AnyExpr[] {
	const id = `break_even.${of.name}.${against.name}`;
	const saved = monthly(
		`${id}.saved`,
		usd,
		cumulative(minus(against.measures.cost, of.measures.cost) as Expr<{ readonly USD: 1 }>),
		{
			label: `cost of ${against.name} so far less that of ${of.name}`,
		},
	);
	const last = named(`${id}.last_month_dearer`, one, lastMonth(lastBelow(`${id}.dearer_since`, saved) as Plain), {
		label: `last month in which ${of.name} has cost more so far`,
	});
	return [
		saved,
		named(`${id}.months`, month, times(firstMonthWhere(monthIndex(), ">", last), constant(1, month)), {
			label: `months after which ${of.name} has cost less than ${against.name}, and stays so`,
		}),
	];
}

function utilisationNodes(of: PricedStrategy, against: PricedStrategy, months: number): AnyExpr[] {
	const use = of.flows.utilisation;
	if (use === undefined) return [];
	const mean = named(`${of.name}.utilisation_mean`, percent, over(sumOverMonths(use), constant(months, one)), {
		label: "utilisation, mean over the years",
	});
	const levelised = (each: PricedStrategy): AnyExpr => outputNamed(each, `${each.name}.levelised`);
	return [
		named(
			`break_even.${of.name}.${against.name}.utilisation`,
			percent,
			times(mean, shareOf(levelised(of), levelised(against))),
			{
				label: `utilisation at which ${of.name} costs what ${against.name} does`,
				formula: "utilisation × levelised cost ÷ levelised cost of the other: the fleet and its cost stay",
			},
		),
	];
}

/** A named node of a strategy. */
export function outputNamed({ measures }: PricedStrategy, id: string): AnyExpr {
	const found = measures.outputs.find(({ data }) => data.op === "node" && data.id === id);
	if (found === undefined) throw new TypeError(`no node ${id}`);
	return found;
}

/** Held for less than this to the horizon, a crossing is not verified. */
const HELD_MONTHS = 12;

export function breakEvens(answer: Answer, pairs: readonly Pair[], volumes: Volumes): BreakEven[] {
	const { asked } = answer;
	return pairs.map(({ of, against }) => {
		const id = `break_even.${of.name}.${against.name}`;
		const months = json(answer, `${id}.months`);
		const use = of.flows.utilisation === undefined ? undefined : json(answer, `${id}.utilisation`);
		return {
			of: of.name,
			against: against.name,
			time:
				months.value === undefined
					? { state: "not-reached" }
					: { state: asked.calendar.months - months.value < HELD_MONTHS ? "not-verified" : "reached", months },
			volume: volumeOf(answer, of.name, against.name, volumes),
			...(use?.value === undefined
				? {}
				: {
						utilisation:
							use.value > 100 ? { state: "not-reached" as const } : { state: "reached" as const, utilisation: use },
					}),
		};
	});
}

export interface Volumes {
	/** Multiples of the plan's demand. */
	readonly scales: readonly number[];
	/** Levelised cost by strategy, base units. */
	readonly levelised: ReadonlyMap<StrategyName, Float64Array>;
}

const DECADES = 4;
const PER_DECADE = 20;
/** A lead counts if it holds over at least this ratio of volumes. */
const HOLDS_OVER = 2;

/** Levelised cost of every strategy from a hundredth of the plan's demand to a hundred times it. */
export function alongVolumes(asked: Asked, build: (scale: Plain) => readonly Strategy[]): Volumes {
	const count = DECADES * PER_DECADE + 1;
	const scales = Array.from({ length: count }, (_, i) => Number((10 ** (i / PER_DECADE - DECADES / 2)).toPrecision(3)));
	const [low, high] = [scales[0] as number, scales[count - 1] as number];
	const scale = input(SCALE, ratio, {
		label: "demand over that of the plan",
		value: { kind: "uniform", low, high },
		source: "range of volumes looked at",
		asOf: asked.asOf,
		grade: "E",
		role: "condition",
	});
	const priced = build(scale).filter((each): each is PricedStrategy => each.priced);
	if (priced.length === 0) return { scales, levelised: new Map() };
	const ids = new Map(priced.map((each) => [each.name, `${each.name}.levelised`]));
	const model = buildModel(priced.map((each) => outputNamed(each, `${each.name}.levelised`)));
	const middle = new Float64Array(count).fill(0.5);
	const places = Float64Array.from(scales, (each) => (each - low) / (high - low));
	const inputs = model.nodes.flatMap(({ op, id }) => (op === "input" && id !== undefined ? [id] : []));
	const uniforms = new Map(inputs.map((id) => [id, id === SCALE ? places : middle]));
	const { values } = sample(model, {
		draws: count,
		seed: 1,
		months: pointsOf(asked.calendar.months),
		keep: [...ids.values()],
		uniforms,
		block: 27,
	});
	return { scales, levelised: new Map([...ids].map(([name, id]) => [name, values.get(id) as Float64Array])) };
}

function volumeOf(
	answer: Answer,
	of: StrategyName,
	against: StrategyName,
	{ scales, levelised }: Volumes,
): BreakEven["volume"] {
	const mean = json(answer, "demand.mean");
	const at = (i: number): number => (scales[i] as number) * (mean.value as number);
	const looked_at = [at(0), at(scales.length - 1)] as const;
	const [a, b] = [levelised.get(of), levelised.get(against)];
	if (a === undefined || b === undefined) return { state: "not-verified", looked_at };
	let from: number | undefined;
	for (let i = scales.length - 1; i >= 0 && (a[i] as number) <= (b[i] as number); i--) from = i;
	if (from === undefined) return { state: "not-reached", looked_at };
	const { p10: _, p50: __, p90: ___, ...standing } = mean;
	const node = toldName.breakEvenVolume(of, against);
	const tokens_per_day: QuantityJson = { ...standing, value: at(from), grade: "D", node };
	const holds = (scales[scales.length - 1] as number) / (scales[from] as number) >= HOLDS_OVER;
	return {
		state: holds ? "reached" : "not-verified",
		tokens_per_day,
		...(from === 0 ? { from_lowest: true as const } : {}),
		looked_at,
	};
}
