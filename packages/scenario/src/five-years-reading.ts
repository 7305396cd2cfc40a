/** Years of money from what the members of a file say: months get numbers, and what cannot both hold is refused. */
import type {
	DemandPath,
	FiveYears,
	ModelPlan,
	OwnPlan,
	PricePath,
	PriceRegimePlan,
	RefreshPlan,
	TokenPricePlan,
} from "./five-years.ts";
import type {
	MonthMark,
	RawFacility,
	RawOwn,
	RawPath,
	RawRefresh,
	RawRegime,
	RawStrategies,
	RawTokenPrice,
	RawYears,
} from "./five-years-raw.ts";
import { given } from "./quantity-shape.ts";
import { FAILED, type Failed, placeOf, placeText, type Reading } from "./reading.ts";
import type { Origin } from "./scenario.ts";
import type { Shape } from "./shape.ts";
import { nameOf } from "./shape.ts";
import type { Tree } from "./tree.ts";

/** A scenario's shape with the years it gives beside the rest. */
export function withYears<Raw extends RawYears, Content extends object>(
	shape: Shape<Raw>,
	make: (raw: Raw) => Content,
): Shape<Content & { readonly fiveYears?: FiveYears }> {
	return {
		...shape,
		read: (tree, path, reading) => {
			const raw = shape.read(tree, path, reading);
			if (raw === FAILED) return FAILED;
			const years = new YearsReader(raw, tree, reading).read();
			if (years === FAILED) return FAILED;
			return { ...make(raw), ...given("fiveYears", years) };
		},
	};
}

const NEED_HORIZON = [
	"finance",
	"strategies",
	"facility",
	"people",
	"revenue",
	"software_curve",
	"committed",
	"models",
	"start",
] as const;

class YearsReader {
	private readonly raw: RawYears;
	private readonly tree: Tree;
	private readonly reading: Reading;
	private readonly before: number;

	constructor(raw: RawYears, tree: Tree, reading: Reading) {
		this.raw = raw;
		this.tree = tree;
		this.reading = reading;
		this.before = reading.issues.length;
	}

	read(): FiveYears | undefined | Failed {
		const { raw } = this;
		if (raw.horizon === undefined) return this.refuseWithoutHorizon();
		const { finance, strategies } = raw;
		if (finance === undefined || strategies === undefined)
			return this.refuseWithout(finance === undefined ? "finance" : "strategies");
		this.checkConsistency();
		this.checkModels(raw.models ?? []);
		const years: FiveYears = {
			...given("start", raw.start),
			months: raw.horizon,
			demand: this.demand(),
			...given("models", raw.models),
			finance: {
				discountRate: finance.discount_rate,
				...given("tax", finance.tax),
				bookMonths: finance.book_life,
				...given(
					"debt",
					finance.debt && { share: finance.debt.share, interest: finance.debt.interest, termMonths: finance.debt.term },
				),
			},
			strategies: this.strategies(strategies),
			facility: this.facility(),
			...given("people", raw.people),
			...given(
				"revenue",
				raw.revenue && {
					price: tokenPriceOf(raw.revenue),
					sold: raw.revenue.sold,
					pricePath: this.path(raw.revenue, "revenue"),
				},
			),
			...given(
				"softwareCurve",
				raw.software_curve && {
					method: raw.software_curve.method,
					apply: raw.software_curve.apply,
					halfLife: raw.software_curve.half_life,
					steps: raw.software_curve.steps,
				},
			),
			committed: raw.committed ?? [],
		};
		return this.reading.issues.length > this.before ? FAILED : years;
	}

	private refuseWithoutHorizon(): undefined | Failed {
		const { traffic, models } = this.raw;
		const named = NEED_HORIZON.filter((name) => name !== "models" || traffic === undefined).find(
			(name) => this.raw[name] !== undefined,
		);
		const path =
			named ??
			(this.raw.demand.growth !== undefined
				? "demand.growth"
				: this.raw.demand.path !== undefined
					? "demand.path"
					: undefined);
		if (path === undefined) {
			this.checkModels(models ?? []);
			return this.reading.issues.length > this.before ? FAILED : undefined;
		}
		return this.reading.report(
			"missing-field",
			`horizon is missing: ${path} says something about years`,
			"horizon",
			this.at(path),
			{
				hint:
					path === "models"
						? "add horizon: 5 years, or traffic for what sharing saves in a day"
						: "add horizon: 5 years",
			},
		);
	}

	private refuseWithout(name: string): Failed {
		const example = name === "finance" ? "finance: {discount_rate: 11%}" : "strategies: {own: {assumptions: neocloud}}";
		return this.reading.report(
			"missing-field",
			`${name} is missing: horizon asks for years of money`,
			name,
			this.at("horizon"),
			{
				hint: `add ${example}`,
			},
		);
	}

	private demand(): DemandPath {
		const { growth, path } = this.raw.demand;
		const steps = (path ?? []).map(({ at, tokens_per_day, growth: own, note }, i) => ({
			fromMonth: this.monthOf(at, `demand.path[${i}].at`),
			tokensPerDay: tokens_per_day,
			...given("growth", own),
			...given("note", note),
		}));
		this.requireRising(steps, "demand.path");
		return { ...given("growth", growth), steps };
	}

	private strategies({
		hardware,
		precision_change: change,
		own,
		rent,
		api,
		hybrid,
	}: RawStrategies): FiveYears["strategies"] {
		return {
			...given("hardware", hardware),
			...given(
				"precisionChange",
				change && { fromMonth: this.monthOf(change.at, "strategies.precision_change.at"), to: change.to },
			),
			...given("own", own && this.own(own)),
			...given(
				"rent",
				rent && {
					...given("onDemand", rent.on_demand),
					...given(
						"reserved",
						rent.reserved && { rate: rent.reserved.rate, share: rent.reserved.share, termMonths: rent.reserved.term },
					),
					...given("spot", rent.spot),
					pricePath: this.path(rent, "strategies.rent"),
				},
			),
			...given(
				"api",
				api && {
					...given("price", api.price && tokenPriceOf(api.price)),
					host: api.host,
					...given("cached", api.cached),
					...given("batch", api.batch),
					pricePath: this.path(api, "strategies.api"),
				},
			),
			...given(
				"hybrid",
				hybrid && { baseLevel: hybrid.base_level, burstLevel: hybrid.burst_level, efficiency: hybrid.burst_efficiency },
			),
		};
	}

	private own(own: RawOwn): OwnPlan {
		const points = (own.residual_path ?? []).map(({ age, share }) => ({ ageMonths: age, share }));
		this.requireRising(
			points.map(({ ageMonths }) => ({ fromMonth: ageMonths })),
			"strategies.own.residual_path",
		);
		return {
			...given("assumptions", own.assumptions),
			...given(
				"capital",
				own.capital && {
					server: own.capital.server,
					...given("network", own.capital.network),
					...given("storage", own.capital.storage),
					...given("install", own.capital.install),
				},
			),
			buy: own.buy,
			...given("power", own.power),
			lifeMonths: own.life,
			leadMonths: own.lead_time ?? 0,
			...given("deposit", own.deposit),
			residual: own.residual === undefined ? points : [{ ageMonths: own.life, share: own.residual }],
			pricePath: this.path(own, "strategies.own"),
			...given("refresh", own.refresh && this.refresh(own.refresh)),
			...given(
				"existing",
				own.existing && { gpus: own.existing.gpus, value: own.existing.value, lifeLeftMonths: own.existing.life_left },
			),
			...given("maintenance", own.maintenance),
			...given("failures", own.failures),
			...given("licences", own.licences),
			...given("insurance", own.insurance),
		};
	}

	private refresh(of: RawRefresh): RefreshPlan {
		return {
			fromMonth: this.monthOf(of.at, "strategies.own.refresh.at"),
			...given("hardware", of.hardware),
			...given("speed", of.speed),
			...given("price", of.price),
			...given("power", of.power),
		};
	}

	private facility(): FiveYears["facility"] {
		const of: RawFacility | undefined = this.raw.facility;
		return {
			...given("region", of?.region),
			...given("grid", of?.grid),
			...given("space", of?.space),
			paidInCash: of?.paid_in_cash ?? false,
			...given("pue", of?.pue),
			...given("load", of?.load),
			...given("energyPrice", of?.energy_price),
			energyPath: this.regimes(of?.energy_price_path, "facility.energy_price_path"),
			...given("sitePower", of?.site_power),
			...given("egress", of?.egress && { price: of.egress.price, bytesPerToken: of.egress.bytes_per_token }),
		};
	}

	/** One decline for all years is a regime from the first month. */
	private path(of: RawPath, path: string): PricePath {
		if (of.price_decline !== undefined && of.price_path !== undefined) {
			this.contradiction(`${path}.price_decline`, `${path}.price_path`, "and", "keep one of them", "cannot both hold");
		}
		if (of.price_decline !== undefined) return [{ fromMonth: 1, change: of.price_decline, falls: true }];
		return this.regimes(of.price_path, `${path}.price_path`);
	}

	private regimes(of: readonly RawRegime[] | undefined, path: string): PricePath {
		const regimes = (of ?? []).map(({ at, decline, rise, jump }, i): PriceRegimePlan => {
			if (decline !== undefined && rise !== undefined) {
				this.contradiction(
					`${path}[${i}].decline`,
					`${path}[${i}].rise`,
					"and",
					"keep one of them",
					"cannot both hold",
				);
			}
			return {
				fromMonth: this.monthOf(at, `${path}[${i}].at`),
				...given("change", decline ?? rise),
				falls: decline !== undefined,
				...given("jump", jump),
			};
		});
		this.requireRising(regimes, path);
		return regimes;
	}

	/** Number of a month; a date needs the start to count from. */
	private monthOf(mark: MonthMark, path: string): number {
		const { start, horizon } = this.raw;
		if ("date" in mark && start === undefined) {
			this.reading.report("missing-field", `start is missing: ${nameOf(path)} is a date`, "start", this.at(path), {
				hint: "add start: 2026-12-01, or write the number of the month",
			});
			return 1;
		}
		const month = "month" in mark ? mark.month : monthsBetween(start as string, mark.date) + 1;
		if (month < 1) this.contradiction("start", path, "lies after", "take a later month, or an earlier start");
		if (month > (horizon as number))
			this.contradiction("horizon", path, "ends before", "lengthen the horizon, or take an earlier month");
		return month;
	}

	private requireRising(of: readonly { readonly fromMonth: number }[], path: string): void {
		of.forEach(({ fromMonth }, i) => {
			const before = of[i - 1]?.fromMonth;
			if (before === undefined || fromMonth > before) return;
			const member = path.endsWith("residual_path") ? "age" : "at";
			this.contradiction(
				`${path}[${i - 1}].${member}`,
				`${path}[${i}].${member}`,
				"must come before",
				"put them in order of time",
			);
		});
	}

	private checkConsistency(): void {
		const { strategies, finance, horizon } = this.raw;
		const own = strategies?.own;
		const rising = this.growthPath();
		if (own?.buy === false && rising !== undefined) {
			this.contradiction(
				rising,
				"strategies.own.buy",
				"asks for more than there is, and",
				"let machines be bought, or let demand stand",
				"forbids to buy",
			);
		}
		if (own?.buy === false && own.existing === undefined) {
			this.contradiction(
				"strategies.own",
				"strategies.own.buy",
				"has no machines, and",
				"say which machines are there already",
				"forbids to buy",
			);
		}
		const share = finance?.debt?.share.distribution;
		if (share !== undefined && highestOf(share) > 1) {
			const cost = own?.capital === undefined ? "strategies.own" : "strategies.own.capital";
			const of = own === undefined ? "finance" : cost;
			this.contradiction(
				of,
				"finance.debt.share",
				"is the cost that is borrowed on:",
				"borrow at most 100%",
				"borrows more than it",
			);
		}
		const term = strategies?.rent?.reserved?.term;
		if (term !== undefined && term > (horizon as number)) {
			this.contradiction(
				"horizon",
				"strategies.rent.reserved.term",
				"ends before",
				"lengthen the horizon, or take a shorter contract",
				"does",
			);
		}
		if (own !== undefined && own.lead_time !== undefined && own.lead_time >= own.life) {
			this.contradiction(
				"strategies.own.life",
				"strategies.own.lead_time",
				"is over before",
				"take a shorter lead time",
				"is",
			);
		}
		const hybrid = strategies?.hybrid;
		if (hybrid !== undefined && highestOf(hybrid.burst_level.distribution) < lowestOf(hybrid.base_level.distribution)) {
			this.contradiction(
				"strategies.hybrid.base_level",
				"strategies.hybrid.burst_level",
				"lies above",
				"rent up to a level above what is owned",
				": nothing would be rented",
			);
		}
		const { facility } = this.raw;
		if (facility?.paid_in_cash === true && facility.space?.kind === "leased") {
			this.contradiction(
				"facility.space.leased",
				"facility.paid_in_cash",
				"is a lease, and",
				"build the space (space: {owned: …}), or leave paid_in_cash out",
				"says that it is built",
			);
		}
		if (own?.residual !== undefined && own.residual_path !== undefined) {
			this.contradiction(
				"strategies.own.residual",
				"strategies.own.residual_path",
				"cannot stand beside",
				"keep one of them",
			);
		}
	}

	private checkModels(models: readonly ModelPlan[]): void {
		if (models.length === 0) return;
		const total = models.reduce((sum, { share }) => sum + highestOf(share.distribution), 0);
		if (Math.abs(total - 1) > 1e-9) {
			const percent = Number((100 * total).toPrecision(6));
			this.reading.report(
				"out-of-bounds",
				`the shares of models sum to ${percent}%, not to 100%`,
				"models[0].share",
				this.at("models[0].share"),
				{ expected: "shares of all tokens that sum to 100%", hint: "change a share, or add the model that is missing" },
			);
		}
		models.forEach(({ name }, i) => {
			const first = models.findIndex((other) => other.name === name);
			if (first < i)
				this.contradiction(
					`models[${first}]`,
					`models[${i}]`,
					"has the same name as",
					"give one of them a name: of its own",
				);
		});
		for (const [path, taken] of this.notForSeveral()) {
			if (taken)
				this.contradiction("models", path, "cannot stand beside", `leave ${path} out, or plan each model apart`);
		}
	}

	/** What is said of one fleet, or of one model's tokens. */
	private notForSeveral(): readonly (readonly [string, boolean])[] {
		const { facility, strategies } = this.raw;
		return [
			["facility.site_power", facility?.site_power !== undefined],
			["strategies.own.existing", strategies?.own?.existing !== undefined],
			["strategies.api.price", strategies?.api?.price !== undefined],
		];
	}

	/** The member that makes demand grow, if one does. */
	private growthPath(): string | undefined {
		const { growth, path } = this.raw.demand;
		if (growth !== undefined && highestOf(growth.distribution) > 0) return "demand.growth";
		const step = (path ?? []).findIndex((each) => each.growth !== undefined && highestOf(each.growth.distribution) > 0);
		if (step >= 0) return `demand.path[${step}].growth`;
		const opening = highestOf(this.raw.demand.tokens_per_day.distribution);
		const levels = [opening, ...(path ?? []).map((each) => highestOf(each.tokens_per_day.distribution))];
		const rise = levels.findIndex((each, i) => i > 0 && each > (levels[i - 1] as number));
		return rise > 0 ? `demand.path[${rise - 1}].tokens_per_day` : undefined;
	}

	/** Two lines that cannot both hold, in order: the first verb is of the first, an ending of the second. */
	private contradiction(first: string, second: string, verb: string, hint: string, ending = ""): void {
		const [a, b] = [this.at(first), this.at(second)];
		const file = placeOf(this.tree.origin, "").file;
		const words = `${first} (${placeText(a, file)}) ${verb} ${second} (${placeText(b, file)})${ending === "" || ending.startsWith(":") ? ending : ` ${ending}`}`;
		this.reading.report("contradiction", words, second, b, { hint, related: [placeOf(a, file)] });
	}

	private at(path: string): Origin {
		return this.reading.origins[path] ?? this.tree.origin;
	}
}

function tokenPriceOf(of: RawTokenPrice): TokenPricePlan {
	return { input: of.input, ...given("cachedInput", of.cached_input), output: of.output };
}

function highestOf(of: { readonly kind: string }): number {
	const range = of as { readonly value?: number; readonly high?: number; readonly p95?: number };
	return range.value ?? range.high ?? range.p95 ?? 0;
}

function lowestOf(of: { readonly kind: string }): number {
	const range = of as { readonly value?: number; readonly low?: number; readonly p5?: number };
	return range.value ?? range.low ?? range.p5 ?? 0;
}

function monthsBetween(from: string, to: string): number {
	const [y0, m0] = from.split("-").map(Number) as [number, number];
	const [y1, m1] = to.split("-").map(Number) as [number, number];
	return (y1 - y0) * 12 + (m1 - m0);
}
