/** What was metered over a window as records of the ledger: every counter of it, also those that others repeat. */
import { formatInstant, type Instant } from "../../records/units.ts";
import type { ImportItem } from "../import-item.ts";
import { present } from "../json-fields.ts";
import { capacityItem, usageItem } from "../record-items.ts";
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

function count(reasons: readonly string[], reason: string): number {
	return reasons.includes(reason) ? 1 : 0;
}

function timeText(milliseconds: number): string {
	return formatInstant(Math.round(milliseconds * 1000) as Instant);
}
