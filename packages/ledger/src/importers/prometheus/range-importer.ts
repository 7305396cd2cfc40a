/** A Prometheus server to usage and capacity: raw samples of each step of a window, integrated by ourselves. */
import type { ImportItem } from "../import-item.ts";
import type { ImportContext } from "../importer.ts";
import { ImportError } from "../source/import-error.ts";
import { counterIntegral, gaugeIntegral, type ProcessKnowledge, type TimedPoint, type Window } from "./integrate.ts";
import { PROCESS_START, selectors } from "./metric-selectors.ts";
import { type PrometheusServer, rawSamples, type RawSeries } from "./prometheus-api.ts";
import type { Reading, Readings } from "./readings.ts";
import { meteredItems } from "./text-importer.ts";

export interface RangeQuestion extends Window {
	/** Length of one window of the ledger, in milliseconds. */
	readonly step: number;
	/** Only series with these labels: `cluster="a"`. */
	readonly match?: string;
}

/** How far beyond the edges samples are looked for, to interpolate between: at most, in milliseconds. */
const MARGIN = 5 * 60_000;

export async function* readRange(
	server: PrometheusServer,
	question: RangeQuestion,
	context: ImportContext,
): AsyncGenerator<ImportItem> {
	let found = false;
	for (let from = question.from; from < question.to; from += question.step) {
		const window = { from, to: Math.min(from + question.step, question.to) };
		const series = await fetchAll(server, window, question.match);
		if (series.length === 0) continue;
		found = true;
		yield { kind: "read", count: series.reduce((sum, { points }) => sum + points.length, 0) };
		yield* meteredItems(readingsOf(series, window), new Map(), { ...context, from: window.from, to: window.to });
	}
	if (!found) {
		throw new ImportError(
			"empty-file",
			`${server.url} has no series that import reads in this window`,
			{ file: server.url },
			{
				hint: `farthing doctor --prometheus ${server.url}`,
			},
		);
	}
}

async function fetchAll(
	server: PrometheusServer,
	{ from, to }: Window,
	match: string | undefined,
): Promise<RawSeries[]> {
	const all: RawSeries[] = [];
	for (const { selector } of [...selectors(), { selector: PROCESS_START }]) {
		const chosen = match === undefined ? selector : selector.replace(/\}$/, `,${match}}`);
		all.push(...(await rawSamples(server, chosen, from - MARGIN, to + MARGIN)));
	}
	return all;
}

/** Integrals of all series over the window. */
export function readingsOf(series: readonly RawSeries[], window: Window): Readings {
	const processes = processesOf(series);
	const readings = series.flatMap((each) => readingOf(each, window, processes.get(targetKey(each)) ?? NOTHING));
	return { readings, seconds: (window.to - window.from) / 1000, from: window.from, to: window.to, sinceStart: false };
}

const NOTHING: ProcessKnowledge = { starts: [], scrapes: [] };

function readingOf(series: RawSeries, window: Window, process: ProcessKnowledge): Reading[] {
	const gauge = gaugeIntegral(series.points, window);
	const counter = counterIntegral(series.points, window, process);
	if (gauge === undefined && counter.rise === undefined) return [];
	const last = series.points.filter(({ at }) => at <= window.to).at(-1) ?? series.points.at(-1);
	const isCounter = COUNTER.test(series.name);
	return [
		{
			name: series.name,
			labels: series.labels,
			...(counter.rise === undefined ? {} : { rise: counter.rise }),
			...(counter.estimated === 0 ? {} : { estimated: counter.estimated }),
			mean: gauge?.mean ?? last?.value ?? Number.NaN,
			last: last?.value ?? Number.NaN,
			reasons: isCounter ? counter.reasons : (gauge?.reasons ?? []),
			coverage: isCounter ? counter.coverage : (gauge?.coverage ?? 0),
			...(gauge === undefined ? {} : { widestGap: gauge.widestGap }),
		},
	];
}

/** Cumulated by their names; AMD and DCGM have energy counters that are called otherwise. */
const COUNTER =
	/_total$|_sum$|_count$|_bucket$|TOTAL_ENERGY_CONSUMPTION|energy_consumed|^vllm:(prompt|generation)_tokens$/;

/** Starts and scrape times by target: series of one process share job, instance and pod. */
function processesOf(series: readonly RawSeries[]): Map<string, ProcessKnowledge> {
	const found = new Map<string, { starts: TimedPoint[]; scrapes: Set<number> }>();
	for (const each of series) {
		const key = targetKey(each);
		const known = found.get(key) ?? { starts: [], scrapes: new Set<number>() };
		found.set(key, known);
		for (const { at } of each.points) known.scrapes.add(at);
		if (each.name === "process_start_time_seconds") {
			known.starts.push(...each.points.map(({ at, value }) => ({ at, value: value * 1000 })));
		}
	}
	return new Map(
		[...found].map(([key, { starts, scrapes }]) => [
			key,
			{ starts: starts.sort((a, b) => a.at - b.at), scrapes: [...scrapes].sort((a, b) => a - b) },
		]),
	);
}

function targetKey({ labels }: RawSeries): string {
	return JSON.stringify(["cluster", "job", "namespace", "pod", "instance"].map((name) => labels[name] ?? ""));
}
