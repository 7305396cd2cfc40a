/** The members of a scenario file about years of money. */
import {
	byte,
	fraction,
	gigabyte,
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
	year,
} from "@farthing/engine";
import { COMMITTED_ITEMS, type ModelPlan, SOFTWARE_METHODS } from "./five-years.ts";
import type { RawDemand, RawYears } from "./five-years-raw.ts";
import { months, monthMark } from "./month-shapes.ts";
import { pathMembers, regimes, share, tokenPrice } from "./price-shapes.ts";
import { given, quantityOf } from "./quantity-shape.ts";
import type { Facility, ServiceLevel, UsdPerEnergy, Workload } from "./scenario.ts";
import { defaulted, type MembersOf, optional, required, section } from "./section.ts";
import { date, flag, id, listOf, mapped, oneOf, type Shape, text, wholeNumber } from "./shape.ts";
import { api, hybrid, own, rent } from "./strategy-shapes.ts";

const usdPerYear = per(usd, year) as unknown as Unit<{ readonly USD: 1; readonly s: -1 }>;
const usdPerGigabyte = per(usd, gigabyte) as unknown as Unit<{ readonly USD: 1; readonly B: -1 }>;
const bytesPerToken = per(byte, token("total")) as unknown as Unit<{ readonly B: 1; readonly "tok:total": -1 }>;
const usdPerKwh = per(usd, kilowattHour) as Unit<UsdPerEnergy>;

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
