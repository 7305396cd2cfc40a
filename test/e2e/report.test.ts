/** `farthing report`: every number of every text format is the number of the result, and the same input gives the same bytes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modelFromJson } from "@farthing/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { answerOf, farthing, folderWith, type Json, refusal, root } from "./farthing.ts";

const TEXTS = ["html", "csv", "md"] as const;

/** The example with the machines of one part only: as much to report, less to plan. */
const FIVE_YEARS = "version: 1\nname: five\nextends: scenarios/five-years.yaml\nsupply: {hardware: [b200]}\n";

let folder: string;
let plan: Json;
let claims: Json;
let sensitivity: Json;
let files: Record<(typeof TEXTS)[number], string>;

beforeAll(() => {
	folder = folderWith({ "five.yaml": FIVE_YEARS }, { scenarios: true });
	const made = farthing("plan five.yaml -o five.json --quiet", { cwd: folder });
	expect(made.code, made.stderr).toBe(0);
	plan = JSON.parse(readFileSync(join(folder, "five.json"), "utf8")) as Json;
	claims = answerOf("claim --json", { cwd: folder });
	sensitivity = answerOf("sensitivity five.json --rows 64 --json", { cwd: folder });
	files = written("one");
}, 300_000);

function written(into: string, flags = ""): Record<(typeof TEXTS)[number], string> {
	const run = farthing(`report five.json --format ${TEXTS.join(",")} -o ${into} --quiet${flags}`, { cwd: folder });
	expect(run.code, run.stderr).toBe(0);
	const text = (format: string): string => readFileSync(join(folder, into, `board.${format}`), "utf8");
	return { html: text("html"), csv: text("csv"), md: text("md") };
}

/** The number at a place: of a quantity its value, of the graph the value of a node in its unit. */
function numberAt(place: string): number {
	const [source, part, ...steps] = place.split("/");
	if (part === "graph") {
		const { model, scalars } = modelFromJson(plan["graph"]);
		const node = model.nodes[model.byId.get(steps.join("/")) ?? -1];
		expect(node, place).toBeDefined();
		return (scalars[node?.index ?? -1] as number) / (node?.unit?.factor ?? 1);
	}
	const answer = { plan, claims, sensitivity }[source ?? ""] as Json;
	let at: Json = answer["result"];
	for (const step of steps) at = at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")];
	return typeof at === "number" ? at : (at?.["value"] as number);
}

/** What a reader takes a shown number for: `$1.40/M tok`, `-$2.36M`, `1.83T tok`, `56.5%`, `17.6B tok/day`. */
function readBack(text: string, unit: string): number {
	const [, digits = "", letter = ""] = /(\d[\d,]*(?:\.\d+)?)([kMBT])?/.exec(text) ?? [];
	const power = { "": 1, k: 1e3, M: 1e6, B: 1e9, T: 1e12 }[letter] as number;
	const isShare = text.includes("¢") || (text.includes("%") && unit === "fraction");
	// A cell of a table has its unit in the column's head.
	const isTokens = unit === "Mtok" && text.endsWith("tok");
	const scale = isShare ? 0.01 : isTokens ? 1e-6 : 1;
	return (/^[-−]/.test(text) ? -1 : 1) * Number(digits.replaceAll(",", "")) * power * scale;
}

interface Line {
	readonly value: number;
	readonly unit: string;
	readonly shown: string;
	readonly at: string;
}

function csvLines(csv: string = files.csv): Line[] {
	const rows = csv.split("\r\n").slice(1, -1);
	return rows.map((row) => {
		const fields = [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = ""]) =>
			field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
		);
		const [value, unit = "", shown = "", at = ""] = fields.slice(4);
		return { value: Number(value), unit, shown: shown.replace(/^'/, ""), at };
	});
}

describe("numbers of a pack", () => {
	it("are the same in Chinese, where headings, labels and notes are Chinese", () => {
		const { html, csv, md } = written("zh", " --language zh");
		const sorted = (lines: Line[]): string[] => lines.map((line) => JSON.stringify(line)).sort();
		expect(sorted(csvLines(csv))).toEqual(sorted(csvLines()));
		const page = html.replaceAll(/<[^>]*>/g, " ");
		expect(html).toContain('<html lang="zh">');
		for (const words of [
			"投资论证",
			"假设登记表",
			"软件改进",
			"服务器",
			"等级 E，厂商宣称或假设",
			"售出 token 价格的每年降幅",
			"除非说明，否则不排除任何选项",
			"数据对，从最大损失到最大改进",
		]) {
			expect(page).toContain(words);
			expect(md).toContain(words);
		}
		const english = [
			"The decision",
			"investment case",
			"Better software",
			"Per million tokens",
			"vendor claim",
			"Year 1",
			"tokens sold",
			"days old on",
			"unless you say so",
			"default: ",
			"greatest gain",
		];
		expect(english.filter((words) => page.includes(words) || md.includes(words))).toEqual([]);
		expect(page).not.toMatch(/; +(?:等级|事实|farthing why)|\. 此处/);
		expect(md).toContain("report five.json --template board --language zh");
		expect(refusal("report five.json --language tlh", 2, { cwd: folder })).toContain("expected: en, zh");
	});

	it("are those of the result, in the CSV with all their digits", () => {
		const placed = csvLines().filter(({ at }) => at !== "");
		expect(placed.length).toBeGreaterThan(300);
		for (const { value, at } of placed) expect(value, at).toBe(numberAt(at));
	});

	it("are shown as what they are", () => {
		for (const { value, unit, shown, at } of csvLines()) {
			expect(Math.abs(readBack(shown, unit) - value), `${at}: ${shown}`).toBeLessThanOrEqual(
				0.005001 * Math.abs(value) + 1e-12,
			);
		}
	});

	it("stand on the page with the same value and place", () => {
		const onPage = [...files.html.matchAll(/<data value="([^"]*)" data-at="([^"]*)">/g)];
		expect(onPage.length).toBeGreaterThan(300);
		for (const [, value, at = ""] of onPage) expect(Number(value), at).toBe(numberAt(at.replaceAll("&amp;", "&")));
		const inCsv = new Set(csvLines().map(({ at }) => at));
		expect(onPage.map(([, , at = ""]) => at).filter((at) => !inCsv.has(at))).toEqual([]);
	});

	it("stand in the Markdown in the same words", () => {
		const plain = files.md.replaceAll("\\", "");
		const missing = csvLines().filter(({ shown }) => !plain.includes(shown));
		expect(missing).toEqual([]);
	});

	it("say what must be true for the 15x return on a rack, and what rows and prices give", () => {
		const plain = files.md.replaceAll("\\", "");
		expect(plain).toContain("$5M of GB200 NVL72 earns $75M of token revenue (15x ROI)");
		for (const name of [
			"implied_price",
			"measured",
			"market_price",
			"revenue_at_market",
			"return_on_cost",
			"revenue_at_60",
		]) {
			const place = claims["result"]["claims"].findIndex((each: Json) => each["id"] === "gb200-15x-roi") as number;
			const at = `claims/result/claims/${place}/figures/${name}`;
			expect(
				csvLines().some((line) => line.at === at),
				name,
			).toBe(true);
		}
	});
});

describe("bytes", () => {
	it("are the same for the same input", () => {
		expect(written("two")).toEqual(files);
	});

	it("of the page ask for nothing from elsewhere", () => {
		expect(files.html).not.toMatch(/(?:src|href)="(?!#)|<script|@import|url\(/);
	});
});

describe("a team's own template", () => {
	it("orders, adds words and numbers, and brands", () => {
		writeFileSync(
			join(folder, "ours.md"),
			"---\ntemplate: ours\naccent: #770011\nbrand: Example plc\n---\n# Ask\nWorth **{{/npv}}** & more.\n\n{{stop-if}}\n",
		);
		const run = farthing("report five.json --template ours.md --format html,md -o own --quiet", { cwd: folder });
		expect(run.code, run.stderr).toBe(0);
		const html = readFileSync(join(folder, "own/ours.html"), "utf8");
		expect(html).toContain("#770011");
		expect(html).toContain("Example plc");
		expect(html.match(/<h2 /g)?.length).toBe(2);
		expect(html).toContain(`<data value="${plan["result"]["npv"]["value"]}" data-at="plan/result/npv">`);
	});

	it("is refused with the line that is wrong", () => {
		const bad = folderWith({ "bad.md": "# A\n\n{{decison}}\n", "place.md": "# A\n\nWorth {{/nvp}}.\n" });
		expect(refusal(["report", join(folder, "five.json"), "--template", "bad.md", "-o", "x"], 2, { cwd: bad })).toMatch(
			/bad\.md:3:1: there is no block "decison"[\s\S]*nearest: decision/,
		);
		expect(
			refusal(["report", join(folder, "five.json"), "--template", "place.md", "-o", "x"], 2, { cwd: bad }),
		).toMatch(/place\.md:3:1: the result holds no number at \/nvp/);
	});
});

describe("a plan of several models", () => {
	it("names them all, tells their machines and costs apart, and says of whom one day speaks", () => {
		const other =
			"{model: gpt-oss-120b, share: 30%, workload: {input: 1024, output: 8192}, slo: {tokens_per_s_per_user: 100, ttft: any}}";
		const models = `models: [{model: deepseek-r1, share: 70%}, ${other}]`;
		const money =
			"cost: {card: {id: 2026-09, tier: rent_3yr}}\nhorizon: 1 year\nfinance: {discount_rate: 10%}\nstrategies: {hardware: b200, rent: {}}";
		const text = `version: 1\nname: two\nextends: scenarios/prototype-to-5b.yaml\n${models}\n${money}\n`;
		writeFileSync(join(folder, "two.yaml"), text);
		const run = farthing("report two.yaml --format md -o two --quiet", { cwd: folder });
		expect(run.code, run.stderr).toBe(0);
		const pack = readFileSync(join(folder, "two/board.md"), "utf8");
		expect(pack).toMatch(/^# Serving DeepSeek-R1 and \S+: the investment case of two$/m);
		expect(pack).toMatch(/^\| deepseek-r1 \| 70\.0% \| B200 SXM, [^|]* \| \d+ \| \\\$0\.\d+ \|/m);
		expect(pack).toContain("What follows is about DeepSeek-R1 alone");
	});
});

describe("what cannot be reported", () => {
	it.each([
		["report", /there is nothing to report on/],
		["report five.json --format docx", /there is no format "docx"/],
		[
			"report five.json --template bord",
			/there is no template "bord"[\s\S]*expected: board, technical, monthly, or a file[\s\S]*nearest: board/,
		],
		["report nothing.json", /no file nothing\.json/],
		["report five.json --currency USD --format md", /--currency decides what a month of the ledger costs/],
		["report five.json --seed 3 --format md", /--seed was settled when the result was made/],
	])("%s", (args, told) => {
		expect(refusal(args, 2, { cwd: folder })).toMatch(told);
	});

	it("is said in the pack: a plan without years, a result without a graph", () => {
		const run = farthing("report scenarios/prototype-to-5b.yaml --format md -o plain --quiet", { cwd: folder });
		expect(run.code, run.stderr).toBe(0);
		const text = readFileSync(join(folder, "plain/board.md"), "utf8");
		expect(text).toContain("This result holds no years of money");
		expect(text).toContain("From the slide to what is paid");
		const [, leftOut = ""] = text.split("## Left out");
		expect(leftOut).toContain("- **Revenue and margin**: This result holds no years of money");
		expect(text).not.toContain("## Revenue and margin");
		const { graph: _, ...bare } = plan;
		writeFileSync(join(folder, "bare.json"), JSON.stringify(bare));
		writeFileSync(join(folder, "price.json"), JSON.stringify({ ...bare, command: "price", result: {} }));
		expect(refusal("report price.json --format md -o x", 2, { cwd: folder })).toMatch(
			/this is a result of farthing price[\s\S]*farthing report price\.json --template technical/,
		);
		expect(refusal("report bare.json --format xlsx -o x --quiet", 2, { cwd: folder })).toMatch(/without its graph/);
		expect(farthing("report bare.json --format md -o x --quiet", { cwd: folder }).code).toBe(0);
	});
});

it("the schema printed is the one published", () => {
	const printed = JSON.parse(farthing("report --schema", { cwd: folder }).stdout) as Json;
	const published = JSON.parse(readFileSync(join(root, "packages/report/schema/template.v1.json"), "utf8")) as Json;
	expect(printed).toEqual(published);
});
