import { formatQuantity } from "@farthing/engine";
import type { Instant } from "../records/units.ts";
import { formatInstant, MICROS_PER_HOUR } from "../records/units.ts";
import type { Actuals } from "./actuals.ts";
import type { LedgerFacts } from "./facts.ts";
import { inCents } from "./in-cents.ts";
import { unchargedModels } from "./uncharged.ts";
import { modelName } from "./used-work.ts";
import type { VarianceToPlan } from "./variance-to-plan.ts";

/** What the facts themselves lack or say twice. */
export function factWarnings(
	{ usage, capacity, crowded = [], repeatedCharges = 0 }: LedgerFacts,
	{ lines, total, used }: Actuals,
): { readonly code: string; readonly message: string }[] {
	const warnings: { code: string; message: string }[] = [];
	if (capacity.length === 0 && used.some(({ owner }) => owner.deployment !== undefined)) {
		const message =
			"no record says which GPUs were held in the window: rows of the bill that pay for machines cannot be placed; import capacity records, or metrics of DCGM";
		warnings.push({ code: "no-capacity", message });
	}
	const runs = usage.filter(({ sourceKind }) => sourceKind === "benchmark");
	if (runs.length > 0) {
		const names = [...new Set(runs.map(({ model }) => modelName(model)))].sort();
		const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
		const count = runs.reduce((sum, { tokens }) => sum + (tokens.in_total ?? 0) + (tokens.out_total ?? 0), 0);
		const message = `${formatQuantity(count, "tok")} of benchmark runs (${names.slice(0, MOST_NAMED).join(", ")}${more}) are no production: they are in no row and no cost per token`;
		warnings.push({ code: "benchmarks-left-out", message });
	}
	const unknown = lines.filter(({ kind }) => kind === "residual" || kind === "unmetered");
	const nano = unknown.reduce((sum, { amount }) => sum + amount.nano, 0n);
	if (nano * MOST_UNKNOWN > total.nano && nano > 0n) {
		const names = [...new Set(unknown.map(({ label }) => label ?? "unnamed"))].slice(0, 3).join(", ");
		const [text] = inCents([Number(nano) / 1e9]);
		const message = `${total.currency} ${text} were billed for what no meter of the window knows (${names}): no model has them`;
		warnings.push({ code: "not-explained", message });
	}
	if (repeatedCharges > 0) {
		const message = `${repeatedCharges} rows of the bill came again from another file, equal in account, resource, period, description and amount: each is counted once`;
		warnings.push({ code: "charges-repeated", message });
	}
	const [most] = crowded;
	if (most !== undefined) {
		const others = crowded.length === 1 ? "" : ` and ${crowded.length - 1} more`;
		const message = `records of ${most.name}${others} cover ${most.times.toFixed(2)} times the time there is: some of it is counted twice, as where one export was imported in two forms or two exporters see one GPU`;
		warnings.push({ code: "time-twice", message });
	}
	return warnings;
}

/** A tenth of the cost. */
const MOST_UNKNOWN = 10n;

/** Where a plan is not of all that was served. */
export function planWarnings({
	covered,
	serving,
	plans,
}: VarianceToPlan): { readonly code: string; readonly message: string }[] {
	if (covered.nano === serving.nano) return [];
	const share = (100 * Number(covered.nano)) / Number(serving.nano);
	const names = plans.map(({ model }) => model).join(", ");
	const message = `the plan is of ${names} alone, ${share.toFixed(0)}% of the cost of serving: volume to currency compare that part, and serving all other models is told as unplanned`;
	return [{ code: "plan-covers-part", message }];
}

/** What a reader of these actuals has to know, most important first. */
export function actualsWarnings(found: Actuals): { readonly code: string; readonly message: string }[] {
	const { charges, overruns, withoutLaw, homeless, cacheUnknown, laws, compared, used } = found;
	const warnings: { code: string; message: string }[] = [];
	const warn = (code: string, message: string): void => void warnings.push({ code, message });
	const uncharged = [...unchargedModels(found)].sort();
	if (uncharged.length > 0) {
		const names = uncharged.slice(0, MOST_NAMED).join(", ");
		const more = uncharged.length > MOST_NAMED ? ` and ${uncharged.length - MOST_NAMED} more` : "";
		const isAll = used.every(({ owner }) => uncharged.includes(owner.model ?? ""));
		const then = isAll
			? "what was paid is shown over all tokens, which nothing says caused it (grade E)"
			: "costs per token leave their tokens out";
		warn(
			"cost-unknown",
			`no bill and no price reaches ${names}${more}: what they cost is unknown, not zero, and ${then}; import a bill, a price, or capacity records of what served them`,
		);
	}
	for (const [pool, { time, days }] of charges.unpriced) {
		const hours = time / MICROS_PER_HOUR;
		const text = hours < 10 ? hours.toFixed(2) : String(Math.round(hours));
		const when = daysText(days);
		warn("unpriced", `${text} GPU-hr of ${pool} ${when} have neither a bill nor a price: they are not in the cost`);
	}
	if (charges.withoutTariff.length > 0) {
		warn("no-tariff", `no kWh price for ${charges.withoutTariff.join(", ")}, whose GPU-hour does not include power`);
	}
	for (const [deployment, factor] of overruns) {
		const times = factor.toFixed(2);
		warn(
			"law-overrun",
			`${deployment}: its tokens would take ${times} times the GPU time it held; nothing was idle then`,
		);
	}
	for (const deployment of withoutLaw) {
		warn("no-law", `${deployment} has no law of GPU time: all that it held counts as idle`);
	}
	const modelled = [...laws].filter(([, { state }]) => state === "modelled").map(([deployment]) => deployment);
	if (modelled.length > 0) {
		warn(
			"law-assumed",
			`${modelled.join(", ")}: ${laws.get(modelled[0] ?? "")?.note ?? ""}; --calibration FILE, of actuals and of serve, fits it`,
		);
	}
	for (const model of homeless) {
		warn("no-deployment", `usage of ${model} does not say which deployment served it: none of the GPU time is its own`);
	}
	for (const { model, ofRecord, compared: other, direction, difference } of compared) {
		if (Math.abs(difference) <= MOST_DIFFERENCE) continue;
		const percent = (100 * difference).toFixed(1);
		warn(
			"sources-differ",
			`${model}: ${other} counted ${percent}% ${direction} tokens beyond what the ${ofRecord} logged`,
		);
	}
	if (cacheUnknown.length > 0) {
		warn(
			"cached-not-split",
			`${cacheUnknown.join(", ")}: no source tells cached from computed input; all of it counts as computed`,
		);
	}
	if (charges.prorated > 0) {
		warn("prorated", `${charges.prorated} rows of the bill reach out of the window: their part by time is counted`);
	}
	return warnings;
}

/** Models that a warning names. */
const MOST_NAMED = 3;

/** `on 2026-09-02`, `on 29 days from 2026-09-02 to 2026-09-30`. */
function daysText(days: readonly Instant[]): string {
	const [first, last] = [days[0], days.at(-1)];
	if (first === undefined || last === undefined) return "of the window";
	const name = (day: Instant): string => formatInstant(day).slice(0, 10);
	return days.length === 1 ? `on ${name(first)}` : `on ${days.length} days from ${name(first)} to ${name(last)}`;
}

const MOST_DIFFERENCE = 0.01;
