/**
 * Running cost by month and item. Energy follows what is drawn on average, rent of space what is provisioned:
 * `energy = kW · load · PUE · price · hours`, `colocation = kW · rent`, `maintenance = m · cost in service`,
 * `failures = replaced a year · GPUs · price`, `staff = people · pay + S · GPUs`, `egress = bytes · price`.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { Energy, Mass, UsdPerGpuHour } from "../../quantity/unit.ts";
import { gram, kilowattHour, usd } from "../../quantity/unit.ts";
import type { Facility } from "./facility.ts";
import type { PerYear, UsdPerGpu } from "../gpu-hour-build-up.ts";
import { capitalRecovery } from "../gpu-hour-build-up.ts";
import type { Usd } from "./capital.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import { choose, monthly, number, ONE_MONTH, plus, times } from "./formula.ts";

export type UsdPerByte = { readonly USD: 1; readonly B: -1 };
export type BytesPerToken = { readonly B: 1; readonly "tok:total": -1 };
export type UsdPerTime = { readonly USD: 1; readonly s: -1 };

export const RUNNING_ITEMS = [
	"energy",
	"shell",
	"colocation",
	"maintenance",
	"failures",
	"staff",
	"licences",
	"egress",
	"insurance",
	"rent",
	"reserved",
	"spot",
	"api",
] as const;
export type RunningItem = (typeof RUNNING_ITEMS)[number];
export type RunningCost = Readonly<Partial<Record<RunningItem, Expr<Usd>>>>;

export const RUNNING_WORDS: Readonly<Record<RunningItem, string>> = {
	energy: "energy",
	shell: "own building and power plant",
	colocation: "leased space and power capacity",
	maintenance: "maintenance",
	failures: "failures and spares",
	staff: "staff",
	licences: "software licences",
	egress: "network egress",
	insurance: "insurance",
	rent: "rented GPUs, on demand",
	reserved: "rented GPUs, reserved",
	spot: "rented GPUs, spot",
	api: "tokens bought from an API",
};

/** What running machines costs whoever runs them. Members that are absent cost nothing, and are not shown. */
export interface RunningPrices {
	/** Share of the machines' cost a year. */
	readonly maintenance?: Expr<PerYear>;
	/** Share of the GPUs replaced a year for good. */
	readonly failures?: Expr<PerYear>;
	/** Paid for each GPU replaced. */
	readonly replacement?: Expr<UsdPerGpu>;
	/** People and their pay, whatever the size of the fleet. */
	readonly team?: { readonly people: Expr<Dimensionless>; readonly pay: Expr<UsdPerTime> };
	/** Staff that grows with the fleet. */
	readonly staff?: Expr<UsdPerGpuHour>;
	readonly licences?: Expr<UsdPerGpuHour>;
	readonly egress?: { readonly bytes: Expr<BytesPerToken>; readonly price: Expr<UsdPerByte> };
	/** Share of the machines' cost a year. */
	readonly insurance?: Expr<PerYear>;
}

export interface RunningInputs {
	readonly calendar: Calendar;
	readonly gpus: AnyExpr;
	readonly power: AnyExpr;
	readonly installed: AnyExpr;
	readonly served: AnyExpr;
	readonly facility: Facility;
	readonly prices: RunningPrices;
	/** Items already committed, which the marginal lens leaves out. */
	readonly committed: ReadonlySet<RunningItem>;
	/** 1: full cost; 0: marginal. */
	readonly lens: Expr<Dimensionless>;
	/** Price of replaced hardware over that at the opening. */
	readonly hardwarePath?: AtMonth;
}

export interface Running {
	readonly items: RunningCost;
	/** Drawn from the grid in the month. */
	readonly energy: Expr<Energy>;
	readonly carbon?: Expr<Mass>;
}

/** Nodes `<prefix>energy`, `<prefix>running.<item>`, `<prefix>carbon`. */
export function runningCost(prefix: string, of: RunningInputs): Running {
	const { facility, prices, power, gpus, installed, served } = of;
	const energy = monthly(`${prefix}energy`, kilowattHour, times(power, facility.powerLoad, facility.pue, ONE_MONTH), {
		label: "energy drawn from the grid",
		formula: "provisioned kW × load × PUE × hours",
	});
	const { month } = of.calendar;
	const energyPrice =
		facility.energyPath === undefined ? facility.energyPrice : times(facility.energyPrice, facility.energyPath(month));
	const parts: Parts = {
		energy: [times(energy, energyPrice), "energy × price of energy"],
		...facilityCost(prefix, facility, power),
		...(prices.maintenance === undefined
			? {}
			: { maintenance: [times(prices.maintenance, installed, ONE_MONTH), "m × cost in service"] }),
		...(prices.failures === undefined || prices.replacement === undefined
			? {}
			: {
					failures: [
						times(
							prices.failures,
							gpus,
							of.hardwarePath === undefined ? prices.replacement : times(prices.replacement, of.hardwarePath(month)),
							ONE_MONTH,
						),
						"share replaced × GPUs × price",
					],
				}),
		...(prices.insurance === undefined
			? {}
			: { insurance: [times(prices.insurance, installed, ONE_MONTH), "share × cost in service"] }),
	};
	const items = { ...itemNodes(prefix, parts, of), ...operatingCost(prefix, { ...of, served }) };
	if (facility.carbon === undefined) return { items, energy };
	const carbon = monthly(`${prefix}carbon`, gram, times(energy, facility.carbon), {
		label: "carbon of the energy",
		formula: "energy × grid intensity",
	});
	return { items, energy, carbon };
}

/** What anyone pays who runs GPUs or tokens, owned or not: staff, licences, egress. */
export function operatingCost(
	prefix: string,
	of: Pick<RunningInputs, "calendar" | "served" | "prices" | "committed" | "lens"> & { readonly gpus?: AnyExpr },
): RunningCost {
	const { prices, gpus, served, calendar } = of;
	const parts: Parts = {
		...staffCost(prices, gpus, calendar.month),
		...(prices.licences === undefined || gpus === undefined
			? {}
			: { licences: [times(prices.licences, gpus, ONE_MONTH), "W × GPUs"] }),
		...(prices.egress === undefined
			? {}
			: { egress: [times(served, prices.egress.bytes, prices.egress.price, ONE_MONTH), "tokens × bytes × price"] }),
	};
	return itemNodes(prefix, parts, of);
}

type Parts = Partial<Record<RunningItem, readonly [AnyExpr, string]>>;

function itemNodes(prefix: string, parts: Parts, of: Pick<RunningInputs, "committed" | "lens">): RunningCost {
	return Object.fromEntries(
		Object.entries(parts).map(([item, [value, formula]]) => [
			item,
			runningItem(prefix, item as RunningItem, value, formula, of),
		]),
	);
}

/** One item as a node; what is committed counts in the full lens only. */
export function runningItem(
	prefix: string,
	item: RunningItem,
	value: AnyExpr,
	formula: string,
	{ committed, lens }: Pick<RunningInputs, "committed" | "lens">,
): Expr<Usd> {
	const counted = committed.has(item) ? times(value, lens) : value;
	return monthly(`${prefix}running.${item}`, usd, counted, { label: RUNNING_WORDS[item], formula });
}

function facilityCost(prefix: string, facility: Facility, power: AnyExpr): Parts {
	if (facility.space.kind === "leased") {
		return { colocation: [times(power, facility.space.rent, ONE_MONTH), "provisioned kW × rent"] };
	}
	if (facility.space.kind === "built") return {};
	const { buildCost, costOfCapital, life } = facility.space;
	const crf = capitalRecovery(`${prefix}shell_crf`, costOfCapital, life);
	return { shell: [times(power, buildCost, crf, ONE_MONTH), "provisioned kW × cost to build × CRF"] };
}

function staffCost(prices: RunningPrices, gpus: AnyExpr | undefined, month: AnyExpr): Parts {
	const perGpu = prices.staff === undefined || gpus === undefined ? [] : [times(prices.staff, gpus, ONE_MONTH)];
	const team =
		prices.team === undefined ? [] : [times(prices.team.people, prices.team.pay, ONE_MONTH, fromFirstMonth(month))];
	const terms = [...team, ...perGpu];
	if (terms.length === 0) return {};
	return { staff: [plus(...terms), "people × pay + staff per GPU-hour × GPU-hours"] };
}

/** 1 in every month, 0 at the opening. */
export function fromFirstMonth(month: AnyExpr): AnyExpr {
	return choose(month, ">=", number(1), number(1), number(0));
}
