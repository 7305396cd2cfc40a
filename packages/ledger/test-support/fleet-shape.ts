/** What a made-up fleet looks like. */
import type { BusyLaw } from "@farthing/engine";
import type { Instant } from "../src/records/units.ts";

export interface FleetShape {
	readonly seed: number;
	/** First day, `2026-10-01`. */
	readonly start: string;
	readonly days: number;
	readonly stepHours: number;
	readonly gpusPerNode: number;
	readonly teams: readonly string[];
	readonly fleets: readonly FleetPart[];
	/** Share of what engines count that no gateway logs. */
	readonly unlogged: number;
}

export interface FleetPart {
	readonly model: string;
	readonly deployment: string;
	readonly hardware: string;
	readonly basis: "on_demand" | "reserved" | "owned";
	readonly currency: "USD" | "EUR";
	readonly nodes: number;
	/** Cents per node and hour, before and after the middle of the month. */
	readonly centsPerHour: readonly [number, number];
	/** Mean share of the held GPU time that is at work. */
	readonly load: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cachedShare: number;
	readonly law: BusyLaw;
}

export interface FleetWindow {
	readonly from: Instant;
	readonly to: Instant;
}

export function nodesOf(part: FleetPart): string[] {
	return Array.from({ length: part.nodes }, (_, i) => `${part.deployment}-${i + 1}`);
}
