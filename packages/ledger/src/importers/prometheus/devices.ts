/**
 * Readings of a GPU exporter as GPUs: one for each board, however many rows its slices or the pods that share it have.
 * Energy is the rise of the counter, in millijoules, else mean power times time; what is no valid reading is dropped.
 */
import type { DeviceProfile } from "./device-profile.ts";
import type { Reading } from "./readings.ts";
import type { Labels } from "./text-format.ts";

export interface Device {
	readonly profile: DeviceProfile;
	readonly uuid: string;
	readonly model?: string;
	readonly node?: string;
	readonly cluster?: string;
	/** Pods that hold it or a slice of it. */
	readonly heldBy: readonly { readonly namespace?: string; readonly pod: string }[];
	/** Profiles of its slices, where it is cut up. */
	readonly slices: readonly string[];
	/** Mean watts over the window. */
	readonly watts?: number;
	readonly energy?: DeviceEnergy;
	readonly activity: Readonly<Partial<Record<"gr_engine" | "tensor" | "dram", number>>>;
	readonly reasons: readonly string[];
	/** Share of the window in which it was seen. */
	readonly coverage: number;
}

export interface DeviceEnergy {
	readonly millijoules: number;
	readonly method: "counter" | "integrated";
	/** By the rules of validity: `power-rules.ts`. */
	readonly valid: boolean;
	readonly reasons: readonly string[];
}

/** Seconds between samples of power above which their integral is not valid. */
const WIDEST_GAP = 3;
/** Counter and integral of power may differ by this share. */
const AGREE_WITHIN = 0.05;

/** `seconds` is the length of the window, absent for a single scrape; `exported`: pods are known to stand in `exported_…`. */
export function devices(
	profile: DeviceProfile,
	given: readonly Reading[],
	seconds?: number,
	exported = false,
): Device[] {
	const readings = rowsOf(profile, given);
	const boards = new Map<string, Row[]>();
	for (const row of readings) {
		const board = boardOf(profile, row.labels);
		if (board !== undefined) boards.set(board, [...(boards.get(board) ?? []), row]);
	}
	const scraped = exported || readings.some(({ labels }) => labels["exported_pod"] !== undefined);
	return [...boards].map(([uuid, rows]) => deviceOf(profile, uuid, rows, seconds, scraped));
}

interface Row extends Reading {
	readonly isSlice: boolean;
}

function rowsOf(profile: DeviceProfile, given: readonly Reading[]): Row[] {
	const own = new RegExp(profile.families);
	const spellings = (profile.spellings ?? []).map(({ from, to }) => ({ from: new RegExp(from), to }));
	return given.flatMap((reading) => {
		const name = spellings.reduce((spelled, { from, to }) => spelled.replace(from, to), reading.name);
		if (!own.test(name)) return [];
		const labels = lowerCased(reading.labels);
		const isSlice = profile.slice.some(({ label, whole }) => !whole.includes(labels[label] ?? ""));
		return [{ ...reading, name, labels, isSlice }];
	});
}

function deviceOf(
	profile: DeviceProfile,
	uuid: string,
	rows: readonly Row[],
	seconds: number | undefined,
	scraped: boolean,
): Device {
	const whole = rows.filter(({ isSlice }) => !isSlice);
	const reasons = new Set<string>();
	const watts = first(profile.power, (metric) => valid(whole, metric, MOST_WATTS, "mean", reasons));
	const energy = energyOf(profile, whole, watts, seconds, reasons);
	const activity = Object.entries(profile.activity).flatMap(([name, metrics]) => {
		const share = first(metrics, (metric) => valid(whole, metric, 1, "mean", reasons));
		return share === undefined ? [] : [[name, share]];
	});
	const slices = [
		...new Set(
			rows
				.filter(({ isSlice }) => isSlice)
				.map(({ labels }) => labels["gpu_i_profile"] ?? labels["gpu_compute_partition_type"] ?? "slice"),
		),
	];
	if (slices.length > 0) reasons.add("cut-into-slices");
	const model = labelOf(rows, profile.model);
	const node = labelOf(rows, profile.node);
	const cluster = labelOf(rows, ["cluster"]);
	return {
		profile,
		uuid,
		...(model === undefined ? {} : { model }),
		...(node === undefined ? {} : { node }),
		...(cluster === undefined ? {} : { cluster }),
		heldBy: holdersOf(rows, scraped),
		slices,
		...(watts === undefined ? {} : { watts }),
		...(energy === undefined ? {} : { energy }),
		activity: Object.fromEntries(activity) as Device["activity"],
		reasons: [...reasons].sort(),
		coverage: Math.max(0, ...rows.map((row) => row.coverage)),
	};
}

function energyOf(
	profile: DeviceProfile,
	rows: readonly Row[],
	watts: number | undefined,
	seconds: number | undefined,
	reasons: Set<string>,
): DeviceEnergy | undefined {
	const counted = first(profile.energy, ({ metric, perMillijoule }) => {
		const rise = valid(rows, metric, Number.POSITIVE_INFINITY, "rise", reasons);
		return rise === undefined ? undefined : rise / perMillijoule;
	});
	const integrated = watts === undefined || seconds === undefined ? undefined : watts * seconds * 1000;
	if (counted !== undefined) {
		const disagrees = integrated !== undefined && Math.abs(counted / integrated - 1) > AGREE_WITHIN;
		const faults = disagrees ? ["counter-and-power-disagree"] : [];
		return { millijoules: counted, method: "counter", valid: faults.length === 0, reasons: faults };
	}
	if (integrated === undefined) return undefined;
	// What `readings.ts` gives as the mean of power is integrated by the trapezoid; its gaps come with the reading.
	const power = rows.filter(({ name }) => profile.power.includes(name));
	const gaps: string[] = power.flatMap(({ reasons: own }) => own);
	const isSparse = power.some(({ widestGap = Number.POSITIVE_INFINITY }) => widestGap > WIDEST_GAP);
	const faults = [...new Set([...gaps, ...(isSparse ? ["power-samples-too-far-apart"] : [])])];
	return {
		millijoules: integrated,
		method: "integrated",
		valid: faults.length === 0,
		reasons: ["no-energy-counter", ...faults],
	};
}

/** No board draws as much: above it are the marks by which DCGM says that a field is not supported. */
const MOST_WATTS = 20_000;

/** The value of one board: rows of several pods that share it repeat it. */
function valid(
	rows: readonly Row[],
	metric: string,
	most: number,
	which: "mean" | "rise",
	reasons: Set<string>,
): number | undefined {
	const found = rows.filter(({ name }) => name === metric);
	const usable = found.filter((row) => {
		const value = row[which];
		return value !== undefined && Number.isFinite(value) && value >= 0 && value <= most && !isBlank(row.last);
	});
	if (found.length > usable.length) reasons.add(`invalid:${metric}`);
	if (usable.length > 1) reasons.add("rows-repeat");
	const values = usable.map((row) => row[which] as number);
	return values.length === 0 ? undefined : Math.max(...values);
}

/** DCGM's marks for "no value", which it exports as numbers: of 64-bit and 32-bit whole numbers and of doubles. */
export function isBlank(value: number): boolean {
	return (
		value >= 9_223_372_036_854_000_000 ||
		(value >= 140_737_488_355_328 && value <= 140_737_488_355_344) ||
		(value >= 2_147_483_632 && value <= 2_147_483_647)
	);
}

/** Pods by the exporter's own labels: after a scrape those are `exported_…`, and the plain ones name the exporter. */
function holdersOf(rows: readonly Row[], scraped: boolean): Device["heldBy"] {
	const prefix = scraped ? "exported_" : "";
	const held = new Map<string, { namespace?: string; pod: string }>();
	for (const { labels } of rows) {
		const pod = labels[`${prefix}pod`] ?? labels[`${prefix}pod_name`];
		if (pod === undefined || pod === "") continue;
		const namespace = labels[`${prefix}namespace`] ?? labels[`${prefix}pod_namespace`];
		held.set(`${namespace}/${pod}`, { ...(namespace === undefined || namespace === "" ? {} : { namespace }), pod });
	}
	return [...held.values()];
}

function boardOf(profile: DeviceProfile, labels: Labels): string | undefined {
	const known = profile.board.find((names) => names.every((name) => (labels[name] ?? "") !== ""));
	return known?.map((name) => labels[name]).join("/");
}

function labelOf(rows: readonly Row[], names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = rows.map(({ labels }) => labels[name]).find((each) => each !== undefined && each !== "");
		if (value !== undefined) return value;
	}
	return undefined;
}

function lowerCased(labels: Labels): Labels {
	return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name.toLowerCase(), value]));
}

function first<T, R>(candidates: readonly T[], of: (candidate: T) => R | undefined): R | undefined {
	for (const candidate of candidates) {
		const found = of(candidate);
		if (found !== undefined) return found;
	}
	return undefined;
}
