// NPV, IRR, PMT and SLN of LibreOffice against the engine's own, of closed forms and of graphs.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { joinedSources, recalculated } from "./libreoffice.mjs";

/** The first flow is at the opening, the others at the end of a month each. */
const RACK = [-3_900_000, ...Array.from({ length: 59 }, (_, t) => 92_000 - 310 * t), 240_000];
const SEASONAL = [-50_000, ...Array.from({ length: 24 }, (_, t) => 2_600 + 900 * ((t % 6) - 2))];

describe("functions of a spreadsheet program", () => {
	let folder;
	let parts;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "farthing-functions-"));
		parts = await joinedSources(folder);
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	/** What the program makes of formulas, each on rows of numbers that it may refer to as `ROW`. */
	async function calculated(name, cases) {
		const { engine } = parts;
		const rows = cases.map(({ numbers = [], formula }, r) => {
			const range = `B${r + 1}:${engine.columnLetters(numbers.length)}${r + 1}`;
			const cells = numbers.map((content) => ({ role: "input", content }));
			return [{ role: "formula", formula: formula.replaceAll("ROW", range), unit: "" }, ...cells];
		});
		const sheet = { name: "Functions", widths: [], frozen: { rows: 0, columns: 0 }, rows };
		const bytes = await parts.workbookXlsx({ title: name, sheets: [sheet], names: [] });
		const [{ sheets }] = await recalculated(folder, parts, [{ name, bytes }]);
		return cases.map((_, r) => sheets[0].rows[r]?.[0]);
	}

	/** Engine's values of nodes made by `outputs`, over so many months. */
	function valueOf(make, months) {
		const { engine } = parts;
		const { one, usd, define } = engine;
		const evidence = { source: "a test", asOf: "2026-01", grade: "A" };
		const number = (id, value, unit = one) =>
			engine.input(id, unit, { ...evidence, label: id, value: { kind: "point", value } });
		const path = (id, values) => engine.input(id, usd, { ...evidence, label: id, value: { kind: "series", values } });
		const output = make({ number, path, define, one, usd });
		const evaluation = engine.evaluate(engine.buildModel([output]), { months });
		const { id, shape } = evaluation.model.nodes[evaluation.model.byId.get(output.data.id)];
		return shape === "series" ? engine.seriesOf(evaluation, id) : engine.scalarOf(evaluation, id);
	}

	test("NPV", async () => {
		const cases = [
			[RACK, 0.0065],
			[RACK, 0],
			[RACK, 0.02],
			[RACK, -0.004],
			[SEASONAL, 0.01],
			[SEASONAL, 1e-7],
			[SEASONAL, 0.5],
			[[-1000, 120, 180, -50, 240, 310, 150, 200, 90, 60], 0.013],
			[[0, -10_000, 3_000, 4_200, 6_800], 0.1],
			[[-70_000, 12_000, 15_000, 18_000, 21_000], 0.08],
			[[-100, 230, -132], 0.15],
		];
		const found = await calculated(
			"npv",
			cases.map(([[first, ...rest], rate]) => ({ numbers: rest, formula: `NPV(${rate},ROW)+(${first})` })),
		);
		for (const [i, [flows, rate]] of cases.entries()) {
			const size = Math.max(...flows.map(Math.abs));
			const node = valueOf(
				({ number, path, define, usd }) =>
					define("npv", usd, parts.engine.presentValue(path("flows", flows), number("rate", rate)), { label: "npv" }),
				flows.length,
			);
			agree(found[i], node, `NPV of case ${i}`, size);
			agree(found[i], parts.engine.discounted(flows, rate), `discounted of case ${i}`, size);
		}
	});

	test("IRR where there is one", async () => {
		const cases = [
			RACK,
			SEASONAL,
			[-1000, 120, 180, -50, 240, 310, 150, 200, 90, 60],
			[-70_000, 12_000, 15_000, 18_000, 21_000],
			[-70_000, 12_000, 15_000, 18_000, 21_000, 26_000],
			[-100, 110],
			[-100, 0, 0, 0, 40],
			[100, -30, -30, -30, -30],
			[-1, 3.5],
			[-5_420_000, ...new Array(60).fill(121_000)],
		];
		const ours = cases.map((flows) => parts.engine.internalRates(flows));
		assert.deepEqual(
			ours.map(({ kind }) => kind),
			cases.map(() => "one"),
		);
		const found = await calculated(
			"irr",
			cases.map((numbers, i) => ({ numbers, formula: `IRR(ROW,${near(ours[i].monthly)})` })),
		);
		for (const [i, flows] of cases.entries()) {
			agree(found[i], ours[i].monthly, `IRR of case ${i}`);
			assert.equal(rateNode(flows), ours[i].monthly, "the graph's own is the same number");
		}
	});

	test("IRR where there is none: the program has none either", async () => {
		const cases = [
			[-100, -5],
			[100, 5, 5],
			[-1, 2, -2],
			[-100, 150, -80],
			[10, -12, 10],
		];
		for (const flows of cases) {
			assert.deepEqual(parts.engine.internalRates(flows), { kind: "none" });
			assert.ok(Number.isNaN(rateNode(flows)));
		}
		const found = await calculated(
			"none",
			cases.map((numbers) => ({ numbers, formula: "IRR(ROW)" })),
		);
		for (const [i, value] of found.entries()) assert.match(String(value), /^#|^Err/, `case ${i}: ${value}`);
	});

	test("IRR where there are several: the program finds each of ours when it starts near it", async () => {
		const cases = [
			{ flows: [-100, 230, -132], roots: [0.1, 0.2] },
			{ flows: flowsWithRoots(0.05, 0.15, 0.3), roots: [0.05, 0.15, 0.3] },
			{ flows: flowsWithRoots(-0.2, 0.25), roots: [-0.2, 0.25] },
			{ flows: flowsWithRoots(0.01, 0.5).map((flow) => 1e6 * flow), roots: [0.01, 0.5] },
			{ flows: flowsWithRoots(0, 0.1, 0.4), roots: [0, 0.1, 0.4] },
		];
		const asked = cases.flatMap(({ flows, roots }) => roots.map((root) => ({ flows, root })));
		const found = await calculated(
			"several",
			asked.map(({ flows, root }) => ({ numbers: flows, formula: `IRR(ROW,${near(root)})` })),
		);
		for (const { flows, roots } of cases) {
			const { kind, monthly } = parts.engine.internalRates(flows);
			assert.equal(kind, "many");
			assert.equal(monthly.length, roots.length);
			for (const [i, root] of roots.entries())
				assert.ok(Math.abs(monthly[i] - root) < 1e-9, `${monthly[i]} is ${root}`);
			assert.ok(Number.isNaN(rateNode(flows)), "no number stands for several");
		}
		for (const [i, { flows, root }] of asked.entries()) {
			const ours = parts.engine.internalRates(flows).monthly.find((rate) => Math.abs(rate - root) < 1e-9);
			assert.ok(Math.abs(found[i] - ours) <= 1e-9, `IRR near ${root}: ${found[i]}, ours ${ours}`);
		}
	});

	test("PMT", async () => {
		const cases = [
			[0.01, 60, 250_000],
			[0.004, 36, 5_420_000],
			[0.00025, 12, 1],
			[0, 48, 96_000],
			[0.1, 5, 100],
			[0.0065, 180, 11_500_000],
			[0.5, 3, 10],
			[0.00797414, 48, 2_340_000],
			[0.08, 1, 1_000],
			[0.02, 24, 500_000, 125_000],
			[0, 24, 500_000, 125_000],
			[1e-7, 360, 1e6],
		];
		const found = await calculated(
			"pmt",
			cases.map(([rate, periods, loan, balloon = 0]) => ({ formula: `PMT(${rate},${periods},${-loan},${balloon})` })),
		);
		for (const [i, [rate, periods, loan, balloon]] of cases.entries()) {
			agree(found[i], parts.engine.annuityPayment(loan, rate, periods, balloon), `payment of case ${i}`);
			// (1 + r)^−n in a graph has the digits of 1 + r, and no more
			if (balloon !== undefined || (rate !== 0 && rate < 1e-5)) continue;
			const node = valueOf(
				({ number, define, one }) =>
					define("payment", one, parts.engine.levelPayment(number("rate", rate), periods), { label: "payment" }),
				1,
			);
			agree(found[i], loan * node, `payment of case ${i} in a graph`);
		}
	});

	test("SLN, each month of the book life and none after it", async () => {
		const cases = [
			[3_400_000, 300_000, 60],
			[250_000, 0, 48],
			[250_000, 250_000, 48],
			[5_420_000, 542_000, 72],
			[1, 0, 3],
			[99_999.99, 0.01, 36],
			[1e9, 1e7, 180],
			[40_000, 4_000, 1],
			[7, 2, 7],
			[51_400, 5_140, 48],
		];
		const found = await calculated(
			"sln",
			cases.map((asset) => ({ formula: `SLN(${asset})` })),
		);
		for (const [i, [cost, salvage, months]] of cases.entries()) {
			const placed = [cost - salvage, ...new Array(months + 2).fill(0)];
			const charges = valueOf(
				({ path }) => parts.engine.straightLine("", path("placed", placed), months).charge,
				placed.length,
			);
			assert.equal(charges[0], 0);
			for (let t = 1; t <= months; t++) agree(found[i], charges[t], `charge of case ${i}, month ${t}`);
			for (const later of [...charges].slice(months + 1)) assert.equal(later, 0);
		}
	});

	function rateNode(flows) {
		return valueOf(
			({ path, define, one }) =>
				define("irr", one, parts.engine.internalRateOfReturn(path("flows", flows)), { label: "irr" }),
			flows.length,
		);
	}
});

/** Within 1e-9 of the number, or of what it is a balance of. */
function agree(theirs, ours, place, size = 0) {
	assert.equal(typeof theirs, "number", `${place}: ${theirs}`);
	const far = Math.abs(theirs - ours);
	assert.ok(far <= 1e-9 * Math.abs(ours) || far <= 1e-13 * size, `${place}: ${theirs}, ours ${ours}`);
}

/** A start that is not the answer itself. */
function near(rate) {
	return Number((rate + 0.004).toFixed(3));
}

/** Flows whose present value is 0 at just these rates: the product of (1 + root − growth), paid first. */
function flowsWithRoots(...roots) {
	const product = roots.reduce(
		(flows, root) => [...flows, 0].map((flow, i) => flow - (1 + root) * (flows[i - 1] ?? 0)),
		[1],
	);
	return product.map((flow) => -1000 * flow);
}
