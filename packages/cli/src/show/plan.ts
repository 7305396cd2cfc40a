import type { Envelope, OptionSizing, PlanOption, PlanResult, Saved, SharingLoad } from "@farthing/answers";
import { summedUnranked } from "@farthing/answers";
import { formatQuantity, formatRange } from "@farthing/engine";
import type { QuantityJson } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { frameWords } from "../messages/frame.ts";
import { planWords as words } from "../messages/plan.ts";
import { bold, dim, oneLine, textTable } from "../print.ts";
import { told } from "../told.ts";
import { bridgeLines } from "./bridge.ts";
import { bare, bareRange, isOne, number, shown, shownRange } from "./words.ts";
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
		dim(frameWords.result(id, catalogue, as_of)),
		dim(words.next(nextCommands(result, scenario))),
	].join("\n");
}

/** What was asked: all that a cost per token depends on besides the deployment. */
function headLines(result: PlanResult, { workload, demand, slo, redundancy }: Scenario): string[] {
	const { tokens, peak_to_mean: peak } = result.question;
	const range = / to | – |—/i.test(demand.tokensPerDay.text) ? ` (${demand.tokensPerDay.text})` : "";
	const asked = [
		result.model,
		words.lengths(workload.input.text, workload.output.text),
		`${shown(tokens)}${range}`,
		...(peak === undefined || result.utilization_overridden ? [] : [words.peak(shown(peak))]),
	];
	const limits = [
		slo.tokensPerSecondPerUser === undefined
			? words.anySpeed
			: words.speed(withUnit(slo.tokensPerSecondPerUser.text, "tok/s/user")),
		slo.ttft === undefined
			? words.anyTtft
			: words.ttft(words.statistics[slo.ttftStatistic] ?? slo.ttftStatistic, slo.ttft.text),
		...(result.utilization_overridden ? [] : [reserveText(redundancy.spareReplicas, result.strategies)]),
	];
	return [bold(`${oneLine(result.scenario)}: ${asked.join(" · ")}`), `${limits.join(" · ")} · ${told(result.rate)}`];
}

function reserveText(spare: number, strategies: PlanResult["strategies"]): string {
	if (spare === 0) return words.noSpare;
	const without = (strategies ?? []).flatMap((each) =>
		each.priced && each.reserve_not_kept !== undefined ? [NAMES[each.strategy] as string] : [],
	);
	return words.spare(spare, without);
}

function withUnit(text: string, unit: string): string {
	return /[A-Za-z]/.test(text) ? text : `${text} ${unit}`;
}

function answerLines(best: PlanOption, result: PlanResult): string[] {
	const { delivered, deployment, speculative } = best;
	const range = shownRange(delivered);
	const price = bold(shown(delivered).replace("/M tok", ""));
	const method = speculative === "none" ? [] : [speculative];
	const how = [best.stack, best.precision, ...method, deployment.layout].join(", ");
	const [day, year] = [shown(best.bill.per_day), shown(best.bill.per_year)];
	const isStated = result.utilization_overridden;
	return [
		words.delivered(price, range, delivered.grade),
		words.fleet(gpusText(best), best.hardware, how, isStated, shown(best.utilization), day, year),
		...loadLines(best),
	];
}

/** How the load moves over the day, and how the fleet was sized to it where the scenario states its traffic. */
function loadLines({ utilization_by_hour: hours, sizing }: PlanOption): string[] {
	const lines =
		hours === undefined
			? []
			: hours.lowest.value === hours.highest.value
				? [words.sameHours]
				: [words.hours(shown(hours.lowest), shown(hours.highest))];
	if (sizing === undefined) return lines;
	const { by, replicas, throughput_replicas: least, within_limits: share, busy_share: busy } = sizing;
	const kept = share === undefined ? undefined : percent(share);
	return [
		...lines,
		words.sizing(number(replicas), isOne(replicas), kept, by === "simulation", least.toFixed(1)),
		...(busy === undefined ? [] : [words.busy(percent(least / replicas), percent(busy))]),
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
	const all = replicas + spare;
	return [words.up(replicas, number(all), isOne(all), percent(up), failing)];
}

function scalingLines({ needed_share: needed, paid_share_reason: idle, autoscaler }: OptionSizing): string[] {
	if (needed === undefined) return [];
	const set =
		autoscaler === undefined
			? ""
			: words.scaler(
					percent(autoscaler.target),
					autoscaler.interval_s,
					number(autoscaler.fewest),
					isOne(autoscaler.fewest),
				);
	const rest = idle === undefined ? words.restUnpaid : needed >= 1 ? idle : words.restIdle(idle);
	return [words.scaled(set, percent(needed), rest), ...searchLines(autoscaler)];
}

function searchLines(of: OptionSizing["autoscaler"]): string[] {
	if (of?.search === "estimate") return [dim(words.searchEstimated)];
	if (of === undefined || of.days_simulated === 1) return [];
	return [dim(words.searched(of.days_simulated, of.search === "cut-short"))];
}

/** What is not quite all is not rounded up to it. */
function percent(share: number): string {
	const rounded = Number((share * 100).toPrecision(4));
	return `${rounded === 100 && share < 1 ? Number((share * 100).toPrecision(12)) : rounded}%`;
}

function gpusText({ gpus }: PlanOption): string {
	return formatQuantity(gpus, "");
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
	const { columns } = words;
	const titles = [
		"",
		columns.hardware,
		columns.stack,
		columns.precision,
		columns.layout,
		columns.delivered,
		columns.range,
		columns.gpus,
		overridden ? columns.useStated : columns.use,
		columns.grade,
		columns.headline,
		columns.speed,
		columns.row,
	];
	const keep = titles.map((_, i) => i).filter((i) => i !== 6 || rows.some((row) => row[6] !== ""));
	const right = keep.flatMap((column, place) => ([0, 5, 6, 7, 8, 10, 11].includes(column) ? [place] : []));
	const table = textTable(
		keep.map((i) => titles[i] as string),
		rows.map((row) => keep.map((i) => row[i] as string)),
		right,
	);
	const more = options.length - top;
	return more > 0 ? `${table}\n${dim(words.moreOptions(number(more), isOne(more), options.length))}` : table;
}

/** Where the cheapest headline lands once delivered. */
function headlineWinner({ options }: PlanResult): string[] {
	const winner = options.reduce((a, b) => ((b.headline.value ?? 0) < (a.headline.value ?? 0) ? b : a));
	if (winner.rank === 1) return [];
	const what = `${winner.hardware} ${winner.stack} ${winner.deployment.layout}`;
	const [headline, delivered, use] = [shown(winner.headline), shown(winner.delivered), shown(winner.utilization)];
	return [words.headlineWinner(winner.rank, options.length, what, headline, delivered, use)];
}

function crossoverLines(result: PlanResult): string[] {
	const { crossovers, next_crossover: next, volumes } = result;
	const name = (id: string): string => {
		const option = result.options.find((each) => each.id === id);
		return option === undefined
			? id
			: `${option.hardware} ${option.stack} ${option.precision} ${option.deployment.layout}`;
	};
	if (volumes.tokens_per_day.length === 0) return [dim(words.noVolumes(volumes.reason))];
	const first = crossovers[0]?.from ?? volumes.cheapest[0];
	if (first === undefined) return [];
	const steps = crossovers.map(({ tokens_per_day, to }) => words.from(shown(tokens_per_day), name(to)));
	const lowest = formatQuantity(volumes.tokens_per_day[0] as number, "tok/day");
	return [
		words.volumes(volumes.sized_by === "queueing-estimate"),
		words.from(lowest, name(first)),
		...steps,
		// Within a stretch that interrupts a lead, where the list does not say it.
		...(next === undefined || crossovers.some(({ tokens_per_day: at }) => at.value === next.tokens_per_day.value)
			? []
			: [words.nextLead(shown(next.tokens_per_day), name(next.to))]),
		...(volumes.reason === undefined ? [] : [dim(words.volumesEnd(volumes.reason))]),
		dim(leadRule(result)),
	];
}

const SHOWN_INTERRUPTIONS = 4;

/** What counts as a lead, and where it does not hold. */
function leadRule({ volumes: { interruptions } }: PlanResult): string {
	if (interruptions.length === 0) return words.lead;
	const places = interruptions.slice(0, SHOWN_INTERRUPTIONS).map(stretch);
	const more = interruptions.length - places.length;
	return `${words.lead}${words.interrupted(places, more > 0 ? number(more) : "", isOne(more))}`;
}

export function apiLines({ api }: Pick<PlanResult, "api">): string[] {
	if (api.length === 0) return [];
	const lines = api.map((offer) =>
		words.apiOffer(offer.statistic, offer.offers, offer.provider, shown(offer.blended), breakEven(offer)),
	);
	return [words.apiHeading, ...lines, dim(words.apiCounts)];
}

function breakEven({
	self_hosting_cheaper_from: from,
	self_hosting_cheaper_between: between = [],
}: PlanResult["api"][number]): string {
	const places = between.map(stretch);
	if (from !== undefined) return words.apiFrom(shown(from), places);
	return places.length === 0 ? words.apiNever : words.apiNeverForGood(places);
}

function stretch({ from, to }: { readonly from: number; readonly to: number }): string {
	return (from === to ? formatQuantity(from, "tok/day") : formatRange(from, to, "tok/day")).replace(" tok/day", "");
}

function rowCounts(result: PlanResult, { slo }: Scenario): string[] {
	const { unranked, missed, considered, options } = result;
	const misses = Object.entries(missed).map(([limit, count]) => {
		if (limit === "tokens_per_s_per_user")
			return words.slower(count, slo.tokensPerSecondPerUser?.text ?? words.askedSpeed);
		return limit === "ttft" ? words.lateTtft(count, slo.ttft?.text ?? words.theLimit) : words.misses(count, limit);
	});
	const left = unranked.length === 0 ? [] : [words.unranked(unranked.length)];
	const searched = searchedLine(result);
	const line = words.rows(considered, [words.ranked(options.length), ...misses, ...left]);
	const reasons = new Map<string, number>();
	for (const each of summedUnranked(unranked)) {
		// Each row is over by an amount of its own.
		const reason =
			words.room[each.code] ?? (each.code === "failed-check" ? `${each.hardware}: ${each.reason}` : each.reason);
		reasons.set(reason, (reasons.get(reason) ?? 0) + each.rows);
	}
	const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 5);
	return [line, searched, ...most.map(([reason, count]) => dim(`  ${count} × ${reason}`))];
}

/** Each row is one configuration, so that ranking them is the search over parallelism, ratio and batch. */
function searchedLine({ searched }: PlanResult): string {
	const { gpus_per_replica: sizes, layouts, prefill_to_decode: ratios, concurrency, modelled } = searched;
	const ends = (all: readonly (string | number)[]): string =>
		all.length === 1 ? String(all[0]) : words.to(String(all[0]), String(all.at(-1)));
	const { search } = words;
	const parts = [
		search.sizes(ends(sizes)),
		...(layouts.length === 0 ? [] : [search.layouts(number(layouts.length), isOne(layouts.length))]),
		...(ratios.length === 0 ? [] : [search.splits(number(ratios.length), isOne(ratios.length), ends(ratios))]),
		search.inFlight(ends([concurrency.least, concurrency.most])),
		...(modelled === 0 ? [] : [search.modelled(modelled)]),
	];
	return dim(search.line(parts));
}

function sharingLines({ sharing }: PlanResult): string[] {
	if (sharing === undefined) return [];
	const { sharing: said } = words;
	if ("reason" in sharing) return [said.none(sharing.reason)];
	const { hardware, loads, separate, together, saved, as_one_load: one, cheapest, shared: what } = sharing;
	const over = sharing.saved_over_one_load;
	const beside = over === undefined ? [] : [savedText(over, said.oneLoad)];
	const least = { shared: said.sharing, as_one_load: said.oneLoad, separate: said.apart };
	const best = cheapest.arrangement === "shared" ? [] : [said.cheapest(least[cheapest.arrangement])];
	const arrangements = [
		said.together(together.gpus, hardware, shown(together.delivered), percent(together.busy_share)),
		said.separate(separate.gpus, shown(separate.delivered)),
		...(one === undefined ? [] : [said.asOne(one.gpus, shown(one.bill_per_day))]),
	];
	return [
		said.verdict([savedText(saved, said.apart), ...beside, ...best]),
		arrangements.join(""),
		...loads.map((load) => `  ${loadText(load)}`),
		said.shared(what),
	];
}

function savedText({ bill_per_day: bill, share }: Saved, against: string): string {
	const value = bill.value as number;
	const part = percent(Math.abs(share.value as number));
	if (value === 0) return words.sharing.same(against);
	if (value > 0) return words.sharing.saves(shown(bill), part, against);
	return words.sharing.costs(formatQuantity(-value, bill.unit), part, against);
}

function loadText(load: SharingLoad): string {
	const { name, layout, replicas, behind, with: beside, within_limits: within, longest_s: longest, alone } = load;
	const { fewest, most } = replicas;
	const { sharing: said } = words;
	const where =
		behind === undefined
			? said.replicas(fewest === most ? String(most) : words.to(String(fewest), String(most)), most === 1, layout)
			: said.behind(behind);
	const place = beside === undefined ? where : said.beside(beside);
	const kept = within !== undefined ? said.within(percent(within)) : said.slowest(((longest ?? 0) / 3600).toFixed(1));
	return said.load(name, place, kept, alone.gpus, alone.hardware);
}

function roomLines({ limits, options }: PlanResult): string[] {
	if (limits === undefined) return [];
	const { power, pue, hosts, gpus, most } = limits;
	const there = [
		...(power === undefined ? [] : [words.sitePower(powerText(power), pue.value)]),
		...(hosts === undefined ? [] : [words.hosts(number(hosts), isOne(hosts))]),
		...(gpus === undefined ? [] : [words.gpus(number(gpus), isOne(gpus))]),
	];
	const [best] = options;
	const drawn = best?.power === undefined ? undefined : powerText(best.power);
	const served =
		most === undefined
			? []
			: [words.siteMost(shown(most.tokens_per_day), most.gpus, most.name, most.sized_by !== "throughput")];
	return [words.site(there, drawn), ...served];
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
	if (defaults.length === 0) return words.noDefaults;
	return textTable(
		words.defaults,
		defaults.map(({ path, value, source }) => [path, value, source]),
	);
}
