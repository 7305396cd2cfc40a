import type { Envelope, OptionSizing, PlanOption, PlanResult, Saved, SharingLoad } from "@farthing/answers";
import { summedUnranked } from "@farthing/answers";
import { formatQuantity, formatRange } from "@farthing/engine";
import type { QuantityJson } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { bold, dim, oneLine, textTable } from "../print.ts";
import { bridgeLines } from "./bridge.ts";
import { bare, bareRange, counted, shown, shownRange } from "./words.ts";
import { NAMES, yearsLines } from "./years.ts";

export function planText(
	result: PlanResult,
	{ id, catalogue, as_of }: Envelope<unknown>,
	scenario: Scenario,
	top: number,
): string {
	const best = result.options[0] as PlanOption;
	return [
		...headLines(result, scenario),
		"",
		...answerLines(best, result),
		...bridgeLines(best),
		"",
		optionTable(result, top),
		"",
		...headlineWinner(result),
		...crossoverLines(result),
		...apiLines(result),
		...yearsLines(result),
		...sharingLines(result),
		...roomLines(result),
		...rowCounts(result, scenario),
		dim(result.attribution),
		dim(`result ${id} · catalogue ${catalogue} · as of ${as_of}`),
		dim(`Next: ${nextCommands(result, scenario).join(" · ")}`),
	].join("\n");
}

/** What was asked: all that a cost per token depends on besides the deployment. */
function headLines(result: PlanResult, { workload, demand, slo, redundancy }: Scenario): string[] {
	const { tokens, peak_to_mean: peak } = result.question;
	const range = / to | – |—/i.test(demand.tokensPerDay.text) ? ` (${demand.tokensPerDay.text})` : "";
	const asked = [
		result.model,
		`${workload.input.text} in / ${workload.output.text} out`,
		`${shown(tokens)}${range}`,
		...(peak === undefined || result.utilization_overridden ? [] : [`peak ${shown(peak)}`]),
	];
	const limits = [
		slo.tokensPerSecondPerUser === undefined
			? "any speed"
			: `≥ ${withUnit(slo.tokensPerSecondPerUser.text, "tok/s/user")}`,
		slo.ttft === undefined ? "any TTFT" : `${slo.ttftStatistic} TTFT ≤ ${slo.ttft.text}`,
		...(result.utilization_overridden ? [] : [reserveText(redundancy.spareReplicas, result.strategies)]),
	];
	return [bold(`${oneLine(result.scenario)}: ${asked.join(" · ")}`), `${limits.join(" · ")} · ${result.rate}`];
}

function reserveText(spare: number, strategies: PlanResult["strategies"]): string {
	if (spare === 0) return "no spare replica";
	const without = (strategies ?? []).flatMap((each) =>
		each.priced && each.reserve_not_kept !== undefined ? [NAMES[each.strategy] as string] : [],
	);
	return `N+${spare}${without.length === 0 ? "" : `, not kept over the years by ${without.join(" and ")}`}`;
}

function withUnit(text: string, unit: string): string {
	return /[A-Za-z]/.test(text) ? text : `${text} ${unit}`;
}

function answerLines(best: PlanOption, result: PlanResult): string[] {
	const { delivered, deployment, speculative } = best;
	const range = shownRange(delivered);
	const price = bold(shown(delivered).replace("/M tok", "").replace("/Mtok", ""));
	const cost = `${price} per million tokens delivered, input and output alike${range === "" ? "" : `, P10–P90 ${range}`}`;
	const method = speculative === "none" ? [] : [speculative];
	const how = [best.stack, best.precision, ...method, deployment.layout].join(", ");
	const load = result.utilization_overridden ? "at a stated utilisation of" : "utilised at";
	const fleet = `${gpusText(best)} × ${best.hardware} (${how}), ${load} ${shown(best.utilization)}`;
	const bill = `${shown(best.bill.per_day)}, ${shown(best.bill.per_year)}`;
	return [`${cost}, grade ${delivered.grade}`, `  ${fleet}; ${bill}`, ...loadLines(best)];
}

/** How the load moves over the day, and how the fleet was sized to it where the scenario states its traffic. */
function loadLines({ utilization_by_hour: hours, sizing }: PlanOption): string[] {
	const lines =
		hours === undefined
			? []
			: hours.lowest.value === hours.highest.value
				? ["  utilisation is the same at all hours of the day"]
				: [`  utilisation over the hours of the day: ${shown(hours.lowest)} to ${shown(hours.highest)}`];
	if (sizing === undefined) return lines;
	const { by, replicas, throughput_replicas: least, within_limits: share, busy_share: busy } = sizing;
	const kept = share === undefined ? "" : ` (${percent(share)} of simulated requests)`;
	const how = by === "simulation" ? "simulated" : "estimated by queueing";
	const keep = replicas === 1 ? "keeps" : "keep";
	return [
		...lines,
		`  ${counted(replicas, "replica", "replicas")} ${keep} the limits in the busiest hour${kept}, ${how}; throughput alone asks for ${least.toFixed(1)}`,
		...(busy === undefined
			? []
			: [
					`  in that hour they are utilised at ${percent(least / replicas)} of their benchmarked throughput, and busy ${percent(busy)} of the time`,
				]),
		...spareLines(sizing),
		...scalingLines(sizing),
	];
}

function spareLines({
	replicas,
	spare_replicas: spare,
	failure_spares: failing,
	enough_up: up,
}: OptionSizing): string[] {
	if (up === 1) return [];
	const of = `at least ${replicas} of ${counted(replicas + spare, "replica is", "replicas are")} up ${percent(up)} of the time`;
	return [`  ${of}; failures alone ask for ${failing} spare`];
}

function scalingLines({ needed_share: needed, paid_share_reason: idle, autoscaler }: OptionSizing): string[] {
	if (needed === undefined) return [];
	const set =
		autoscaler === undefined
			? ""
			: ` (aiming at ${percent(autoscaler.target)}, every ${autoscaler.interval_s} s, at least ${counted(autoscaler.fewest, "replica", "replicas")})`;
	const rest =
		idle === undefined
			? "the rest is not paid for"
			: needed >= 1
				? idle
				: `the rest is idle and saves nothing: ${idle}`;
	return [`  the autoscaler${set} keeps ${percent(needed)} of GPU-hours up; ${rest}`, ...searchLines(autoscaler)];
}

function searchLines(of: OptionSizing["autoscaler"]): string[] {
	if (of?.search === "estimate") return [dim("    estimated: a day has more requests than are simulated")];
	if (of === undefined || of.days_simulated === 1) return [];
	const end = of.search === "cut-short" ? "; the search was cut short" : "";
	return [dim(`    found among ${of.days_simulated} simulated days${end}`)];
}

/** What is not quite all is not rounded up to it. */
function percent(share: number): string {
	const rounded = Number((share * 100).toPrecision(4));
	return `${rounded === 100 && share < 1 ? Number((share * 100).toPrecision(12)) : rounded}%`;
}

function gpusText({ gpus }: PlanOption): string {
	return formatQuantity(gpus, Number.isInteger(gpus) ? "GPU" : "").replace(" GPU", "");
}

function optionTable({ options, utilization_overridden: overridden }: PlanResult, top: number): string {
	const rows = options
		.slice(0, top)
		.map((option) => [
			String(option.rank),
			option.hardware,
			option.stack,
			`${option.precision}${option.speculative === "none" ? "" : ` ${option.speculative}`}`,
			option.deployment.layout,
			bare(option.delivered),
			bareRange(option.delivered),
			gpusText(option),
			shown(option.utilization),
			option.delivered.grade ?? "",
			bare(option.headline),
			formatQuantity(option.deployment.interactivity, ""),
			option.id,
		]);
	const titles = [
		"",
		"hardware",
		"stack",
		"precision",
		"layout",
		"$/M delivered",
		"P10–P90",
		"GPUs",
		overridden ? "util, stated" : "util",
		"grade",
		"$/M headline",
		"tok/s/user",
		"row",
	];
	const keep = titles.map((_, i) => i).filter((i) => i !== 6 || rows.some((row) => row[6] !== ""));
	const right = keep.flatMap((column, place) => ([0, 5, 6, 7, 8, 10, 11].includes(column) ? [place] : []));
	const table = textTable(
		keep.map((i) => titles[i] as string),
		rows.map((row) => keep.map((i) => row[i] as string)),
		right,
	);
	return options.length > top
		? `${table}\n${dim(`… ${counted(options.length - top, "more option", "more options")}: --top ${options.length}`)}`
		: table;
}

/** Where the cheapest headline lands once delivered. */
function headlineWinner({ options }: PlanResult): string[] {
	const winner = options.reduce((a, b) => ((b.headline.value ?? 0) < (a.headline.value ?? 0) ? b : a));
	if (winner.rank === 1) return [];
	const place = winner.rank === options.length ? "last" : `place ${winner.rank}`;
	const what = `${winner.hardware} ${winner.stack} ${winner.deployment.layout}`;
	return [
		`The cheapest headline is ${place} of ${options.length} once delivered: ${what}, ${shown(winner.headline)} at full load, ${shown(winner.delivered)} at the ${shown(winner.utilization)} this demand needs of it.`,
	];
}

function crossoverLines(result: PlanResult): string[] {
	const { crossovers, volumes } = result;
	const name = (id: string): string => {
		const option = result.options.find((each) => each.id === id);
		return option === undefined
			? id
			: `${option.hardware} ${option.stack} ${option.precision} ${option.deployment.layout}`;
	};
	if (volumes.tokens_per_day.length === 0)
		return [dim(`Cheapest delivered by daily volume: none; ${volumes.reason ?? "no volume was looked at"}`)];
	const first = crossovers[0]?.from ?? volumes.cheapest[0];
	if (first === undefined) return [];
	const steps = crossovers.map(({ tokens_per_day, to }) => `  from ${shown(tokens_per_day)}: ${name(to)}`);
	const lowest = formatQuantity(volumes.tokens_per_day[0] as number, "tok/day");
	const sized = volumes.sized_by === "queueing-estimate" ? ", fleets sized by the queueing estimate" : "";
	return [
		`Cheapest delivered, by daily volume${sized}:`,
		`  from ${lowest}: ${name(first)}`,
		...steps,
		...(volumes.reason === undefined ? [] : [dim(`  they end there: ${volumes.reason}`)]),
		dim(leadRule(result)),
	];
}

const SHOWN_INTERRUPTIONS = 4;

/** What counts as a lead, and where it does not hold. */
function leadRule({ volumes: { interruptions } }: PlanResult): string {
	const rule = "  a lead counts where it holds for a quarter more volume";
	if (interruptions.length === 0) return rule;
	const places = interruptions
		.slice(0, SHOWN_INTERRUPTIONS)
		.map(({ from, to }) =>
			(from === to ? formatQuantity(from, "tok/day") : formatRange(from, to, "tok/day")).replace(" tok/day", ""),
		);
	const more = interruptions.length - places.length;
	const rest = more > 0 ? ` and ${counted(more, "more stretch", "more stretches")}` : "";
	return `${rule}; steps of whole replicas put others ahead at ${places.join(", ")}${rest} tok/day`;
}

export function apiLines({ api }: Pick<PlanResult, "api">): string[] {
	if (api.length === 0) return [];
	const lines = api.map((offer) => {
		return `  ${offer.statistic} of ${offer.offers} offers (${offer.provider}): ${shown(offer.blended)}; ${breakEven(offer)}`;
	});
	return [
		"API price of the same model, input and output blended, nothing cached:",
		...lines,
		dim("  this counts GPU-hours by the rate card alone: no people and no costs beyond the card"),
	];
}

function breakEven({ self_hosting_cheaper_from: from }: PlanResult["api"][number]): string {
	return from === undefined ? "self-hosting does not get below it" : `self-hosting is below it from ${shown(from)} on`;
}

function rowCounts(result: PlanResult, { slo }: Scenario): string[] {
	const { unranked, missed, considered, options } = result;
	const limits: Readonly<Record<string, string>> = {
		tokens_per_s_per_user: `are slower than ${slo.tokensPerSecondPerUser?.text ?? "asked"} tok/s/user`,
		ttft: `have a TTFT over ${slo.ttft?.text ?? "the limit"}`,
	};
	const misses = Object.entries(missed).map(([limit, count]) => `${count} ${limits[limit] ?? `miss ${limit}`}`);
	const left = unranked.length === 0 ? [] : [`${unranked.length} could not be ranked`];
	const searched = searchedLine(result);
	const line = `Of ${considered} measured rows: ${[`${options.length} ranked`, ...misses, ...left].join(", ")}`;
	const reasons = new Map<string, number>();
	for (const each of summedUnranked(unranked)) {
		const words =
			ROOM_WORDS[each.code] ?? (each.code === "failed-check" ? `${each.hardware}: ${each.reason}` : each.reason);
		reasons.set(words, (reasons.get(words) ?? 0) + each.rows);
	}
	const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 5);
	return [line, searched, ...most.map(([reason, count]) => dim(`  ${count} × ${reason}`))];
}

/** Each row is over by an amount of its own. */
const ROOM_WORDS: Readonly<Record<string, string>> = {
	"over-power-limit": "the fleet needs more power than the site has",
	"over-host-limit": "the fleet needs more hosts than there are",
	"over-gpu-limit": "the fleet needs more GPUs than there are",
};

/** Each row is one configuration, so that ranking them is the search over parallelism, ratio and batch. */
function searchedLine({ searched }: PlanResult): string {
	const { gpus_per_replica: sizes, layouts, prefill_to_decode: ratios, concurrency, modelled } = searched;
	const ends = (all: readonly (string | number)[]): string =>
		all.length === 1 ? String(all[0]) : `${all[0]} to ${all.at(-1)}`;
	const parts = [
		`${ends(sizes)} GPUs a replica`,
		...(layouts.length === 0 ? [] : [counted(layouts.length, "parallel layout", "parallel layouts")]),
		...(ratios.length === 0
			? []
			: [`${counted(ratios.length, "prefill:decode split", "prefill:decode splits")} (${ends(ratios)})`]),
		`${ends([concurrency.least, concurrency.most])} requests in flight`,
		...(modelled === 0 ? [] : [`${modelled} modelled`]),
	];
	return dim(`  searched: ${parts.join(", ")}`);
}

function sharingLines({ sharing }: PlanResult): string[] {
	if (sharing === undefined) return [];
	if ("reason" in sharing) return [`Sharing machines: ${sharing.reason}`];
	const { hardware, loads, separate, together, saved, as_one_load: one, cheapest, shared: what } = sharing;
	const over = sharing.saved_over_one_load;
	const beside = over === undefined ? [] : [savedText(over, "one fleet for all as one load")];
	const least = { shared: "sharing", as_one_load: "one fleet for all as one load", separate: "fleets apart" };
	const best = cheapest.arrangement === "shared" ? [] : [`the cheapest is ${least[cheapest.arrangement]}`];
	const verdict = [savedText(saved, "fleets apart"), ...beside, ...best].join("; ");
	return [
		`Sharing machines, confirmed by a simulated day: ${verdict}`,
		`  together ${together.gpus} × ${hardware}, ${shown(together.delivered)}, ${percent(together.busy_share)} busy; apart ${separate.gpus} GPUs, ${shown(separate.delivered)}${one === undefined ? "" : `; as one load ${one.gpus} GPUs, ${shown(one.bill_per_day)}`}`,
		...loads.map((load) => `  ${loadText(load)}`),
		`  shared: ${what.join("; ")}`,
	];
}

function savedText({ bill_per_day: bill, share }: Saved, against: string): string {
	const value = bill.value as number;
	const part = percent(Math.abs(share.value as number));
	if (value === 0) return `costs the same as ${against}`;
	if (value > 0) return `saves ${shown(bill)} (${part}) against ${against}`;
	return `costs ${formatQuantity(-value, bill.unit)} (${part}) more than ${against}`;
}

function loadText(load: SharingLoad): string {
	const { name, layout, replicas, behind, with: beside, within_limits: within, longest_s: longest, alone } = load;
	const { fewest, most } = replicas;
	const where =
		behind === undefined
			? `${fewest === most ? most : `${fewest} to ${most}`} ${most === 1 ? "replica" : "replicas"} of ${layout}`
			: `behind ${behind} on its replicas`;
	const place = beside === undefined ? where : `with ${beside} on its replicas`;
	const kept =
		within !== undefined
			? `${percent(within)} of requests within the limits`
			: `the slowest request done after ${((longest ?? 0) / 3600).toFixed(1)} h`;
	return `${name}: ${place}, ${kept}; alone ${alone.gpus} × ${alone.hardware}`;
}

function roomLines({ limits, options }: PlanResult): string[] {
	if (limits === undefined) return [];
	const { power, pue, hosts, gpus, most } = limits;
	const there = [
		...(power === undefined ? [] : [`${powerText(power)} at a PUE of ${pue.value}`]),
		...(hosts === undefined ? [] : [counted(hosts, "host", "hosts")]),
		...(gpus === undefined ? [] : [counted(gpus, "GPU", "GPUs")]),
	];
	const [best] = options;
	const drawn = best?.power === undefined ? "" : `; the cheapest takes ${powerText(best.power)}`;
	const served =
		most === undefined
			? []
			: [
					`  the most that fits: ${shown(most.tokens_per_day)} on ${most.gpus} GPUs of ${most.name}${most.sized_by === "throughput" ? "" : ", by the queueing estimate"}`,
				];
	return [`The site has room for ${there.join(", ")}${drawn}`, ...served];
}

/** Below a megawatt in kilowatts, as a room is measured. */
function powerText(power: QuantityJson): string {
	const megawatts = power.value as number;
	return power.unit === "MW" && megawatts < 1 ? formatQuantity(megawatts * 1000, "kW") : shown(power);
}

/** Commands that run as they stand. */
function nextCommands(result: PlanResult, { workload, slo }: Scenario): string[] {
	const { model } = result;
	const speed = slo.tokensPerSecondPerUser;
	const lengths = [workload.input, workload.output].map(({ distribution }) =>
		distribution.kind === "point" ? distribution.value : undefined,
	);
	const unknown = slo.ttftUnknown === "accept" ? " --ttft-unknown accept" : "";
	const at = speed?.distribution.kind === "point" ? ` --at ${speed.distribution.value}${unknown}` : " --ttft any";
	return [
		"farthing why 1",
		...(result.strategy === undefined ? [] : [`farthing why ${result.strategy}.npv`]),
		`farthing frontier --model ${model} --isl ${lengths[0]} --osl ${lengths[1]}${at}`,
		"farthing claim",
	];
}

export function defaultsText(defaults: PlanResult["defaults"]): string {
	if (defaults.length === 0) return "Nothing was left to a default.";
	return textTable(
		["member", "taken", "why"],
		defaults.map(({ path, value, source }) => [path, value, source]),
	);
}
