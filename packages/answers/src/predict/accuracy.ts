/**
 * The accuracy protocol: how far predictions are from rows that neither the constants nor the field have seen.
 *
 *   5-fold        operating points in five parts by a hash of their names; all runs of a point are in one part
 *   leave-model   all rows of one architecture out; leave-gpu and leave-stack likewise
 *   temporal      rows up to January 2026 in, rows from April 2026 asked
 *   n-shot        all rows of one (GPU, stack, model, format, drafting) out, n of them back in
 *
 * A row counts in a goal's subset when its source tells what the subset is about: rows that do not say whether they
 * draft tokens, and disaggregated rows without worker counts, stand in a line of their own.
 */
import type { FieldLaw, IntervalWidths, PredictedName, PreparedRow, StepLaw } from "@farthing/engine";
import { groupOf, intervalWidth, log, PREDICTED, quantile, servingKindOf } from "@farthing/engine";
import { fitLaw, foldOfPoint, type HeldOut, heldOut, heldOutOf } from "./fit.ts";

export interface AccuracyLine {
	readonly protocol: string;
	readonly rows: string;
	readonly quantity: PredictedName | "unit cost";
	readonly n: number;
	/** |predicted / measured − 1|. */
	readonly mean: number;
	readonly median: number;
	readonly p90: number;
	/** Median of |predicted − measured|, in seconds or tokens/s/GPU. */
	readonly absolute: number;
	/** Share of rows within the 80% interval. */
	readonly covered: number;
}

export interface AccuracyQuestion {
	readonly rows: readonly PreparedRow[];
	readonly law: StepLaw;
	readonly fields: Readonly<Record<PredictedName, FieldLaw>>;
	readonly intervals: IntervalWidths;
}

/** Subsets that goals are set for. */
export const SUBSETS: Readonly<Record<string, (prepared: PreparedRow) => boolean>> = {
	"DeepSeek-R1, aggregated, no drafting": (each) => isPlain(each) && each.row.body === "deepseek-v3",
	"all models, aggregated, no drafting": isPlain,
	"aggregated, MTP": ({ row }) => !row.disaggregated && row.speculative === "mtp",
	disaggregated: ({ row }) => servingKindOf(row) === "disaggregated",
	"untold: drafting or workers": ({ row }) => !isTold(row),
};

/** Rounds of refitting the constants without what is left out, from the constants of all. */
const REFIT = 6;

export function fiveFold(question: AccuracyQuestion, folds: readonly string[] = ["0", "1", "2", "3", "4"]): HeldOut[] {
	const { rows, law, fields } = question;
	return folds.flatMap((fold) => {
		const known = rows.filter((row) => foldOfPoint(row, 5) !== fold);
		const asked = rows.filter((row) => foldOfPoint(row, 5) === fold);
		return heldOutOf(known, asked, fitLaw(known, law, REFIT), fields);
	});
}

/** Each value of a member left out in turn. */
export function leaveOut(
	{ rows, law, fields }: AccuracyQuestion,
	member: (row: PreparedRow) => string,
	names: readonly PredictedName[] = ["tpot", "throughput"],
): HeldOut[] {
	return heldOut(rows, member, law, fields, names, REFIT).filter(({ prepared }) => isPlain(prepared));
}

export const LEFT_OUT: Readonly<Record<string, (prepared: PreparedRow) => string>> = {
	"leave-model": ({ row }) => row.body,
	"leave-gpu": ({ row }) => row.hardware,
	"leave-stack": ({ row }) => row.stack.replace(/^(dynamo|mori)-/, "").replace(/-disagg$/, ""),
};

/** 2026-01-31 and 2026-04-01, in days from 1970. */
const KNOWN_UNTIL = 20_484;
const ASKED_FROM = 20_544;

export function temporal({ rows, law, fields }: AccuracyQuestion): HeldOut[] {
	const known = rows.filter(({ row }) => row.day !== undefined && row.day <= KNOWN_UNTIL);
	const asked = rows.filter((each) => isTold(each.row) && (each.row.day ?? 0) >= ASKED_FROM);
	return heldOutOf(known, asked, fitLaw(known, law, REFIT), fields);
}

/** Fewest rows of a group that is asked about, and which of the groups are. */
const SHOT_ROWS = 12;
const SHOT_EVERY = 2;

export function shots({ rows, law, fields }: AccuracyQuestion, n: number): HeldOut[] {
	const groups = new Map<string, PreparedRow[]>();
	for (const prepared of rows.filter(isPlain)) {
		const key = groupOf(prepared.row);
		groups.set(key, [...(groups.get(key) ?? []), prepared]);
	}
	return [...groups].flatMap(([key, members], at) => {
		if (members.length < SHOT_ROWS || at % SHOT_EVERY !== 0) return [];
		const sorted = [...members].sort((a, b) => a.row.concurrency - b.row.concurrency || (a.row.id < b.row.id ? -1 : 1));
		// spread over the loads: the middle of each of n parts
		const given = new Set(
			Array.from({ length: n }, (_, k) => sorted[Math.floor(((k + 0.5) * sorted.length) / n)] as PreparedRow),
		);
		const known = rows.filter((row) => given.has(row) || groupOf(row.row) !== key);
		return heldOutOf(
			known,
			sorted.filter((row) => !given.has(row)),
			law,
			fields,
			["tpot"],
		);
	});
}

export function accuracyLines(
	protocol: string,
	results: readonly HeldOut[],
	intervals: AccuracyQuestion["intervals"],
	subsets: Readonly<Record<string, (prepared: PreparedRow) => boolean>> = SUBSETS,
): AccuracyLine[] {
	return Object.entries(subsets).flatMap(([rows, isIn]) =>
		PREDICTED.flatMap((quantity) => {
			const of = results.filter((each) => each.name === quantity && isIn(each.prepared));
			return of.length === 0 ? [] : [accuracyLine(protocol, rows, quantity, of, intervals)];
		}),
	);
}

function accuracyLine(
	protocol: string,
	rows: string,
	quantity: PredictedName,
	of: readonly HeldOut[],
	intervals: AccuracyQuestion["intervals"],
): AccuracyLine {
	const errors = Float64Array.from(of, ({ predicted, measured }) => Math.abs(predicted / measured - 1));
	const away = Float64Array.from(of, ({ predicted, measured }) => Math.abs(predicted - measured));
	const covered = of.filter(({ predicted, measured, deviation, ...standing }) => {
		const width = intervalWidth(intervals, quantity, standing);
		return Math.abs(log(measured / predicted)) <= width * deviation;
	}).length;
	return {
		protocol,
		rows,
		quantity,
		n: of.length,
		mean: errors.reduce((sum, each) => sum + each, 0) / of.length,
		median: quantile(errors, 0.5),
		p90: quantile(errors, 0.9),
		absolute: quantile(away, 0.5),
		covered: covered / of.length,
	};
}

export interface WinnerShare {
	readonly pairs: number;
	readonly right: number;
}

/**
 * Pairs of GPU types at the same model, lengths and concurrency whose cheapest measured cost differs by more than
 * `margin`: how often the cheapest predicted cost names the same winner. `usdPerHour` gives the price of a GPU.
 */
export function rightWinners(
	results: readonly HeldOut[],
	usdPerHour: (hardware: string) => number | undefined,
	margin: number = 0.15,
): WinnerShare {
	const best = new Map<string, Map<string, { measured: number; predicted: number }>>();
	for (const { name, prepared, predicted, measured } of results) {
		const { row } = prepared;
		const rate = usdPerHour(row.hardware);
		if (name !== "throughput" || rate === undefined || !isTold(row)) continue;
		const key = [row.body, row.isl, row.osl, row.concurrency].join("|");
		const ofPoint = best.get(key) ?? new Map<string, { measured: number; predicted: number }>();
		best.set(key, ofPoint);
		const before = ofPoint.get(row.hardware) ?? { measured: Infinity, predicted: Infinity };
		ofPoint.set(row.hardware, {
			measured: Math.min(before.measured, rate / measured),
			predicted: Math.min(before.predicted, rate / predicted),
		});
	}
	let pairs = 0;
	let right = 0;
	for (const ofPoint of best.values()) {
		const list = [...ofPoint.values()];
		list.forEach((a, i) => {
			for (const b of list.slice(i + 1)) {
				if (Math.max(a.measured / b.measured, b.measured / a.measured) <= 1 + margin) continue;
				pairs++;
				if (a.measured < b.measured === a.predicted < b.predicted) right++;
			}
		});
	}
	return { pairs, right };
}

function isPlain({ row }: PreparedRow): boolean {
	return !row.disaggregated && row.speculative === "none";
}

function isTold(row: PreparedRow["row"]): boolean {
	return servingKindOf(row) !== "untold";
}
