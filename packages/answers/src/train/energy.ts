/** Energy and carbon of a run: power of the part, average load, PUE, and the grid where it stands. */
import type { Catalogue, FacilityFact, Hardware, TrainingRun } from "@farthing/catalogue";
import { findId, fold } from "@farthing/catalogue";
import type { Dimensionless, Energy, Expr, GpuTime, Mass, PowerPerGpu } from "@farthing/engine";
import {
	formatQuantity,
	fraction,
	gramsPerKilowattHour,
	kilowattPerGpu,
	parseUnit,
	ratio,
	runCarbon,
	runEnergy,
} from "@farthing/engine";
import { assumptionSet } from "../build-up.ts";
import { FarthingError } from "../farthing-error.ts";
import type { TrainContext } from "./facts.ts";
import { claimedOf, figureOf } from "./facts.ts";
import type { TrainQuestion } from "./question.ts";

export interface Footprint {
	readonly energy?: Expr<Energy>;
	readonly carbon?: Expr<Mass>;
}

export function footprintOf(
	context: TrainContext,
	question: TrainQuestion,
	part: Hardware | undefined,
	gpuHours: Expr<GpuTime>,
	run: TrainingRun | undefined,
): Footprint {
	const grid = gridOf(context, question.region, run);
	const power = powerOf(context, question, part);
	if (power === undefined) {
		const reason = `the catalogue has no power of ${part?.id ?? "an unnamed part"}; --power gives it`;
		context.unknown["energy"] = reason;
		context.unknown["carbon"] = reason;
		return {};
	}
	const set = assumptionSet(context.catalogue, tierOf(question) === "own_hyperscaler" ? "hyperscaler" : "neocloud");
	const assumed = (name: "load" | "pue", flag: string, label: string): Expr<Dimensionless> => {
		const value = question[name];
		const shown = name === "pue" ? ratio : fraction;
		if (value !== undefined) return claimedOf(context, name, shown, value, label, flag);
		const figure = set.figures[name];
		if (figure === undefined) throw new TypeError(`the build-up set ${set.id} has no ${name}`);
		noteDefault(context, flag, figure.value, shown.symbol, `build-up set ${set.id}`);
		return figureOf(context, name, shown, figure, label, `build-up/${set.id}/${name}`, 1);
	};
	const load =
		question.power !== undefined && question.load === undefined
			? drawn(context)
			: assumed("load", "--load", "average over provisioned power");
	const energy = runEnergy("", { gpuHours, power, load, pue: assumed("pue", "--pue", "PUE") });
	return { energy, carbon: runCarbon("", energy, intensityOf(context, grid)) };
}

/** A power that somebody gives is taken as drawn on average. */
function drawn(context: TrainContext): Expr<Dimensionless> {
	const value = { kind: "point", value: 1 } as const;
	return claimedOf(context, "load", fraction, value, "average over stated power", "--power");
}

function powerOf(
	context: TrainContext,
	{ power }: TrainQuestion,
	part: Hardware | undefined,
): Expr<PowerPerGpu> | undefined {
	if (power !== undefined) return claimedOf(context, "power", kilowattPerGpu, power, "power per GPU", "--power");
	const figure = part?.figures.allInPower;
	if (part === undefined || figure === undefined) return undefined;
	noteDefault(context, "--power", figure.value, figure.unit, `${part.name}, with its share of host and network`);
	const label = "provisioned IT power per GPU, with its share of host and network";
	return figureOf(context, "power", kilowattPerGpu, figure, label, `hardware/${part.id}/allInPower`);
}

function intensityOf(
	context: TrainContext,
	{ fact, source }: Grid,
): ReturnType<typeof figureOf<typeof gramsPerKilowattHour.dims>> {
	const { id, name, figure } = fact;
	if (source !== undefined) noteDefault(context, "--region", figure.value, figure.unit, `${name}: ${source}`);
	return figureOf(context, "grid", gramsPerKilowattHour, figure, name, `facility/${id}`, parseUnit(figure.unit).factor);
}

interface Grid {
	readonly fact: FacilityFact;
	/** Why this one, where nobody asked for it. */
	readonly source?: string;
}

const FALLBACK = "carbon.usa";

function gridOf(context: TrainContext, region: string | undefined, run: TrainingRun | undefined): Grid {
	if (region !== undefined) return { fact: gridOfRegion(context.catalogue, region) };
	const country =
		run?.country === undefined ? undefined : gridWithId(context.catalogue, `carbon.${run.country.toLowerCase()}`);
	const fact = country ?? gridWithId(context.catalogue, FALLBACK);
	if (fact === undefined) throw new TypeError(`the catalogue has no ${FALLBACK}`);
	const source =
		country === undefined ? "nothing says where the run stands" : "country of the developer; the site is not published";
	context.warnings.push({
		code: "default-region",
		message: `carbon at the ${fact.name}: ${source}; --region says otherwise`,
	});
	return { fact, source };
}

function gridWithId(catalogue: Pick<Catalogue, "facility">, id: string): FacilityFact | undefined {
	return catalogue.facility.find((fact) => fact.id === id);
}

/** By id, with or without `carbon.`; by region code, `USA` or `us-east4`; or by name, `Northern Virginia`. */
export function gridOfRegion(catalogue: Pick<Catalogue, "facility">, name: string): FacilityFact {
	const grids = catalogue.facility.filter(({ kind }) => kind === "carbon");
	const spellings = ({ id, region, name: place }: FacilityFact): string[] => [
		id,
		id.replace(/^carbon\./, ""),
		region ?? "",
		(region ?? "").replace(/^[a-z]+:/, ""),
		place,
		place.replace(/^grid average, /, ""),
	];
	const found = grids.find((grid) => spellings(grid).some((each) => fold(each) === fold(name)));
	if (found !== undefined) return found;
	const codes = (facts: readonly FacilityFact[]): string[] =>
		facts.map(({ id, region }) => (region ?? id).replace(/^[a-z]+:/, ""));
	const places = grids.filter(({ name: place }) => name.length > 3 && fold(place).includes(fold(name)));
	const lookup = findId("region", codes(places.length > 0 ? places : grids), name);
	throw new FarthingError(3, "unknown-region", `no grid intensity of "${name.slice(0, 60)}" in the catalogue`, {
		field: "--region",
		expected: "a country (USA) or cloud region (us-east4)",
		hint: "farthing catalog list facility carbon",
		nearest: lookup.found ? [lookup.value] : lookup.nearest,
	});
}

function tierOf({ rate, fallbackRate }: TrainQuestion): string | undefined {
	const asked = rate ?? fallbackRate;
	return asked.kind === "book" ? asked.tier : undefined;
}

function noteDefault(context: TrainContext, path: string, value: number, unit: string, source: string): void {
	context.defaults.push({ path, value: formatQuantity(value, unit), source });
}
