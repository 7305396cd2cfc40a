import { scopeShape, type UsageScope } from "./usage.ts";
import {
	fault,
	finite,
	instantOf,
	label,
	listOf,
	members,
	oneOf,
	optional,
	truth,
	wholeNumber,
	type RecordShape,
} from "./record-shape.ts";
import type { GpuMicros, Instant, Millijoules } from "./units.ts";

/** One GPU, or one MIG slice, over a window: who held it, how long it worked, what it drew. */
export interface CapacitySample {
	readonly t0: Instant;
	readonly t1: Instant;
	readonly source: CapacitySource;
	readonly gpu: GpuIdentity;
	/** Absent: idle, held by nobody. */
	readonly held_by?: UsageScope;
	readonly gpu_time: GpuTime;
	readonly energy?: GpuEnergy;
	/** Shares of the window, 0 to 1; they explain and never price. */
	readonly activity?: GpuActivity;
}

export interface CapacitySource {
	readonly adapter: string;
	readonly version: string;
	readonly instance?: string;
}

export interface GpuIdentity {
	readonly uuid: string;
	/** Accelerator by catalogue id, or as the exporter names it. */
	readonly model?: string;
	readonly node?: string;
	readonly cluster?: string;
	/** MIG profile; such a row carries no power of its own. */
	readonly mig?: string;
}

export const HELD_SOURCES = ["kube_request", "dcgm_label", "dra", "static", "unknown"] as const;
export interface GpuTime {
	readonly held?: GpuMicros;
	readonly busy?: GpuMicros;
	readonly held_source: (typeof HELD_SOURCES)[number];
}

export const ENERGY_SCOPES = ["board", "module", "node", "rack", "facility"] as const;
export const ENERGY_METHODS = ["counter", "integrated", "modelled"] as const;
export interface GpuEnergy {
	/** Absent where the rules of validity refuse it. */
	readonly used?: Millijoules;
	readonly scope: (typeof ENERGY_SCOPES)[number];
	readonly method: (typeof ENERGY_METHODS)[number];
	readonly power_valid: boolean;
	readonly reasons?: readonly string[];
}

export interface GpuActivity {
	readonly gr_engine?: number;
	readonly tensor?: number;
	readonly dram?: number;
}

const share = (description: string): RecordShape<number> => finite(description, 0, 1);

export const capacityShape: RecordShape<CapacitySample> = members<CapacitySample>(
	"One GPU over a window: who held it, how long it worked, what it drew",
	{
		t0: instantOf("Start, inclusive"),
		t1: instantOf("End, exclusive"),
		source: members<CapacitySource>("Where it comes from", {
			adapter: label("Importer or profile that read it"),
			version: label("Version of that importer or profile"),
			instance: optional(label("Scrape target or file")),
		}),
		gpu: members<GpuIdentity>("Which GPU", {
			uuid: label("UUID"),
			model: optional(label("Accelerator")),
			node: optional(label("Node")),
			cluster: optional(label("Cluster")),
			mig: optional(label("MIG profile")),
		}),
		held_by: optional(scopeShape),
		gpu_time: members<GpuTime>("GPU time", {
			held: optional(wholeNumber<GpuMicros>("GPU microseconds held")),
			busy: optional(wholeNumber<GpuMicros>("GPU microseconds in which a kernel ran")),
			held_source: oneOf("How it is known who held it", HELD_SOURCES),
		}),
		energy: optional(
			members<GpuEnergy>("Energy", {
				used: optional(wholeNumber<Millijoules>("Millijoules")),
				scope: oneOf("What the meter covers", ENERGY_SCOPES),
				method: oneOf("How it was measured", ENERGY_METHODS),
				power_valid: truth("The rules of validity hold"),
				reasons: optional(listOf(label("Reason code"))),
			}),
		),
		activity: optional(
			members<GpuActivity>("Shares of the window", {
				gr_engine: optional(share("Any kernel ran")),
				tensor: optional(share("Tensor cores ran")),
				dram: optional(share("Memory was moved")),
			}),
		),
	},
	(sample, path, issues) => {
		const { t0, t1, gpu, gpu_time, energy } = sample;
		if (t1 <= t0) fault(issues, "contradiction", path, "t1 is not after t0", "an end after the start");
		for (const time of ["held", "busy"] as const) {
			if ((gpu_time[time] ?? 0) <= t1 - t0) continue;
			fault(issues, "contradiction", path, `gpu_time.${time} is longer than the window`, "at most t1 - t0");
		}
		if (gpu.mig !== undefined && energy?.used !== undefined) {
			fault(issues, "contradiction", path, "a MIG row carries no power of its own", "energy on the row of the board");
		}
	},
);
