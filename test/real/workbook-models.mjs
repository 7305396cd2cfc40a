// Models made by hand for the workbook's test.

/** Five years of one fleet by month, with every operator that money needs. */
export function cashModel(engine) {
	const e = engine;
	const dated = { asOf: "2026-10-01", grade: "D" };
	const point = (id, label, unit, value, more = {}) =>
		e.input(id, unit, {
			...dated,
			source: "made up for a test",
			label,
			value: { kind: "point", value: value * unit.factor },
			...more,
		});
	const served = e.tokensPerDay("total");
	const perReplica = e.per(e.tokensPerSecond("total"), e.replica);
	const usdPerReplica = e.per(e.usd, e.replica);
	const powerPerReplica = e.per(e.kilowatt, e.replica);
	const usdPerKwh = e.per(e.usd, e.kilowattHour);
	const usdPerMonth = e.per(e.usd, e.month);
	const one = (n) => e.constant(n, e.one);

	const start = point("demand.start", "demand in the first month", served, 2.4e9, { owner: "platform" });
	const growth = point("demand.growth", "growth a month", e.percent, 5.5);
	const floor = point("demand.ceiling", "demand that the market bears", served, 2.1e10);
	const capacity = point("capacity.replica", "tokens one replica serves", perReplica, 21_500);
	const drift = point("software.gain", "what software adds to it a month", e.fraction, 0.012);
	const load = point("load.target", "share of capacity used", e.fraction, 0.45);
	const machine = point("price.machine", "price of a replica's machines", usdPerReplica, 268_000);
	const power = point("power.replica", "power of a replica", powerPerReplica, 10.2);
	const energy = point("price.energy", "price of energy", usdPerKwh, 0.086);
	const people = point("cost.people", "people", usdPerMonth, 42_000);
	const late = point("cost.late", "repairs a month after warranty, share of the price", e.percent, 0.6);
	const warranty = point("warranty", "months of warranty", e.one, 36);
	const annual = point("rate.annual", "cost of capital a year", e.percent, 9.5);
	const share = point("residual.share", "what a machine fetches at the end", e.fraction, 0.12);
	const price = e.input("price.tokens", e.usdPerMtok("total"), {
		...dated,
		source: "made up for a test",
		label: "price of tokens",
		value: {
			kind: "series",
			values: Array.from({ length: 60 }, (_, t) => (0.31 - 0.0021 * t + 0.01 * (t % 7)) * 1e-6),
		},
	});
	const decay = e.table({
		id: "machine-price-path",
		label: "price of machines over time",
		xUnit: e.one,
		yUnit: e.fraction,
		scale: "log",
		between: "D",
		below: "first",
		knots: [
			[3, 1],
			[12, 0.93],
			[24, 0.78],
			[30, 0.77],
			[48, 0.52],
			[72, 0.4],
		].map(([x, y], i) => ({ ...dated, source: "made up for a test", x, y, row: `quote ${i}` })),
	});

	const month = e.monthIndex();
	const before = e.previous(e.seriesRef("demand", served), e.divide(start, e.add(one(1), growth)));
	const demand = e.define("demand", served, e.minimum(e.multiply(before, e.add(one(1), growth)), floor), {
		label: "tokens a day",
	});
	const gain = e.exponential(e.multiply(e.logarithm(e.add(one(1), drift)), month));
	const capable = e.define("capacity", perReplica, e.multiply(e.multiply(capacity, gain), load), {
		label: "what one replica serves at its load",
	});
	const needed = e.define(
		"replicas",
		e.replica,
		e.maximum(
			e.ceilTo(e.divide(demand, capable), e.constant(2, e.replica)),
			e.previous(e.seriesRef("replicas", e.replica), e.constant(0, e.replica)),
		),
		{ label: "replicas, never fewer than before", formula: "demand over capacity, in whole pairs" },
	);
	const bought = e.define("bought", e.replica, e.subtract(needed, e.previous(needed, e.constant(0, e.replica))), {
		label: "replicas bought",
	});
	const pricePath = e.define("machine", usdPerReplica, e.multiply(machine, e.lookup(decay, month)), {
		label: "price of a replica's machines",
	});
	const capital = e.define("capital", e.usd, e.multiply(bought, pricePath), { label: "machines bought" });
	const hours = e.constant(1, e.month);
	const energyCost = e.define("energy", e.usd, e.multiply(e.multiply(e.multiply(needed, power), hours), energy), {
		label: "energy",
	});
	const repairs = e.define(
		"repairs",
		e.usd,
		e.when(
			month,
			">=",
			warranty,
			e.multiply(e.lagged(e.cumulative(capital), 12, e.constant(0, e.usd)), late),
			e.constant(0, e.usd),
		),
		{ label: "repairs" },
	);
	const running = e.define("running", e.usd, e.add(energyCost, e.multiply(people, hours), repairs), {
		label: "running cost",
	});
	const tokens = e.define("tokens", e.megatoken("total"), e.multiply(demand, hours), { label: "tokens" });
	const revenue = e.define("revenue", e.usd, e.multiply(tokens, price), { label: "revenue" });
	const isLast = (then) => e.when(month, "=", one(59), then, e.constant(0, e.usd));
	const residual = e.define("residual", e.usd, isLast(e.multiply(e.multiply(needed, machine), share)), {
		label: "machines sold at the end",
	});
	const cash = e.define("cash", e.usd, e.add(revenue, e.negate(capital), e.negate(running), residual), {
		label: "cash of the month",
	});
	const balance = e.define("balance", e.usd, e.cumulative(cash), { label: "cash so far" });
	const monthly = e.define("rate.monthly", e.percent, e.subtract(e.power(e.add(one(1), annual), one(1 / 12)), one(1)), {
		label: "cost of capital a month",
	});
	const discountedCost = e.presentValue(e.add(capital, running), monthly);
	const usdPerMtok = e.usdPerMtok("total");
	const outputs = [
		demand,
		cash,
		balance,
		e.define("npv", e.usd, e.presentValue(cash, monthly), { label: "net present value" }),
		e.define("irr.monthly", e.percent, e.internalRateOfReturn(cash), { label: "internal rate of return a month" }),
		e.define("tco", e.usd, e.sumOverMonths(e.add(capital, running)), { label: "total cost" }),
		e.define("levelised", usdPerMtok, e.divide(discountedCost, e.presentValue(tokens, monthly)), {
			label: "levelised cost of tokens",
		}),
		e.define("payback", e.one, e.firstMonthWhere(balance, ">", e.constant(0, e.usd)), { label: "payback, month" }),
		e.define("end", e.usd, e.lastMonth(balance), { label: "cash at the end" }),
		e.define("first", e.usd, e.firstMonth(capital), { label: "machines bought in the first month" }),
		e.define("headroom", e.fraction, e.divide(e.lastMonth(demand), floor), {
			label: "demand at the end over the market's",
		}),
		e.define("spare", e.replica, e.floorTo(e.multiply(e.lastMonth(needed), one(0.05)), e.constant(1, e.replica)), {
			label: "spares, whole replicas",
		}),
	];
	return { model: e.buildModel(outputs), months: 60 };
}

/** Ten inputs with other values, one of them a whole series. */
export function changedCash({ nodes, byId }) {
	const factors = {
		"demand.start": 1.37,
		"demand.growth": 0.81,
		"capacity.replica": 0.93,
		"software.gain": 1.5,
		"load.target": 1.2,
		"price.machine": 0.88,
		"price.energy": 1.6,
		warranty: 24 / 36,
		"rate.annual": 1.3,
	};
	const changed = Object.entries(factors).map(([id, factor]) => [id, nodes[byId.get(id)].spec.value.value * factor]);
	const { values } = nodes[byId.get("price.tokens")].spec.value;
	return new Map([...changed, ["price.tokens", values.map((value, t) => value * (1.08 - 0.001 * t))]]);
}

/** The edges of every operator, each an output of its own. */
export function cornerModel(engine) {
	const e = engine;
	const evidence = { source: "made up for a test", asOf: "2026-10-01", grade: "D" };
	const { one } = e;
	const number = (n) => e.constant(n, one);
	const input = (id, value) => e.input(id, one, { ...evidence, label: id, value: { kind: "point", value } });
	const path = (id, values) => e.input(id, one, { ...evidence, label: id, value: { kind: "series", values } });
	const table = (id, scale, points, below) =>
		e.table({
			id,
			label: id,
			xUnit: e.percent,
			yUnit: e.usd,
			scale,
			between: "C",
			...(below ? { below: "first" } : {}),
			knots: points.map(([x, y], i) => ({ ...evidence, x: x / 100, y, row: `row ${i}` })),
		});

	const rounding = [
		12.0000000001, 11.9999999999, 12.001, -2.3, -2.5, 2.5, 0, 7_000_000_000.25, 0.3, -7.0000000001,
	].flatMap((value, i) => {
		const x = input(`rounded.${i}`, value);
		const third = e.divide(x, input(`step.${i}`, 0.1));
		return [
			...[e.ceilTo, e.floorTo, e.roundTo].map((round) => round(x, number(1))),
			...[e.ceilTo, e.floorTo, e.roundTo].map((round) => round(third, number(0.25))),
		];
	});
	const tables = [
		table("curve", "linear", [
			[1, 4],
			[2, 9],
			[4, 9],
			[7, -2],
			[11, 30],
		]),
		table("curve-log", "log", [
			[1, 400],
			[2, 90],
			[4, 8],
			[7, 0.2],
		]),
		table(
			"held",
			"log",
			[
				[1, 3],
				[2, 5],
				[3, 4],
			],
			true,
		),
		table("two", "linear", [
			[1, 3],
			[2, 5],
		]),
		table("single", "log", [[2, 3]]),
		table("single-held", "linear", [[2, 3]], true),
	];
	const places = [0.5, 1, 1.0000001, 1.7, 2, 3, 4, 6.99, 7, 11, 11.01].map((x, i) =>
		e.input(`at.${i}`, e.percent, { ...evidence, label: "at", value: { kind: "point", value: x / 100 } }),
	);
	const reads = tables.flatMap((each) => places.map((x) => e.lookup(each, x)));
	const zero = input("zero", 0);
	const powers = [
		[zero, zero],
		[number(-2), input("three", 3)],
		[number(2), number(-0.5)],
		[number(5), number(0)],
		[zero, number(2)],
		[input("base", 1.0001), number(60)],
	].map(([x, y]) => e.power(x, y));
	const choices = [
		e.when(zero, "=", number(0), number(7), e.divide(number(1), zero)),
		e.when(number(1), "<", zero, e.logarithm(zero), number(8)),
		e.when(e.lookup(tables[3], places[0]), ">", e.constant(0, e.usd), number(1), number(2)),
		...["<", "<=", ">", ">=", "="].map((comparison) => e.when(zero, comparison, number(0), number(1), number(2))),
		e.absolute(e.subtract(number(2), e.negate(input("minus", -5)))),
		e.negate(e.add(input("a", 1.5), e.negate(input("b", 2.5)), number(-3))),
		e.subtract(input("c", 1e15), e.subtract(input("d", 1e15), input("f", 0.3))),
	];
	const flows = [
		path("flows.one", [-100, 20, 30, 40, 50, 10]),
		path("flows.none", [1, 2, 3, 4, 5, 6]),
		path("flows.two", [-100, 230, -132, 0, 0, 0]),
		path("flows.three-changes", [-100, 300, -250, 120, 40, 0]),
		path("flows.zero", [0, 0, 0, 0, 0, 0]),
		path("flows.steep", [-1, 0, 0, 0, 0, 90_000]),
		path("flows.loss", [-1000, 1, 1, 1, 1, 1]),
		path("flows.back", [100, -20, -30, -40, -50, -10]),
	];
	const rates = flows.flatMap((flow) => [
		e.internalRateOfReturn(flow),
		...[-0.2, 0, 0.013, 2].map((rate) => e.presentValue(flow, number(rate))),
		e.sumOverMonths(flow),
		e.firstMonth(flow),
		e.lastMonth(flow),
	]);
	const month = e.monthIndex();
	const held = e.lookup(tables[3], e.multiply(e.divide(month, number(2)), e.constant(1, e.percent)));
	const months = [
		e.firstMonthWhere(month, ">", number(2)),
		e.firstMonthWhere(month, ">=", number(0)),
		e.firstMonthWhere(month, "<", number(0)),
		e.firstMonthWhere(held, ">", e.constant(4, e.usd)),
		e.sumOverMonths(month),
		e.lastMonth(e.everyMonth(zero)),
		e.sumOverMonths(e.lagged(e.previous(flows[0], number(3)), 2, number(4))),
		e.lastMonth(e.lagged(flows[0], 9, number(5))),
		e.lastMonth(e.cumulative(e.cumulative(flows[0]))),
		e.firstMonth(held),
	];
	const many = Array.from({ length: 130 }, (_, i) =>
		input(`a-long-name-of-a-quantity-in-a-list-that-does-not-end.${i}`, i - 40.25),
	);
	const lists = [e.add(...many), e.minimum(...many), e.maximum(...many)];
	const all = [...rounding, ...reads, ...powers, ...choices, ...rates, ...months, ...lists];
	const named = all.map((of, i) => {
		const money = "USD" in of.dims;
		return e.define(`case.${i}`, money ? e.usd : i % 2 === 0 ? e.percent : one, of, { label: `case ${i}` });
	});
	const divided = e.define("divided", one, e.divide(number(1), input("divisor", 4)), { label: "divided" });
	return { model: e.buildModel([...named, divided]), months: 6 };
}
