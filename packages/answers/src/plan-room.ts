/** What a site has room for: power, hosts, GPUs. A fleet beyond it is infeasible, by so much; and what one within it serves. */
import type { Catalogue } from "@farthing/catalogue";
import type { Dimensionless, Expr, Gpus, Power, PowerPerGpu, QuantityJson } from "@farthing/engine";
import { centralValue, fleetPower, gpusWithin, input, kilowattPerGpu, megawatt, ratio } from "@farthing/engine";
import type { Room, Scenario } from "@farthing/scenario";
import { figureInput } from "./evidence.ts";
import { scenarioInput } from "./given.ts";
import { hostSizeOf } from "./rates.ts";

export type RoomVerdict =
	| { readonly fits: true }
	| { readonly fits: false; readonly code: string; readonly reason: string; readonly shortBy?: QuantityJson };

export interface RoomBook {
	readonly limits: Room;
	/** GPUs of a part that there is room for; undefined where that is not known. */
	mostGpus(hardware: string): number | undefined;
	verdictOn(hardware: string, gpus: number): RoomVerdict;
	/** Power of a fleet as a node; undefined where no power is limited. */
	powerOf(prefix: string, hardware: string, gpus: Expr<Gpus>): Expr<Power> | undefined;
}

/** None where the scenario states no limits. */
export function roomBook(catalogue: Catalogue, scenario: Scenario, asOf: string): RoomBook | undefined {
	const { limits } = scenario;
	if (limits === undefined) return undefined;
	const sides = (hardware: string): readonly Side[] => sidesOf(catalogue, limits, hardware);
	const pue = scenarioInput(
		"limits.pue",
		{ ...limits.pue, unit: ratio },
		{ label: "PUE of the site", role: "condition", asOf },
	) as Expr<Dimensionless>;
	return {
		limits,
		mostGpus(hardware) {
			const most = sides(hardware).map((side) => side.most);
			return most.includes(undefined) ? undefined : Math.min(...(most as number[]));
		},
		verdictOn(hardware, gpus) {
			for (const side of sides(hardware)) {
				if (side.most === undefined) return { fits: false, code: "power-unknown", reason: side.unknown };
				if (gpus <= side.most * (1 + FORGIVEN)) continue;
				const { need, there, unit } = side.of(gpus);
				const by = need - there;
				// A room of kilowatts is answered in them, and one host is no hosts.
				const isSmall = unit === megawatt.symbol && there < 1;
				const shown = (value: number): string =>
					isSmall
						? `${Number((value * 1000).toPrecision(3))} kW`
						: `${Number(value.toPrecision(3))} ${unit === "hosts" && value === 1 ? "host" : unit}`;
				const are = there === 1 && unit !== megawatt.symbol ? "there is" : "there are";
				return {
					fits: false,
					code: `over-${side.name}-limit`,
					reason: `its ${gpus} GPUs need ${shown(need)}${side.words}, ${shown(by)} more than the ${shown(there)} ${are}`,
					shortBy: { value: by, unit, grade: "B", as_of: asOf },
				};
			}
			return { fits: true };
		},
		powerOf(prefix, hardware, gpus) {
			if (limits.power === undefined) return undefined;
			const perGpu = powerInput(catalogue, hardware);
			return perGpu === undefined ? undefined : fleetPower(prefix, gpus, perGpu, pue);
		},
	};
}

const FORGIVEN = 1e-9;

interface Side {
	readonly name: "power" | "host" | "gpu";
	readonly most: number | undefined;
	readonly unknown: string;
	readonly words: string;
	readonly of: (gpus: number) => { readonly need: number; readonly there: number; readonly unit: string };
}

function sidesOf(catalogue: Catalogue, limits: Room, hardware: string): readonly Side[] {
	return [...powerSide(catalogue, limits, hardware), ...hostSide(catalogue, limits, hardware), ...gpuSide(limits)];
}

function powerSide(catalogue: Catalogue, { power, pue }: Room, hardware: string): Side[] {
	if (power === undefined) return [];
	const watts = centralValue(power.distribution);
	const over = centralValue(pue.distribution);
	const figure = powerFigure(catalogue, hardware);
	const perGpu = figure === undefined ? Number.NaN : figure.value * kilowattPerGpu.factor;
	return [
		{
			name: "power",
			most: figure === undefined ? undefined : gpusWithin(watts, perGpu, over),
			unknown: `the provisioned power of ${hardware} is not known, and the site's is limited`,
			words: " of power, PUE included",
			of: (gpus) => ({
				need: (gpus * perGpu * over) / megawatt.factor,
				there: watts / megawatt.factor,
				unit: megawatt.symbol,
			}),
		},
	];
}

function hostSide(catalogue: Catalogue, { hosts }: Room, hardware: string): Side[] {
	if (hosts === undefined) return [];
	const host = hostSizeOf(catalogue, hardware);
	return [
		{
			name: "host",
			most: host === undefined ? undefined : hosts * host.gpus.value,
			unknown: `no server or rack of ${hardware} in the catalogue, and hosts are limited`,
			words: host === undefined ? "" : ` of ${host.name}`,
			of: (gpus) => ({ need: Math.ceil(gpus / (host?.gpus.value ?? 1)), there: hosts, unit: "hosts" }),
		},
	];
}

function gpuSide({ gpus: there }: Room): Side[] {
	if (there === undefined) return [];
	return [
		{
			name: "gpu",
			most: there,
			unknown: "",
			words: "",
			of: (gpus) => ({ need: gpus, there, unit: "GPU" }),
		},
	];
}

function powerFigure(catalogue: Catalogue, hardware: string) {
	return catalogue.hardware.find(({ id }) => id === hardware)?.figures.allInPower;
}

/** Undefined where the catalogue does not know it. */
export function powerInput(catalogue: Catalogue, hardware: string): Expr<PowerPerGpu> | undefined {
	const figure = powerFigure(catalogue, hardware);
	if (figure === undefined) return undefined;
	const label = `provisioned IT power of ${hardware}, its share of everything around it`;
	const at = `hardware/${hardware}/allInPower`;
	return input(`site_power.${hardware}`, kilowattPerGpu, {
		...figureInput(catalogue, figure, label, kilowattPerGpu.factor, at),
		role: "condition",
	});
}
