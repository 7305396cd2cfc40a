/** What `farthing plan` answers. */
import type { QuantityJson } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { ApiOffer } from "./api-offers.ts";
import type { BridgeCause } from "./plan-bridge.ts";
import type { CandidateOptions } from "./plan-candidates.ts";
import type { PlanFleet } from "./plan-fleets.ts";
import type { RoomAnswer } from "./plan-most.ts";
import type { Searched } from "./plan-searched.ts";
import type { ServiceLimits } from "./plan-service.ts";
import type { SharingAnswer } from "./plan-sharing.ts";
import type { OptionSizing } from "./plan-traffic.ts";
import type { VolumeCurves } from "./plan-volumes.ts";
import type { PlanYearsResult } from "./plan-years.ts";
import type { Unranked } from "./ranking.ts";

/** With members of {@link PlanYears} where the scenario gives a horizon. */
export interface PlanResult extends Partial<PlanYears> {
	readonly scenario: string;
	readonly model: string;
	readonly rate: string;
	readonly question: Readonly<Record<string, QuantityJson>>;
	readonly slo: ServiceLimits;
	readonly workload: { readonly isl: number; readonly osl: number };
	readonly options: readonly PlanOption[];
	/** The cheapest option of each part, with what its GPUs are there for, hosts and power. */
	readonly fleets: readonly PlanFleet[];
	readonly unranked: readonly Unranked[];
	readonly missed: Readonly<Record<string, number>>;
	readonly considered: number;
	readonly crossovers: readonly Crossover[];
	/**
	 * Where the lead next is with another than the cheapest at the demand asked (`from`): a crossover, or the end of a short
	 * stretch in which that is ahead of the leader. Absent where none is found.
	 */
	readonly next_crossover?: Crossover;
	readonly volumes: VolumeCurves;
	/** What the site has room for, and the most that one of the deployments serves within it. */
	readonly limits?: RoomAnswer;
	/** What the options were chosen among. */
	readonly searched: Searched;
	/** What it saves that the scenario's loads share machines, where it states several under traffic; or why that is not known. */
	readonly sharing?: SharingAnswer | { readonly reason: string };
	/** The same model's own prices per token, for comparison. */
	readonly api: readonly ApiOffer[];
	readonly utilization_overridden: boolean;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
}

/** What years of money add to a plan. */
export type PlanYears = Omit<PlanYearsResult, "scenario" | "model" | "defaults" | "attribution">;

export interface Crossover {
	/** From this volume on, `to` is the cheapest, until the next crossover. */
	readonly tokens_per_day: QuantityJson;
	readonly from: string;
	readonly to: string;
}

export interface PlanOption {
	readonly rank: number;
	/** Id of the benchmark row. */
	readonly id: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly deployment: Deployment;
	readonly replicas: number;
	/** Paid for, whole hosts included; and those that its replicas run on. */
	readonly gpus: number;
	readonly replica_gpus: number;
	readonly utilization: QuantityJson;
	/** The same in the quietest and the busiest hour; absent where it is stated, or hours are handed back. */
	readonly utilization_by_hour?: { readonly lowest: QuantityJson; readonly highest: QuantityJson };
	readonly headline: QuantityJson;
	readonly delivered: QuantityJson;
	readonly cost_per_request: QuantityJson;
	/** What the whole fleet costs, used or not. */
	readonly bill: { readonly per_day: QuantityJson; readonly per_year: QuantityJson };
	readonly bridge: readonly BridgeCause[];
	/** What the fleet needs of the site, PUE included; present where power is limited. */
	readonly power?: QuantityJson;
	/** How the replicas were found, where the scenario states its traffic. */
	readonly sizing?: OptionSizing;
	readonly feasible: boolean;
	readonly reason?: string;
}

export interface Deployment {
	readonly row: string;
	readonly layout: string;
	readonly disaggregated: boolean;
	readonly gpus_per_replica: number;
	readonly concurrency: number;
	readonly interactivity: number;
	readonly tokens_per_gpu_second: number;
	readonly ttft_median_s?: number;
	readonly measured_on?: string;
	readonly kind: "dated" | "median";
	readonly run?: string;
	/** Servers or racks the fleet is rounded up to; absent where it is not. */
	readonly host?: string;
}

export interface PlanOptions extends CandidateOptions {
	/** How many options to rank in full; the rest stay counted. All unless given. */
	readonly top?: number;
	/** Draws of the fleets, and of the years; 4,096 and 1,024 unless told. */
	readonly draws?: number;
	/** Why fleets are sized by the queueing estimate alone; they are simulated too unless told. */
	readonly estimateOnly?: string;
}
