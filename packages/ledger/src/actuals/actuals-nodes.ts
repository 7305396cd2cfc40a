/** The result of actuals with the node of the graph under each number that it holds. */
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult, ActualsRow, BasesRow, TokenCosts } from "./actuals-json.ts";

/** `team.search`, `model.deepseek-r1.team.none`: the dimensions that were asked for. */
export function rowIds(result: Pick<ActualsResult, "rows" | "by">): string[] {
	// A request id that was used again, on another day or by another source, is another request: the second one ends in `.2`.
	const taken = new Set<string>();
	return result.rows.map((row) => {
		const id = ownerId(row, result.by);
		let free = id;
		for (let n = 2; taken.has(free); n++) free = `${id}.${n}`;
		taken.add(free);
		return free;
	});
}

export function basesIds({ bases, by }: Pick<ActualsResult, "bases" | "by">): string[] {
	const asked = by.filter((dimension) => dimension !== "request");
	return bases.map((each) => ownerId(each, asked));
}

export function lineId({ lines }: ActualsResult, i: number): string {
	return `lines.${i + 1}.${lines[i]?.kind ?? ""}`;
}

export function withNodes(result: ActualsResult): ActualsResult {
	const { cost, unit_cost, idle, residual, bill, rated, by_tokens, reconciliation, plan, forecast } = result;
	const rows = rowIds(result);
	const owners = basesIds(result);
	return {
		...result,
		cost: at(cost, "cost"),
		unit_cost: at(unit_cost, "unit_cost"),
		...(by_tokens === undefined ? {} : { by_tokens: tokensAt(by_tokens, "by_tokens") }),
		rows: result.rows.map((row, i) => rowAt(row, rows[i] as string)),
		bases: result.bases.map((each, i) => basesAt(each, owners[i] as string)),
		lines: result.lines.map((line, i) => ({ ...line, cost: at(line.cost, lineId(result, i)) })),
		idle: at(idle, "idle"),
		residual: at(residual, "residual"),
		...(bill === undefined ? {} : { bill: at(bill, "bill") }),
		rated: at(rated, "rated"),
		reconciliation: { ...reconciliation, difference: at(reconciliation.difference, "difference") },
		idle_ledger: result.idle_ledger.map(({ kind, gpu_hours, cost: paid }) => ({
			kind,
			gpu_hours: at(gpu_hours, `idle_ledger.${kind}.gpu_hours`),
			cost: at(paid, `idle_ledger.${kind}.cost`),
		})),
		days: result.days.map((day) => ({
			...day,
			cost: at(day.cost, `day.${day.day}.cost`),
			...(day.unit_cost === undefined ? {} : { unit_cost: at(day.unit_cost, `day.${day.day}.unit_cost`) }),
			...(day.by_tokens === undefined ? {} : { by_tokens: tokensAt(day.by_tokens, `day.${day.day}`) }),
		})),
		variance: result.variance.map(({ cause, delta }) => ({ cause, delta: at(delta, `variance.${cause}`) })),
		...(plan === undefined ? {} : { plan: { ...plan, cost: at(plan.cost, "plan.cost") } }),
		...(forecast === undefined ? {} : { forecast: { ...forecast, end: at(forecast.end, "forecast.end") } }),
	};
}

function rowAt(row: ActualsRow, id: string): ActualsRow {
	if (row.request !== undefined) return { ...row, cost: at(row.cost, `${id}.cost`) };
	const { by_tokens: byTokens, unit_cost: unitCost } = row;
	return {
		...row,
		cost: at(row.cost, `${id}.cost`),
		...(unitCost === undefined ? {} : { unit_cost: at(unitCost, `${id}.unit_cost`) }),
		...(byTokens === undefined ? {} : { by_tokens: tokensAt(byTokens, id) }),
	};
}

function basesAt(row: BasesRow, id: string): BasesRow {
	const of = (basis: "reserved" | "busy") => ({
		cost: at(row[basis].cost, `${basis}.${id}.cost`),
		...(row[basis].share === undefined ? {} : { share: at(row[basis].share, `${basis}.${id}.share`) }),
	});
	return { ...row, reserved: of("reserved"), busy: of("busy") };
}

function tokensAt({ input, output }: TokenCosts, id: string): TokenCosts {
	return {
		...(input === undefined ? {} : { input: at(input, `${id}.input`) }),
		...(output === undefined ? {} : { output: at(output, `${id}.output`) }),
	};
}

function at(of: QuantityJson, node: string): QuantityJson {
	return of.value === undefined ? of : { ...of, node };
}

function ownerId(row: Readonly<Record<string, unknown>> | ActualsRow | BasesRow, by: ActualsResult["by"]): string {
	const named = row as Readonly<Record<string, string | undefined>>;
	return by.length === 0 ? "all" : by.map((dimension) => `${dimension}.${named[dimension] ?? "none"}`).join(".");
}
