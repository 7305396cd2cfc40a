import type { FieldLaw, IntervalWidths, PredictedName, StepLaw, WorkerLayout } from "@farthing/engine";
import { LAW_MEMBERS, PREDICTED, SERVING_KINDS } from "@farthing/engine";
import type { CsvRow } from "./csv-table.ts";
import {
	cell,
	countCell,
	flagCell,
	noteId,
	numberCell,
	openCsv,
	optionalCountCell,
	optionalNumberCell,
	reportCell,
	textCell,
} from "./csv-table.ts";
import { dayNumber } from "./date.ts";
import type { Reading } from "./read-figure.ts";
import { dayOf, optionalDayCell, referenceCell } from "./read-figure.ts";
import { rowId } from "./read-rows.ts";
import type { ServingLaw, ServingSampleRow } from "./serving.ts";
import type { Cursor } from "./yaml-cursor.ts";
import { elements, members, need, numberOf, textOf } from "./yaml-cursor.ts";

const LAYOUT = ["tp", "ep", "dp", "workers"];
const KEY = [
	"model",
	"hardware",
	"stack",
	"precision",
	"speculative",
	"disaggregated",
	"isl",
	"osl",
	"length_share",
	"concurrency",
	"gpus",
	...LAYOUT.map((name) => `prefill_${name}`),
	...LAYOUT.map((name) => `decode_${name}`),
	"measured_on",
	"ttft_mean_ms",
	"tpot_mean_ms",
];

export function readServingSample(file: string, text: string, reading: Reading): ServingSampleRow[] {
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required: ["id", ...KEY, "source"] }).flatMap((row) => {
		const id = textCell(row, "id");
		const expected = rowId(
			"sv-",
			"serving-sample",
			KEY.map((column) => cell(row, column)),
		);
		if (id !== expected) reportCell(row, "id", "the id does not fit the row", `"${expected}"`);
		const model = referenceCell(row, "model", "model", reading);
		const hardware = referenceCell(row, "hardware", "hardware", reading);
		const stack = referenceCell(row, "stack", "stack", reading);
		const precision = referenceCell(row, "precision", "precision", reading);
		const speculative = referenceCell(row, "speculative", "speculative", reading);
		const source = referenceCell(row, "source", "source", reading);
		const disaggregated = flagCell(row, "disaggregated");
		const [isl, osl, concurrency] = ["isl", "osl", "concurrency"].map((column) => countCell(row, column));
		const lengthShare = numberCell(row, "length_share");
		const decode = layoutCells(row, "decode");
		const prefill = disaggregated === true ? layoutCells(row, "prefill") : undefined;
		const gpus = optionalCountCell(row, "gpus");
		const day = optionalDayCell(row, "measured_on");
		const ttft = optionalNumberCell(row, "ttft_mean_ms");
		const tpot = optionalNumberCell(row, "tpot_mean_ms");
		if (id === undefined || model === undefined || hardware === undefined || stack === undefined) return [];
		if (precision === undefined || speculative === undefined || source === undefined) return [];
		if (disaggregated === undefined || isl === undefined || osl === undefined || concurrency === undefined) return [];
		if (lengthShare === undefined || decode === undefined) return [];
		noteId(row, "id", id, seen);
		return [
			{
				id,
				model,
				hardware,
				stack,
				precision,
				speculative,
				disaggregated,
				isl,
				osl,
				lengthShare,
				concurrency,
				decode,
				...(prefill !== undefined && { prefill }),
				...(gpus !== undefined && { gpus }),
				...(day !== undefined && { day: dayNumber(day) }),
				measured: {
					...(ttft !== undefined && { ttftMeanSeconds: ttft / 1000 }),
					...(tpot !== undefined && { tpotSeconds: tpot / 1000 }),
				},
				source,
			},
		];
	});
}

/** Constants by the names of the engine, in snake case. */
export function readServingLaw(at: Cursor): ServingLaw | undefined {
	const top = members(at, ["made_by", "as_of", "rows", "law", "fields", "intervals"]);
	const madeBy = textOf(need(at, top, "made_by"));
	const asOf = dayOf(need(at, top, "as_of"));
	const rows = numberOf(need(at, top, "rows"));
	const law = readLaw(need(at, top, "law"));
	const fields = byQuantity(need(at, top, "fields"), readField);
	const intervals = byQuantity(need(at, top, "intervals"), readWidths);
	if (madeBy === undefined || asOf === undefined || rows === undefined || law === undefined) return undefined;
	return fields === undefined || intervals === undefined ? undefined : { madeBy, asOf, rows, law, fields, intervals };
}

/** `weightBandwidth` as it stands in a file: `weight_bandwidth`. */
export function snakeCase(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function layoutCells(row: CsvRow, role: "prefill" | "decode"): WorkerLayout | undefined {
	const tp = countCell(row, `${role}_tp`);
	const ep = countCell(row, `${role}_ep`);
	const dpAttention = flagCell(row, `${role}_dp`);
	const workers = optionalCountCell(row, `${role}_workers`);
	if (tp === undefined || ep === undefined || dpAttention === undefined) return undefined;
	return { tp, pp: 1, ep, dpAttention, ...(workers !== undefined && { workers }) };
}

function readLaw(at: Cursor | undefined): StepLaw | undefined {
	if (at === undefined) return undefined;
	const found = members(
		at,
		LAW_MEMBERS.map((name) => snakeCase(name)),
	);
	const values = LAW_MEMBERS.map((name) => [name, numberOf(need(at, found, snakeCase(name)))] as const);
	if (values.some(([, value]) => value === undefined)) return undefined;
	return Object.fromEntries(values) as unknown as StepLaw;
}

const FIELD_LISTS = ["constant", "smooth", "rough", "lengths"] as const;
const FIELD_NUMBERS = ["drift", "era", "eraYears", "noise", "driftLevel", "eraLevel"] as const;

function readWidths(at: Cursor): IntervalWidths[PredictedName] {
	const kinds = members(at, SERVING_KINDS);
	const levels = (of: Cursor | undefined) =>
		Object.fromEntries(of === undefined ? [] : [...members(of)].map(([level, value]) => [level, numberOf(value) ?? 0]));
	return Object.fromEntries(
		SERVING_KINDS.map((kind) => [kind, levels(need(at, kinds, kind))]),
	) as IntervalWidths[PredictedName];
}

function readField(at: Cursor): FieldLaw {
	const found = members(
		at,
		[...FIELD_LISTS, ...FIELD_NUMBERS].map((name) => snakeCase(name)),
	);
	const lists = FIELD_LISTS.map((name) => [name, elements(need(at, found, name)).map((each) => numberOf(each) ?? 0)]);
	const numbers = FIELD_NUMBERS.map((name) => [name, numberOf(need(at, found, snakeCase(name))) ?? 0]);
	return Object.fromEntries([...lists, ...numbers]) as unknown as FieldLaw;
}

function byQuantity<T>(at: Cursor | undefined, read: (entry: Cursor) => T): Record<PredictedName, T> | undefined {
	if (at === undefined) return undefined;
	const found = members(
		at,
		PREDICTED.map((name) => snakeCase(name)),
	);
	const entries = PREDICTED.map((name) => [name, need(at, found, snakeCase(name))] as const);
	if (entries.some(([, entry]) => entry === undefined)) return undefined;
	return Object.fromEntries(entries.map(([name, entry]) => [name, read(entry as Cursor)])) as Record<PredictedName, T>;
}
