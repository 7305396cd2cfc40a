/**
 * A calibrated predictor: the law, and for each predicted quantity the field of what measured rows say beyond it. Rows
 * speak at levels from wide to narrow; the narrowest one with rows in it is the level of a prediction.
 */
import { exp, log } from "../../numerics/elementary.ts";
import type { StepLaw } from "../serving/step-law.ts";
import type { SteadyState } from "../serving/steady-state.ts";
import { modelledState, type PreparedRow } from "./modelled.ts";
import { OUTLIER, fitField, type Field, type FieldLaw, type FieldPoint } from "./residual-field.ts";
import {
	groupOf,
	layoutOf,
	measuredOf,
	operatingPointOf,
	PREDICTED,
	type PredictedName,
	type ServingKind,
	servingKindOf,
	type ServingRow,
} from "./serving-row.ts";

/** From wide to narrow. A group number at a level is the same for rows that share all of its names. */
export const LEVELS = [
	"physics",
	"hardware",
	"stack",
	"family-stack",
	"hardware-stack",
	"kind",
	"model",
	"model-precision",
	"configuration-group",
	"layout",
	"operating-point",
] as const;
export type LevelName = (typeof LEVELS)[number];

export type FieldLaws = Readonly<Record<PredictedName, FieldLaw>>;

export interface CalibratedValue {
	/** Median of what the field holds likely. */
	readonly value: number;
	/** Standard deviation of ln value. */
	readonly deviation: number;
}

export interface Calibration {
	readonly law: StepLaw;
	readonly predict: (
		row: PreparedRow,
		names?: readonly PredictedName[],
	) => Readonly<Partial<Record<PredictedName, CalibratedValue>>>;
	/** The same without deviations, for sweeps over many configurations. */
	readonly means: (
		row: PreparedRow,
		names: readonly PredictedName[],
	) => Readonly<Partial<Record<PredictedName, number>>>;
	readonly fieldOf: (row: ServingRow, name: PredictedName) => GroupField | undefined;
	/** Deviation of ln value that would be left if `measured` were run once. */
	readonly deviationAfter: (row: ServingRow, measured: ServingRow, name: PredictedName) => number | undefined;
	readonly rows: readonly PreparedRow[];
	/** Rows of the same group that the field finds far from what the others say. */
	readonly suspicious: (row: ServingRow, name: PredictedName) => readonly SuspiciousResidual[];
	/** Narrowest level at which rows calibrate this one, with their number and their latest day. */
	readonly standing: (row: ServingRow, name: PredictedName) => CalibrationStanding;
}

export interface SuspiciousResidual {
	readonly row: ServingRow;
	/** ln measured − ln of what the others say, and the same in standard deviations. */
	readonly residual: number;
	readonly deviations: number;
}

export interface CalibrationStanding {
	readonly level: LevelName;
	readonly kind: ServingKind;
	/** Rows at that level that measured the quantity. */
	readonly rows: number;
	/** Newest of them, in days from 1970. */
	readonly newestDay?: number;
}

/** Most rows that one field is solved for, and most of one foreign group in it. */
const SUPPORT = 250;
const OWN_SUPPORT = 200;
const FOREIGN = 16;
/** Days from 1970 to the middle of the measured period: drift counts from there. */
export const ORIGIN_DAY = 20_530;

export interface GroupField {
	readonly field: Field;
	readonly indices: readonly number[];
}

export function modelledValue(state: SteadyState, name: PredictedName): number {
	if (name === "tpot") return state.tpotSeconds;
	if (name === "throughput") return state.tokensPerGpuSecond;
	return state.ttftSeconds;
}

export function calibrate(rows: readonly PreparedRow[], law: StepLaw, laws: FieldLaws): Calibration {
	const points = fieldPoints(rows.map(({ row }) => row));
	const residuals = residualsOf(rows, law);
	const counts = new Map<PredictedName, readonly Map<number, Count>[]>();
	const countsOf = (name: PredictedName): readonly Map<number, Count>[] => {
		const known = counts.get(name) ?? countGroups(points, (index) => residuals.isMeasured(name, index), rows);
		counts.set(name, known);
		return known;
	};
	const groups = new Map<string, Map<PredictedName, GroupField | undefined>>();
	const fieldOf = (row: ServingRow, name: PredictedName): GroupField | undefined => {
		const key = groupOf(row);
		const ofGroup = groups.get(key) ?? new Map<PredictedName, GroupField | undefined>();
		groups.set(key, ofGroup);
		if (!ofGroup.has(name)) ofGroup.set(name, solveGroup(points, row, residuals, name, laws[name]));
		return ofGroup.get(name);
	};
	let members: ReadonlyMap<string, readonly number[]> | undefined;
	const membersOf = (): ReadonlyMap<string, readonly number[]> => (members ??= indicesByGroup(rows));
	return {
		law,
		rows,
		fieldOf,
		predict(prepared, names = PREDICTED) {
			const state = modelledState(prepared, law);
			const at = points.of(prepared.row);
			const values: Partial<Record<PredictedName, CalibratedValue>> = {};
			for (const name of names) {
				const field = fieldOf(prepared.row, name);
				const base = modelledValue(state, name);
				if (field === undefined) continue;
				const { mean, deviation } = field.field.predict(at);
				values[name] = { value: base * exp(mean), deviation };
			}
			return values;
		},
		means(prepared, names) {
			const state = modelledState(prepared, law);
			const at = points.of(prepared.row);
			const values: Partial<Record<PredictedName, number>> = {};
			for (const name of names) {
				const field = fieldOf(prepared.row, name);
				if (field !== undefined) values[name] = modelledValue(state, name) * exp(field.field.mean(at));
			}
			return values;
		},
		deviationAfter(row, measured, name) {
			// the new row belongs to the groups of the asked one even where no known row does
			const together = fieldPoints([...rows.map((each) => each.row), row]);
			const field = fieldOf(row, name)?.field;
			return field?.deviationAfter(together.of(row), together.of(measured));
		},
		suspicious(row, name) {
			const solved = fieldOf(row, name);
			if (solved === undefined) return [];
			const place = new Map(solved.indices.map((index, i) => [index, i]));
			return (membersOf().get(groupOf(row)) ?? []).flatMap((index) => {
				const value = residuals.at(name, index);
				const of = rows[index]?.row;
				if (of === undefined || Number.isNaN(value)) return [];
				const { residual, deviations } = judged(
					solved.field,
					place.get(index),
					value,
					points.list[index] as FieldPoint,
				);
				return Math.abs(deviations) > OUTLIER ? [{ row: of, residual, deviations }] : [];
			});
		},
		standing: (row, name) => standingOf(row, points.of(row), countsOf(name)),
	};
}

/** ln measured − ln modelled of the rows: reckoned where it is asked for, since a field leans on a few hundred of thousands. */
interface Residuals {
	readonly isMeasured: (name: PredictedName, index: number) => boolean;
	/** NaN where the row did not measure it. */
	readonly at: (name: PredictedName, index: number) => number;
}

function residualsOf(rows: readonly PreparedRow[], law: StepLaw): Residuals {
	const states = new Map<PreparedRow, SteadyState>();
	const measured = (name: PredictedName, index: number): number | undefined =>
		measuredOf((rows[index] as PreparedRow).row, name);
	return {
		isMeasured: (name, index) => measured(name, index) !== undefined,
		at(name, index) {
			const value = measured(name, index);
			if (value === undefined) return Number.NaN;
			const prepared = rows[index] as PreparedRow;
			const state = states.get(prepared) ?? modelledState(prepared, law);
			states.set(prepared, state);
			return log(value / modelledValue(state, name));
		},
	};
}

function indicesByGroup(rows: readonly PreparedRow[]): ReadonlyMap<string, readonly number[]> {
	const members = new Map<string, number[]>();
	rows.forEach(({ row }, index) => {
		const key = groupOf(row);
		const list = members.get(key) ?? [];
		list.push(index);
		members.set(key, list);
	});
	return members;
}

/** A row of the support against the rest of it; a row that a large group left out of its support against all of it. */
function judged(
	field: Field,
	place: number | undefined,
	value: number,
	at: FieldPoint,
): { residual: number; deviations: number } {
	if (place !== undefined) {
		return { residual: field.leftOutResiduals[place] as number, deviations: field.leftOut[place] as number };
	}
	const { mean, deviation } = field.predict(at);
	return { residual: value - mean, deviations: (value - mean) / deviation };
}

const LAYOUT_LEVEL: number = LEVELS.indexOf("layout");
const GROUP_LEVEL: number = LEVELS.indexOf("configuration-group");

interface FieldPoints {
	readonly list: readonly FieldPoint[];
	readonly of: (row: ServingRow) => FieldPoint;
}

function fieldPoints(rows: readonly ServingRow[]): FieldPoints {
	const numbers = LEVELS.map(() => new Map<string, number>());
	const numberOf = (level: number, key: string, isNew: boolean): number => {
		const ofLevel = numbers[level] as Map<string, number>;
		const known = ofLevel.get(key);
		if (known !== undefined) return known;
		if (!isNew) return -1;
		ofLevel.set(key, ofLevel.size);
		return ofLevel.size - 1;
	};
	const wide = new Map<string, readonly number[]>();
	const groupsOf = (row: ServingRow, isNew: boolean): readonly number[] => {
		const group = groupOf(row);
		const known = isNew ? undefined : wide.get(group);
		if (known === undefined) {
			const groups = levelKeys(row).map((key, level) => numberOf(level, key, isNew));
			if (!isNew) wide.set(group, groups.slice(0, LAYOUT_LEVEL));
			return groups;
		}
		// rows of one group differ in the last two levels alone
		const layout = numberOf(LAYOUT_LEVEL, `${group}|${layoutOf(row)}`, false);
		const point = layout < 0 ? -1 : numberOf(LAYOUT_LEVEL + 1, operatingPointOf(row), false);
		return [...known, layout, point];
	};
	const point = (row: ServingRow, isNew: boolean): FieldPoint => ({
		groups: groupsOf(row, isNew),
		at: coordinates(row),
		years: row.day === undefined ? 0 : (row.day - ORIGIN_DAY) / 365,
	});
	const list = rows.map((row) => point(row, true));
	return { list, of: (row) => point(row, false) };
}

export function levelKeys(row: ServingRow): string[] {
	const stack = row.stack.replace(/^(dynamo|mori)-/, "").replace(/-disagg$/, "");
	const mode = row.disaggregated ? "d" : "a";
	return [
		mode,
		`${row.hardware}|${mode}`,
		`${stack}|${mode}`,
		`${row.family}|${stack}|${mode}`,
		`${row.hardware}|${row.stack}|${mode}`,
		`${row.family}|${stack}|${row.isMixture ? "mixture" : "dense"}|${row.precision}|${mode}`,
		row.body,
		`${row.body}|${row.precision}|${row.speculative}`,
		groupOf(row),
		`${groupOf(row)}|${layoutOf(row)}`,
		operatingPointOf(row),
	];
}

export function coordinates(row: ServingRow): number[] {
	const { decode, prefill } = row;
	const log2 = (value: number) => log(Math.max(value, 1e-9)) * Math.LOG2E;
	const gpus = decode.tp * decode.pp;
	const roles =
		prefill === undefined
			? 0
			: log2((prefill.tp * prefill.pp * (prefill.workers ?? 1)) / (gpus * (decode.workers ?? 1)));
	return [
		log2(row.concurrency),
		log2(row.isl),
		log2(row.osl),
		log2(gpus),
		decode.ep > 1 ? 1 : 0,
		decode.dpAttention ? 1 : 0,
		roles,
		log2((decode.workers ?? 1) * (prefill === undefined ? 1 : 1)),
	];
}

function solveGroup(
	points: FieldPoints,
	row: ServingRow,
	residuals: Residuals,
	name: PredictedName,
	law: FieldLaw,
): GroupField | undefined {
	const at = points.of(row);
	const level = LEVELS.indexOf("configuration-group");
	const own: number[] = [];
	const foreign = new Map<number, { similarity: number; members: number[] }>();
	points.list.forEach((point, i) => {
		if (!residuals.isMeasured(name, i)) return;
		const group = point.groups[level] as number;
		if (group === at.groups[level]) {
			own.push(i);
			return;
		}
		const known = foreign.get(group);
		if (known !== undefined) {
			known.members.push(i);
			return;
		}
		foreign.set(group, { similarity: groupSimilarity(point, at, law), members: [i] });
	});
	const indices = spread(own, points, OWN_SUPPORT);
	const ranked = [...foreign.values()].sort(
		(a, b) => b.similarity - a.similarity || (a.members[0] as number) - (b.members[0] as number),
	);
	for (const { similarity, members } of ranked) {
		if (indices.length >= SUPPORT || similarity <= 0) break;
		indices.push(...spread(members, points, Math.min(FOREIGN, SUPPORT - indices.length)));
	}
	if (indices.length === 0) return undefined;
	const support = indices.map((i) => points.list[i] as FieldPoint);
	const values = indices.map((i) => residuals.at(name, i));
	return { field: fitField(support, values, law), indices };
}

/** How much two rows share whatever their load. */
function groupSimilarity(a: FieldPoint, b: FieldPoint, law: FieldLaw): number {
	let sum = 0;
	for (let level = 0; level < law.constant.length; level++) {
		const group = a.groups[level] as number;
		if (group < 0 || group !== b.groups[level]) continue;
		const constant = law.constant[level] as number;
		const smooth = law.smooth[level] as number;
		const rough = law.rough[level] as number;
		sum += constant * constant + smooth * smooth + rough * rough;
	}
	return sum;
}

/** At most `most` of the members, even over their coordinates in order. */
function spread(members: readonly number[], points: FieldPoints, most: number): number[] {
	if (members.length <= most) return [...members];
	const key = (i: number) => (points.list[i] as FieldPoint).at;
	const sorted = [...members].sort((a, b) => {
		const [x, y] = [key(a), key(b)];
		for (const k of [1, 2, 3, 0]) {
			const d = (x[k] as number) - (y[k] as number);
			if (d !== 0) return d;
		}
		return a - b;
	});
	return Array.from({ length: most }, (_, k) => sorted[Math.floor((k * sorted.length) / most)] as number);
}

interface Count {
	rows: number;
	newestDay?: number;
	oldestDay?: number;
}

/** Rows with the quantity, and their newest day, by level and group. */
function countGroups(
	points: FieldPoints,
	isMeasured: (index: number) => boolean,
	rows: readonly PreparedRow[],
): readonly Map<number, Count>[] {
	const counts = LEVELS.map(() => new Map<number, Count>());
	points.list.forEach((point, i) => {
		if (!isMeasured(i)) return;
		const day = rows[i]?.row.day;
		point.groups.forEach((group, level) => {
			const ofLevel = counts[level] as Map<number, Count>;
			const count = ofLevel.get(group) ?? { rows: 0 };
			count.rows++;
			if (day !== undefined) {
				count.newestDay = Math.max(day, count.newestDay ?? day);
				count.oldestDay = Math.min(day, count.oldestDay ?? day);
			}
			ofLevel.set(group, count);
		});
	});
	return counts;
}

function standingOf(row: ServingRow, at: FieldPoint, counts: readonly Map<number, Count>[]): CalibrationStanding {
	const group = counts[GROUP_LEVEL]?.get(at.groups[GROUP_LEVEL] as number);
	const kind = servingKindOf(row, (group?.newestDay ?? 0) - (group?.oldestDay ?? 0));
	for (let level = LEVELS.length - 1; level > 0; level--) {
		const count = counts[level]?.get(at.groups[level] as number);
		if (count === undefined) continue;
		const { rows, newestDay } = count;
		return { level: LEVELS[level] as LevelName, kind, rows, ...(newestDay !== undefined && { newestDay }) };
	}
	return { level: "physics", kind, rows: 0 };
}
