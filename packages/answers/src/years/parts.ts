/** The models that share the demand of the years, each with its own lengths, limits, machine and software. */
import type { AnyExpr } from "@farthing/engine";
import { fraction, plus, times } from "@farthing/engine";
import type { FiveYears, ModelPlan, Scenario } from "@farthing/scenario";
import { FarthingError } from "../farthing-error.ts";
import { modelNamed } from "../names.ts";
import type { CandidateOptions } from "../plan-candidates.ts";
import type { RateBook } from "../rates.ts";
import type { Asked, Plain } from "./asked.ts";
import { demandOf } from "./asked.ts";
import { machines, requireMachine } from "./machine.ts";
import { softwareOf } from "./software.ts";
import type { Part } from "./strategies.ts";
import { outputShareOf } from "./strategies.ts";

export interface Parts {
	/** As asked of all together. */
	readonly asked: Asked;
	readonly parts: readonly [Part, ...Part[]];
}

/** Throws exit 3 for unknown models and where nothing fits, exit 2 where prices of one hardware meet several. */
export function partsOf(asked: Asked, rates: RateBook, scale: Plain, options: CandidateOptions): Parts {
	const plans = asked.years.models ?? [];
	const part = (of: Asked, name?: string): Part => {
		const all = machines(of, rates, demandOf(of, scale), options);
		const machine = requireMachine(of, all);
		return {
			...(name === undefined ? {} : { name }),
			asked: of,
			machine,
			machines: all,
			software: softwareOf(of, machine, all),
		};
	};
	if (plans.length === 0) return { asked, parts: [part(asked)] };
	const each = plans.map((plan, i) => ({ plan, asked: askedOfModel(asked, plan, i) }));
	requireMember(asked, each);
	const shares = each.map(({ asked: of }) => times(of.share as Plain, outputShareOf(of)));
	const parts = each.map(({ plan, asked: of }) => part(of, plan.name)) as [Part, ...Part[]];
	requireOneHardware(asked, parts);
	return { asked: { ...asked, outputShare: plus(...(shares as AnyExpr[])) as Plain }, parts };
}

function askedOfModel(asked: Asked, plan: ModelPlan, i: number): Asked {
	const { catalogue, scenario } = asked;
	const model = modelNamed(catalogue, plan.model, placeOf(scenario, `models[${i}].model`)).id;
	const workload = plan.workload ?? scenario.workload;
	return {
		...asked,
		scenario: { ...scenario, model, workload, slo: plan.slo ?? scenario.slo },
		within: (id) => `models.${plan.name}.${id}`,
		share: asked.given(`models.${plan.name}.share`, fraction, plan.share, `share of all tokens that ${plan.name} has`),
	};
}

/** What one day is asked about is one of the models of the years. */
function requireMember(asked: Asked, each: readonly { readonly asked: Asked }[]): void {
	const { catalogue, scenario } = asked;
	const place = placeOf(scenario, "model");
	const { id } = modelNamed(catalogue, scenario.model, place);
	if (each.some((one) => one.asked.scenario.model === id)) return;
	throw new FarthingError(2, "contradiction", `model is ${id}, which is none of models`, {
		...place,
		expected: "one of models: questions about one day are asked of it",
		hint: `write model: ${each[0]?.asked.scenario.model}`,
	});
}

/** A price per GPU is one of one hardware. */
function requireOneHardware({ years, scenario }: Asked, parts: readonly Part[]): void {
	const names = [...new Set(parts.map(({ machine }) => machine.hardware))];
	const field = pricedPerGpu(years);
	if (names.length === 1 || field === undefined) return;
	throw new FarthingError(
		2,
		"contradiction",
		`${field} is a price of one hardware, and the models take ${names.join(" and ")}`,
		{
			...placeOf(scenario, field),
			expected: "one hardware for all models, or prices by hardware",
			hint: `add hardware: ${names[0]} under strategies, or leave ${field} to the catalogue`,
		},
	);
}

function pricedPerGpu({ strategies: { own, rent } }: FiveYears): string | undefined {
	const given: readonly (readonly [string, unknown])[] = [
		["strategies.own.capital", own?.capital],
		["strategies.own.power", own?.power],
		["strategies.rent.on_demand", rent?.onDemand],
		["strategies.rent.reserved", rent?.reserved],
		["strategies.rent.spot", rent?.spot],
	];
	return given.find(([, value]) => value !== undefined)?.[0];
}

function placeOf(
	{ origins }: Scenario,
	field: string,
): { field: string; file?: string; line?: number; column?: number } {
	const origin = origins[field];
	return {
		field,
		...(origin?.kind === "file" ? { file: origin.file, line: origin.line, column: origin.column } : {}),
	};
}
