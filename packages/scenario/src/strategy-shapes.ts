/** Ways to serve the demand of a plan over years: machines that are owned or rented, tokens that are bought, or all three. */
import { fraction, gpu, kilowatt, per, ratio, type Unit, usd, usdPerGpuHour, year } from "@farthing/engine";
import type { RawApi, RawHybrid, RawOwn, RawRent } from "./five-years-raw.ts";
import { months, monthMark } from "./month-shapes.ts";
import { pathMembers, share, tokenPrice } from "./price-shapes.ts";
import { quantityOf } from "./quantity-shape.ts";
import type { PowerPerGpu, QuantityInput, UsdPerGpu } from "./scenario.ts";
import { defaulted, optional, required, section } from "./section.ts";
import { flag, id, listOf, oneOf, type Shape, wholeNumber } from "./shape.ts";

const usdPerGpu: Unit<UsdPerGpu> = per(usd, gpu) as Unit<UsdPerGpu>;
const usdPerGpuYear = per(usdPerGpu, year) as unknown as typeof usdPerGpuHour;
const kilowattPerGpu = per(kilowatt, gpu) as Unit<PowerPerGpu>;

const residualPoint = section(
	{
		age: required(months("Age of the machine", "3 years", 1, 600)),
		share: required(share("What it is then worth, as a share of what it cost.", "30%")),
	},
	{ description: "One point of the path of resale values" },
);

export const own: Shape<RawOwn> = section(
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

export const rent: Shape<RawRent> = section(
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

export const api: Shape<RawApi> = section(
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

export const hybrid: Shape<RawHybrid> = section(
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
