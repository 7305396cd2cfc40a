// The workbook, recalculated by LibreOffice: every number against the engine, as delivered and after changes of inputs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { joinedSources, recalculated } from "./libreoffice.mjs";
import { cashModel, changedCash, cornerModel } from "./workbook-models.mjs";

/** Each takes LibreOffice more than a second: before a change of the workbook, FARTHING_GRAPHS=400. */
const graphs = Number(process.env.FARTHING_GRAPHS ?? 20);
const seed = Number(process.env.FARTHING_SEED ?? 3);

describe("the workbook in LibreOffice", () => {
	let folder;
	let parts;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "farthing-workbook-"));
		parts = await joinedSources(folder);
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	test(`${graphs} random graphs, as delivered and with other inputs`, async () => {
		const { engine, fc, randomGraph } = parts;
		const cases = [];
		let edges = 0;
		for (const [i, graph] of fc.sample(randomGraph({ size: 50 }), { numRuns: graphs, seed }).entries()) {
			const model = withoutTinyConstants(engine.buildModel(graph.outputs));
			const [first, second] = ["delivered", "changed"].map((name) =>
				evaluated(engine, model, graph.months, engine.uniformStream(seed, `${i} ${name}`)),
			);
			if (first === undefined || second === undefined) continue;
			if (isOnEdge(first) || isOnEdge(second)) {
				edges++;
				continue;
			}
			const book = engine.workbookOf(first);
			const bytes = await parts.workbookXlsx(book);
			cases.push({ name: `delivered-${i}`, bytes, book });
			const then = engine.workbookOf(second);
			cases.push({
				name: `changed-${i}`,
				bytes: edited(parts, bytes, inputCells(engine, then)),
				book: then,
				skipped: AS_DELIVERED,
			});
		}
		assert.ok(cases.length > graphs, "most graphs have a value");
		const results = await recalculated(folder, parts, cases);
		const seen = { numbers: 0, unreachable: 0, cancelled: 0 };
		for (const [i, each] of cases.entries()) compare(engine, each, results[i], seen);
		console.log(
			`  ${cases.length} workbooks: ${seen.numbers} numbers, ${seen.unreachable} unreachable, ${seen.cancelled} where terms cancel; ${edges} graphs on an edge left out`,
		);
		assert.ok(seen.numbers > 50 * graphs);
	});

	test("five years of cash by month, and again after ten inputs are changed", async () => {
		const { engine } = parts;
		const { model, months } = cashModel(engine);
		const delivered = engine.evaluate(model, { months });
		const inputs = changedCash(model);
		assert.equal(inputs.size, 10);
		const changed = engine.evaluate(model, { months, inputs });
		const book = engine.workbookOf(delivered, { start: "2026-10" });
		const then = engine.workbookOf(changed, { start: "2026-10" });
		const bytes = await parts.workbookXlsx(book);
		const cases = [
			{ name: "cash", bytes, book },
			{
				name: "cash-changed",
				bytes: edited(parts, bytes, inputCells(engine, then)),
				book: then,
				skipped: AS_DELIVERED,
			},
		];
		const results = await recalculated(folder, parts, cases);
		const seen = { numbers: 0, unreachable: 0, cancelled: 0 };
		for (const [i, each] of cases.entries()) compare(engine, each, results[i], seen);
		assert.ok(seen.numbers > 2500, `${seen.numbers} numbers`);
		assert.equal(seen.cancelled, 0);
		const checks = results.map((result) => [at(result, "Check", "B3"), at(result, "Check", "B4")]);
		assert.deepEqual(checks, [
			[true, 0],
			[false, 10],
		]);
	});

	test("the example's five years of money, and again after ten inputs are changed", async () => {
		const { engine } = parts;
		const { model, months } = engine.modelFromJson(plannedYears(folder).graph);
		const inputs = changedInputs(model);
		assert.equal(inputs.size, 10);
		const start = "2026-12";
		const book = engine.workbookOf(engine.evaluate(model, { months }), { start });
		const then = engine.workbookOf(engine.evaluate(model, { months, inputs }), { start });
		const bytes = await parts.workbookXlsx(book);
		const cases = [
			{ name: "years", bytes, book },
			{
				name: "years-changed",
				bytes: edited(parts, bytes, inputCells(engine, then)),
				book: then,
				skipped: AS_DELIVERED,
			},
		];
		const results = await recalculated(folder, parts, cases);
		const seen = { numbers: 0, unreachable: 0, cancelled: 0 };
		for (const [i, each] of cases.entries()) compare(engine, each, results[i], seen);
		console.log(`  ${seen.numbers} numbers, ${seen.cancelled} where terms cancel, ${seen.unreachable} unreachable`);
		assert.ok(seen.numbers > 20_000, `${seen.numbers} numbers`);
		const checks = results.map((result) => [at(result, "Check", "B3"), at(result, "Check", "B4")]);
		assert.deepEqual(checks, [
			[true, 0],
			[false, 10],
		]);
	});

	test("the edges of every operator, and a division by zero after a change", async () => {
		const { engine } = parts;
		const { model, months } = cornerModel(engine);
		const book = engine.workbookOf(engine.evaluate(model, { months }));
		const bytes = await parts.workbookXlsx(book);
		const { range } = book.names.find(({ id }) => id === "divisor");
		const broken = edited(parts, bytes, new Map([[range.replace("Inputs!", "").replaceAll("$", ""), 0]]));
		const cases = [
			{ name: "corners", bytes, book },
			{ name: "corners-broken", bytes: broken },
		];
		const results = await recalculated(folder, parts, cases);
		const seen = { numbers: 0, unreachable: 0, cancelled: 0 };
		compare(engine, cases[0], results[0], seen);
		assert.ok(seen.numbers > 400 && seen.unreachable > 30, JSON.stringify(seen));
		assert.equal(at(results[0], "Check", "B3"), true);
		const place = book.names
			.find(({ id }) => id === "divided")
			.range.replace("Model!", "")
			.replaceAll("$", "");
		assert.equal(at(results[1], "Model", place), "#DIV/0!");
		assert.equal(at(results[1], "Check", "B3"), false);
	});
});

/** Numbers of the engine that stay what they were when inputs change. */
const AS_DELIVERED = new Set(["Check"]);

/** The plan of the example with the machines of one part only, as the command line saves it. */
function plannedYears(folder) {
	const scenario = "version: 1\nname: years\nextends: five-years.yaml\nsupply: {hardware: [b200]}\n";
	const root = fileURLToPath(new URL("../../", import.meta.url));
	copyFileSync(join(root, "scenarios/five-years.yaml"), join(folder, "five-years.yaml"));
	writeFileSync(join(folder, "years.yaml"), scenario);
	const args = [join(root, "packages/cli/bin/farthing.js"), "plan", "years.yaml", "-o", "years.json", "--quiet"];
	const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return JSON.parse(readFileSync(join(folder, "years.json"), "utf8"));
}

/** Ten inputs of every kind, each a little more than it was. */
function changedInputs(model) {
	const names = [
		"demand.step_1.tokens",
		"capital.b200-sxm.server",
		"facility.energy_price",
		"facility.rent",
		"people.fte",
		"finance.discount_rate",
		"finance.tax",
		"revenue.price.output",
		"rent.reserved.rate",
		"price_path.api.0.decline",
	];
	const central = ({ kind, value, low, high, p5, p95 }) =>
		kind === "point" ? value : Math.sqrt((low ?? p5) * (high ?? p95));
	return new Map(
		names.map((id) => {
			const node = model.nodes[model.byId.get(id)];
			assert.ok(node, `an input ${id}`);
			return [id, central(node.spec.value) * 1.07];
		}),
	);
}

/** Numbers next to 0 are drawn often and are none in a spreadsheet. */
function withoutTinyConstants(model) {
	const nodes = model.nodes.map((node) =>
		node.op === "const" && node.value !== 0 && Math.abs(node.value) < 1e-6 ? { ...node, value: 0.25 } : node,
	);
	return { ...model, nodes };
}

/** Undefined where the graph divides by zero or the like. */
function evaluated(engine, model, months, stream) {
	const draw = ({ unit }) => (Math.round(stream.next() * 800 - 300) / 100) * unit.factor;
	const inputs = new Map();
	for (const node of model.nodes) {
		if (node.op !== "input") continue;
		inputs.set(node.id, node.shape === "series" ? Array.from({ length: months }, () => draw(node)) : draw(node));
	}
	try {
		return engine.evaluate(model, { months, inputs });
	} catch (error) {
		if (error.code === "not-finite") return undefined;
		throw error;
	}
}

/** Whether a choice hangs on the last digit: spreadsheet programs take numbers for equal that differ in it, the engine does not. */
function isOnEdge({ model, months, scalars, series }) {
	return model.nodes.some(({ index, op, args, table }) => {
		if (!["if", "firstWhere", "round", "lookup"].includes(op)) return false;
		const places = series[index] === undefined && op !== "firstWhere" ? 1 : months;
		return Array.from({ length: places }, (_, t) => t).some((t) => {
			const [a, b] = args.map((arg) => series[arg]?.[t] ?? scalars[arg]);
			if (op === "round") return isAlmost(a / b, Math.floor(a / b) + 0.5);
			return op === "lookup" ? table.knots.some(({ x }) => isAlmost(a, x)) : isAlmost(a, b);
		});
	});
}

/** Not the same, but the same in a spreadsheet. */
function isAlmost(a, b) {
	return a !== b && Math.abs(a - b) <= Math.max(1e-12 * Math.max(Math.abs(a), Math.abs(b)), 1e-100);
}

/** Numbers of the sheet of inputs by address. */
function inputCells({ columnLetters }, { sheets }) {
	const { rows } = sheets.find(({ name }) => name === "Inputs");
	const cells = new Map();
	for (const [r, row] of rows.entries()) {
		for (const [c, cell] of row.entries()) {
			if (cell?.role === "input") cells.set(`${columnLetters(c)}${r + 1}`, cell.content);
		}
	}
	return cells;
}

/** The file with other numbers in its inputs, and nothing else changed. */
function edited({ readZip, writeZip }, bytes, cells) {
	const entries = readZip(bytes);
	const inputs = sheetPath(entries, "Inputs");
	const left = new Set(cells.keys());
	const xml = entries
		.get(inputs)
		.toString("utf8")
		.replace(/(<c r="([A-Z]+\d+)"[^>]*><v>)[^<]*(<\/v>)/g, (whole, before, address, end) => {
			return left.delete(address) ? `${before}${cells.get(address)}${end}` : whole;
		});
	assert.deepEqual([...left], [], "inputs that the file does not have");
	return writeZip(new Map(entries).set(inputs, Buffer.from(xml)));
}

function sheetPath(entries, name) {
	const names = [
		...entries
			.get("xl/workbook.xml")
			.toString("utf8")
			.matchAll(/<sheet name="([^"]*)"/g),
	];
	return `xl/worksheets/sheet${names.findIndex((match) => match[1] === name) + 1}.xml`;
}

/** Every formula that the engine has a value for: within 1e-9 of it, or within rounding where terms cancel. */
function compare({ columnLetters }, { name, book, skipped = new Set() }, result, seen) {
	// Where a number is wrong, so are the verdicts, which say less.
	const verdicts = ["Check", "Summary"];
	const sheets = book.sheets.toSorted((a, b) => verdicts.indexOf(a.name) - verdicts.indexOf(b.name));
	for (const sheet of sheets) {
		if (skipped.has(sheet.name)) continue;
		const found = result.sheets.find((each) => each.name === sheet.name);
		for (const [r, row] of sheet.rows.entries()) {
			for (const [c, cell] of row.entries()) {
				if (cell?.formula === undefined || cell.value === undefined || isVerdict(cell, skipped)) continue;
				const place = `${name}, ${sheet.name}!${columnLetters(c)}${r + 1} =${cell.formula}`;
				compareCell(place, cell, found.rows[r]?.[c], seen);
			}
		}
	}
}

/** Whether it matches is not asked where inputs were changed. */
function isVerdict({ formula }, skipped) {
	return skipped.size > 0 && formula.startsWith("Check!");
}

function compareCell(place, { value, rounding = 0 }, found, seen) {
	if (typeof value === "boolean") return assert.equal(found, value, place);
	if (Number.isNaN(value)) {
		seen.unreachable++;
		return assert.match(String(found), /^#/, place);
	}
	assert.equal(typeof found, "number", `${place}: ${found} is not ${value}`);
	seen.numbers++;
	const difference = Math.abs(found - value);
	if (difference <= 1e-9 * Math.abs(value)) return;
	seen.cancelled++;
	assert.ok(difference <= 8 * rounding, `${place}: ${found} is not ${value} (rounding ${rounding})`);
}

function at({ sheets }, sheet, address) {
	const [, column, row] = /^([A-Z]+)(\d+)$/.exec(address);
	return sheets.find(({ name }) => name === sheet).rows[row - 1]?.[column.charCodeAt(0) - 65];
}
