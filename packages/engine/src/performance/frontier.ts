/**
 * The measured frontier of a group of deployments: which rows count, which of them no other row beats, and throughput
 * between them.
 *
 * One row per configuration and concurrency: the latest dated one up to a day, a median over all runs only where no
 * dated row exists. Between the rows that no other beats, the logarithm of throughput is interpolated (Steffen) over
 * interactivity; cost follows from throughput. Leave-one-out on all inner rows of the catalogue: median error 7%, one in
 * ten above 32%, so that a value between rows carries the band that any falling frontier through both rows would keep.
 */
import type { Table } from "../model/table.ts";
import { placeInTable, table } from "../model/table.ts";
import type { Grade } from "../model/provenance.ts";
import { exp, log } from "../numerics/elementary.ts";
import { curveValue, steffenCurve } from "../numerics/steffen.ts";
import type { Interactivity, TokensPerGpuSecond } from "../quantity/unit.ts";
import { interactivity, tokensPerGpuSecond } from "../quantity/unit.ts";
import type { BenchmarkPoint, WorkerGroup } from "./benchmark-point.ts";

export interface RowWindow {
	/** Dated rows after this day are left out. */
	readonly asOf?: string;
	/** All dated rows from the first to the second day, inclusive, not just the latest; medians are left out. */
	readonly between?: readonly [string, string];
	/** Keeps medians that repeat a dated row which does not publish all of its configuration; left out unless true. */
	readonly repeats?: boolean;
}

/** One row per configuration and concurrency, the latest; or all rows of a stated window of days. */
export function latestRows(points: readonly BenchmarkPoint[], window: RowWindow = {}): BenchmarkPoint[] {
	if (window.between !== undefined) return points.filter((point) => isInWindow(point, window));
	const chosen = new Map<string, BenchmarkPoint>();
	for (const point of points) {
		if (!isInWindow(point, window)) continue;
		const key = configurationKey(point);
		const rival = chosen.get(key);
		if (rival === undefined || isNewer(point, rival)) chosen.set(key, point);
	}
	const rows = [...chosen.values()];
	return window.repeats === true ? rows : withoutRepeats(rows);
}

/**
 * Rows without the medians of configurations that also stand as a dated row. A dated row may leave expert parallelism or
 * attention parallelism out: of the medians that agree with it in all that both publish, the nearest in throughput is it.
 */
function withoutRepeats(rows: readonly BenchmarkPoint[]): BenchmarkPoint[] {
	const medians = new Map<string, BenchmarkPoint[]>();
	for (const point of rows) {
		if (point.kind === "median") medians.set(statedKey(point), [...(medians.get(statedKey(point)) ?? []), point]);
	}
	const repeated = new Set<BenchmarkPoint>();
	for (const dated of rows) {
		if (dated.kind !== "dated" || !leavesOut(dated)) continue;
		const may = (medians.get(statedKey(dated)) ?? []).filter(
			(median) => !repeated.has(median) && mayBe(dated.prefill, median.prefill) && mayBe(dated.decode, median.decode),
		);
		const [first, ...others] = may;
		if (first === undefined) continue;
		const off = ({ tokensPerGpuSecond }: BenchmarkPoint): number =>
			Math.abs(tokensPerGpuSecond / dated.tokensPerGpuSecond - 1);
		repeated.add(others.reduce((a, b) => (off(b) < off(a) ? b : a), first));
	}
	return rows.filter((point) => !repeated.has(point));
}

function leavesOut({ prefill, decode }: BenchmarkPoint): boolean {
	return [prefill, decode].some((group) => group !== undefined && PARALLELISM.some((of) => group[of] === undefined));
}

const PARALLELISM = ["ep", "dpAttention"] as const;

function mayBe(dated: WorkerGroup | undefined, median: WorkerGroup | undefined): boolean {
	return PARALLELISM.every((of) => dated?.[of] === undefined || dated[of] === median?.[of]);
}

/** Rows that no other row beats in both interactivity and throughput, by rising interactivity. */
export function paretoRows(points: readonly BenchmarkPoint[]): BenchmarkPoint[] {
	const sorted = [...points].sort(
		(a, b) =>
			b.interactivityTokensPerSecond - a.interactivityTokensPerSecond ||
			b.tokensPerGpuSecond - a.tokensPerGpuSecond ||
			(a.id < b.id ? -1 : 1),
	);
	const front: BenchmarkPoint[] = [];
	let best = Number.NEGATIVE_INFINITY;
	for (const point of sorted) {
		if (point.tokensPerGpuSecond <= best) continue;
		best = point.tokensPerGpuSecond;
		front.push(point);
	}
	return front.reverse();
}

export interface RowEvidence {
	/** Citation shown with each row. */
	readonly source: (point: BenchmarkPoint) => string;
	readonly grade: Grade;
}

export type FrontierTable = Table<Interactivity, TokensPerGpuSecond<"total">>;

/** Table of total throughput over interactivity. Throws `bad-table` for no rows. */
export function frontierTable(id: string, points: readonly BenchmarkPoint[], evidence: RowEvidence): FrontierTable {
	return table({
		id,
		label: points.some(({ isModelled }) => isModelled === true) ? "modelled frontier" : "measured frontier",
		xUnit: interactivity,
		yUnit: tokensPerGpuSecond("total"),
		scale: "log",
		between: points.some(({ isModelled }) => isModelled === true) ? "D" : "C",
		below: "first",
		knots: paretoRows(points).map((point) => ({
			x: point.interactivityTokensPerSecond,
			y: point.tokensPerGpuSecond,
			row: point.id,
			source: evidence.source(point),
			asOf: dateOf(point),
			grade: point.isModelled === true ? "D" : evidence.grade,
			state: point.isModelled === true ? ("modelled" as const) : ("measured" as const),
			at: point.id,
			...(point.kind === "median" ? { note: "median over all runs; no dated row of this configuration" } : {}),
		})),
	});
}

export interface ErrorBand {
	/** Lowest and highest throughput that a falling frontier through both neighbouring rows allows, tok/s/GPU. */
	readonly lowTokensPerGpuSecond: number;
	readonly highTokensPerGpuSecond: number;
	/** Median leave-one-out error of this frontier's inner rows, as a ratio minus 1; absent under three rows. */
	readonly leaveOneOutMedian?: number;
}

/** Band about a value read at `at` tok/s/user; absent where it is measured or unreachable. */
export function errorBand(of: FrontierTable, at: number): ErrorBand | undefined {
	const place = placeInTable(of, at);
	if (place.state !== "interpolated" || place.below === undefined || place.above === undefined) return undefined;
	const band = { lowTokensPerGpuSecond: place.above.y, highTokensPerGpuSecond: place.below.y };
	const median = leaveOneOutMedian(of);
	return median === undefined ? band : { ...band, leaveOneOutMedian: median };
}

/** Median of |predicted ÷ measured − 1| over inner knots, each predicted from the others. */
export function leaveOneOutMedian(of: FrontierTable): number | undefined {
	const { x } = of.curve;
	const errors: number[] = [];
	for (let i = 1; i < x.length - 1; i++) {
		const others = steffenCurve(without(x, i), without(of.curve.y, i));
		errors.push(Math.abs(exp(curveValue(others, x[i] as number) - log((of.knots[i] as { y: number }).y)) - 1));
	}
	if (errors.length === 0) return undefined;
	errors.sort((a, b) => a - b);
	const middle = errors.length >> 1;
	return errors.length % 2 === 1
		? (errors[middle] as number)
		: ((errors[middle - 1] as number) + (errors[middle] as number)) / 2;
}

/** Day a row stands for: its measurement, or the end of the period of a median. */
export function dateOf(point: BenchmarkPoint): string {
	return point.measuredOn ?? point.period?.[1] ?? point.publishedOn ?? "unknown";
}

/** Everything that makes two rows the same experiment but for its date. A member that is not stated is one of its own. */
export function configurationKey(point: BenchmarkPoint): string {
	return keysOf(point).whole;
}

/** What every row publishes of its configuration. */
function statedKey(point: BenchmarkPoint): string {
	return keysOf(point).stated;
}

interface Keys {
	readonly stated: string;
	readonly whole: string;
}

const KEYS = new WeakMap<BenchmarkPoint, Keys>();

/** Put together once a row: every question goes through thousands of them. */
function keysOf(point: BenchmarkPoint): Keys {
	const known = KEYS.get(point);
	if (known !== undefined) return known;
	const stated = statedOf(point);
	const keys = { stated, whole: `${stated}|${parallelismKey(point.prefill)}|${parallelismKey(point.decode)}` };
	KEYS.set(point, keys);
	return keys;
}

function statedOf(point: BenchmarkPoint): string {
	return [
		point.family,
		point.model,
		point.hardware,
		point.stack,
		point.precision,
		point.speculative,
		point.disaggregated,
		groupKey(point.prefill),
		groupKey(point.decode),
		point.isl,
		point.osl,
		point.concurrency,
	].join("|");
}

function groupKey(group: WorkerGroup | undefined): string {
	if (group === undefined) return "-";
	return [group.tp, group.pp ?? 1, group.workers ?? "?"].join(",");
}

function parallelismKey(group: WorkerGroup | undefined): string {
	return group === undefined ? "-" : PARALLELISM.map((of) => group[of] ?? "?").join(",");
}

function isInWindow(point: BenchmarkPoint, { asOf, between }: RowWindow): boolean {
	if (between !== undefined) {
		return point.measuredOn !== undefined && point.measuredOn >= between[0] && point.measuredOn <= between[1];
	}
	return asOf === undefined || dateOf(point) <= asOf;
}

/** A dated row goes before a median; of two dated ones the later; of two of one day the higher run number. */
function isNewer(point: BenchmarkPoint, rival: BenchmarkPoint): boolean {
	if (point.kind !== rival.kind) return point.kind === "dated";
	const [a, b] = [dateOf(point), dateOf(rival)];
	if (a !== b) return a > b;
	return (point.run ?? "") > (rival.run ?? "") || ((point.run ?? "") === (rival.run ?? "") && point.id > rival.id);
}

function without(values: readonly number[], i: number): number[] {
	return values.filter((_, k) => k !== i);
}
