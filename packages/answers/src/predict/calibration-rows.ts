/**
 * The measured rows that calibrate predictions: the benchmark tables and the serving sample, each run counted once.
 *
 * Two rows of one operating point whose TPOT agrees within {@link SAME_RUN} are one run that two sources publish: the
 * first keeps its values and takes over what only the other states (a mean TTFT beside a median). A row that does not
 * say whether it drafts tokens is, where its TPOT agrees with a row that says, that run.
 */
import type { Catalogue, Checkpoint } from "@farthing/catalogue";
import { chipOf, storedFormatsOf } from "@farthing/catalogue";
import type { Calibration, PreparedRow, ServingFacts, ServingRow } from "@farthing/engine";
import { calibrate, checkRow, groupOf, layoutOf, operatingPointOf, prepareRow, usable } from "@farthing/engine";
import { kinOf, servedModelNamed } from "./body.ts";
import { rowOfPoint } from "./row-layouts.ts";

/** Relative difference of TPOT below which two rows of one operating point are one run: rounding in either source. */
export const SAME_RUN = 0.004;

export function servingFacts(
	catalogue: Pick<Catalogue, "models" | "hardware" | "precisions" | "stacks">,
): ServingFacts {
	const chips = new Map(
		catalogue.hardware.flatMap((hardware) => {
			const chip = chipOf(hardware);
			return chip.complete ? [[hardware.id, chip.value] as const] : [];
		}),
	);
	const stored = new Map(catalogue.models.map((model) => [model.id, storedFormatsOf(model)]));
	const checkpoints = new Map(
		catalogue.models.map(({ id }) => [
			id,
			new Map(
				catalogue.precisions.map((precision) => [precision.id, checkpointOf(catalogue, id, precision.id)?.formats]),
			),
		]),
	);
	const vendors = new Map(catalogue.hardware.map(({ id, vendor }) => [id, vendor]));
	const stackVendors = new Map(catalogue.stacks.map(({ id, runsOn }) => [id, runsOn?.vendors]));
	const formatVendors = new Map(catalogue.precisions.map(({ id, runsOn }) => [id, runsOn?.vendors]));
	const mtpModules = new Map(catalogue.models.map(({ id, figures }) => [id, figures.mtpModules?.value]));
	return {
		model: (id) => servedModelNamed(catalogue, id),
		chip: (id) => chips.get(id),
		checkpoint: (id, precision) => checkpoints.get(id)?.get(precision),
		stored: (id) => stored.get(id) ?? [],
		vendor: (id) => vendors.get(id),
		stackVendors: (id) => stackVendors.get(id),
		formatVendors: (id) => formatVendors.get(id),
		mtpModules: (id) => mtpModules.get(id),
	};
}

/** The published checkpoint of a model, or of one with the same body, in a precision. */
export function checkpointOf(
	{ models }: Pick<Catalogue, "models">,
	id: string,
	precision: string,
): Checkpoint | undefined {
	const model = models.find((each) => each.id === id);
	const body = models.find((each) => each.id === model?.architectureOf);
	return [model, body]
		.flatMap((each) => each?.checkpoints ?? [])
		.find((checkpoint) => checkpoint.precision === precision);
}

export interface CalibrationRows {
	readonly rows: readonly PreparedRow[];
	/** Rows read, and runs that stood twice. */
	readonly read: number;
	readonly repeats: number;
	/** Rows that the law cannot take, by reason. */
	readonly leftOut: ReadonlyMap<string, number>;
}

export function calibrationRows(catalogue: Catalogue, added: readonly ServingRow[] = []): CalibrationRows {
	const read = [...added, ...catalogueRows(catalogue)];
	const leftOut = new Map<string, number>();
	const once = onceEach(read);
	const unsteady = unsteadyPoints(once);
	const runs = once.filter((row) => {
		const isSteady = !unsteady.has(operatingPointOf(row));
		if (!isSteady) leftOut.set(UNSTEADY, (leftOut.get(UNSTEADY) ?? 0) + 1);
		return isSteady;
	});
	const facts = servingFacts(catalogue);
	const rows = runs.flatMap((row) => {
		const prepared = prepareRow(row, facts);
		if (prepared.possible) return [prepared.prepared];
		leftOut.set(prepared.reason, (leftOut.get(prepared.reason) ?? 0) + 1);
		return [];
	});
	return { rows, read: read.length, repeats: read.length - once.length, leftOut };
}

export interface CalibratedLaw {
	readonly known: readonly PreparedRow[];
	readonly calibration: Calibration;
}

const calibrated = new WeakMap<Catalogue, CalibratedLaw>();

/** The law with the rows of the catalogue, made once for all questions to it, or anew with rows of one's own beside them. */
export function calibratedLaw(catalogue: Catalogue, added: readonly ServingRow[] = []): CalibratedLaw {
	const made = added.length === 0 ? calibrated.get(catalogue) : undefined;
	if (made !== undefined) return made;
	const { rows: known } = calibrationRows(catalogue, added);
	const { law, fields } = catalogue.servingLaw;
	const result = { known, calibration: calibrate(known, law, fields) };
	if (added.length === 0) calibrated.set(catalogue, result);
	return result;
}

const UNSTEADY = "throughput and times of the operating point contradict Little's law: not one steady state";
/** Requests in flight over the concurrency that was asked for; sound rows reach 0.85 to 1.15 (row checks). */
const STEADY: readonly [number, number] = [0.5, 1.5];

/**
 * Operating points at which published throughput and published times cannot belong together, whichever row states
 * which: then none of the rows tells what the deployment does at that concurrency.
 */
function unsteadyPoints(rows: readonly ServingRow[]): ReadonlySet<string> {
	const points = new Map<string, { rate?: number; tpot?: number; ttft?: number; row: ServingRow }>();
	for (const row of rows) {
		const { tokensPerGpuSecond, tpotSeconds, ttftMeanSeconds, ttftMedianSeconds } = row.measured;
		const key = operatingPointOf(row);
		const point = points.get(key) ?? { row };
		const isStated = row.source !== SAMPLE && tokensPerGpuSecond !== undefined;
		if (isStated) point.rate ??= tokensPerGpuSecond;
		const ttft = ttftMeanSeconds ?? ttftMedianSeconds;
		if (tpotSeconds !== undefined) point.tpot ??= tpotSeconds;
		if (ttft !== undefined) point.ttft ??= ttft;
		points.set(key, point);
	}
	const unsteady = new Set<string>();
	for (const [key, { rate, tpot, ttft, row }] of points) {
		if (rate === undefined || tpot === undefined || ttft === undefined || row.gpus === undefined) continue;
		const [input, output] = [row.isl * row.lengthShare, row.osl * row.lengthShare];
		const inFlight = ((rate * row.gpus) / (input + output)) * (ttft + (output - 1) * tpot);
		const share = inFlight / row.concurrency;
		if (share < STEADY[0] || share > STEADY[1]) unsteady.add(key);
	}
	return unsteady;
}

const SAMPLE = "aiconfigurator-sample";

/** Measured members that fail a check of the row against itself do not calibrate. */
function catalogueRows(catalogue: Catalogue): ServingRow[] {
	const points = catalogue.benchmarks.flatMap((point) => {
		const row = rowOfPoint(catalogue, point);
		if (row === undefined) return [];
		const isSound = usable(point, checkRow(point), ["tokensPerGpuSecond", "gpus"]).usable;
		if (isSound) return [row];
		const { tokensPerGpuSecond: _rate, ...measured } = row.measured;
		return [{ ...row, measured }];
	});
	const sample = catalogue.servingSample.flatMap((row) => {
		const kin = kinOf(catalogue, row.model, row.hardware);
		return kin === undefined ? [] : [withRate({ ...row, ...kin })];
	});
	return [...points, ...sample];
}

/**
 * Throughput of a sample row, which states none: in a closed loop it follows from the mean times by Little's law,
 * C·(in + out) / (TTFT + (out − 1)·TPOT) / GPUs.
 */
export function withRate(row: ServingRow): ServingRow {
	const { ttftMeanSeconds: ttft, tpotSeconds: tpot, tokensPerGpuSecond: stated } = row.measured;
	if (stated !== undefined || ttft === undefined || tpot === undefined || row.gpus === undefined) return row;
	const output = row.osl * row.lengthShare;
	const input = row.isl * row.lengthShare;
	const tokensPerGpuSecond = (row.concurrency * (input + output)) / (ttft + (output - 1) * tpot) / row.gpus;
	return { ...row, measured: { ...row.measured, tokensPerGpuSecond } };
}

function onceEach(rows: readonly ServingRow[]): ServingRow[] {
	const points = new Map<string, ServingRow[]>();
	const untold: ServingRow[] = [];
	const put = (row: ServingRow, candidates: readonly ServingRow[], key: string): void => {
		const same = candidates.find((other) => isSameRun(other, row));
		const list = points.get(key) ?? [];
		if (same === undefined) list.push(row);
		else {
			const owner = keyOf(same);
			const held = points.get(owner) as ServingRow[];
			held[held.indexOf(same)] = joined(same, row);
			return;
		}
		points.set(key, list);
	};
	for (const row of rows) {
		if (row.speculative === "unknown") untold.push(row);
		else put(row, points.get(keyOf(row)) ?? [], keyOf(row));
	}
	const bySpeculation = new Map<string, ServingRow[]>();
	for (const list of points.values()) {
		for (const row of list) {
			const key = untoldKey(row);
			bySpeculation.set(key, [...(bySpeculation.get(key) ?? []), row]);
		}
	}
	for (const row of untold) {
		const told = bySpeculation.get(untoldKey(row))?.find((other) => isSameRun(other, row));
		if (told === undefined) put(row, points.get(keyOf(row)) ?? [], keyOf(row));
		else {
			const held = points.get(keyOf(told)) as ServingRow[];
			const at = held.findIndex((each) => each.id === told.id);
			if (at >= 0) held[at] = joined(held[at] as ServingRow, row);
		}
	}
	return [...points.values()].flat();
}

function keyOf(row: ServingRow): string {
	return `${groupOf(row)}|${layoutOf(row)}|${row.isl}|${row.osl}|${row.concurrency}`;
}

/** Without what the row does not tell: drafting, and how many workers each role has. */
function untoldKey(row: ServingRow): string {
	return [row.body, row.hardware, row.precision, row.disaggregated, row.isl, row.osl, row.concurrency].join("|");
}

function isSameRun(a: ServingRow, b: ServingRow): boolean {
	const [x, y] = [a.measured.tpotSeconds, b.measured.tpotSeconds];
	if (x === undefined || y === undefined || Math.abs(x / y - 1) > SAME_RUN) return false;
	const [p, q] = [a.measured.ttftMeanSeconds, b.measured.ttftMeanSeconds];
	return p === undefined || q === undefined || Math.abs(p / q - 1) <= 0.02;
}

function joined(row: ServingRow, other: ServingRow): ServingRow {
	const measured = { ...other.measured, ...row.measured };
	const day = row.day ?? other.day;
	return { ...row, measured, ...(day !== undefined && { day }) };
}
