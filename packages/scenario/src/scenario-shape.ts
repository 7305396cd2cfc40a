import {
	fraction,
	gpu,
	interactivity,
	kilowatt,
	kilowattHour,
	megawatt,
	month,
	per,
	ratio,
	request,
	second,
	token,
	tokensPerDay,
	type Unit,
	usd,
	usdPerGpuHour,
	watt,
	year,
} from "@farthing/engine";
import { withYears } from "./five-years-reading.ts";
import { demandMembers, fiveYearsMembers } from "./five-years-shape.ts";
import { correlations } from "./correlations.ts";
import { policies } from "./policy.ts";
import { given, quantityOf } from "./quantity-shape.ts";
import type {
	BuildUp,
	Cost,
	Facility,
	PowerPerGpu,
	Rates,
	Room,
	Scenario,
	TokensPerRequest,
	UsdPerEnergy,
	UsdPerGpu,
	UsdPerPower,
} from "./scenario.ts";
import { defaulted, optional, record, required, section, sectionOfDefaults } from "./section.ts";
import {
	checked,
	choice,
	date,
	flag,
	id,
	listed,
	mapped,
	oneOf,
	type Shape,
	text,
	unless,
	version,
	wholeNumber,
} from "./shape.ts";
import { withCourse } from "./traffic-course.ts";
import { trafficShape } from "./traffic-shape.ts";

/** What {@link Scenario} says besides what the reading itself knows. */
export type ScenarioContent = Omit<Scenario, "origins" | "defaults" | "document">;

const EXAMPLE_CHAT = "the chat service of the worked example (8,192 in, 1,024 out); set your own";

const usdPerGpu: Unit<UsdPerGpu> = per(usd, gpu) as Unit<UsdPerGpu>;
const usdPerGpuYear = per(usdPerGpu, year) as unknown as typeof usdPerGpuHour;
const kilowattPerGpu = per(kilowatt, gpu) as Unit<PowerPerGpu>;
const usdPerWatt = per(usd, watt) as unknown as Unit<UsdPerPower>;
const usdPerKwh = per(usd, kilowattHour) as Unit<UsdPerEnergy>;
const usdPerKwMonth = per(per(usd, kilowatt), month) as unknown as Unit<UsdPerEnergy>;
const inputPerRequest = per(token("input"), request) as Unit<TokensPerRequest<"input">>;
const outputPerRequest = per(token("output"), request) as Unit<TokensPerRequest<"output">>;

const share = { fraction: true } as const;
const notNegative = { bounds: { min: 0 } } as const;
const positive = { bounds: { above: 0 } } as const;

const length = (description: string, example: string) =>
	({
		description,
		example,
		bareUnit: description.startsWith("Input") ? inputPerRequest : outputPerRequest,
		impliedPer: request,
		range: false,
		whole: true,
		bounds: { min: 1, max: 1e8 },
	}) as const;

const workload = section(
	{
		input: required(quantityOf(inputPerRequest, length("Input tokens per request, k = 1000.", "8192"))),
		output: required(quantityOf(outputPerRequest, length("Output tokens per request, k = 1000.", "1024"))),
	},
	{ description: "Nominal tokens per request: what benchmarks call ISL and OSL" },
);

const demand = section(
	{
		tokens_per_day: required(
			quantityOf(tokensPerDay("total"), {
				description: "Input plus output tokens per day.",
				example: "5B",
				bareUnit: tokensPerDay("total"),
				bounds: { above: 0, max: 1e18 },
			}),
		),
		peak_to_mean: defaulted(
			quantityOf(ratio, {
				description: "Busiest hour over mean hour.",
				example: "2.0",
				// one hour with all the requests of a day has 24 times its mean
				bounds: { min: 1, max: 24 },
			}),
			2,
			"day and night traffic of one region peaks at about twice its mean; an assumption, grade E",
		),
		...demandMembers,
	},
	{ description: "What is asked of the service" },
);

const slo = section(
	{
		tokens_per_s_per_user: defaulted(
			unless(
				"any",
				quantityOf(interactivity, {
					description: "Output tokens a second that a user sees, at least; any for no limit.",
					example: "50",
					bareUnit: interactivity,
					bounds: { above: 0, max: 1e6 },
					range: false,
				}),
			),
			50,
			`reading speed several times over: ${EXAMPLE_CHAT}`,
		),
		ttft: defaulted(
			unless(
				"any",
				quantityOf(second, {
					description: "Time to first token, at most; any for no limit.",
					example: "5 s",
					bounds: { above: 0, max: 86_400 },
					range: false,
				}),
			),
			"5 s",
			`a limit that keeps unusable points out: ${EXAMPLE_CHAT}`,
		),
		ttft_statistic: defaulted(
			oneOf("Which TTFT of a row is held against the limit", ["median", "p90", "p99", "mean"]),
			"median",
			"the statistic most benchmark rows publish",
		),
		ttft_unknown: defaulted(
			oneOf("A row without TTFT: leave it unranked, or rank it with a warning", ["exclude", "accept"]),
			"exclude",
			"a row that may break the limit is not ranked in silence",
		),
	},
	{ description: "Limits every answer keeps" },
);

const ALL = "nothing is left out unless you say so";

const supply = section(
	{
		hardware: defaulted(choice("Hardware to consider, by catalogue id or alias", id("Hardware", "b200")), "any", ALL),
		precision: defaulted(choice("Number formats; fp4 means nvfp4 and mxfp4", id("Number format", "fp8")), "any", ALL),
		stack: defaulted(choice("Serving stacks", id("Serving stack", "sglang")), "any", ALL),
		speculative: defaulted(choice("Speculative methods", id("Speculative method", "mtp")), "any", ALL),
		disaggregated: defaulted(
			flag("Prefill and decode on machines of their own: only such, none such, or any", "any"),
			"any",
			ALL,
		),
	},
	{ description: "Candidates" },
);

const rates = record(
	"USD per GPU-hour by hardware id or alias; beside a card they stand in for its rates",
	"hardware",
	quantityOf(usdPerGpuHour, {
		description: "Price of one GPU for one hour.",
		example: "1.85 to 2.60 USD/GPU-hr",
		valueName: "rate",
		...positive,
	}),
);

const life = (description: string, example: string) =>
	quantityOf(year, { description, example, bounds: { above: 0, max: 100 } });
const costOfCapital = quantityOf(fraction, {
	description: "Cost of capital, a year.",
	example: "7%",
	...share,
	bounds: { min: 0, below: 1 },
});

const facility: Shape<Facility> = mapped(
	section(
		{
			owned: optional(
				section(
					{
						build_cost: required(
							quantityOf(usdPerWatt, {
								description: "Cost of the shell per watt of provisioned IT power.",
								example: "11.5 USD/W",
								...notNegative,
							}),
						),
						life: required(life("Years over which the shell is paid for.", "15 years")),
						cost_of_capital: required(costOfCapital),
					},
					{ description: "A shell of one's own" },
				),
			),
			leased: optional(
				section(
					{
						rent: required(
							quantityOf(usdPerKwMonth, {
								description: "Rent per kW of provisioned IT power and month, energy not included.",
								example: "130 USD/kW/month",
								...notNegative,
							}),
						),
					},
					{ description: "Leased capacity" },
				),
			),
		},
		{ description: "Where the machines stand: owned or leased, never both", justOne: { of: ["owned", "leased"] } },
	),
	({ owned, leased }): Facility =>
		owned !== undefined
			? { kind: "owned", buildCost: owned.build_cost, life: owned.life, costOfCapital: owned.cost_of_capital }
			: { kind: "leased", rent: (leased as NonNullable<typeof leased>).rent },
);

const buildUpHardware = record(
	"Capital and power by hardware id or alias",
	"hardware",
	mapped(
		section(
			{
				capital: optional(
					quantityOf(usdPerGpu, {
						description: "All-in IT capital per GPU: server, network, storage, installation, spares.",
						example: "51.4k USD/GPU",
						...positive,
					}),
				),
				power: optional(
					quantityOf(kilowattPerGpu, {
						description: "Provisioned IT power per GPU.",
						example: "1.87 kW/GPU",
						...positive,
					}),
				),
			},
			{ description: "One GPU with its share of everything around it", some: true },
		),
		({ capital, power }) => ({ ...given("capital", capital), ...given("power", power) }),
	),
);

/** Members that must be there where no set of assumptions stands behind them, by their name in the file. */
const BUILD_UP_ALL = [
	"life",
	"cost_of_capital",
	"residual",
	"maintenance",
	"facility",
	"pue",
	"energy_price",
	"load",
	"staff",
	"software",
	"hardware",
] as const;

const buildUpSection = section(
	{
		assumptions: optional(id("A set of the catalogue; the other members stand in for its own", "hyperscaler")),
		life: optional(life("Economic life of the IT capital.", "4 years")),
		cost_of_capital: optional(costOfCapital),
		residual: optional(
			quantityOf(fraction, {
				description: "Share of the capital left at the end of its life.",
				example: "10%",
				...share,
				bounds: { min: 0, below: 1 },
			}),
		),
		maintenance: optional(
			quantityOf(fraction, {
				description: "Share of the capital a year.",
				example: "1.5%",
				...share,
				bounds: { min: 0, max: 1 },
			}),
		),
		facility: optional(facility),
		pue: optional(
			quantityOf(ratio, {
				description: "Facility energy over IT energy.",
				example: "1.15",
				bounds: { min: 1, max: 5 },
			}),
		),
		energy_price: optional(
			quantityOf(usdPerKwh, { description: "Price of energy.", example: "0.07 USD/kWh", ...notNegative }),
		),
		load: optional(
			quantityOf(fraction, {
				description: "Average over provisioned IT power.",
				example: "80%",
				...share,
				bounds: { above: 0, max: 1 },
			}),
		),
		staff: optional(
			quantityOf(usdPerGpuHour, { description: "People, per GPU-hour.", example: "0.03 USD/GPU-hr", ...notNegative }),
		),
		software: optional(
			quantityOf(usdPerGpuYear, {
				description: "Licences, per GPU and year.",
				example: "4500 USD/GPU/year",
				...notNegative,
			}),
		),
		hardware: optional(buildUpHardware),
	},
	{ description: "Cost of a GPU-hour built up openly" },
);

const buildUp = mapped(
	checked(
		buildUpSection,
		(tree, path, reading) => {
			if (tree.kind !== "map" || tree.entries.has("assumptions")) return undefined;
			const missing = BUILD_UP_ALL.filter((name) => !tree.entries.has(name));
			if (missing.length === 0) return undefined;
			return reading.report("missing-field", `${path} lacks ${listed(missing, "and")}`, path, tree.origin, {
				expected: "a named set of assumptions, or every member",
				hint: "add assumptions: hyperscaler, or the missing members",
			});
		},
		{ anyOf: [{ required: ["assumptions"] }, { required: BUILD_UP_ALL }] },
	),
	(read): BuildUp => ({
		...given("assumptions", read.assumptions),
		...given("life", read.life),
		...given("costOfCapital", read.cost_of_capital),
		...given("residual", read.residual),
		...given("maintenance", read.maintenance),
		...given("facility", read.facility),
		...given("pue", read.pue),
		...given("energyPrice", read.energy_price),
		...given("load", read.load),
		...given("staff", read.staff),
		...given("software", read.software),
		hardware: read.hardware ?? {},
	}),
);

const cost = mapped(
	section(
		{
			card: optional(
				section(
					{
						id: required(id("A rate card of the catalogue", "2026-07")),
						tier: required(id("A tier of that card", "own_neocloud")),
					},
					{ description: "A rate card of the catalogue" },
				),
			),
			rates: optional(rates),
			build_up: optional(buildUp),
		},
		{
			description: "Cost of a GPU-hour: a rate card (with rates of your own beside it), rates alone, or a build-up",
			justOne: { of: ["card", "rates", "build_up"], beside: [["card", "rates"]] },
		},
	),
	(read): Cost => {
		if (read.build_up !== undefined) return { kind: "build-up", buildUp: read.build_up };
		if (read.card !== undefined) return { kind: "card", card: read.card, rates: read.rates ?? {} };
		return { kind: "rates", rates: read.rates as Rates };
	},
);

const redundancy = section(
	{
		whole_replicas: defaulted(flag("Replicas come in whole numbers"), true, "a fraction of a deployment serves nobody"),
		spare_replicas: defaulted(
			wholeNumber("Replicas beyond what the peak needs", 0, 1000),
			1,
			"N+1: one replica may fail or be replaced at the peak",
		),
		whole_hosts: defaulted(
			flag("Hosts or racks come in whole numbers; owned: where the machines are owned", "owned"),
			"owned",
			"who owns a host or rack pays for all of it; rent is by the GPU",
		),
		availability: defaulted(
			quantityOf(fraction, {
				description: "Share of the time a GPU serves.",
				example: "99.9%",
				...share,
				bounds: { above: 0, max: 1 },
			}),
			"100%",
			"none given: failures are left out of the cost",
		),
	},
	{ description: "What is bought beyond the mean load" },
);

const ROOM_SIDES = ["power", "hosts", "gpus"] as const;

const limits = mapped(
	checked(
		section(
			{
				power: optional(
					quantityOf(megawatt, {
						description: "What the site can draw for this fleet, PUE included.",
						example: "2 MW",
						bounds: { above: 0 },
						range: false,
					}),
				),
				pue: defaulted(
					quantityOf(ratio, {
						description: "Facility energy over IT energy.",
						example: "1.15",
						bounds: { min: 1, max: 5 },
						range: false,
					}),
					1.25,
					"leased halls, as in the neocloud set of the catalogue",
				),
				hosts: optional(wholeNumber("Servers or racks at most", 1, 1_000_000)),
				gpus: optional(wholeNumber("GPUs at most", 1, 10_000_000)),
			},
			{ description: "What there is room for: a fleet beyond it cannot be built" },
		),
		(tree, path, reading) => {
			if (tree.kind !== "map" || ROOM_SIDES.some((name) => tree.entries.has(name))) return undefined;
			return reading.report("missing-field", `${path} limits nothing`, path, tree.origin, {
				expected: listed(ROOM_SIDES, "or"),
				hint: "add power: 2 MW, or leave limits out",
			});
		},
		{ anyOf: ROOM_SIDES.map((name) => ({ required: [name] })) },
	),
	(read): Room => ({
		...given("power", read.power),
		pue: read.pue,
		...given("hosts", read.hosts),
		...given("gpus", read.gpus),
	}),
);

const anyCourse: Shape<ScenarioContent> = withYears(
	section(
		{
			version: required(version(1)),
			name: required(text("Name of the scenario")),
			extends: optional(text("A scenario file that this one overlays, relative to it")),
			owner: optional(text("Who answers for the scenario")),
			currency: defaulted(oneOf("Currency of every amount", ["USD"]), "USD", "the currency of the catalogue's prices"),
			model: required(id("Model by catalogue id or alias", "deepseek-r1")),
			workload: required(workload),
			demand: required(demand),
			slo: sectionOfDefaults(slo),
			supply: sectionOfDefaults(supply),
			cost: required(cost),
			redundancy: sectionOfDefaults(redundancy),
			traffic: optional(trafficShape),
			limits: optional(limits),
			utilisation: optional(
				quantityOf(fraction, {
					description: "Stands in for the utilisation derived from demand; results say so.",
					example: "60%",
					...share,
					bounds: { above: 0, max: 1 },
				}),
			),
			as_of: optional(date("Day at which the ages of facts are counted")),
			...fiveYearsMembers({ facility, workload, slo: mapped(slo, serviceLevelOf) }),
			policies: optional(policies),
			correlations: optional(correlations),
		},
		{ description: "A farthing scenario: what is served, under which limits, on what, at what cost" },
	),
	(read): ScenarioContent => ({
		version: 1,
		name: read.name,
		...given("owner", read.owner),
		currency: read.currency,
		model: read.model,
		workload: read.workload,
		demand: { tokensPerDay: read.demand.tokens_per_day, peakToMean: read.demand.peak_to_mean },
		slo: serviceLevelOf(read.slo),
		supply: read.supply,
		cost: read.cost,
		redundancy: {
			wholeReplicas: read.redundancy.whole_replicas,
			spareReplicas: read.redundancy.spare_replicas,
			wholeHosts: read.redundancy.whole_hosts,
			availability: read.redundancy.availability,
		},
		...given("traffic", read.traffic),
		...given("limits", read.limits),
		...given("models", read.models),
		...given("utilisation", read.utilisation),
		...given("asOf", read.as_of),
		...given("policies", read.policies),
		...given("correlations", read.correlations),
	}),
);

/** The scenario file, version 1. */
export const scenarioShape: Shape<ScenarioContent> = withCourse(anyCourse);

function serviceLevelOf(read: {
	readonly tokens_per_s_per_user: Scenario["slo"]["tokensPerSecondPerUser"] | "any";
	readonly ttft: Scenario["slo"]["ttft"] | "any";
	readonly ttft_statistic: Scenario["slo"]["ttftStatistic"];
	readonly ttft_unknown: Scenario["slo"]["ttftUnknown"];
}): Scenario["slo"] {
	return {
		...given("tokensPerSecondPerUser", limit(read.tokens_per_s_per_user)),
		...given("ttft", limit(read.ttft)),
		ttftStatistic: read.ttft_statistic,
		ttftUnknown: read.ttft_unknown,
	};
}

function limit<T>(read: T | "any"): T | undefined {
	return read === "any" ? undefined : (read as T);
}
