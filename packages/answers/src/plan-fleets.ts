/** The cheapest fleet of each part in full: what its GPUs are there for, hosts, power at the meter, and its day. */
import type { Catalogue } from "@farthing/catalogue";
import type {
	AnyExpr,
	BenchmarkPoint,
	Dimensionless,
	Evaluation,
	Expr,
	FleetPart,
	QuantityJson,
} from "@farthing/engine";
import {
	buildModel,
	evaluate,
	fleetHosts,
	fleetItPower,
	fleetMeterPower,
	gpusPerHost,
	input,
	megawatt,
	quantityJson,
	ratio,
	siteShare,
} from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { assumptionSet } from "./build-up.ts";
import { figureInput } from "./evidence.ts";
import { scenarioInput } from "./given.ts";
import { nodeId } from "./node-id.ts";
import type { FleetQuestion } from "./plan-fleet.ts";
import { fleetNodes } from "./plan-fleet.ts";
import { powerInput } from "./plan-room.ts";
import { hostSizeOf } from "./rates.ts";
import { throughputInput } from "./rows.ts";
import { courseOf } from "./simulate/course.ts";

export interface PlanFleet {
	/** The option, by its id. */
	readonly option: string;
	readonly hardware: string;
	readonly replicas: QuantityJson;
	readonly gpus: QuantityJson;
	/** What the GPUs are there for, as the fleet grows; they add up to `gpus`. */
	readonly parts: readonly { readonly part: FleetPart; readonly gpus: QuantityJson }[];
	/** Demand that its GPUs carry beyond the one asked, spare replicas kept; absent where utilisation is stated. */
	readonly headroom?: QuantityJson;
	/** Servers or racks that hold the GPUs; absent where the catalogue knows none. */
	readonly hosts?: QuantityJson;
	readonly host?: string;
	/** Provisioned; absent where the catalogue does not know the power of the part. */
	readonly it_power?: QuantityJson;
	/** PUE included: that of `limits`, else that of the catalogue's neocloud set. */
	readonly meter_power?: QuantityJson;
	/** Share of the site's power; present where it is limited. */
	readonly site_share?: QuantityJson;
	/** Utilisation in each hour of the day or week, highest first; absent where it is stated, or hours are handed back. */
	readonly load_duration?: { readonly unit: "fraction"; readonly utilization: readonly number[] };
}

export interface FleetOption {
	readonly point: BenchmarkPoint;
	readonly utilization: QuantityJson;
	/** Whether utilisation follows the course of the day. */
	readonly hasHours: boolean;
}

/** `ranked`: all options, the cheapest first. */
export function planFleets(
	catalogue: Catalogue,
	scenario: Scenario,
	question: FleetQuestion,
	ranked: readonly FleetOption[],
	asOf: string,
): { readonly fleets: readonly PlanFleet[]; readonly evaluation: Evaluation } {
	const seen = new Set<string>();
	const first = ranked.filter(({ point: { hardware } }) => !seen.has(hardware) && seen.add(hardware));
	const site = siteInputs(catalogue, scenario, asOf);
	const made = first.map((option) => ({ option, nodes: nodesOf(catalogue, question, site, option.point) }));
	const evaluation = evaluate(buildModel(made.flatMap(({ nodes }) => allOf(nodes))));
	const json = (expr: AnyExpr): QuantityJson => quantityJson(evaluation, nodeId(expr));
	const course = courseOf(scenario);
	const fleets = made.map(({ option, nodes: { replicas, gpus, parts, host, ...others } }): PlanFleet => {
		const { point, utilization, hasHours } = option;
		const known = Object.entries(others).filter((entry): entry is [string, AnyExpr] => entry[1] !== undefined);
		return {
			option: point.id,
			hardware: point.hardware,
			replicas: json(replicas),
			gpus: json(gpus),
			parts: parts.map(({ part, gpus: of }) => ({ part, gpus: json(of) })),
			...Object.fromEntries(known.map(([name, expr]) => [name, json(expr)])),
			...(host === undefined ? {} : { host }),
			...(hasHours && utilization.value !== undefined
				? { load_duration: { unit: "fraction", utilization: fallingHours(utilization.value, course) } }
				: {}),
		};
	});
	return { fleets, evaluation };
}

function fallingHours(mean: number, course: readonly number[]): number[] {
	return course.map((share) => mean * share).sort((a, b) => b - a);
}

type FleetNodes = ReturnType<typeof nodesOf>;

function nodesOf(catalogue: Catalogue, question: FleetQuestion, site: SiteInputs, point: BenchmarkPoint) {
	const prefix = `${point.id}.`;
	const { fleet } = fleetNodes(question, point, throughputInput(catalogue, point));
	const { gpus: parts, headroom } = fleet.parts();
	const { replicas, gpus } = fleet;
	const perGpu = powerInput(catalogue, point.hardware);
	const itPower = perGpu === undefined ? undefined : fleetItPower(prefix, gpus, perGpu);
	const meterPower = itPower === undefined ? undefined : fleetMeterPower(prefix, itPower, site.pue);
	const host = hostSizeOf(catalogue, point.hardware);
	const size =
		host === undefined
			? undefined
			: input(`host.${point.hardware}.size`, gpusPerHost, {
					...figureInput(catalogue, host.gpus, `GPUs of one ${host.name}`, 1, host.at),
					role: "condition",
				});
	return {
		replicas,
		gpus,
		parts,
		headroom,
		host: host?.name,
		hosts: size === undefined ? undefined : fleetHosts(prefix, gpus, size),
		it_power: itPower,
		meter_power: meterPower,
		site_share:
			meterPower === undefined || site.power === undefined ? undefined : siteShare(prefix, meterPower, site.power),
	};
}

function allOf({ replicas, gpus, parts, host: _, ...others }: FleetNodes): AnyExpr[] {
	const all = [replicas, gpus, ...parts.map((each) => each.gpus), ...Object.values(others)];
	return all.filter((expr) => expr !== undefined);
}

type SiteInputs = ReturnType<typeof siteInputs>;

const PUE_SET = "neocloud";

function siteInputs(catalogue: Catalogue, { limits }: Scenario, asOf: string) {
	const label = "PUE of the site";
	if (limits !== undefined) {
		const pue = scenarioInput("limits.pue", { ...limits.pue, unit: ratio }, { label, role: "condition", asOf });
		const { power } = limits;
		if (power === undefined) return { pue, power: undefined };
		const given = { label: "power of the site", role: "condition", asOf } as const;
		return { pue, power: scenarioInput("limits.power", { ...power, unit: megawatt }, given) };
	}
	const { pue: figure } = assumptionSet(catalogue, PUE_SET).figures;
	if (figure === undefined) throw new TypeError(`the set ${PUE_SET} of the catalogue lacks pue`);
	const at = `build-up/${PUE_SET}/pue`;
	const pue: Expr<Dimensionless> = input("site.pue", ratio, {
		...figureInput(catalogue, figure, `${label}, as of the catalogue's ${PUE_SET} set`, 1, at),
		role: "condition",
	});
	return { pue, power: undefined };
}
