/** The machine a plan is built on: the measured deployment that is the cheapest at the mean demand of the years. */
import type { Catalogue } from "@farthing/catalogue";
import type { AtMonth, BenchmarkPoint, Expr, Generation, PowerPerGpu, SizingInputs } from "@farthing/engine";
import {
	buildModel,
	constant,
	define,
	divide,
	evaluate,
	gpu,
	headlineCost,
	input,
	kilowattPerGpu,
	one,
	pointsOf,
	scalarOf,
	sumOverMonths,
	tokensPerSecond,
	tokensPerDay,
} from "@farthing/engine";
import type { TokensPerSecond } from "@farthing/engine";
import type { Candidates, CandidateOptions } from "../plan-candidates.ts";
import { candidates } from "../plan-candidates.ts";
import { FarthingError } from "../farthing-error.ts";
import { figureInput } from "../evidence.ts";
import { hardwareNamed } from "../names.ts";
import { nodeId } from "../node-id.ts";
import type { FleetQuestion } from "../plan-fleet.ts";
import { fleetNodes, fleetQuestion } from "../plan-fleet.ts";
import { cheaperFirst } from "../plan-volumes.ts";
import type { RateBook } from "../rates.ts";
import { hostSizeOf } from "../rates.ts";
import { replicaInput, throughputInput } from "../rows.ts";
import type { Asked } from "./asked.ts";

export interface Machine {
	readonly point: BenchmarkPoint;
	readonly hardware: string;
	/** All that sizing needs; hosts whole, for machines that are owned. */
	readonly owned: Pick<Generation, "speed" | "replicaSize" | "sizing">;
	/** GPUs one by one, for machines that are rented. */
	readonly rented: Pick<Generation, "speed" | "replicaSize" | "sizing">;
	readonly host?: string;
}

export interface Machines {
	readonly found: Candidates;
	readonly question: FleetQuestion;
	/** The cheapest deployment on one hardware, or on any; undefined where none keeps the limits. */
	cheapest(hardware: string | undefined): Machine | undefined;
	/** The cheapest on one hardware in one of some number formats, whatever formats the scenario opens in. */
	inFormat(hardware: string, formats: readonly string[]): Machine | undefined;
}

/** Throws exit 3 for unknown names and missing data. */
export function machines(asked: Asked, rates: RateBook, demand: AtMonth, options: CandidateOptions): Machines {
	const { catalogue, scenario, asOf } = asked;
	const found = candidates(catalogue, scenario, rates, asOf, options);
	const question = fleetQuestion(catalogue, scenario, rates, asOf);
	const mean = meanDemand(asked, demand);
	const known = new Map<string, Machine | undefined>();
	return {
		found,
		question,
		cheapest(hardware) {
			const key = hardware ?? "any";
			if (!known.has(key)) known.set(key, cheapestOf(asked, found, question, mean, hardware));
			return known.get(key);
		},
		inFormat(hardware, formats) {
			const supply = { ...scenario.supply, precision: formats };
			const others = candidates(catalogue, { ...scenario, supply }, rates, asOf, options);
			const fitting = others.rows.filter(({ point }) => formats.includes(point.precision));
			return cheapestOf(asked, { ...others, rows: fitting }, question, mean, hardware);
		},
	};
}

/** Throws exit 3. */
export function requireMachine(asked: Asked, of: Machines): Machine {
	const name = asked.years.strategies.hardware;
	const hardware =
		name === undefined ? undefined : hardwareNamed(asked.catalogue, name, { field: "strategies.hardware" }).id;
	const machine = of.cheapest(hardware);
	if (machine !== undefined) return machine;
	const missed = Object.entries(of.found.missed).map(([limit, count]) => `${count} miss ${limit}`);
	throw new FarthingError(
		3,
		"nothing-fits",
		`none of ${of.found.considered} measured rows${asked.share === undefined ? "" : ` of ${of.found.model}`}${hardware === undefined ? "" : ` on ${hardware}`} can serve this`,
		{
			field: hardware === undefined ? "slo" : "strategies.hardware",
			expected: "a measured row that keeps every limit, with a rate for its hardware",
			hint: `loosen slo or supply${missed.length === 0 ? "" : ` (${missed.join(", ")})`}`,
			nearest: [...new Set(of.found.rows.map(({ point }) => point.hardware))],
		},
	);
}

function cheapestOf(
	asked: Asked,
	found: Candidates,
	question: FleetQuestion,
	mean: number,
	hardware: string | undefined,
): Machine | undefined {
	const { catalogue } = asked;
	const rows = found.rows.filter(({ point }) => hardware === undefined || point.hardware === hardware);
	if (rows.length === 0) return undefined;
	const unit = tokensPerDay("total");
	const demand = constant(mean / unit.factor, unit) as Expr<TokensPerSecond<"total">>;
	const options = rows.map(({ point }) => {
		const speed = throughputInput(catalogue, point);
		const { fleet, rate } = fleetNodes(question, point, speed, { demand });
		const headline = headlineCost(`${point.id}.unit_cost.headline.total`, "total", rate, speed);
		return { point, delivered: fleet.delivered, headline };
	});
	const evaluation = evaluate(buildModel(options.flatMap(({ delivered, headline }) => [delivered, headline])));
	const costs = options.map(({ point, delivered, headline }) => ({
		point,
		delivered: scalarOf(evaluation, nodeId(delivered)),
		headline: scalarOf(evaluation, nodeId(headline)),
	}));
	const [best] = costs.sort(cheaperFirst);
	return best === undefined ? undefined : machineOf(catalogue, best.point, question);
}

function machineOf(catalogue: Catalogue, point: BenchmarkPoint, { sizing }: FleetQuestion): Machine {
	const { hardware } = point;
	const host = hostSizeOf(catalogue, hardware);
	const common = { source: sizing.source, asOf: sizing.asOf, grade: "E", role: "condition" } as const;
	const flag = (id: string, label: string, value: number): Expr<Record<never, never>> =>
		input(id, one, { ...common, label, value: { kind: "point", value } });
	const { peakToMean, availability, wholeReplicas, spareReplicas } = sizing;
	const base = { peakToMean, availability, wholeReplicas, spareReplicas };
	const whole = sizing.wholeHosts !== false && host !== undefined;
	const hostSize =
		host === undefined
			? input(`machine.${hardware}.host_gpus`, gpu, {
					...common,
					label: "GPUs bought one by one",
					value: { kind: "point", value: 1 },
				})
			: input(`machine.${hardware}.host_gpus`, gpu, {
					...figureInput(catalogue, host.gpus, `GPUs of one ${host.name}`, 1, host.at),
					role: "condition",
				});
	const speed = throughputInput(catalogue, point);
	const replicaSize = replicaInput(catalogue, point);
	const owned: SizingInputs = {
		...base,
		wholeHosts: flag(`sizing.whole_hosts.${hardware}.owned`, "whole servers or racks (1: yes)", whole ? 1 : 0),
		hostSize,
	};
	const rented: SizingInputs = {
		...base,
		wholeHosts: flag(
			`sizing.whole_hosts.${hardware}.rented`,
			"whole servers or racks, rented (1: yes)",
			sizing.wholeHosts === true && host !== undefined ? 1 : 0,
		),
		hostSize,
	};
	return {
		point,
		hardware,
		owned: { speed, replicaSize, sizing: owned },
		rented: { speed, replicaSize, sizing: rented },
		...(host === undefined ? {} : { host: host.name }),
	};
}

/** Provisioned IT power of a GPU, from the catalogue. */
export function catalogPower(asked: Asked, hardware: string): Expr<PowerPerGpu> | undefined {
	const figure = asked.catalogue.hardware.find(({ id }) => id === hardware)?.figures.allInPower;
	if (figure === undefined) return undefined;
	return asked.fact(
		`power.${hardware}`,
		kilowattPerGpu,
		figure,
		`provisioned IT power of ${hardware}, its share of everything around it`,
		`hardware/${hardware}/allInPower`,
	);
}

function meanDemand({ calendar }: Asked, demand: AtMonth): number {
	const total = sumOverMonths(demand(calendar.month) as Expr<TokensPerSecond<"total">>);
	const mean = divide(total, constant(calendar.months + 1, one)) as Expr<TokensPerSecond<"total">>;
	const node = define("mean_demand", tokensPerSecond("total"), mean, { label: "mean demand over the years" });
	return scalarOf(evaluate(buildModel([node]), { months: pointsOf(calendar.months) }), "mean_demand");
}
