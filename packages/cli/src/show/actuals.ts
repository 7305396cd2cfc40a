import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { ActualsResult, ActualsRow, OtherLine } from "@farthing/ledger";
import { inCents } from "@farthing/ledger";
import { actualsWords as words } from "../messages/actuals.ts";
import { frameWords } from "../messages/frame.ts";
import { bad, bold, dim, good, textTable } from "../print.ts";
import { told } from "../told.ts";
import { bare, isOne, number, shown } from "./words.ts";

export function actualsText(result: ActualsResult): string {
	return [
		...headLines(result),
		"",
		rowTable(result),
		"",
		lineTable(result),
		"",
		...billLines(result),
		...useLines(result),
		...energyLines(result),
		...varianceLines(result),
		...forecastLines(result),
		...anomalyLines(result),
		...lawLines(result),
	].join("\n");
}

function headLines({ window, unit_cost, cost, basis, coverage, tokens }: ActualsResult): string[] {
	const parts = [
		words.window(window.from.slice(0, 16), window.to.slice(0, 16), daysText(window.days)),
		words.spent(`${cost.unit} ${cents(cost)}`, tokensText(tokens)),
		words.basis(words.bases[basis] ?? basis),
		words.explained(shown({ value: coverage * 100, unit: "%" })),
	];
	const head = tokens.priced?.value === 0 ? words.whole : words.delivered;
	return [bold(head(shown(unit_cost), unit_cost.grade)), parts.join(" · ")];
}

/** What the cost of a token is divided by stands first. */
function tokensText({ priced, total }: ActualsResult["tokens"]): string {
	return priced?.value === undefined || priced.value === 0
		? shown(total)
		: words.ofTokens(number(priced.value), shown(total));
}

function daysText(days: number): string {
	return frameWords.days(number(days), isOne(days));
}

const MOST_ROWS = 30;

function rowTable({ rows, by, currency, requests }: ActualsResult): string {
	// A request costs less than a cent.
	const costs =
		requests === undefined
			? centsOf(rows.map(({ cost }) => cost))
			: rows.map(({ cost }) => (cost.value === undefined ? dim(words.unknown) : bare(cost)));
	const table = rows
		.slice(0, MOST_ROWS)
		.map((row, i) => [
			...by.map((dimension) => row[dimension] ?? dim(words.no(dimensionText(dimension)))),
			costs[i] as string,
			bare(row.unit_cost),
			bare(row.by_tokens?.input),
			bare(row.by_tokens?.output),
			...tokenCells(row),
			bare(row.gpu_hours),
		]);
	const titles = [...by.map(dimensionText), currency, ...words.columns];
	const text = textTable(
		titles,
		table,
		titles.map((_, i) => i).filter((i) => i >= by.length),
	);
	const more = rows.length > MOST_ROWS ? `\n${dim(words.moreRows(rows.length - MOST_ROWS))}` : "";
	return `${text}${more}${requestLine(requests)}`;
}

function dimensionText(dimension: string): string {
	return words.dimensions[dimension] ?? dimension;
}

/** Amounts that add up to the cent; what is unknown says so. */
function centsOf(costs: readonly QuantityJson[]): string[] {
	const amounts = inCents(costs.map(({ value = 0 }) => value));
	return costs.map(({ value }, i) => (value === undefined ? dim(words.unknown) : (amounts[i] as string)));
}

function requestLine(requests: ActualsResult["requests"]): string {
	if (requests === undefined) return "";
	const { count, shown: n, cost, unpriced = 0, coverage = 1 } = requests;
	const amount = cost.value === undefined ? words.costUnknown : `${cost.unit} ${cents(cost)}`;
	const gap = unpriced === 0 ? "" : words.unpriced(number(unpriced), formatQuantity(coverage * 100, "%"));
	return `\n${words.requests(number(count), isOne(count), amount, gap, n < count ? number(n) : undefined)}`;
}

function tokenCells({ tokens }: ActualsRow): string[] {
	return [bare(tokens.input), bare(tokens.cached_input), bare(tokens.output)];
}

/** Rows and other lines add up to the cost, to the cent. */
function lineTable({ rows, lines, cost, currency }: ActualsResult): string {
	const served: QuantityJson = { unit: currency, value: rows.reduce((sum, row) => sum + (row.cost.value ?? 0), 0) };
	const all: { readonly name: string; readonly cost: QuantityJson }[] = [
		{ name: words.rowsAbove, cost: served },
		...lines.map((line) => ({ name: nameOf(line), cost: line.cost })),
	];
	const amounts = inCents(all.map((line) => line.cost.value ?? 0));
	return textTable(
		[words.paidFor, currency],
		[
			...all.map(({ name, cost: of }, i) => [
				name,
				of.value === undefined ? dim(words.unknown) : (amounts[i] as string),
			]),
			[bold(words.allCharges), bold(cents(cost))],
		],
		[1],
	);
}

const KINDS: Readonly<Record<OtherLine["kind"], string>> = {
	...words.kinds,
	residual: bad(words.kinds.residual),
};

function nameOf({ kind, label, deployment, model }: OtherLine): string {
	const of = [model, deployment === model ? undefined : deployment, label].filter((each) => each !== undefined);
	return words.kindOf(KINDS[kind], of);
}

function billLines({ bill, rated, residual, reconciliation, currency }: ActualsResult): string[] {
	const { difference, bills, rows, rated_against_bill: compared } = reconciliation;
	const agreed = difference.value === 0 ? good(words.toTheCent) : bad(words.apart(cents(difference)));
	const currencies = bills.map(({ currency: code, billed, effective }) =>
		words.ofCurrency(code, cents(effective), cents(billed)),
	);
	const off = compared
		.filter((each) => Math.abs(each.difference.value ?? 0) >= 0.005)
		.map(({ pool, rated: price, billed }) => words.ofPool(pool, cents(price), cents(billed)));
	return [
		...(bill === undefined
			? [words.noBill(`${currency} ${cents(rated)}`)]
			: [
					words.reconciled(number(rows), isOne(rows), `${currency} ${cents(bill)}`, agreed, cents(residual)),
					...(rated.value === 0 ? [] : [words.andRated(`${currency} ${cents(rated)}`)]),
					...currencies,
				]),
		...off,
		"",
	];
}

function useLines({ use }: ActualsResult): string[] {
	if (use.utilization === undefined) return [];
	return [
		words.gpuTime(
			shown(use.busy),
			shown(use.idle_held),
			shown(use.unallocated),
			shown({ value: (use.utilization.value ?? 0) * 100, unit: "%" }),
		),
		"",
	];
}

function energyLines({ energy, energy_per_mtok, carbon, carbon_per_mtok }: ActualsResult): string[] {
	if (energy === undefined) return [];
	const emitted = carbon === undefined ? [] : [shown(carbon), shown(carbon_per_mtok)];
	return [words.energy(shown(energy), shown(energy_per_mtok), emitted), ""];
}

function varianceLines({ variance, plan, cost, currency }: ActualsResult): string[] {
	if (plan === undefined) return [];
	const amounts = inCents([plan.cost.value ?? 0, ...variance.map(({ delta }) => delta.value ?? 0)]);
	const signed = (text: string): string => (text.startsWith("-") ? text : `+${text}`);
	const rows = [
		[words.plan(plan.plans.map(({ model }) => model)), amounts[0] as string],
		...variance.map(({ cause }, i) => [`  ${words.causes[cause] ?? cause}`, signed(amounts[i + 1] as string)]),
		[words.actual, cents(cost)],
	];
	return [textTable([words.planToActual, currency], rows, [1]), ""];
}

function forecastLines({ forecast, currency, outlook_gaps: gaps }: ActualsResult): string[] {
	if (forecast === undefined) return gapLines(words.noForecast, "forecast", gaps);
	const { month, spent, end, days } = forecast;
	return [words.forecast(month, `${currency} ${cents(end)}`, centRange(end), daysText(days), cents(spent)), ""];
}

function gapLines(
	said: string,
	of: ActualsResult["outlook_gaps"][number]["of"],
	gaps: ActualsResult["outlook_gaps"],
): string[] {
	return gaps.flatMap((gap) => (gap.of === of ? [dim(words.because(said, told(gap.reason))), ""] : []));
}

/** More than these are in the JSON alone. */
const MOST_ANOMALIES = 12;

function anomalyLines({ anomalies, currency, outlook_gaps: gaps }: ActualsResult): string[] {
	if (anomalies.length === 0) return gapLines(words.noAnomaly, "anomalies", gaps);
	const more = anomalies.length - MOST_ANOMALIES;
	const [outOfLine, expectedText] = words.anomalies;
	const rows = anomalies
		.slice(0, MOST_ANOMALIES)
		.map(({ day, of, cost, expected }) => [day, of, cents(cost), cents(expected)]);
	return [
		textTable([outOfLine, "", currency, expectedText], rows, [2, 3]),
		...(more > 0 ? [dim(words.moreDays(daysText(more)))] : []),
		"",
	];
}

function lawLines({ laws }: ActualsResult): string[] {
	return laws.map(({ deployment, note }) => dim(`${deployment}: ${note}`));
}

/** In the digits of money elsewhere: flat costs have a range of less than a cent. */
function centRange({ value, unit, p10 = value, p90 = value }: QuantityJson): string {
	return `${unit} ${[p10, p90].map((bound) => cents({ value: bound ?? 0, unit })).join("–")}`;
}

function cents(of: QuantityJson): string {
	return inCents([of.value ?? 0])[0] as string;
}
