// The packs in real programs: PDF checked and read back, slides and workbook opened by LibreOffice, every number against
// the result, and nothing outside its page at the longest names and the largest numbers.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "packages/cli/bin/farthing.js");
const pictures = fileURLToPath(new URL("screenshots/", import.meta.url));
const office = process.env.LIBREOFFICE ?? "soffice";

/** The example, and one that fills every name and number as far as it goes. */
const scenarios = {
	usual: "version: 1\nname: usual\nextends: scenarios/five-years.yaml\nsupply: {hardware: [b200]}\n",
	extreme: `version: 1
name: an-investment-case-with-a-name-that-goes-on-for-longer-than-anybody-would-want-to-read-it-aloud
extends: scenarios/five-years.yaml
owner: The Department of Capital Planning, Procurement and Infrastructure Governance (Europe and Middle East), 数据中心
supply: {hardware: [b200]}
demand:
  tokens_per_day: 400T to 900T
  path: [{at: 2027-07, tokens_per_day: 9000T, growth: 1% to 4%, note: the launch of every product in every market on the very same day of the year}]
facility: {site_power: 90 GW}
people: {fte: 99000, pay: 260k USD/year}
`,
};

describe("packs", () => {
	let folder;
	const made = {};
	let readZip;

	before(async () => {
		mkdirSync(pictures, { recursive: true });
		folder = mkdtempSync(join(tmpdir(), "farthing-pack-"));
		readZip = (await joinedZip(folder)).readZip;
		cpSync(join(root, "scenarios"), join(folder, "scenarios"), { recursive: true });
		for (const [name, text] of Object.entries(scenarios)) {
			writeFileSync(join(folder, `${name}.yaml`), text);
			farthing("plan", `${name}.yaml`, "-o", `${name}.json`);
			farthing("report", `${name}.json`, "-o", name);
			farthing("report", `${name}.json`, "--template", "technical", "--format", "pdf,csv", "-o", name);
			made[name] = { lines: csvLines(join(folder, name, "board.csv")), plan: json(`${name}.json`) };
		}
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	for (const name of Object.keys(scenarios)) {
		test(`${name}: the PDF passes qpdf, is tagged, has bookmarks, embeds its fonts and holds no date`, () => {
			const file = join(folder, name, "board.pdf");
			run("qpdf", ["--check", file]);
			const info = run("pdfinfo", [file]);
			assert.match(info, /Tagged:\s+yes/);
			assert.doesNotMatch(info, /CreationDate|ModDate/);
			const fonts = run("pdffonts", [file])
				.split("\n")
				.slice(2)
				.filter((line) => line !== "");
			assert.ok(fonts.length > 0);
			for (const line of fonts) assert.match(line, / yes yes yes\s+\d+\s+\d+\s*$/, line);
			const { outlines } = JSON.parse(run("qpdf", ["--json", "--json-key=outlines", file]));
			assert.equal(outlines.length, 11, "ten pages and the tables");
			const structure = run("pdfinfo", ["-struct", file]);
			for (const tag of ["H1", "Table", "TH", "Figure", "Note"])
				assert.match(structure, new RegExp(`^\\s*${tag}\\b`, "m"), tag);
		});

		for (const template of ["board", "technical"]) {
			test(`${name}, ${template}: every number of the report stands in the PDF, as in the CSV`, () => {
				const text = plain(run("pdftotext", ["-enc", "UTF-8", join(folder, name, `${template}.pdf`), "-"]));
				const lines = csvLines(join(folder, name, `${template}.csv`));
				assert.ok(lines.length > 100, `${lines.length} numbers`);
				assert.deepEqual(
					lines.filter(({ shown }) => !text.includes(plain(shown))),
					[],
				);
			});

			test(`${name}, ${template}: no words of the PDF stand outside its pages or lie on each other`, () => {
				const page = { left: 46, right: 595.28 - 46, top: 30, bottom: 841.89 - 15 };
				const words = boxes(join(folder, name, `${template}.pdf`));
				const out = words.filter(
					({ x1, x2, y1, y2 }) => x1 < page.left || x2 > page.right + 3 || y1 < page.top || y2 > page.bottom,
				);
				assert.deepEqual(out.slice(0, 5), []);
				assert.deepEqual(overlaps(words).slice(0, 5), []);
			});
		}

		test(`${name}: LibreOffice opens the slides; their numbers are those of the result`, () => {
			const file = join(folder, name, "board.pptx");
			const entries = readZip(readFileSync(file));
			const slides = [...entries].filter(([path]) => /^ppt\/slides\/slide\d+\.xml$/.test(path));
			const words = plain(slides.map(([, xml]) => textOf(xml)).join(" "));
			const shown = made[name].lines.filter(({ page }) => page !== "Assumption register");
			assert.deepEqual(
				shown.filter((line) => !words.includes(plain(line.shown))),
				[],
			);
			const charts = [...entries].filter(([path]) => /^ppt\/charts\/chart\d+\.xml$/.test(path));
			assert.ok(charts.length >= 7, `${charts.length} charts`);
			const known = numbersOf(made[name].plan.result);
			for (const [path, xml] of charts) checkChart(path, String(xml), known);
			const notes = [...entries].filter(([path]) => /notesSlide\d+\.xml$/.test(path)).map(([, xml]) => textOf(xml));
			assert.ok(notes.some((each) => /grade [A-E]/.test(each) && /farthing why/.test(each)));
			const pdf = converted(folder, file, "pdf");
			const pages = Number(/Pages:\s+(\d+)/.exec(run("pdfinfo", [pdf]))[1]);
			assert.equal(pages, slides.length);
			const size = { right: 13.333 * 72, bottom: 7.5 * 72 };
			const out = boxes(pdf).filter(({ x1, x2, y1, y2 }) => x1 < 0 || x2 > size.right || y1 < 0 || y2 > size.bottom);
			assert.deepEqual(out, []);
			run("pdftoppm", ["-r", "50", "-png", "-f", "1", "-l", "12", pdf, join(pictures, `${name}-slides`)]);
			run("pdftoppm", [
				"-r",
				"60",
				"-png",
				"-f",
				"1",
				"-l",
				"10",
				join(folder, name, "board.pdf"),
				join(pictures, `${name}-page`),
			]);
		});
	}

	test("the workbook recalculates to the numbers of the report, and says that it matches", async () => {
		const { readXlsx } = await import("hucre/xlsx");
		const file = converted(folder, join(folder, "usual", "board.xlsx"), "xlsx");
		const { sheets } = await readXlsx(readFileSync(file));
		const summary = sheets.find(({ name }) => name === "Summary").rows;
		assert.equal(summary.find(([word]) => word === "matches engine")[1], true);
		const numbers = sheets
			.filter(({ name }) => /^\d/.test(name))
			.flatMap(({ rows }) => rows.flat().filter((cell) => typeof cell === "number"));
		assert.ok(numbers.length > 200, `${numbers.length} numbers in tables`);
		const exact = made.usual.lines.map(({ value }) => value);
		const strange = numbers.filter((cell) => !exact.some((value) => Math.abs(cell - value) <= 1e-9 * Math.abs(value)));
		assert.deepEqual(strange, []);
	});

	test("in Chinese the PDF says the same numbers, in an embedded font, with words that can be read back", () => {
		farthing("report", "usual.json", "--format", "pdf,csv,pptx,xlsx", "--language", "zh", "-o", "zh");
		const file = join(folder, "zh", "board.pdf");
		run("qpdf", ["--check", file]);
		assert.match(run("pdffonts", [file]), /NotoSansSC-Regular.* yes yes yes /);
		assert.doesNotMatch(run("pdffonts", [file]), /[Uu]nifont/);
		const text = plain(run("pdftotext", ["-enc", "UTF-8", file, "-"]));
		for (const words of [
			"投资论证",
			"从每 GPU 成本到每百万 token 成本",
			"假设登记表",
			"净现值（NPV）",
			"厂商宣称或假设",
		])
			assert.ok(text.includes(words), words);
		assert.equal(JSON.parse(run("qpdf", ["--json", "--json-key=outlines", file])).outlines.length, 11);
		const lines = csvLines(join(folder, "zh", "board.csv"));
		const told = (each) => `${each.value} ${each.unit} ${each.shown}`;
		assert.deepEqual(lines.map(told).sort(), made.usual.lines.map(told).sort());
		assert.deepEqual(
			lines.filter(({ shown }) => !text.includes(plain(shown))),
			[],
		);
		const slides = [...readZip(readFileSync(join(folder, "zh", "board.pptx")))].map(([, xml]) => textOf(xml)).join(" ");
		const book = [...readZip(readFileSync(join(folder, "zh", "board.xlsx")))].map(([, xml]) => String(xml)).join(" ");
		for (const words of ["假设登记表", "现金与方式"]) assert.ok(slides.includes(words) && book.includes(words), words);
	});

	test("the same result gives the same bytes in every format", () => {
		farthing("report", "usual.json", "-o", "again");
		for (const format of ["html", "pdf", "pptx", "xlsx", "csv", "md"]) {
			const [one, two] = ["usual", "again"].map((name) => readFileSync(join(folder, name, `board.${format}`)));
			assert.ok(one.equals(two), format);
		}
	});

	function farthing(...args) {
		const { status, stderr } = spawnSync(process.execPath, [bin, ...args, "--quiet"], {
			cwd: folder,
			encoding: "utf8",
			maxBuffer: 2 ** 28,
		});
		assert.equal(status, 0, stderr);
	}

	function json(name) {
		return JSON.parse(readFileSync(join(folder, name), "utf8"));
	}
});

/** The reader of archives as one file, since this Node runs no TypeScript. */
async function joinedZip(folder) {
	const { rolldown } = await import("rolldown");
	const input = join(root, "packages/report/test-support/zip.ts");
	const joined = await rolldown({ input, platform: "node" });
	const file = join(folder, "zip.mjs");
	await joined.write({ file, format: "esm" });
	await joined.close();
	return import(pathToFileURL(file).href);
}

function run(command, args) {
	return execFileSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "pipe"] });
}

function converted(folder, file, format) {
	const out = join(folder, "converted");
	const profile = `-env:UserInstallation=${pathToFileURL(join(folder, "profile")).href}`;
	const { status, stderr } = spawnSync(office, [profile, "--headless", "--convert-to", format, "--outdir", out, file], {
		encoding: "utf8",
		timeout: 300_000,
	});
	assert.equal(status, 0, stderr);
	return join(out, file.split("/").at(-1).replace(/\w+$/, format));
}

/** Words without what only breaks lines. */
function plain(text) {
	return text.replaceAll("\u200b", "").replace(/\s+/g, " ");
}

function textOf(xml) {
	const words = [...String(xml).matchAll(/<a:t>([^<]*)<\/a:t>/g)].map(([, word]) => word).join("");
	return words
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&apos;", "'")
		.replaceAll("&amp;", "&");
}

function csvLines(file) {
	return readFileSync(file, "utf8")
		.split("\r\n")
		.slice(1, -1)
		.map((row) => {
			const fields = [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) =>
				field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
			);
			const [page, , , , value, unit, shown] = fields;
			return { page, value: Number(value), unit, shown: shown.replace(/^'/, "") };
		});
}

/** Every number anywhere in a result. */
function numbersOf(of, found = new Set()) {
	if (typeof of === "number") found.add(of);
	else if (typeof of === "object" && of !== null) for (const each of Object.values(of)) numbersOf(each, found);
	return found;
}

/** Columns and lines hold numbers of the result; bars of a waterfall and a tornado hold differences of them. */
function checkChart(path, xml, known) {
	if (/<c:v>(?:base|takes off|input at its low end)<\/c:v>/.test(xml)) return;
	const values = [...xml.matchAll(/<c:val>[\s\S]*?<\/c:val>/g)].flatMap(([part]) =>
		[...part.matchAll(/<c:v>([^<]+)<\/c:v>/g)].map(([, value]) => Number(value)),
	);
	assert.ok(values.length > 0, path);
	for (const value of values) assert.ok(known.has(value), `${path}: ${value} is no number of the result`);
}

/** Words with their boxes, in points. */
function boxes(pdf) {
	const pages = run("pdftotext", ["-bbox", pdf, "-"]).split("<page ").slice(1);
	return pages.flatMap((text, page) =>
		[...text.matchAll(/xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g)].map(
			([, x1, y1, x2, y2, word]) => ({
				page: page + 1,
				x1: Number(x1),
				y1: Number(y1),
				// a break that has no width is given one
				x2: Number(x2) - (word.includes("\u200b") ? 20 : 0),
				y2: Number(y2),
				word,
			}),
		),
	);
}

/** Pairs of words of which a good part lies on each other. */
function overlaps(words) {
	const found = [];
	const byPage = Map.groupBy?.(words, ({ page }) => page) ?? grouped(words);
	for (const some of byPage.values()) {
		for (const [i, a] of some.entries()) {
			for (const b of some.slice(i + 1)) {
				const across = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
				const down = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
				const least = Math.min(a.x2 - a.x1, b.x2 - b.x1);
				if (across > 0.35 * least && across > 2 && down > 0.55 * Math.min(a.y2 - a.y1, b.y2 - b.y1)) found.push([a, b]);
			}
		}
	}
	return found;
}

function grouped(words) {
	const pages = new Map();
	for (const word of words) pages.set(word.page, [...(pages.get(word.page) ?? []), word]);
	return pages;
}
