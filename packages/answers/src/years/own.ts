/** What owning needs beside the machine: capital by item, a place to stand, running cost; from the scenario, else the catalogue. */
import type { Figure } from "@farthing/catalogue";
import type {
	CapitalItem,
	CapitalPrices,
	Dims,
	Expr,
	Facility,
	OwnedInputs,
	PerYear,
	PowerPerGpu,
	PricedGeneration,
	RunningItem,
	RunningPrices,
	Unit,
	UsdPerGpu,
} from "@farthing/engine";
import {
	constant,
	divide,
	fraction,
	gpu,
	input,
	kilowattPerGpu,
	megawatt,
	multiply,
	per,
	ratio,
	subtract,
	unit,
	usd,
	usdPerGpu,
	usdPerGpuHour,
	usdPerGpuYear,
	usdPerKilowattHour,
	usdPerKilowattMonth,
	usdPerWatt,
	year,
	one,
	byte,
	gigabyte,
	token,
} from "@farthing/engine";
import type { AnyQuantityInput, OwnPlan, RefreshPlan } from "@farthing/scenario";
import { assumptionSet } from "../build-up.ts";
import type { AssumptionSet } from "../build-up.ts";
import { hardwareNamed } from "../names.ts";
import type { Asked, Plain } from "./asked.ts";
import type { Machine, Machines } from "./machine.ts";
import { catalogPower } from "./machine.ts";
import type { Software } from "./software.ts";
import { isUnpriced, type Unpriced, unpriced } from "./why-unpriced.ts";

export type OwnAnswer =
	| { readonly priced: true; readonly inputs: OwnedInputs; readonly peakToMean: Plain }
	| ({ readonly priced: false } & Unpriced);

/** Everything that owning takes, or why it cannot be priced. */
export function ownInputs(
	asked: Asked,
	machine: Machine,
	all: Machines,
	software: Software,
	demand: OwnedInputs["demand"],
	withSite: boolean,
): OwnAnswer {
	const plan = asked.years.strategies.own;
	if (plan === undefined) return { priced: false, ...unpriced({ code: "not-asked-for", member: "strategies.own" }) };
	const set = assumptionSet(asked.catalogue, plan.assumptions ?? DEFAULT_SET);
	const prices = capitalPrices(asked, machine.hardware, plan, set);
	if (isUnpriced(prices)) return { priced: false, ...prices };
	const power = powerOf(asked, machine.hardware, plan.power, set);
	if (power === undefined) return { priced: false, ...noPower(machine.hardware, "strategies.own.power") };
	const place = facilityOf(asked, set);
	const first: PricedGeneration = { name: "gen1", ...machine.owned, software: software.at, power, prices };
	const next =
		plan.refresh === undefined ? undefined : nextGeneration(asked, machine, all, software, plan.refresh, first, set);
	if (next !== undefined && isUnpriced(next)) return { priced: false, ...next };
	const existing = plan.existing === undefined ? [] : [existingGeneration(asked, first, plan.existing)];
	const bought = plan.buy ? [first, ...(next === undefined ? [] : [next])] : [];
	const generations = [...existing, ...bought] as unknown as OwnedInputs["generations"];
	const { sitePower } = asked.years.facility;
	return {
		priced: true,
		peakToMean: machine.owned.sizing.peakToMean,
		inputs: {
			calendar: asked.calendar,
			demand,
			generations,
			leadMonths: plan.leadMonths,
			lifeMonths: plan.lifeMonths,
			facility: place,
			pue: place.pue,
			...(withSite && sitePower !== undefined
				? { sitePower: asked.given("site.power", megawatt, sitePower, "what the site can draw") }
				: {}),
			...(plan.deposit === undefined
				? {}
				: { deposit: asked.given("own.deposit", fraction, plan.deposit, "share paid with the order") }),
			residual: residualOf(asked, plan, set),
			running: runningPrices(asked, plan, set, prices),
			committed: new Set(asked.years.committed as readonly RunningItem[]),
			lens: asked.lens,
		} as OwnedInputs,
	};
}

const DEFAULT_SET = "neocloud";

function noPower(of: string, member: string): Unpriced {
	return unpriced({ code: "no-power", of, member });
}

/** By item: as given; else the set's capital, or the price of a system, with the network's share of it. */
function capitalPrices(asked: Asked, hardware: string, plan: OwnPlan, set: AssumptionSet): CapitalPrices | Unpriced {
	const path = asked.prices("price_path.hardware", plan.pricePath, "hardware");
	const withPath = (items: CapitalPrices["items"]): CapitalPrices => ({
		items,
		...(path === undefined ? {} : { path }),
	});
	if (plan.capital !== undefined) {
		const items = Object.entries(plan.capital).map(([item, value]) => [
			item,
			asked.given(`capital.${hardware}.${item}`, usdPerGpu, value as AnyQuantityInput, `${item} per GPU`),
		]);
		return withPath(Object.fromEntries(items) as CapitalPrices["items"]);
	}
	const share = set.figures.networkShareOfCapital;
	const allIn = set.hardware[hardware]?.capital;
	if (allIn !== undefined) {
		const capital = asked.fact(
			`capital.${hardware}.all_in`,
			usdPerGpu,
			allIn,
			`all-in capital of ${hardware}`,
			`build-up/${set.id}/${hardware}/capital`,
		);
		return withPath(splitAllIn(asked, set, share, capital));
	}
	const system = asked.catalogue.systems.find(
		(each) =>
			each.accelerator === hardware &&
			(each.kind === "server" || each.kind === "rack") &&
			each.figures.price !== undefined &&
			each.figures.gpus !== undefined,
	);
	if (system === undefined || share === undefined)
		return unpriced({ code: "no-capital-price", of: hardware, member: "strategies.own.capital" });
	const price = asked.fact(
		`capital.${hardware}.system`,
		usd,
		system.figures.price as Figure,
		`price of one ${system.name}`,
		`systems/${system.id}/price`,
	);
	const gpus = asked.fact(
		`capital.${hardware}.system_gpus`,
		gpu,
		system.figures.gpus as Figure,
		`GPUs of one ${system.name}`,
		`systems/${system.id}/gpus`,
	);
	const server = divide(price, gpus) as Expr<UsdPerGpu>;
	const networkShare = networkShareOf(asked, set, share);
	const network = multiply(
		server,
		divide(networkShare, subtract(constant(1, one), networkShare)) as Plain,
	) as Expr<UsdPerGpu>;
	return withPath({ server, network });
}

function splitAllIn(
	asked: Asked,
	set: AssumptionSet,
	share: Figure | undefined,
	capital: Expr<UsdPerGpu>,
): Partial<Record<CapitalItem, Expr<UsdPerGpu>>> {
	if (share === undefined) return { server: capital };
	const network = networkShareOf(asked, set, share);
	return {
		server: multiply(capital, subtract(constant(1, one), network)) as Expr<UsdPerGpu>,
		network: multiply(capital, network) as Expr<UsdPerGpu>,
	};
}

function networkShareOf(asked: Asked, set: AssumptionSet, share: Figure): Plain {
	return asked.fact(
		"capital.network_share",
		fraction,
		share,
		"network, share of all capital",
		`build-up/${set.id}/networkShareOfCapital`,
	);
}

function powerOf(
	asked: Asked,
	hardware: string,
	given: AnyQuantityInput | undefined,
	set: AssumptionSet,
): Expr<PowerPerGpu> | undefined {
	if (given !== undefined)
		return asked.given(`power.${hardware}.given`, kilowattPerGpu, given, `provisioned IT power of ${hardware}`);
	const figure = set.hardware[hardware]?.power;
	if (figure !== undefined)
		return asked.fact(
			`power.${hardware}.assumed`,
			kilowattPerGpu,
			figure,
			`provisioned IT power of ${hardware}`,
			`build-up/${set.id}/${hardware}/power`,
		);
	return catalogPower(asked, hardware);
}

type MassPerEnergy = { readonly g: 1; readonly J: -1 };
const gramsPerKwh: Unit<MassPerEnergy> = unit("gCO2/kWh", { g: 1, J: -1 }, 1 / 3.6e6);

/** Where owned machines stand. Members of the scenario come before the region's, the region's before the set's. */
export function facilityOf(
	asked: Asked,
	set: AssumptionSet = assumptionSet(asked.catalogue, asked.years.strategies.own?.assumptions ?? DEFAULT_SET),
): Facility {
	const plan = asked.years.facility;
	const read = <D extends Dims>(
		name: string,
		label: string,
		unit: Unit<D>,
		given: AnyQuantityInput | undefined,
		figure: Figure | undefined,
	): Expr<D> => {
		if (given !== undefined) return asked.given(`facility.${name}`, unit, given, label);
		if (figure === undefined) throw new TypeError(`the set ${set.id} of the catalogue lacks ${name}`);
		return asked.fact(`facility.${name}`, unit, figure, label, `build-up/${set.id}/${name}`);
	};
	const region = plan.region === undefined ? undefined : electricityOf(asked, plan.region);
	const energyPath = asked.prices("price_path.energy", plan.energyPath, "energy");
	const carbon = carbonOf(asked, plan.grid, plan.region);
	return {
		pue: read("pue", "PUE", ratio, plan.pue, set.figures.pue),
		powerLoad: read("load", "average over provisioned power", fraction, plan.load, set.figures.load),
		energyPrice: read(
			"energy_price",
			`price of energy${plan.region === undefined ? "" : `, ${plan.region}`}`,
			usdPerKilowattHour,
			plan.energyPrice,
			region ?? set.figures.energyPrice,
		),
		...(energyPath === undefined ? {} : { energyPath }),
		...(carbon === undefined ? {} : { carbon }),
		space: spaceOf(asked, set, read),
	};
}

type Read = <D extends Dims>(
	name: string,
	label: string,
	unit: Unit<D>,
	given: AnyQuantityInput | undefined,
	figure: Figure | undefined,
) => Expr<D>;

function spaceOf(asked: Asked, set: AssumptionSet, read: Read): Facility["space"] {
	const { space, paidInCash } = asked.years.facility;
	if (space?.kind === "leased" || (space === undefined && set.figures.rent !== undefined)) {
		return {
			kind: "leased",
			rent: read(
				"rent",
				"rent of space and power",
				usdPerKilowattMonth,
				space?.kind === "leased" ? space.rent : undefined,
				set.figures.rent,
			),
		};
	}
	const own = space?.kind === "owned" ? space : undefined;
	const buildCost = read("build_cost", "cost to build", usdPerWatt, own?.buildCost, set.figures.buildCost);
	if (paidInCash)
		return {
			kind: "built",
			buildCost,
			lifeMonths: own === undefined ? 180 : Math.round(pointOf(own.life) / 2_628_000),
		};
	const rate = read(
		"shell_rate",
		"cost of capital of the building, a year",
		fraction,
		own?.costOfCapital,
		set.figures.facilityCostOfCapital,
	);
	return {
		kind: "owned",
		buildCost,
		life: read("shell_life", "life of the building", year, own?.life, set.figures.facilityLife),
		costOfCapital: divide(rate, constant(1, year)) as Expr<PerYear>,
	};
}

function pointOf(of: AnyQuantityInput): number {
	const { distribution } = of;
	return distribution.kind === "point" ? distribution.value : Number.NaN;
}

function electricityOf(asked: Asked, region: string): Figure | undefined {
	const wanted = region.toLowerCase();
	const found = asked.catalogue.facility
		.filter((fact) => fact.kind === "electricity" && fact.region?.toLowerCase() === wanted)
		.sort((a, b) => (a.figure.asOf < b.figure.asOf ? 1 : -1));
	if (found.length === 0)
		asked.warnings.push({
			code: "unknown-region",
			message: `no price of energy of ${region} in the catalogue: that of the set of assumptions is taken`,
		});
	return found[0]?.figure;
}

const COUNTRY: Readonly<Record<string, string>> = {
	US: "USA",
	CA: "CAN",
	DE: "DEU",
	FR: "FRA",
	SE: "SWE",
	NO: "NOR",
	FI: "FIN",
	IE: "IRL",
	GB: "GBR",
	NL: "NLD",
	ES: "ESP",
	IS: "ISL",
	IN: "IND",
	JP: "JPN",
	KR: "KOR",
	SG: "SGP",
};

/** Grid intensity of a region of the catalogue; of its country where only a state is given. */
export function carbonOf(
	asked: Asked,
	grid: string | undefined,
	region: string | undefined,
): Expr<MassPerEnergy> | undefined {
	const country = region === undefined ? undefined : COUNTRY[region.slice(0, 2).toUpperCase()];
	const wanted = (grid ?? country ?? "").toLowerCase();
	const found = asked.catalogue.facility.find(
		(fact) => fact.kind === "carbon" && fact.region?.toLowerCase() === wanted,
	);
	if (found === undefined) {
		if (grid !== undefined)
			asked.warnings.push({
				code: "unknown-region",
				message: `no grid intensity of ${grid} in the catalogue: carbon is left out`,
			});
		return undefined;
	}
	return asked.fact(
		`grid.${found.region}`,
		gramsPerKwh,
		found.figure,
		`grid intensity, ${found.name}`,
		`facility/${found.id}`,
	);
}

function residualOf(asked: Asked, plan: OwnPlan, set: AssumptionSet): OwnedInputs["residual"] {
	if (plan.residual.length > 0) {
		return plan.residual.map(({ ageMonths, share }) => ({
			ageMonths,
			share: asked.given(`own.residual.${ageMonths}`, fraction, share, `worth at ${ageMonths} months, share of cost`),
		}));
	}
	const figure = set.figures.residual;
	const share =
		figure === undefined
			? asked.assumed("own.residual", fraction, 0, "worth at the end of life, share of cost", "nothing is left")
			: asked.fact(
					"own.residual",
					fraction,
					figure,
					"worth at the end of life, share of cost",
					`build-up/${set.id}/residual`,
				);
	return [{ ageMonths: plan.lifeMonths, share }];
}

function runningPrices(asked: Asked, plan: OwnPlan, set: AssumptionSet, prices: CapitalPrices): RunningPrices {
	const maintenance =
		plan.maintenance !== undefined
			? asked.perYear("own.maintenance", plan.maintenance, "maintenance, share of the machines' cost")
			: (divide(
					asked.fact(
						"own.maintenance",
						fraction,
						set.figures.maintenance as Figure,
						"maintenance a year, share of the machines' cost",
						`build-up/${set.id}/maintenance`,
					),
					constant(1, year),
				) as Expr<PerYear>);
	const replacement = prices.items.server;
	return {
		maintenance,
		...(plan.failures === undefined || replacement === undefined
			? {}
			: { failures: asked.perYear("own.failures", plan.failures, "GPUs replaced, share of all"), replacement }),
		...(plan.insurance === undefined
			? {}
			: { insurance: asked.perYear("own.insurance", plan.insurance, "insurance, share of the machines' cost") }),
		...operating(asked, set),
		...(plan.licences === undefined
			? {}
			: { licences: asked.given("own.licences", usdPerGpuYear, plan.licences, "licences per GPU and year") }),
	};
}

/** What anyone pays who runs GPUs: people, egress; staff per GPU-hour of the set where nobody is named. */
export function operating(asked: Asked, set?: AssumptionSet): Pick<RunningPrices, "team" | "staff" | "egress"> {
	const { people, facility } = asked.years;
	const egress = facility.egress;
	return {
		...(people === undefined
			? set?.figures.staff === undefined
				? {}
				: {
						staff: asked.fact(
							"own.staff",
							usdPerGpuHour,
							set.figures.staff,
							"staff per GPU-hour",
							`build-up/${set.id}/staff`,
						),
					}
			: {
					team: {
						people: sharedOf(asked, asked.given("people.fte", ratio, people.fte, "people, in full-time posts")),
						pay: asked.given("people.pay", usdPerYear, people.pay, "cost of one a year"),
					},
				}),
		...(egress === undefined
			? {}
			: {
					egress: {
						price: asked.given("egress.price", usdPerGigabyte, egress.price, "price of data that leaves"),
						bytes: asked.given("egress.bytes", bytesPerToken, egress.bytesPerToken, "bytes that leave per token"),
					},
				}),
	};
}

/** Of several models each bears its share. */
function sharedOf({ share }: Asked, people: Plain): Plain {
	return share === undefined ? people : multiply(people, share);
}

const usdPerYear = per(usd, year) as unknown as Unit<{ readonly USD: 1; readonly s: -1 }>;
const usdPerGigabyte = per(usd, gigabyte) as unknown as Unit<{ readonly USD: 1; readonly B: -1 }>;
const bytesPerToken = per(byte, token("total")) as unknown as Unit<{ readonly B: 1; readonly "tok:total": -1 }>;

function existingGeneration(
	asked: Asked,
	first: PricedGeneration,
	of: NonNullable<OwnPlan["existing"]>,
): PricedGeneration {
	const gpus = input("machines.existing", gpu, {
		label: "GPUs that are there already",
		value: { kind: "point", value: of.gpus },
		source: `scenario ${asked.scenario.name}`,
		asOf: asked.asOf,
		grade: "E",
		role: "condition",
	});
	return {
		...first,
		name: "existing",
		existing: { gpus, lifeLeftMonths: of.lifeLeftMonths },
		prices: {
			items: {},
			existingValue: asked.given("own.existing.value", usdPerGpu, of.value, "worth of one that is there already"),
		},
	};
}

/** The generation after: a deployment of the catalogue, or the one before with a speed and price over it. */
function nextGeneration(
	asked: Asked,
	machine: Machine,
	all: Machines,
	software: Software,
	plan: RefreshPlan,
	first: PricedGeneration,
	set: AssumptionSet,
): PricedGeneration | Unpriced {
	const never = constant(asked.calendar.months + 1, one);
	const fromMonth = asked.unless("hardware", constant(plan.fromMonth, one), never);
	if (plan.hardware !== undefined) {
		const hardware = hardwareNamed(asked.catalogue, plan.hardware, { field: "strategies.own.refresh.hardware" }).id;
		const found = all.cheapest(hardware);
		if (found === undefined) {
			const member = "strategies.own.refresh.hardware";
			return unpriced({ code: "no-successor", of: hardware, after: machine.hardware, member });
		}
		const prices = capitalPrices(
			asked,
			hardware,
			{ ...(asked.years.strategies.own as OwnPlan), capital: undefined } as unknown as OwnPlan,
			set,
		);
		const power = powerOf(asked, hardware, plan.power, set);
		if (isUnpriced(prices)) return prices;
		if (power === undefined) return noPower(hardware, "strategies.own.refresh.power");
		return {
			name: "gen2",
			...found.owned,
			speed: multiply(found.owned.speed, software.generation) as typeof found.owned.speed,
			software: software.at,
			power,
			prices,
			fromMonth,
		};
	}
	const by = asked.given(
		"own.refresh.speed",
		ratio,
		plan.speed as AnyQuantityInput,
		"throughput of the next generation over that before",
	);
	const price =
		plan.price === undefined
			? asked.assumed(
					"own.refresh.price",
					ratio,
					1,
					"price of the next generation over that before",
					"the same price a GPU",
				)
			: asked.given("own.refresh.price", ratio, plan.price, "price of the next generation over that before");
	const items = Object.fromEntries(Object.entries(first.prices.items).map(([item, of]) => [item, multiply(of, price)]));
	return {
		...first,
		name: "gen2",
		speed: multiply(first.speed, multiply(by, software.generation) as Plain) as typeof first.speed,
		power:
			plan.power === undefined
				? first.power
				: asked.given("own.refresh.power", kilowattPerGpu, plan.power, "provisioned IT power of the next generation"),
		prices: { ...first.prices, items: items as CapitalPrices["items"] },
		fromMonth,
	};
}
