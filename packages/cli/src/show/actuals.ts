import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { ActualsResult, ActualsRow, OtherLine } from "@farthing/ledger";
import { inCents } from "@farthing/ledger";
import { bad, bold, dim, good, textTable } from "../print.ts";
import { bare, counted, shown, shownRange } from "./words.ts";

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
	const length = counted(window.days, "day");
	return [
		bold(`${shown(unit_cost)} delivered, idle and shared cost included, grade ${unit_cost.grade}`),
		`${window.from.slice(0, 16)} to ${window.to.slice(0, 16)} UTC, ${length} · ${cost.unit} ${cents(cost)} for ${shown(tokens.total)} · ${basis} basis · ${shown({ value: coverage * 100, unit: "%" })} of the cost explained`,
	];
}

const MOST_ROWS = 30;

function rowTable({ rows, by, currency, requests }: ActualsResult): string {
	// A request costs less than a cent.
	const costs =
		requests === undefined
			? centsOf(rows.map(({ cost }) => cost))
			: rows.map(({ cost }) => (cost.value === undefined ? dim("unknown") : bare(cost)));
	const table = rows
		.slice(0, MOST_ROWS)
		.map((row, i) => [
			...by.map((dimension) => row[dimension] ?? dim(`(no ${dimension})`)),
			costs[i] as string,
			bare(row.unit_cost),
			bare(row.by_tokens?.input),
			bare(row.by_tokens?.output),
			...tokenCells(row),
			bare(row.gpu_hours),
		]);
	const titles = [...by, currency, "/M tok", "/M input", "/M output", "input", "cached", "output", "GPU-hr"];
	const text = textTable(
		titles,
		table,
		titles.map((_, i) => i).filter((i) => i >= by.length),
	);
	const more = rows.length > MOST_ROWS ? `\n${dim(`… ${rows.length - MOST_ROWS} more rows: --json has them`)}` : "";
	return `${text}${more}${requestLine(requests)}`;
}

/** Amounts that add up to the cent; what is unknown says so. */
function centsOf(costs: readonly QuantityJson[]): string[] {
	const amounts = inCents(costs.map(({ value = 0 }) => value));
	return costs.map(({ value }, i) => (value === undefined ? dim("unknown") : (amounts[i] as string)));
}

function requestLine(requests: ActualsResult["requests"]): string {
	if (requests === undefined) return "";
	const { count, shown: n, cost, unpriced = 0, coverage = 1 } = requests;
	const rest =
		n < count ? `, the dearest ${formatQuantity(n, "")} shown: --top N shows more, --export requests writes all` : "";
	const gap =
		unpriced === 0
			? ""
			: `; of ${formatQuantity(unpriced, "")} the cost is not known: it is of ${formatQuantity(coverage * 100, "%")} of the tokens`;
	return `\n${counted(count, "request")}, ${cost.value === undefined ? "cost unknown" : `${cost.unit} ${cents(cost)}`}${gap}${rest}`;
}

function tokenCells({ tokens }: ActualsRow): string[] {
	return [bare(tokens.input), bare(tokens.cached_input), bare(tokens.output)];
}

/** Rows and other lines add up to the cost, to the cent. */
function lineTable({ rows, lines, cost, currency }: ActualsResult): string {
	const served: QuantityJson = { unit: currency, value: rows.reduce((sum, row) => sum + (row.cost.value ?? 0), 0) };
	const all: { readonly name: string; readonly cost: QuantityJson }[] = [
		{ name: "the rows above", cost: served },
		...lines.map((line) => ({ name: nameOf(line), cost: line.cost })),
	];
	const amounts = inCents(all.map((line) => line.cost.value ?? 0));
	return textTable(
		["what was paid for", currency],
		[...all.map(({ name }, i) => [name, amounts[i] as string]), [bold("all charges"), bold(cents(cost))]],
		[1],
	);
}

const KINDS: Readonly<Record<OtherLine["kind"], string>> = {
	serving: "serving",
	idle_held: "held, not at work",
	committed: "at work, paid either way",
	unallocated: "held by nobody",
	unmetered: "paid, seen by no meter",
	shared: "shared",
	tax: "tax",
	credit: "credit",
	residual: bad("not explained"),
};

function nameOf({ kind, label, deployment, model }: OtherLine): string {
	const of = [model, deployment === model ? undefined : deployment, label].filter((each) => each !== undefined);
	return `${KINDS[kind]}: ${of.join(", ")}`;
}

function billLines({ bill, rated, residual, reconciliation, currency }: ActualsResult): string[] {
	const { difference, bills, rows, rated_against_bill: compared } = reconciliation;
	const agreed = difference.value === 0 ? good("to the cent") : bad(`${cents(difference)} apart`);
	const currencies = bills.map(
		({ currency: code, billed, effective }) => `  ${code} ${cents(effective)} effective, ${cents(billed)} billed`,
	);
	const off = compared
		.filter((each) => Math.abs(each.difference.value ?? 0) >= 0.005)
		.map(
			({ pool, rated: price, billed }) =>
				`  ${pool}: ${cents(price)} at the price on file, ${cents(billed)} on the bill`,
		);
	return [
		...(bill === undefined
			? [`no bill: ${currency} ${cents(rated)} at the prices on file`]
			: [
					`reconciled with ${counted(rows, "row")} of the bill, ${currency} ${cents(bill)}: ${agreed}; ${cents(residual)} not explained`,
					...(rated.value === 0
						? []
						: [`  and ${currency} ${cents(rated)} at the prices on file, of what no bill pays for`]),
					...currencies,
				]),
		...off,
		"",
	];
}

function useLines({ use }: ActualsResult): string[] {
	if (use.utilization === undefined) return [];
	return [
		`GPU time: ${shown(use.busy)} at work, ${shown(use.idle_held)} held without work, ${shown(use.unallocated)} held by nobody: ${shown({ value: (use.utilization.value ?? 0) * 100, unit: "%" })} utilised`,
		"",
	];
}

function energyLines({ energy, energy_per_mtok, carbon, carbon_per_mtok }: ActualsResult): string[] {
	if (energy === undefined) return [];
	const emitted = carbon === undefined ? "" : `; ${shown(carbon)}, ${shown(carbon_per_mtok)}`;
	return [`energy: ${shown(energy)}, ${shown(energy_per_mtok)}${emitted}`, ""];
}

function varianceLines({ variance, plan, cost, currency }: ActualsResult): string[] {
	if (plan === undefined) return [];
	const amounts = inCents([plan.cost.value ?? 0, ...variance.map(({ delta }) => delta.value ?? 0)]);
	const signed = (text: string): string => (text.startsWith("-") ? text : `+${text}`);
	const rows = [
		[`plan (${plan.plans.map(({ model }) => model).join(", ")})`, amounts[0] as string],
		...variance.map(({ cause }, i) => [
			`  ${cause === "unplanned" ? "models without a plan" : cause}`,
			signed(amounts[i + 1] as string),
		]),
		["actual", cents(cost)],
	];
	return [textTable(["plan to actual", currency], rows, [1]), ""];
}

function forecastLines({ forecast, currency, outlook_gaps: gaps }: ActualsResult): string[] {
	if (forecast === undefined) return gapLines("no forecast", "forecast", gaps);
	const { month, spent, end, days } = forecast;
	return [
		`forecast of ${month}: ${currency} ${cents(end)}, P10–P90 ${shownRange(end)}, from ${counted(days, "day")} that cost ${cents(spent)}`,
		"",
	];
}

function gapLines(
	said: string,
	of: ActualsResult["outlook_gaps"][number]["of"],
	gaps: ActualsResult["outlook_gaps"],
): string[] {
	return gaps.flatMap((gap) => (gap.of === of ? [dim(`${said}: ${gap.reason}`), ""] : []));
}

/** More than these are in the JSON alone. */
const MOST_ANOMALIES = 12;

function anomalyLines({ anomalies, currency, outlook_gaps: gaps }: ActualsResult): string[] {
	if (anomalies.length === 0) return gapLines("no day can stand out", "anomalies", gaps);
	const more = anomalies.length - MOST_ANOMALIES;
	const rows = anomalies
		.slice(0, MOST_ANOMALIES)
		.map(({ day, of, cost, expected }) => [day, of, cents(cost), cents(expected)]);
	return [
		textTable(["day out of line", "", currency, "expected"], rows, [2, 3]),
		...(more > 0 ? [dim(`and ${counted(more, "day")} more out of line: --json has them all`)] : []),
		"",
	];
}

function lawLines({ laws }: ActualsResult): string[] {
	return laws.map(({ deployment, note }) => dim(`${deployment}: ${note}`));
}

function cents(of: QuantityJson): string {
	return inCents([of.value ?? 0])[0] as string;
}
