/** Inputs of the open build-up: a named set of assumptions of the catalogue, with members of the scenario over it. */
import type { Catalogue, Figure } from "@farthing/catalogue";
import type { AnyExpr, BuildUpInputs, Dims, Expr, Unit } from "@farthing/engine";
import {
	divide,
	constant,
	fraction,
	input,
	kilowattPerGpu,
	parseUnit,
	usdPerGpu,
	usdPerGpuHour,
	usdPerGpuYear,
	usdPerKilowattHour,
	usdPerKilowattMonth,
	usdPerWatt,
	year,
} from "@farthing/engine";
import type { AnyQuantityInput, BuildUp } from "@farthing/scenario";
import type { Warning } from "./envelope.ts";
import { figureProvenance, staleGivenWarning, staleWarning } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { scenarioInput } from "./given.ts";

/** A named set of the catalogue's build-up assumptions. */
export type AssumptionSet = Catalogue["buildUps"][number];

/** Throws exit 3 for a set that is not there. */
export function assumptionSet(catalogue: Catalogue, name: string): AssumptionSet {
	const found = catalogue.buildUps.find(({ id }) => id === name);
	if (found !== undefined) return found;
	const names = catalogue.buildUps.map(({ id }) => id);
	throw new FarthingError(3, "unknown-assumptions", `no set of build-up assumptions "${name}" in the catalogue`, {
		expected: names.join(", "),
		nearest: names,
	});
}

export interface BuildUpContext {
	/** Prefix of the node ids. */
	readonly id: string;
	readonly asOf: string;
	/** Stale prices gather here. */
	readonly warnings: Warning[];
}

/** All inputs, or what is missing in words. */
export function buildUpInputs(
	catalogue: Catalogue,
	given: BuildUp,
	hardware: string,
	context: BuildUpContext,
): BuildUpInputs | { readonly missing: string } {
	const set = given.assumptions === undefined ? undefined : assumptionSet(catalogue, given.assumptions);
	const own = given.hardware[hardware] ?? {};
	const capital = set?.hardware[hardware];
	const figures = set?.figures;
	const reader = new MemberReader(catalogue, set?.id, context);
	const facility = facilityInputs(reader, given, set);
	const inputs = {
		capital: reader.read("capital", "all-in IT capital", usdPerGpu, own.capital, capital?.capital),
		life: reader.read("life", "economic life", year, given.life, figures?.life),
		costOfCapital: reader.perYear("cost_of_capital", "cost of capital", given.costOfCapital, figures?.costOfCapital),
		residual: reader.read("residual", "value left at the end of life", fraction, given.residual, figures?.residual),
		provisionedPower: reader.read("power", "provisioned IT power", kilowattPerGpu, own.power, capital?.power),
		powerLoad: reader.read("load", "average over provisioned power", fraction, given.load, figures?.load),
		pue: reader.read("pue", "PUE", fraction, given.pue, figures?.pue),
		energyPrice: reader.read(
			"energy_price",
			"price of energy",
			usdPerKilowattHour,
			given.energyPrice,
			figures?.energyPrice,
		),
		maintenance: reader.perYear(
			"maintenance",
			"maintenance, share of capital",
			given.maintenance,
			figures?.maintenance,
		),
		staff: reader.read("staff", "staff", usdPerGpuHour, given.staff, figures?.staff),
		software: reader.read("software", "software licences", usdPerGpuYear, given.software, figures?.software),
	};
	if (facility === undefined || reader.missing.length > 0) {
		return { missing: `the build-up of ${hardware} lacks ${reader.missing.join(", ")}` };
	}
	return { ...(inputs as Omit<BuildUpInputs, "facility">), facility };
}

/** Leased or owned, never both: what the scenario states stands in for the facility of the set as a whole. */
function facilityInputs(
	reader: MemberReader,
	{ facility: own }: BuildUp,
	set: AssumptionSet | undefined,
): BuildUpInputs["facility"] | undefined {
	const figures = own === undefined ? set?.figures : undefined;
	if (own?.kind === "leased" || figures?.rent !== undefined) {
		const stated = own?.kind === "leased" ? own.rent : undefined;
		const rent = reader.read("rent", "rent of space and power", usdPerKilowattMonth, stated, figures?.rent);
		return rent === undefined ? undefined : { kind: "leased", rent };
	}
	const buildCost = reader.read("build_cost", "cost to build", usdPerWatt, own?.buildCost, figures?.buildCost);
	const life = reader.read("facility_life", "life of the building", year, own?.life, figures?.facilityLife);
	const costOfCapital = reader.perYear(
		"facility_cost_of_capital",
		"cost of capital of the building",
		own?.costOfCapital,
		figures?.facilityCostOfCapital,
	);
	if (buildCost === undefined || life === undefined || costOfCapital === undefined) return undefined;
	return { kind: "owned", buildCost, life, costOfCapital };
}

class MemberReader {
	readonly missing: string[] = [];
	private readonly catalogue: Catalogue;
	private readonly set: string | undefined;
	private readonly context: BuildUpContext;

	constructor(catalogue: Catalogue, set: string | undefined, context: BuildUpContext) {
		this.catalogue = catalogue;
		this.set = set;
		this.context = context;
	}

	/** The scenario's own member, else the set's, else noted as missing. */
	read<D extends Dims>(
		name: string,
		label: string,
		unit: Unit<D>,
		given: AnyQuantityInput | undefined,
		figure: Figure | undefined,
	): Expr<D> | undefined {
		const id = `${this.context.id}.assumed.${name}`;
		const { asOf, warnings } = this.context;
		if (given !== undefined) {
			warnings.push(...staleGivenWarning(given, asOf));
			const shown = { ...given, unit } as AnyQuantityInput & { readonly unit: Unit<D> };
			return scenarioInput(id, shown, { label, role: "evidence", asOf });
		}
		if (figure === undefined) {
			this.missing.push(name);
			return undefined;
		}
		warnings.push(...staleWarning(figure, `build-up "${this.set}"`, asOf));
		const factor = figure.unit === "fraction" ? 1 : parseUnit(figure.unit).factor;
		const provenance = figureProvenance(this.catalogue, figure, `build-up/${this.set}/${name}`);
		return input(id, unit, { ...provenance, label, value: { kind: "point", value: figure.value * factor } });
	}

	/** A share per year. */
	perYear(
		name: string,
		label: string,
		given: AnyQuantityInput | undefined,
		figure: Figure | undefined,
	): BuildUpInputs["costOfCapital"] | undefined {
		const share: AnyExpr | undefined = this.read(name, `${label}, per year`, fraction, given, figure);
		if (share === undefined) return undefined;
		return divide(share as Expr<Record<never, never>>, constant(1, year)) as Expr<{ readonly s: -1 }>;
	}
}
