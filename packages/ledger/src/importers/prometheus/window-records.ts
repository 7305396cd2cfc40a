/** What was metered over a window as records of the ledger: every counter of it, also those that others repeat. */
import { formatInstant, type Instant } from "../../records/units.ts";
import type { ImportItem } from "../import-item.ts";
import { present } from "../json-fields.ts";
import { capacityItem, priceItem, usageItem } from "../record-items.ts";
import type { NodePrice } from "./cluster.ts";
import type { Device } from "./devices.ts";
import type { Metered } from "./meter.ts";

export interface RecordWindow {
	/** Milliseconds since 1970. */
	readonly from: number;
	readonly to: number;
}

/** `repeated`: another counter of the same requests is believed for the totals. */
export function usageOfWindow(metered: Metered, { from, to }: RecordWindow, repeated: boolean): ImportItem {
	const { profile, target, role, tokens, requests, latency, reasons, coverage } = metered;
	const made = usageItem(
		present({
			grain: "window",
			t0: timeText(from),
			t1: timeText(to),
			source: present({
				adapter: profile.id,
				version: String(profile.version),
				kind: profile.counts === "frontend" ? "gateway" : profile.counts,
				instance: target.instance ?? target.pod ?? target.job,
			}),
			scope: present({
				cluster: target.cluster,
				namespace: target.namespace,
				pod: target.pod,
				role,
				dp_rank: metered.dpRank,
			}),
			model: { served: metered.model.slice(0, 256) },
			tokens,
			requests,
			latency: Object.fromEntries(
				Object.entries(latency).map(([name, { bounds, counts, sum }]) => [name, { bounds, counts, sum }]),
			),
			quality: present({
				coverage,
				resets: count(reasons, "counter-reset") + count(reasons, "restart"),
				gaps: count(reasons, "gap"),
				edge_interpolated: reasons.includes("edge-interpolated"),
				double_count_risk: repeated,
				reasons: reasons.length === 0 ? undefined : [...reasons],
			}),
		}),
		undefined,
	);
	return made.kind === "usage" ? { ...made, counted: false } : made;
}

/** One board over the window: held by the pod that its rows name, idle where they name none but could. */
export function capacityOfWindow(device: Device, { from, to }: RecordWindow): ImportItem {
	const { profile, uuid, model, node, cluster, heldBy, energy, activity } = device;
	const [holder] = heldBy;
	const span = Math.round((to - from) * 1000);
	return capacityItem(
		present({
			t0: timeText(from),
			t1: timeText(to),
			source: { adapter: profile.id, version: String(profile.version) },
			gpu: present({ uuid: uuid.slice(0, 256), model, node, cluster }),
			held_by: holder === undefined ? undefined : present({ cluster, namespace: holder.namespace, pod: holder.pod }),
			gpu_time: present({
				held: holder === undefined ? undefined : Math.round(span * device.coverage),
				held_source: holder === undefined ? "unknown" : "dcgm_label",
			}),
			energy:
				energy === undefined
					? undefined
					: present({
							used: Math.round(energy.millijoules),
							scope: profile.scope,
							method: energy.method,
							power_valid: energy.valid,
							reasons: energy.reasons.length === 0 ? undefined : energy.reasons,
						}),
			activity: Object.keys(activity).length === 0 ? undefined : activity,
		}),
		undefined,
	);
}

/**
 * A price of OpenCost, until another is known or to the end of what was read. It says nothing of how the node was bought; power is in
 * what a cloud asks, and in what OpenCost is told of machines of one's own.
 */
export function priceOfNode({ resource, node, usd }: NodePrice, from: number, to: number | undefined): ImportItem {
	return priceItem(
		present({
			id: `opencost ${resource} ${node}`.slice(0, 256),
			resource,
			amount: { value: decimalText(usd), currency: "USD" },
			per: 1,
			selector: { node },
			valid_from: timeText(from),
			valid_to: to === undefined ? undefined : timeText(to),
			basis: "list",
			includes_power: true,
			provenance: `OpenCost, ${resource === "gpu_hour" ? "node_gpu_hourly_cost" : "node_total_hourly_cost"}`,
		}),
	);
}

/** To a billionth, as amounts are kept. */
function decimalText(value: number): string {
	return value.toFixed(9).replace(/\.?0+$/, "");
}

function count(reasons: readonly string[], reason: string): number {
	return reasons.includes(reason) ? 1 : 0;
}

function timeText(milliseconds: number): string {
	return formatInstant(Math.round(milliseconds * 1000) as Instant);
}
