/** What the metrics of one GPU exporter mean, as data. Labels are compared in lower case. */
export interface DeviceProfile {
	readonly id: string;
	readonly version: number;
	readonly families: string;
	readonly spellings?: readonly { readonly from: string; readonly to: string }[];
	/** Labels that together name a board for good, the first set that is there. */
	readonly board: readonly (readonly string[])[];
	readonly model: readonly string[];
	readonly node: readonly string[];
	/** A row is a slice of a board, without power of its own, where this label has another value than these. */
	readonly slice: readonly { readonly label: string; readonly whole: readonly string[] }[];
	/** Watts, the first family that is there. */
	readonly power: readonly string[];
	/** Cumulated energy, whatever its declared type, and how many of its units are a millijoule. */
	readonly energy: readonly { readonly metric: string; readonly perMillijoule: number }[];
	/** Shares 0 to 1. They explain and never price. */
	readonly activity: Readonly<Partial<Record<"gr_engine" | "tensor" | "dram", readonly string[]>>>;
	/** Percent, saturates: never a key of cost. */
	readonly utilization: readonly string[];
	readonly scope: "board" | "module";
	readonly others: readonly string[];
	readonly absent: Readonly<Record<string, string>>;
	readonly enable: string;
}

/** NVIDIA's dcgm-exporter. Energy is in mJ since the driver was loaded; many clusters do not export it. */
export const dcgm: DeviceProfile = {
	id: "dcgm",
	version: 1,
	families: "^DCGM_FI_",
	board: [["uuid"]],
	model: ["modelname"],
	node: ["hostname", "node"],
	slice: [{ label: "gpu_i_id", whole: [""] }],
	power: ["DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_POWER_USAGE_INSTANT"],
	energy: [{ metric: "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", perMillijoule: 1 }],
	activity: {
		gr_engine: ["DCGM_FI_PROF_GR_ENGINE_ACTIVE"],
		tensor: ["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"],
		dram: ["DCGM_FI_PROF_DRAM_ACTIVE"],
	},
	utilization: ["DCGM_FI_DEV_GPU_UTIL"],
	scope: "board",
	others: ["^DCGM_FI_.*$", "^DCGM_EXP_.*$"],
	absent: {
		power: "no power: no energy and no carbon",
		energy: "no energy counter: energy is integrated from power samples, and is refused where they are too far apart",
		activity: "no PROF fields: nothing explains why a GPU was slow; cost does not change",
		holder: "no pod labels: GPUs are matched to deployments by the requests of kube-state-metrics only",
	},
	enable:
		"dcgm-exporter with --kubernetes; DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION and the PROF fields in its counters file",
};

/** AMD's device-metrics-exporter. Energy is in microjoules, declared a gauge. */
export const amdDeviceMetrics: DeviceProfile = {
	id: "amd-device-metrics",
	version: 1,
	families: "^gpu_",
	spellings: [
		{
			from: "^[a-zA-Z][a-zA-Z0-9]*_(?=gpu_(package_power|average_package_power|power_usage|energy_consumed)$)",
			to: "",
		},
	],
	board: [["gpu_uuid"], ["serial_number"], ["hostname", "gpu_id"], ["gpu_id"]],
	model: ["card_model", "card_series"],
	node: ["hostname", "node"],
	slice: [{ label: "gpu_partition_id", whole: ["", "0"] }],
	power: ["gpu_package_power", "gpu_average_package_power", "gpu_power_usage"],
	energy: [{ metric: "gpu_energy_consumed", perMillijoule: 1000 }],
	activity: {},
	utilization: ["gpu_gfx_activity", "gpu_usage"],
	scope: "board",
	others: ["^gpu_.*$", "^pcie_.*$", "^xgmi_.*$"],
	absent: {
		power: "no power: no energy and no carbon",
		energy: "no energy counter: energy is integrated from power samples, and is refused where they are too far apart",
		holder: "no pod labels: GPUs are matched to deployments by the requests of kube-state-metrics only",
	},
	enable: "device-metrics-exporter at :5000/metrics",
};

export const DEVICE_PROFILES: readonly DeviceProfile[] = [dcgm, amdDeviceMetrics];
