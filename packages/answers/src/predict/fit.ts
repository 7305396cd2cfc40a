/** Fitting the performance model: constants of the law first, then the widths of intervals from held-out rows. */
import type { FieldLaw, IntervalWidths, PredictedName, PreparedRow, StepLaw } from "@farthing/engine";
import {
	calibrate,
	fitConstants,
	groupOf,
	LAW_MEMBERS,
	type LawFitOptions,
	LEVELS,
	log,
	measuredOf,
	modelledState,
	operatingPointOf,
	PREDICTED,
	PRIOR_LAW,
	quantile,
	SERVING_KINDS,
	type ServingKind,
} from "@farthing/engine";

/** Soft-L1 from 0.3 in ln on; one row's worth of pull to a constant for each squared ln unit. */
const OPTIONS: LawFitOptions = { scale: 0.3, pull: 0.3, rounds: 25 };
/** TTFT tells less of a step than TPOT does, and scatters more. */
const TTFT_WEIGHT = 0.15;

/** Rows count by the square root of their group's size, so that a much-measured stack does not decide alone. */
export function fitLaw(
	rows: readonly PreparedRow[],
	start: StepLaw = PRIOR_LAW,
	rounds: number = OPTIONS.rounds,
): StepLaw {
	const used = rows.filter(({ row, prefill }) => row.speculative !== "unknown" && prefill === undefined);
	const n = used.length;
	const sizes = new Map<string, number>();
	for (const { row } of used) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
	const weights = new Float64Array(3 * n);
	used.forEach(({ row }, i) => {
		const weight = 1 / Math.sqrt(sizes.get(groupOf(row)) ?? 1);
		weights[i] = weight;
		weights[n + i] = TTFT_WEIGHT * weight;
		weights[2 * n + i] = TTFT_WEIGHT * weight;
	});
	const residuals = (constants: readonly number[], into: Float64Array): void => {
		const law = lawOf(constants);
		used.forEach((prepared, i) => {
			const state = modelledState(prepared, law);
			const { tpotSeconds: tpot, ttftMedianSeconds: median, ttftMeanSeconds: mean } = prepared.row.measured;
			into[i] = tpot === undefined ? Number.NaN : log(tpot / state.tpotSeconds);
			into[n + i] = median === undefined ? Number.NaN : log(median / state.ttftSeconds);
			into[2 * n + i] = mean === undefined ? Number.NaN : log(mean / state.ttftSeconds);
		});
	};
	const fit = fitConstants(
		constantsOf(PRIOR_LAW),
		3 * n,
		residuals,
		weights,
		{ ...OPTIONS, rounds },
		constantsOf(start),
	);
	return lawOf(fit.constants);
}

export interface HeldOut {
	readonly prepared: PreparedRow;
	readonly name: PredictedName;
	readonly predicted: number;
	readonly measured: number;
	/** Standard deviation of ln predicted. */
	readonly deviation: number;
	readonly level: string;
	readonly kind: ServingKind;
}

/** Predictions of the rows of each fold from all other rows. A fold is what `foldOf` says; undefined is never tested. */
export function heldOut(
	rows: readonly PreparedRow[],
	foldOf: (row: PreparedRow) => string | undefined,
	law: StepLaw,
	fields: Readonly<Record<PredictedName, FieldLaw>>,
	names: readonly PredictedName[] = PREDICTED,
	refit: number = 0,
): HeldOut[] {
	const folds = [...new Set(rows.map(foldOf))].filter((fold) => fold !== undefined);
	return folds.flatMap((fold) => {
		const known = rows.filter((row) => foldOf(row) !== fold);
		const asked = rows.filter((row) => foldOf(row) === fold);
		return heldOutOf(known, asked, refit > 0 ? fitLaw(known, law, refit) : law, fields, names);
	});
}

export function heldOutOf(
	known: readonly PreparedRow[],
	asked: readonly PreparedRow[],
	law: StepLaw,
	fields: Readonly<Record<PredictedName, FieldLaw>>,
	names: readonly PredictedName[] = PREDICTED,
): HeldOut[] {
	const calibration = calibrate(known, law, fields);
	return asked.flatMap((prepared) => {
		const needed = names.filter((name) => measuredOf(prepared.row, name) !== undefined);
		const values = calibration.predict(prepared, needed);
		return needed.flatMap((name) => {
			const value = values[name];
			const measured = measuredOf(prepared.row, name);
			if (value === undefined || measured === undefined) return [];
			const { level, kind } = calibration.standing(prepared.row, name);
			return [{ prepared, name, predicted: value.value, measured, deviation: value.deviation, level, kind }];
		});
	});
}

/** Fold of an operating point among `folds`, from its names: the same in every run and on every machine. */
export function foldOfPoint(prepared: PreparedRow, folds: number): string {
	const text = operatingPointOf(prepared.row);
	let hash = 2_166_136_261;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0;
	return String((hash >>> 7) % folds);
}

/**
 * By quantity, kind and level, the half-width in deviations that covers 80% of what was held out. Where too few were: that
 * of the level in all kinds, else of the narrowest level that has one, where this is narrower still, else of the kind.
 */
export function intervalWidths(results: readonly HeldOut[]): IntervalWidths {
	return Object.fromEntries(
		PREDICTED.map((name) => {
			const of = results.filter((each) => each.name === name);
			const kinds = SERVING_KINDS.map((kind) => {
				const ofKind = of.filter((each) => each.kind === kind);
				const all = widthOf(ofKind) ?? widthOf(of) ?? 1.2816;
				const held = LEVELS.map((level) => {
					const at = (each: HeldOut) => each.level === level;
					return widthOf(ofKind.filter(at)) ?? widthOf(of.filter(at));
				});
				// a row measured already is known no worse than its neighbours
				const narrowest = held.findLast((width) => width !== undefined);
				const last = held.findLastIndex((width) => width !== undefined);
				const levels = LEVELS.map((level, i) => [level, held[i] ?? (i > last ? narrowest : undefined) ?? all] as const);
				return [kind, Object.fromEntries(levels)] as const;
			});
			return [name, Object.fromEntries(kinds)];
		}),
	) as unknown as IntervalWidths;
}

const FEWEST = 40;

function widthOf(results: readonly HeldOut[]): number | undefined {
	if (results.length < FEWEST) return undefined;
	const scores = results.map(({ predicted, measured, deviation }) => Math.abs(log(measured / predicted)) / deviation);
	return quantile(Float64Array.from(scores), 0.8);
}

function constantsOf(law: StepLaw): number[] {
	return LAW_MEMBERS.map((name) => law[name]);
}

function lawOf(constants: readonly number[]): StepLaw {
	return Object.fromEntries(LAW_MEMBERS.map((name, i) => [name, constants[i]])) as unknown as StepLaw;
}
