/** Text scrapes: one file, or two of one target with the time between them. */
import type { Figures, ImportItem, TokenFigures } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { textLines } from "../source/text-lines.ts";
import { clusterGpus, metersGpus, type NodePrice, nodePrices } from "./cluster.ts";
import { DEVICE_PROFILES } from "./device-profile.ts";
import { type Device, devices } from "./devices.ts";
import { familyCensus } from "./families.ts";
import { type Metered, meter } from "./meter.ts";
import { PROFILES } from "./profiles/all.ts";
import { type Readings, readingsBetween, readingsSinceStart } from "./readings.ts";
import { type Scrape, readScrape } from "./scrape.ts";
import { parsePromLine } from "./text-format.ts";
import { type RecordWindow, capacityOfWindow, priceOfNode, usageOfWindow } from "./window-records.ts";
import { type Counted, sumOf, tokensOfRecord } from "./token-of-record.ts";

export const prometheusText: Importer = {
	kind: "prometheus",
	title: "a scrape in the text format of Prometheus or OpenMetrics",
	detect: isScrape,
	read: readOne,
};

function isScrape({ text, isJson, cells }: Head): number {
	if (isJson) return 0;
	const lines = text
		.split("\n")
		.slice(0, -1)
		.filter((line) => line.trim() !== "");
	const tried = (lines.length === 0 ? [text] : lines).slice(0, 200).map((line) => parsePromLine(line).kind);
	const samples = tried.filter((kind) => kind === "sample").length;
	const typed = tried.filter((kind) => kind === "type").length;
	const faults = tried.filter((kind) => kind === "fault").length;
	if (samples === 0 || faults > samples + typed) return 0;
	if (typed > 0) return 0.95;
	return cells.length > 1 && faults > 0 ? 0.2 : 0.7;
}

async function* readOne(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const scrape = await readScrape(textLines(source.bytes()));
	yield* faultsOf(scrape);
	yield* itemsOf(readingsSinceStart(scrape, context.to), scrape, context);
}

/** Two scrapes of one target: what was served between them. */
export async function* readPair(
	before: Source,
	after: Source,
	seconds: number,
	context: ImportContext,
): AsyncGenerator<ImportItem> {
	const [first, second] = [await readScrape(textLines(before.bytes())), await readScrape(textLines(after.bytes()))];
	yield* faultsOf(first);
	yield* faultsOf(second);
	yield* itemsOf(readingsBetween(first, second, seconds), second, context);
}

function* faultsOf({ faults }: Scrape): Generator<ImportItem> {
	for (const { line, column, fault, text, conflicting } of faults) {
		if (conflicting !== undefined && !metersGpus(conflicting)) {
			yield { kind: "skip", reason: `series that stand twice and meter nothing: ${conflicting.name}`, count: 1 };
			continue;
		}
		yield { kind: "quarantine", line, ...(column === undefined ? {} : { column }), reason: fault, text };
	}
}

function* itemsOf(readings: Readings, scrape: Scrape, context: ImportContext): Generator<ImportItem> {
	yield { kind: "read", count: scrape.series.reduce((sum, { points }) => sum + points.length, 0) };
	yield* meteredItems(readings, scrape.types, context);
}

/** What any set of readings gives, wherever they come from. */
export function* meteredItems(
	{ readings, seconds, sinceStart, from, to, podsAreExported }: Readings,
	types: Scrape["types"],
	context: ImportContext,
): Generator<ImportItem> {
	for (const { name, last } of readings) {
		if (last < 0 && /_total$|_sum$|_count$|_bucket$/.test(name)) {
			yield { kind: "quarantine", reason: `${name} is ${last}: no counter is negative` };
		}
	}
	const usable = readings.filter(({ name, last }) => !(last < 0 && /_total$|_sum$|_count$|_bucket$/.test(name)));
	const census = familyCensus(usable, types);
	for (const name of census.unknown) yield { kind: "unknown", name };
	if (census.unused > 0) {
		yield { kind: "skip", reason: "families of the process, its language and the scrape", count: census.unused };
	}
	const metered = PROFILES.flatMap((profile) => meter(profile, usable));
	const gpus = DEVICE_PROFILES.flatMap((profile) => devices(profile, usable, seconds, podsAreExported));
	const window = windowOf({ from, to, seconds }, context);
	if (window !== undefined) {
		const believed = new Set(tokensOfRecord(metered).flatMap(({ counted }) => counted.map((part) => part.metered)));
		for (const each of metered) yield usageOfWindow(each, window, !believed.has(each));
		if (!sinceStart) for (const each of gpus) yield capacityOfWindow(each, window);
	}
	const prices = nodePrices(usable);
	const priced = sinceStart ? to : window?.from;
	if (priced !== undefined)
		for (const each of prices) yield priceOfNode(each, priced, sinceStart ? undefined : window?.to);
	if (sinceStart) yield* sinceStartWarnings({ metered, gpus, prices, from, to });
	yield* figureItems(metered, gpus, { readings: usable, seconds }, census.profiles, context);
}

/** The window, where its place in time is known: of the readings, or as the user says. */
function windowOf(
	{ from, to, seconds }: { from: number | undefined; to: number | undefined; seconds: number | undefined },
	context: ImportContext,
): RecordWindow | undefined {
	if (from !== undefined && to !== undefined) return { from, to };
	if (seconds === undefined) return undefined;
	const end = context.to ?? (context.from === undefined ? undefined : context.from + seconds * 1000);
	return end === undefined ? undefined : { from: end - seconds * 1000, to: end };
}

function* figureItems(
	metered: readonly Metered[],
	gpus: readonly Device[],
	{ readings, seconds }: { readings: Readings["readings"]; seconds: number | undefined },
	profiles: readonly string[],
	context: ImportContext,
): Generator<ImportItem> {
	const counted = tokensOfRecord(metered);
	yield* warningsOf(counted, metered);
	const cluster = clusterGpus(readings);
	const prices = nodePrices(readings);
	// All GPUs that were seen, held or not: who holds them stands in the details.
	const gpuCount =
		gpus.length > 0 ? gpus.length : (cluster?.capacity ?? cluster?.allocatable ?? cluster?.held ?? context.gpus);
	const energies = gpus.flatMap(({ energy }) => energy ?? []);
	const watts = gpus.flatMap((each) => each.watts ?? []);
	const parts = counted.flatMap((each) => each.counted);
	const requests = parts
		.filter((part) => part.requests)
		.flatMap(({ metered: { requests: own } }) => own.finished ?? []);
	const tokens = tokenFigures(counted);
	const figures: Figures = {
		...(requests.length === 0 ? {} : { requests: sum(requests) }),
		...(Object.keys(tokens).length === 0 ? {} : { tokens }),
		...(gpuCount === undefined || seconds === undefined ? {} : { gpuSeconds: gpuSecondsOf(gpus, gpuCount, seconds) }),
		...(energies.length === 0
			? {}
			: {
					joules: sum(energies.map(({ millijoules }) => millijoules)) / 1000,
					joulesCounted: energies.every(({ method }) => method === "counter"),
					joulesCoverage: energies.length / gpus.length,
				}),
		...(gpuCount === undefined ? {} : { gpus: gpuCount }),
		...(watts.length === 0 ? {} : { watts: sum(watts) }),
		details: {
			profiles,
			...(counted.length === 0 ? {} : { sources: counted.map(describeCounted) }),
			...(gpus.length === 0 ? {} : { devices: gpus.map(describeDevice) }),
			...(cluster === undefined ? {} : { cluster }),
			...(prices.length === 0 ? {} : { prices }),
		},
	};
	if (counted.length === 0 && gpus.length === 0 && cluster === undefined && prices.length === 0) {
		yield {
			kind: "uncounted",
			reason: "no family that counts tokens, requests, GPUs or prices",
		};
	}
	yield { kind: "figures", figures };
}

/** GPUs come and go: each counts for the time in which it was seen. */
function gpuSecondsOf(gpus: readonly Device[], count: number, seconds: number): number {
	return gpus.length === 0 ? count * seconds : sum(gpus.map(({ coverage }) => coverage)) * seconds;
}

function tokenFigures(counted: readonly Counted[]): TokenFigures {
	const parts = counted.flatMap((each) => each.counted);
	const of = (name: Parameters<typeof sumOf>[1]): number | undefined => sumOf(parts, name);
	const withInput = parts.filter(({ tokens }) => tokens.in_total !== undefined);
	const splits = withInput.length > 0 && withInput.every(({ tokens }) => tokens.in_computed !== undefined);
	const local = of("in_cached_local");
	const figures = {
		inputTotal: of("in_total"),
		input: splits ? of("in_computed") : undefined,
		cachedInput: splits && local !== undefined ? local + (of("in_cached_remote") ?? 0) : undefined,
		transferredInput: splits ? of("in_transferred") || undefined : undefined,
		output: of("out_total"),
		reasoning: of("out_reasoning"),
	};
	return Object.fromEntries(Object.entries(figures).filter(([, n]) => n !== undefined)) as TokenFigures;
}

/** What one moment tells, and what it cannot. */
function* sinceStartWarnings({
	metered,
	gpus,
	prices,
	from,
	to,
}: {
	readonly metered: readonly Metered[];
	readonly gpus: readonly Device[];
	readonly prices: readonly NodePrice[];
	readonly from: number | undefined;
	readonly to: number | undefined;
}): Generator<ImportItem> {
	const warning = (code: string, message: string): ImportItem => ({ kind: "warning", code, message });
	const unknown =
		to === undefined
			? "it does not say when it was made: give --to TIME"
			: "it does not say when its one process began (process_start_time_seconds)";
	if (metered.length > 0) {
		yield warning(
			"since-start",
			from === undefined
				? `one scrape counts since its process began: no usage is recorded, since ${unknown}; two with --scrapes meter a window`
				: "one scrape counts since its process began, and is recorded as one window from then on: another scrape of this process would count the same again, two with --scrapes meter what is between them",
		);
	}
	if (gpus.length > 0) {
		yield warning("no-gpu-time", "one scrape says which GPUs there are, not for how long: no GPU time is recorded");
	}
	if (prices.length > 0 && to === undefined) {
		yield warning("no-price-time", `OpenCost's prices are not recorded, since ${unknown}`);
	}
}

function* warningsOf(counted: readonly Counted[], metered: readonly Metered[]): Generator<ImportItem> {
	for (const { model, from, others } of counted) {
		for (const { from: other, input, output } of others) {
			const percent = (x: number | undefined): string => (x === undefined ? "unknown" : `${(x * 100).toFixed(2)}%`);
			yield {
				kind: "warning",
				code: "counted-twice",
				message: `${model}: ${from} and ${other} both count: the ${from} is believed; the ${other} differs by ${percent(input)} input, ${percent(output)} output`,
			};
		}
	}
	for (const { profile, model, reasons, absent } of metered) {
		for (const reason of reasons) {
			yield { kind: "warning", code: reason, message: `${profile.id}, ${model}: ${REASONS[reason] ?? reason}` };
		}
		for (const each of absent.filter((name) => name in profile.absent && name !== "cached_any")) {
			yield { kind: "warning", code: `absent-${each}`, message: `${profile.id}, ${model}: ${profile.absent[each]}` };
		}
	}
}

const REASONS: Readonly<Record<string, string>> = {
	"counter-reset": "a counter began again within the window; what it counted last before that is lost",
	restart: "the process began again between the scrapes; what it counted last before that is lost",
	"decrease-without-restart": "a counter fell though its process went on: nothing was counted for it",
	"ranks-repeat": "ranks that all report the same work are counted once",
	"series-repeat": "series that stand twice with more labels are counted once",
	"sources-do-not-add-up": "the prompt tokens by source do not add up to their total: they are not split",
	"cached-exceeds-prompt": "more cached tokens than prompt tokens: the prompt is not split",
	"not-finite": "a counter is not a finite number and is not counted",
	gap: "samples are missing: more than three scrape intervals without any",
	"edge-interpolated": "the edges of the window were interpolated between samples",
	"edge-missing": "no sample beyond an edge of the window",
};

function describeCounted({ model, from, counted, others }: Counted): Record<string, unknown> {
	return {
		model,
		from,
		parts: counted.map(({ metered, tokens }) => ({
			profile: `${metered.profile.id}@${metered.profile.version}`,
			role: metered.role,
			...metered.target,
			tokens,
			requests: metered.requests,
			latency: Object.fromEntries(
				Object.entries(metered.latency).map(([name, { sum: all, count: n }]) => [name, { sum_s: all / 1e6, count: n }]),
			),
			...(metered.absent.length === 0 ? {} : { absent: metered.absent }),
		})),
		...(others.length === 0 ? {} : { reconciled: others }),
	};
}

function describeDevice(device: Device): Record<string, unknown> {
	const { profile, heldBy, slices, reasons, activity, coverage, ...rest } = device;
	return {
		profile: `${profile.id}@${profile.version}`,
		...rest,
		...(heldBy.length === 0 ? {} : { held_by: heldBy }),
		...(slices.length === 0 ? {} : { slices }),
		...(Object.keys(activity).length === 0 ? {} : { activity }),
		...(reasons.length === 0 ? {} : { reasons }),
		...(coverage < 1 ? { coverage } : {}),
	};
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((all, n) => all + n, 0);
}
