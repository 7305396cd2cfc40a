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
	input,
	modelToJson,
	named,
	one,
	over,
	per,
	plus,
	token,
	unitTimes,
} from "@farthing/engine";
import type { ActualsResult, ActualsRow } from "./actuals-json.ts";

/** Nothing for a currency that the engine does not reckon in. */
export function actualsGraph(result: ActualsResult): ModelJson | undefined {
	const code = CURRENCIES.find((each) => each === result.currency);
	if (code === undefined) return undefined;
	const money = currencyUnit(code);
	const fact = (id: string, label: string, of: QuantityJson): AnyExpr =>
		factOf(result, id, label, of.value ?? 0, money, of.grade);
	const ids = rowIds(result);
	const paid = [
		...result.rows.map((row, i) => fact(`${ids[i]}.cost`, `serving, ${ids[i]}`, row.cost)),
		...result.lines.map(({ kind, label, model, cost }, i) =>
			fact(
				`lines.${i + 1}.${kind}`,
				[kind.replaceAll("_", " "), model, label].filter((each) => each !== undefined).join(", "),
				cost,
			),
		),
	];
	const cost = named("cost", money, plus(...paid), { label: "all charges of the window", formula: "rows + lines" });
	const tokens = factOf(result, "tokens.total", "tokens delivered", result.tokens.total.value ?? 0, token("total"));
	const perMtok = per(money, unitTimes({ ...one, symbol: "M", factor: 1e6 }, token("total")));
	const unitCost = named("unit_cost", { ...perMtok, symbol: `${code}/Mtok` }, over(cost, tokens), {
		label: "cost of a delivered token, idle and shared cost included",
		formula: "cost ÷ tokens",
		tags: { basis: result.basis },
	});
	const count = factOf(result, "anomalies", "days out of line", result.anomalies.length, one);
	const coverage = factOf(result, "coverage", "share of the cost that is explained", result.coverage, fraction);
	const roots = [
		unitCost,
		count,
		coverage,
		fact("idle", "held without work, or by nobody", result.idle),
		fact("residual", "billed for what no meter knows", result.residual),
		...forecastNodes(result, money),
	];
	return modelToJson(evaluate(buildModel(roots)));
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

/** A request id that was used again, on another day or by another source, is another request: the second one ends in `.2`. */
function rowIds(result: ActualsResult): string[] {
	const taken = new Set<string>();
	return result.rows.map((row) => {
		const id = rowId(row, result);
		let free = id;
		for (let n = 2; taken.has(free); n++) free = `${id}.${n}`;
		taken.add(free);
		return free;
	});
}

/** `team.search`, `model.deepseek-r1.team.none`: the dimensions that were asked for. */
function rowId(row: ActualsRow, { by }: ActualsResult): string {
	return by.length === 0 ? "all" : by.map((dimension) => `${dimension}.${row[dimension] ?? "none"}`).join(".");
}
