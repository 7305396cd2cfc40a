/** The members of a scenario file about years of money. */
import {
	byte,
	fraction,
	gigabyte,
	gpu,
	kilowatt,
	kilowattHour,
	megawatt,
	month,
	per,
	ratio,
	second,
	token,
	tokensPerDay,
	type Unit,
	usd,
	usdPerGpuHour,
	usdPerMtok,
	year,
} from "@farthing/engine";
import { COMMITTED_ITEMS, type ModelPlan, SOFTWARE_METHODS } from "./five-years.ts";
import type { MonthMark, RawDemand, RawYears } from "./five-years-raw.ts";
import { given, quantityOf } from "./quantity-shape.ts";
import { FAILED } from "./reading.ts";
import type {
	Facility,
	PowerPerGpu,
	QuantityInput,
	ServiceLevel,
	UsdPerEnergy,
	UsdPerGpu,
	Workload,
} from "./scenario.ts";
import { defaulted, type Member, optional, required, section } from "./section.ts";
import {
	asScalar,
	date,
	flag,
	id,
	listOf,
	mapped,
	nameOf,
	oneOf,
	type Shape,
	text,
	wholeNumber,
	wordsOf,
} from "./shape.ts";
import { quote } from "./yaml-tree.ts";

const usdPerGpu: Unit<UsdPerGpu> = per(usd, gpu) as Unit<UsdPerGpu>;
const usdPerGpuYear = per(usdPerGpu, year) as unknown as typeof usdPerGpuHour;
const usdPerYear = per(usd, year) as unknown as Unit<{ readonly USD: 1; readonly s: -1 }>;
const usdPerGigabyte = per(usd, gigabyte) as unknown as Unit<{ readonly USD: 1; readonly B: -1 }>;
const bytesPerToken = per(byte, token("total")) as unknown as Unit<{ readonly B: 1; readonly "tok:total": -1 }>;
const kilowattPerGpu = per(kilowatt, gpu) as Unit<PowerPerGpu>;
const usdPerKwh = per(usd, kilowattHour) as Unit<UsdPerEnergy>;

const share = (description: string, example: string) =>
	quantityOf(fraction, { description, example, fraction: true, bounds: { min: 0, max: 1 } });

/** A length of time in whole months. */
function months(description: string, example: string, min: number, max: number): Shape<number> {
	const quantity = quantityOf(month, { description, example, range: false, bounds: { above: 0, max } });
	return {
		...quantity,
		read: (tree, path, reading) => {
			const read = quantity.read(tree, path, reading);
			if (read === FAILED) return FAILED;
			const count = read.distribution.kind === "point" ? read.distribution.value / month.factor : Number.NaN;
			const whole = Math.round(count);
			if (Math.abs(count - whole) < 1e-6 && whole >= min) return whole;
			return reading.report(
				"out-of-bounds",
				`${nameOf(path)} is not a whole number of months from ${min}`,
				path,
				tree.origin,
				{
					expected: `whole months, such as ${example}`,
					hint: `write ${example}`,
				},
			);
		},
	};
}

function monthMark(description: string): Shape<MonthMark> {
	const expected = "the number of a month from 1, or a date such as 2027-07";
	return {
		schema: {
			description,
			anyOf: [
				{ type: "integer", minimum: 1, maximum: 600 },
				{ type: "string", pattern: "^[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?$", examples: ["2027-07"] },
			],
		},
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			if (
				typeof scalar.value === "number" &&
				Number.isInteger(scalar.value) &&
				scalar.value >= 1 &&
				scalar.value <= 600
			) {
				return { month: scalar.value };
			}
			const written = wordsOf(scalar);
			if (/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/.test(written)) return { date: written };
			return reading.report("wrong-type", `${quote(scalar.text)} is no month of the plan`, path, tree.origin, {
				expected,
				hint: "write 7 for the seventh month, or 2027-07",
			});
		},
	};
}

const growth = quantityOf(fraction, {
	description: "Growth a month, compounded.",
	example: "3% to 9%",
	bounds: { above: -1, max: 1 },
});

/** Members of `demand:` that make it a path. */
export const demandMembers: MembersOf<RawDemand> = {
	growth: optional(growth),
	path: optional(
		listOf(
			section(
				{
					at: required(monthMark("First month of the level")),
					tokens_per_day: required(
						quantityOf(tokensPerDay("total"), {
							description: "Input plus output tokens per day, from that month on.",
							example: "5B",
							bareUnit: tokensPerDay("total"),
							bounds: { above: 0, max: 1e18 },
						}),
					),
					growth: optional(growth),
					note: optional(text("What happens then")),
				},
				{ description: "A level of demand that holds until the next" },
			),
		),
	),
};

const declinePerYear = (description: string) =>
	quantityOf(fraction, { description, example: "20%", fraction: true, bounds: { min: 0, below: 1 } });

const regimes = listOf(
	section(
		{
			at: required(monthMark("First month of the regime")),
			decline: optional(declinePerYear("Fall a year while it holds.")),
			rise: optional(
				quantityOf(fraction, {
					description: "Rise a year while it holds.",
					example: "10%",
					bounds: { min: 0, max: 10 },
				}),
			),
			jump: optional(
				quantityOf(ratio, {
					description: "Price over that before, at once.",
					example: "1.38",
					bounds: { above: 0, max: 100 },
				}),
			),
		},
		{ description: "A regime of prices, until the next" },
	),
);

/** A price over the years: one decline, or regimes. */
const pathMembers = {
	price_decline: optional(declinePerYear("Fall of the price a year, for all years.")),
	price_path: optional(regimes),
};

const tokenPrice = {
	input: required(
		quantityOf(usdPerMtok("input"), { description: "Per input token.", example: "0.55 USD/Mtok", bounds: { min: 0 } }),
	),
	cached_input: optional(
		quantityOf(usdPerMtok("cached_input"), {
			description: "Per cached input token.",
			example: "0.14 USD/Mtok",
			bounds: { min: 0 },
		}),
	),
	output: required(
		quantityOf(usdPerMtok("output"), {
			description: "Per output token.",
			example: "2.19 USD/Mtok",
			bounds: { min: 0 },
		}),
	),
};

const finance = section(
	{
		discount_rate: required(
			quantityOf(fraction, {
				description: "Cost of capital a year, at which cash is discounted.",
				example: "11%",
				fraction: true,
				bounds: { min: 0, below: 1 },
			}),
		),
		tax: optional(share("Tax on profit; losses are carried forward.", "24%")),
		book_life: defaulted(
			months("Months or years over which machines are written off in a straight line.", "5 years", 1, 600),
			"5 years",
			"between the five and six years of the large owners' filings",
		),
		debt: optional(
			section(
				{
					share: required(
						quantityOf(fraction, {
							description: "Share of capital that is borrowed.",
							example: "60%",
							bounds: { min: 0, max: 100 },
						}),
					),
					interest: required(
						quantityOf(fraction, {
							description: "Interest a year.",
							example: "10%",
							fraction: true,
							bounds: { min: 0, below: 1 },
						}),
					),
					term: required(months("Repaid in level payments over", "4 years", 1, 600)),
				},
				{ description: "A loan on each purchase" },
			),
		),
	},
	{ description: "How cash is counted and where it comes from" },
);

const residualPoint = section(
	{
		age: required(months("Age of the machine", "3 years", 1, 600)),
		share: required(share("What it is then worth, as a share of what it cost.", "30%")),
	},
	{ description: "One point of the path of resale values" },
);

const own = section(
	{
		assumptions: optional(id("A set of the catalogue, for what is left out here and under facility", "neocloud")),
		capital: optional(
			section(
				{
					server: required(perGpu("Server or rack, per GPU.", "43k USD/GPU")),
					network: optional(perGpu("Scale-out network, per GPU.", "9k USD/GPU")),
					storage: optional(perGpu("Storage, per GPU.", "1k USD/GPU")),
					install: optional(perGpu("Installation, per GPU.", "1k USD/GPU")),
				},
				{ description: "What machines cost, per GPU" },
			),
		),
		buy: defaulted(flag("Buy machines; false: only what is there already"), true, "a plan to own is a plan to buy"),
		power: optional(
			quantityOf(kilowattPerGpu, {
				description: "Provisioned IT power per GPU.",
				example: "1.87 kW/GPU",
				bounds: { above: 0 },
			}),
		),
		life: defaulted(
			months("How long a machine serves.", "5 years", 1, 600),
			"5 years",
			"upper end of the three to five years of economic life",
		),
		lead_time: optional(months("From order to delivery.", "4 months", 1, 60)),
		deposit: optional(share("Share paid with the order.", "25%")),
		residual: optional(share("Share of the cost left at the end of its life.", "10%")),
		residual_path: optional(listOf(residualPoint)),
		...pathMembers,
		refresh: optional(
			section(
				{
					at: required(monthMark("Month from which the next generation is bought")),
					hardware: optional(id("Hardware of the catalogue", "gb300")),
					speed: optional(
						quantityOf(ratio, {
							description: "Throughput of its GPU over that of the one before.",
							example: "2 to 4",
							bounds: { above: 0, max: 1000 },
						}),
					),
					price: optional(
						quantityOf(ratio, {
							description: "Its price over that of the one before.",
							example: "1.3",
							bounds: { above: 0, max: 100 },
						}),
					),
					power: optional(
						quantityOf(kilowattPerGpu, {
							description: "Provisioned IT power per GPU.",
							example: "2.9 kW/GPU",
							bounds: { above: 0 },
						}),
					),
				},
				{ description: "The next generation of hardware", justOne: { of: ["hardware", "speed"] } },
			),
		),
		existing: optional(
			section(
				{
					gpus: required(wholeNumber("GPUs that are there already", 1, 10_000_000)),
					value: required(perGpu("What one is worth today.", "12k USD/GPU")),
					life_left: required(months("How long it still serves.", "2 years", 1, 600)),
				},
				{ description: "Machines that are there already" },
			),
		),
		maintenance: optional(share("Maintenance a year, share of the machines' cost.", "2%")),
		failures: optional(share("Share of the GPUs replaced a year.", "4%")),
		licences: optional(
			quantityOf(usdPerGpuYear, {
				description: "Licences, per GPU and year.",
				example: "4500 USD/GPU/year",
				bounds: { min: 0 },
			}),
		),
		insurance: optional(share("Insurance a year, share of the machines' cost.", "0.5%")),
	},
	{ description: "Buying the machines" },
);

const rate = (description: string) =>
	quantityOf(usdPerGpuHour, { description, example: "1.85 to 2.60 USD/GPU-hr", bounds: { above: 0 } });

const rent = section(
	{
		on_demand: optional(rate("Price of a GPU for one hour; that of cost: unless given.")),
		reserved: optional(
			section(
				{
					rate: required(rate("Price under the contract, at the opening.")),
					share: required(share("Share of the GPUs needed when a term starts.", "70%")),
					term: required(months("Length of the contract.", "1 year", 1, 600)),
				},
				{ description: "Contracts for a term" },
			),
		),
		spot: optional(
			section(
				{
					rate: required(rate("Price of an interruptible GPU for one hour.")),
					share: required(share("Share of what is not reserved.", "30%")),
					interrupted: required(
						quantityOf(fraction, {
							description: "Share of the time it is taken away.",
							example: "5%",
							fraction: true,
							bounds: { min: 0, below: 1 },
						}),
					),
				},
				{ description: "GPUs that may be taken away" },
			),
		),
		...pathMembers,
	},
	{ description: "Renting GPUs" },
);

const api = section(
	{
		price: optional(section(tokenPrice, { description: "Prices per token; those of the catalogue unless given" })),
		host: defaulted(
			oneOf("Which host of the catalogue", ["lowest", "median"]),
			"median",
			"the middle of the market, not its cheapest corner",
		),
		cached: optional(share("Share of the input tokens that the host has cached.", "40%")),
		batch: optional(
			section(
				{
					share: required(share("Share of the tokens that can wait.", "20%")),
					factor: required(share("What they cost, as a share of the full price.", "50%")),
				},
				{ description: "Tokens at the batch price" },
			),
		),
		...pathMembers,
	},
	{ description: "Buying the tokens of the same model from a host" },
);

const level = (description: string, example: string) =>
	quantityOf(ratio, { description, example, bounds: { above: 0, max: 1000 } });

const hybrid = section(
	{
		base_level: defaulted(
			level("Own machines serve load up to this multiple of the mean.", "1.0"),
			1,
			"what is used most hours is owned",
		),
		burst_level: defaulted(
			level("GPUs are rented up to this multiple of the mean; above it tokens are bought.", "1.6"),
			1.6,
			"the last of the peak is too short to rent for",
		),
		burst_efficiency: defaulted(
			quantityOf(fraction, {
				description: "Share of the rented GPU-hours that serve.",
				example: "70%",
				fraction: true,
				bounds: { above: 0, max: 1 },
			}),
			"70%",
			"GPUs start, drain and come whole; an assumption, grade E",
		),
	},
	{ description: "Owning the base, renting the burst, buying the overflow" },
);

function perGpu(description: string, example: string): Shape<QuantityInput<UsdPerGpu>> {
	return quantityOf(usdPerGpu, { description, example, bounds: { min: 0 } });
}

const softwareCurve = section(
	{
		method: defaulted(
			oneOf("Where better software is read from", SOFTWARE_METHODS),
			"none",
			"no improvement is counted unless asked for",
		),
		apply: defaulted(
			quantityOf(fraction, {
				description: "Share of the trend that is taken.",
				example: "0% to 100%",
				bounds: { min: 0, max: 2 },
			}),
			"100%",
			"the trend as measured",
		),
		half_life: defaulted(
			quantityOf(month, {
				description: "Time in which the pace of improvement halves.",
				example: "12 months",
				bounds: { above: 0, max: 1200 },
			}),
			"12 months",
			"eight months of rows do not show where the curve flattens: an assumption, grade E",
		),
		steps: defaulted(
			flag("Count new recipes beside the drift of unchanged ones"),
			false,
			"only what the same configuration gained is counted",
		),
	},
	{ description: "How throughput grows with software alone" },
);

/** What members of a plan for one day and of one over years have in common. */
interface CommonShapes {
	readonly facility: Shape<Facility>;
	readonly workload: Shape<Workload>;
	readonly slo: Shape<ServiceLevel>;
}

function modelPlan({ workload, slo }: CommonShapes): Shape<ModelPlan> {
	return mapped(
		section(
			{
				name: optional(id("Tells two of one model apart; the model unless given", "chat")),
				model: required(id("Model by catalogue id or alias", "deepseek-r1")),
				share: required(
					quantityOf(fraction, {
						description: "Share of all tokens; those of all models sum to 100%.",
						example: "60%",
						fraction: true,
						range: false,
						bounds: { above: 0, max: 1 },
					}),
				),
				workload: optional(workload),
				slo: optional(slo),
				busiest_hour: optional(wholeNumber("Hour of the day with the most requests, of sharing under traffic", 0, 23)),
				waits: optional(
					quantityOf(second, {
						description: "How long its requests may take in all: a batch that fills what others leave idle.",
						example: "24 hours",
						bounds: { above: 0, max: 604_800 },
						range: false,
					}),
				),
			},
			{ description: "A model that serves a share of the demand" },
		),
		({ name, model, share, workload: lengths, slo: limits, busiest_hour: hour, waits }): ModelPlan => ({
			name: name ?? model,
			model,
			share,
			...given("workload", lengths),
			...given("slo", limits),
			...given("busiestHour", hour),
			...given("waits", waits),
		}),
	);
}

/** Top members of a scenario file, beside those of a plan for one day. */
export function fiveYearsMembers(common: CommonShapes): MembersOf<Omit<RawYears, "demand" | "traffic">> {
	const { facility } = common;
	return {
		models: optional(listOf(modelPlan(common))),
		start: optional(date("Day of the opening; the first month follows it")),
		horizon: optional(months("How far the plan looks.", "5 years", 1, 360)),
		finance: optional(finance),
		strategies: optional(
			section(
				{
					hardware: optional(
						id("Hardware that own, rent and hybrid use; the cheapest of the plan unless given", "b200"),
					),
					precision_change: optional(
						section(
							{
								at: required(monthMark("First month in the new format")),
								to: required(id("Number format; fp4 means nvfp4 and mxfp4", "nvfp4")),
							},
							{ description: "A change of number format on machines that stay" },
						),
					),
					own: optional(own),
					rent: optional(rent),
					api: optional(api),
					hybrid: optional(hybrid),
				},
				{ description: "Ways to serve the demand, side by side", some: true },
			),
		),
		facility: optional(
			section(
				{
					region: optional(id("A region of the catalogue whose price of energy holds", "US-TX")),
					grid: optional(
						text("A region of the catalogue whose grid intensity holds; that of the country unless given"),
					),
					space: optional(facility),
					paid_in_cash: defaulted(
						flag("An own shell is paid as it is built, not charged by the year"),
						false,
						"a shell outlives the machines: it is charged over its own life",
					),
					pue: optional(
						quantityOf(ratio, {
							description: "Facility energy over IT energy.",
							example: "1.15",
							bounds: { min: 1, max: 5 },
						}),
					),
					load: optional(
						quantityOf(fraction, {
							description: "Average over provisioned IT power.",
							example: "80%",
							fraction: true,
							bounds: { above: 0, max: 1 },
						}),
					),
					energy_price: optional(
						quantityOf(usdPerKwh, { description: "Price of energy.", example: "0.07 USD/kWh", bounds: { min: 0 } }),
					),
					energy_price_path: optional(regimes),
					site_power: optional(
						quantityOf(megawatt, {
							description: "What the site can draw, PUE included.",
							example: "2 MW",
							bounds: { above: 0 },
							range: false,
						}),
					),
					egress: optional(
						section(
							{
								price: required(
									quantityOf(usdPerGigabyte, {
										description: "Price of data that leaves.",
										example: "0.05 USD/GB",
										bounds: { min: 0 },
									}),
								),
								bytes_per_token: defaulted(
									quantityOf(bytesPerToken, {
										description: "Bytes that leave per token.",
										example: "5 B/tok",
										bareUnit: bytesPerToken,
										bounds: { min: 0 },
									}),
									"5 B/tok",
									"about four letters of text a token, with its wrapping",
								),
							},
							{ description: "Data that leaves the site" },
						),
					),
				},
				{ description: "Where owned machines stand" },
			),
		),
		people: optional(
			section(
				{
					fte: required(
						quantityOf(ratio, {
							description: "People, in full-time posts.",
							example: "3.5",
							bounds: { min: 0, max: 100_000 },
						}),
					),
					pay: required(
						quantityOf(usdPerYear, {
							description: "Cost of one, a year.",
							example: "260k USD/year",
							bounds: { min: 0 },
						}),
					),
				},
				{ description: "Who runs it" },
			),
		),
		revenue: optional(
			section(
				{
					...tokenPrice,
					sold: defaulted(
						share("Share of the tokens served that are paid for.", "92%"),
						"100%",
						"every token is taken as sold",
					),
					...pathMembers,
				},
				{ description: "What the tokens are sold for" },
			),
		),
		software_curve: optional(softwareCurve),
		committed: optional(listOf(oneOf("An item of running cost that is committed whatever is chosen", COMMITTED_ITEMS))),
	};
}

/** A member for each thing the file may say. */
type MembersOf<T> = { readonly [K in keyof T]: Member<T[K]> };
