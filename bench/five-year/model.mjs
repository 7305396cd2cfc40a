// Sixty months of a small token business, about fifteen quantities a month: the graph, and the same written by hand as
// one loop over plain numbers.
import {
	add,
	buildModel,
	ceilTo,
	constant,
	cumulative,
	define,
	divide,
	firstMonthWhere,
	input,
	lastMonth,
	maximum,
	monthIndex,
	multiply,
	one,
	presentValue,
	previous,
	seriesRef,
	subtract,
	sumOverMonths,
	when,
} from "@farthing/engine";

export const MONTHS = 60;
export const KEEP = ["worth", "unit_cost", "end", "payback"];

const facts = { source: "bench", asOf: "2026-11-22", grade: "E" };
const range = (id, kind, p5, p95) => ({ id, value: { kind, p5, p95 } });

/** In the order of their columns. */
export const INPUTS = [
	range("demand.start", "lognormal", 90, 160),
	range("demand.growth", "lognormal", 1.02, 1.06),
	range("speed.start", "lognormal", 2.5, 3.6),
	range("speed.drift", "lognormal", 1.005, 1.02),
	range("load", "logitnormal", 0.45, 0.75),
	range("gpu.price", "lognormal", 26, 38),
	range("power.price", "lognormal", 0.4, 1.2),
	range("token.price", "lognormal", 7, 11),
];

export function fiveYearModel() {
	const q = (n) => constant(n, one);
	const named = (id, of) => define(id, one, of, { label: id });
	const back = (id, initial) => previous(seriesRef(id, one), initial);
	const next = [];
	/** A series that starts at a value and is multiplied by a factor every month. */
	const growing = (id, initial, factor) => {
		const now = named(id, back(`${id}.next`, initial));
		next.push(named(`${id}.next`, multiply(now, factor)));
		return now;
	};
	const [start, growth, speedStart, drift, load, gpuPrice, powerPrice, tokenPrice] = INPUTS.map(({ id, value }) =>
		input(id, one, { ...facts, label: id, value }),
	);
	const demand = growing("demand", start, growth);
	const speed = growing("speed", speedStart, drift);
	const needed = named("needed", divide(multiply(demand, q(1.8)), multiply(speed, load)));
	const replicas = named("replicas", add(ceilTo(needed, q(1)), q(1)));
	const gpus = named("gpus", multiply(replicas, q(8)));
	const owned = named("owned", maximum(gpus, back("owned", q(0))));
	const bought = named("bought", subtract(owned, previous(owned, q(0))));
	const price = growing("price", gpuPrice, q(0.985));
	const capital = named("capital", multiply(bought, price));
	const power = named("power", multiply(multiply(owned, q(0.9)), powerPrice));
	const staff = named("staff", when(monthIndex(), "<", q(12), q(40), q(65)));
	const running = named("running", add(power, staff));
	const sold = growing("sold", tokenPrice, q(0.99));
	const revenue = named("revenue", multiply(demand, sold));
	const debt = named(
		"debt",
		maximum(
			subtract(add(multiply(back("debt", q(900)), q(1.006)), multiply(capital, q(0.5))), multiply(revenue, q(0.1))),
			q(0),
		),
	);
	const interest = named("interest", multiply(debt, q(0.006)));
	const cost = named("cost", add(capital, running, interest));
	const cash = named("cash", subtract(revenue, cost));
	const balance = named("balance", cumulative(cash));
	return buildModel([
		named("worth", presentValue(cash, q(0.008))),
		named("unit_cost", divide(presentValue(cost, q(0.008)), sumOverMonths(demand))),
		named("end", lastMonth(balance)),
		named("payback", firstMonthWhere(balance, ">", q(0))),
		...next,
	]);
}

/** The same by hand: columns of inputs in, columns of KEEP out. */
export function byHand(inputs, outputs, count) {
	const [starts, growths, speeds, drifts, loads, gpuPrices, powerPrices, tokenPrices] = inputs;
	const [worths, unitCosts, ends, paybacks] = outputs;
	for (let i = 0; i < count; i++) {
		let demand = starts[i];
		let speed = speeds[i];
		let price = gpuPrices[i];
		let sold = tokenPrices[i];
		const growth = growths[i];
		const drift = drifts[i];
		const load = loads[i];
		const powerPrice = powerPrices[i];
		let owned = 0;
		let debt = 900;
		let balance = 0;
		let factor = 1;
		let worth = 0;
		let costs = 0;
		let tokens = 0;
		let payback = -1;
		for (let t = 0; t < MONTHS; t++) {
			const needed = (demand * 1.8) / (speed * load);
			const replicas = Math.ceil(needed - 1e-9 * needed) + 1;
			const gpus = replicas * 8;
			const before = owned;
			owned = Math.max(gpus, owned);
			const capital = (owned - before) * price;
			const running = owned * 0.9 * powerPrice + (t < 12 ? 40 : 65);
			const revenue = demand * sold;
			debt = Math.max(debt * 1.006 + capital * 0.5 - revenue * 0.1, 0);
			const cost = capital + running + debt * 0.006;
			const cash = revenue - cost;
			balance += cash;
			worth += cash * factor;
			costs += cost * factor;
			tokens += demand;
			if (payback < 0 && balance > 0) payback = t;
			factor /= 1.008;
			demand *= growth;
			speed *= drift;
			price *= 0.985;
			sold *= 0.99;
		}
		worths[i] = worth;
		unitCosts[i] = costs / tokens;
		ends[i] = balance;
		paybacks[i] = payback < 0 ? Number.NaN : payback;
	}
}
