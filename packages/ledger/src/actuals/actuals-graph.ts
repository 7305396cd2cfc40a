/**
 * Actuals as a graph of quantities, so that `why` opens them and `check` holds budgets against them: `cost` is the sum of rows
 * and lines, `unit_cost` is cost over tokens, `forecast.end` has a range, `anomalies` counts days.
 */
import type { AnyExpr, Dims, Distribution, Grade, ModelJson, Money, QuantityJson, Unit } from "@farthing/engine";
import {
	buildModel,
	CURRENCIES,
	currency as currencyUnit,
	evaluate,
	fraction,
	gpuHour,
	input,
	minus,
	modelToJson,
	named,
	one,
	over,
	per,
	plus,
	token,
	unitTimes,
} from "@farthing/engine";
import type { ActualsResult, TokenCosts } from "./actuals-json.ts";
import { basesIds, lineId, rowIds } from "./actuals-nodes.ts";

/** Nothing for a currency that the engine does not reckon in. */
export function actualsGraph(result: ActualsResult): ModelJson | undefined {
	const code = CURRENCIES.find((each) => each === result.currency);
	if (code === undefined) return undefined;
	const money = currencyUnit(code);
	const fact = (id: string, label: string, of: QuantityJson): AnyExpr =>
		factOf(result, id, label, of.value ?? 0, money, of.grade);
	const ids = rowIds(result);
	const served = result.rows.map((row, i) => fact(`${ids[i]}.cost`, `serving, ${ids[i]}`, row.cost));
	const paid = [
		...served.filter((_, i) => result.rows[i]?.cost.value !== undefined),
		...result.lines.flatMap(({ kind, label, model, cost }, i) =>
			cost.value === undefined
				? []
				: fact(
						lineId(result, i),
						[kind.replaceAll("_", " "), model, label].filter((each) => each !== undefined).join(", "),
						cost,
					),
		),
	];
	const cost = named("cost", money, plus(...paid), { label: "all charges of the window", formula: "rows + lines" });
	const { priced, total } = result.tokens;
	const delivered = factOf(result, "tokens.total", "tokens delivered", total.value ?? 0, token("total"));
	const unpriced = (total.value ?? 0) - (priced?.value ?? 0);
	// Of none the cost is known: it is of the whole.
	const isWhole = priced === undefined || priced.value === 0;
	const tokens = isWhole
		? delivered
		: named(
				"tokens.priced",
				token("total"),
				minus(delivered, factOf(result, "tokens.unpriced", "tokens whose cost is not known", unpriced, token("total"))),
				{ label: "tokens delivered whose cost is known", formula: "tokens − those without a known cost" },
			);
	const perMtok = per(money, unitTimes({ ...one, symbol: "M", factor: 1e6 }, token("total")));
	const unitCost = named("unit_cost", { ...perMtok, symbol: `${code}/Mtok` }, over(cost, tokens), {
		label:
			priced?.value === 0
				? "the whole cost over all tokens delivered: no charge reaches any model"
				: "cost of a delivered token, idle and shared cost included",
		formula: "cost ÷ tokens",
		tags: { basis: result.basis },
	});
	const count = factOf(result, "anomalies", "days out of line", result.anomalies.length, one);
	const coverage = factOf(result, "coverage", "share of the cost that is explained", result.coverage, fraction);
	const perUnit = { ...perMtok, symbol: `${code}/Mtok` };
	const unitCostOf = (id: string, label: string, of: AnyExpr, made: QuantityJson): AnyExpr =>
		named(id, perUnit, over(of, factOf(result, `${id}.tokens`, "tokens delivered", made.value ?? 0, token("total"))), {
			label,
			formula: "cost ÷ tokens",
			tags: { basis: result.basis },
		});
	const told = (id: string, label: string, of: QuantityJson | undefined): AnyExpr[] =>
		of === undefined ? [] : [quoted(result, id, label, of, money)];
	const tokenCosts = (id: string, of: TokenCosts | undefined, whose: string): AnyExpr[] => [
		...told(`${id}.input`, `cost of a computed input token, ${whose}`, of?.input),
		...told(`${id}.output`, `cost of an output token, ${whose}`, of?.output),
	];
	const owners = basesIds(result);
	const roots = [
		...(result.unit_cost.value === undefined ? [cost] : [unitCost]),
		...tokenCosts("by_tokens", result.by_tokens, "all models"),
		// Thousands of requests are told by their cost alone.
		...result.rows.flatMap((row, i) =>
			row.request !== undefined
				? []
				: [
						...(row.unit_cost === undefined
							? []
							: [
									unitCostOf(
										`${ids[i]}.unit_cost`,
										`cost of a token, ${ids[i]}`,
										served[i] as AnyExpr,
										row.tokens.priced ?? row.tokens.total,
									),
								]),
						...tokenCosts(ids[i] as string, row.by_tokens, ids[i] as string),
					],
		),
		...result.days.flatMap(
			({ day, cost: spent, tokens: all, priced_tokens: delivered = all, unit_cost: per, by_tokens: kinds }) => {
				if (spent.value === undefined) return [];
				const ofDay = fact(`day.${day}.cost`, `all charges of ${day}`, spent);
				return [
					ofDay,
					...(per === undefined
						? []
						: [unitCostOf(`day.${day}.unit_cost`, `cost of a token delivered on ${day}`, ofDay, delivered)]),
					...tokenCosts(`day.${day}`, kinds, day),
				];
			},
		),
		...result.bases.flatMap((each, i) =>
			(["reserved", "busy"] as const).flatMap((basis) => [
				fact(`${basis}.${owners[i]}.cost`, `${owners[i]} on the ${basis} basis`, each[basis].cost),
				...told(`${basis}.${owners[i]}.share`, `share of ${owners[i]} on the ${basis} basis`, each[basis].share),
			]),
		),
		...result.idle_ledger.flatMap(({ kind, gpu_hours: hours, cost: spent }) => [
			...told(`idle_ledger.${kind}.gpu_hours`, `GPU time: ${kind.replaceAll("_", " ")}`, hours),
			fact(`idle_ledger.${kind}.cost`, `cost of GPU time: ${kind.replaceAll("_", " ")}`, spent),
		]),
		...varianceNodes(result, fact),
		...(result.bill === undefined ? [] : [fact("bill", "the rows of the bill", result.bill)]),
		fact("rated", "GPU time at the prices on file", result.rated),
		fact("difference", "charges less bill and rated time", result.reconciliation.difference),
		count,
		coverage,
		fact("idle", "held without work, or by nobody", result.idle),
		fact("residual", "billed for what no meter knows", result.residual),
		...forecastNodes(result, money),
	];
	return modelToJson(evaluate(buildModel(roots)));
}

/** Plan and causes add up to what was paid. */
function varianceNodes(
	{ plan, variance }: ActualsResult,
	fact: (id: string, label: string, of: QuantityJson) => AnyExpr,
): AnyExpr[] {
	if (plan === undefined) return [];
	return [
		fact("plan.cost", "what the plan foresaw for the window", plan.cost),
		...variance.map(({ cause, delta }) => fact(`variance.${cause}`, `from plan to actual: ${cause}`, delta)),
	];
}

/** A number as the answer gives it, in the unit that it names. */
function quoted(result: ActualsResult, id: string, label: string, of: QuantityJson, money: Unit<Money>): AnyExpr {
	const value = of.value ?? 0;
	if (of.unit === "fraction") return factOf(result, id, label, value, fraction, of.grade);
	if (of.unit === "GPU-hr") return factOf(result, id, label, value, gpuHour, of.grade);
	const kind = of.tokens === "input" || of.tokens === "output" ? of.tokens : "total";
	const unit = per(money, unitTimes({ ...one, symbol: "M", factor: 1e6 }, token(kind)));
	return factOf(result, id, label, value, { ...unit, symbol: of.unit }, of.grade);
}

function forecastNodes(result: ActualsResult, money: Unit<Money>): AnyExpr[] {
	const { forecast } = result;
	if (forecast === undefined) return [];
	const { p10 = 0, p50 = 0, p90 = 0 } = forecast.end;
	// Half the distance of P10 and P90 is 1.2816 standard deviations, that of P5 and P95 1.6449.
	const half = ((p90 - p10) / 2) * (1.644_853_627 / 1.281_551_566);
	const value: Distribution =
		half > 0 ? { kind: "normal", p5: p50 - half, p95: p50 + half } : { kind: "point", value: p50 };
	return [
		input("forecast.end", money, {
			label: `what ${forecast.month} will come to`,
			value,
			source: `${forecast.days} days of the month`,
			asOf: result.window.to.slice(0, 10),
			grade: "D",
		}),
	];
}

function factOf<D extends Dims>(
	{ window }: ActualsResult,
	id: string,
	label: string,
	value: number,
	unit: Unit<D>,
	grade: Grade = "A",
): AnyExpr {
	return input(id, unit, {
		label,
		value: { kind: "point", value: value * unit.factor },
		source: `the ledger, ${window.from} to ${window.to}`,
		asOf: window.to.slice(0, 10),
		grade,
	});
}
