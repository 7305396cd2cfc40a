/** Results on disk and in pipes: what is written, when nothing is, and that the same question gives the same bytes. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerOf, bin, cleanEnvironment, farthing, folderWith, type Json, refusal, resultOf } from "./farthing.ts";

const PLAN = "plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml";
const PRICE = "price --gpu-hour 2.07 --tokens-per-second 2497";

const textOf = (...path: string[]): string => readFileSync(join(...path), "utf8");

describe("-o FILE", () => {
	it("keeps the result with its graph, and why on it says what why on the last result says", () => {
		const folder = folderWith({ "results/.keep": "" }, { scenarios: true });
		const printed = answerOf(`${PLAN} -o results/plan.json --json`, { cwd: folder });
		const saved = JSON.parse(textOf(folder, "results/plan.json"));
		const { graph, command_line: line, ...rest } = saved;
		expect(rest).toEqual(printed);
		expect(line).toBe(`farthing ${PLAN}`);
		expect(Object.keys(graph)).toEqual(expect.arrayContaining(["nodes", "outputs"]));
		const last = farthing("why 1 --json", { cwd: folder });
		expect(farthing("why 1 results/plan.json --json", { cwd: folder }).stdout).toBe(last.stdout);
		answerOf(`${PRICE} --json`, { cwd: folder });
		expect(farthing("why 1 results/plan.json --json", { cwd: folder }).stdout).toBe(last.stdout);
		expect(farthing("why 1 --json", { cwd: folder }).stdout).not.toBe(last.stdout);
	});

	it("that was edited is refused by check, why, diff and sensitivity, which name the number and what the graph gives", () => {
		const policy =
			"version: 1\npolicies:\n  - id: cost\n    title: cost\n    check: result.options[0].delivered <= 1 USD/Mtok\n";
		const folder = folderWith({ "policy.yaml": policy }, { scenarios: true });
		answerOf(`${PLAN} -o plan.json --json`, { cwd: folder });
		answerOf(`${PRICE} -o price.json --json`, { cwd: folder });
		const edited = (name: string, number: (result: Json) => Json): void => {
			const saved = JSON.parse(textOf(folder, `${name}.json`));
			number(saved.result).value *= 0.5;
			writeFileSync(join(folder, `${name}-edited.json`), JSON.stringify(saved));
		};
		edited("plan", (result) => result.options[0].delivered);
		edited("price", (result) => result.unit_cost);
		const refusals = ["check FILE --policy policy.yaml", "why 1 FILE", "diff FILE FILE", "sensitivity FILE"];
		for (const words of refusals) {
			const said = farthing(words.replaceAll("FILE", "plan-edited.json"), { cwd: folder });
			expect([words, said.code, said.stderr]).toEqual([
				words,
				2,
				expect.stringMatching(
					/plan-edited\.json: result\.options\[0\]\.delivered\.value is [\s\S]*which the graph gives for/,
				),
			]);
		}
		const price = farthing("why 1 price-edited.json", { cwd: folder });
		expect([price.code, price.stderr]).toEqual([2, expect.stringContaining("result.unit_cost.value is")]);
	});

	it("replaces a file as a whole, and leaves no draft behind", () => {
		const folder = folderWith({ "out.json": "x".repeat(100_000) });
		answerOf(`${PRICE} -o out.json --json`, { cwd: folder });
		expect(JSON.parse(textOf(folder, "out.json")).command).toBe("price");
		expect(readdirSync(folder).sort()).toEqual([".farthing", "out.json"]);
		expect(readdirSync(join(folder, ".farthing"))).toEqual(["last.json"]);
	});

	it("with a folder of that name ends with 2", () => {
		const folder = folderWith();
		mkdirSync(join(folder, "out.json"));
		refusal(`${PRICE} -o out.json`, 2, { cwd: folder });
		expect(readdirSync(folder)).toEqual(["out.json"]);
	});

	it("works for a claim, a frontier and why itself", () => {
		const folder = folderWith({}, { scenarios: true });
		answerOf("claim gb300-35x -o claim.json --json", { cwd: folder });
		answerOf("frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50 -o frontier.json --json", { cwd: folder });
		expect(farthing("why cost_ratio claim.json", { cwd: folder }).stdout).toMatch(/^34\.1x/);
		expect(farthing("why 1 frontier.json", { cwd: folder }).stdout).toMatch(/^\$0\.0533\/M tok/);
		answerOf("why 1 frontier.json -o why.json --json", { cwd: folder });
		expect(JSON.parse(textOf(folder, "why.json")).command).toBe("why");
	});
});

describe("a folder that cannot be written", () => {
	it("still gives the answer, and says why it is not kept", () => {
		const folder = folderWith({ ".farthing": "a file where a folder should be" });
		const run = farthing(PRICE, { cwd: folder });
		expect(run.code).toBe(0);
		expect(run.stdout).toMatch(/^\$0\.230 per million total tokens/);
		expect(run.stderr).toMatch(/^note: the result could not be kept/);
	});

	it.skipIf(process.getuid?.() === 0)("is left alone where its mode forbids writing", () => {
		const folder = folderWith();
		chmodSync(folder, 0o555);
		const run = farthing(PRICE, { cwd: folder });
		chmodSync(folder, 0o755);
		expect(run.code).toBe(0);
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe("why without a result", () => {
	it("ends with 2 and a command that makes one", () => {
		const told = refusal("why 1", 2, { cwd: folderWith() });
		expect(told).toContain("farthing plan");
	});

	it.each([
		["not JSON", "{", "malformed-json"],
		["JSON of something else", '{"name": "left-pad"}', "not-a-result"],
		["a list", "[1, 2]", "not-a-result"],
		["empty", "", "malformed-json"],
	])("and with a file that is %s", (_, content) => {
		refusal("why 1 result.json", 2, { cwd: folderWith({ "result.json": content }) });
	});

	it("and with a result that was printed, without its graph: tells to keep it with -o", () => {
		const folder = folderWith();
		writeFileSync(join(folder, "printed.json"), farthing(`${PRICE} --json`, { cwd: folder }).stdout);
		expect(refusal("why 1 printed.json", 2, { cwd: folder })).toContain("-o FILE");
	});
});

describe("standard input and output", () => {
	it("a scenario on standard input is the scenario", () => {
		const folder = folderWith({}, { scenarios: true });
		const text = textOf(folder, "scenarios/gpt-oss-120b.yaml");
		const piped = resultOf("plan - --json", { cwd: folder, input: text });
		const named = resultOf("plan scenarios/gpt-oss-120b.yaml --json", { cwd: folder });
		expect(piped["options"]).toEqual(named["options"]);
	});

	it("an error in it names standard input, line and column", () => {
		expect(refusal("plan -", 2, { input: "version: 1\nname: [\n" })).toMatch(/standard input:\d+:\d+: /);
		expect(refusal("plan -", 2, { input: "" })).toContain("standard input");
		expect(refusal("plan -", 2, { input: Buffer.from([0xff, 0xfe, 0x80]) })).toContain("standard input");
	});

	it("-o - prints JSON", () => {
		const run = farthing(`${PRICE} -o -`);
		expect(JSON.parse(run.stdout).command).toBe("price");
	});

	it("a result on standard input is explained", () => {
		const folder = folderWith();
		answerOf(`${PRICE} -o kept.json --json`, { cwd: folder });
		const told = farthing("why 1 -", { cwd: folder, input: textOf(folder, "kept.json") });
		expect(told.stdout).toBe(farthing("why 1 kept.json", { cwd: folder }).stdout);
	});

	it("a reader that goes away is no error", () => {
		const folder = folderWith({}, { scenarios: true });
		const command = `"${process.execPath}" "${bin}" plan scenarios/prototype-to-5b.yaml --json | head -c 10; echo "\${PIPESTATUS[0]}"`;
		const run = spawnSync("bash", ["-c", command], { cwd: folder, env: cleanEnvironment(), encoding: "utf8" });
		expect(run.stderr).toBe("");
		expect(run.stdout).toBe('{\n  "schem0\n');
	});

	it("a slow reader gets every byte", () => {
		const folder = folderWith({}, { scenarios: true });
		const whole = farthing("plan scenarios/prototype-to-5b.yaml --json", { cwd: folder }).stdout;
		const command = `"${process.execPath}" "${bin}" plan scenarios/prototype-to-5b.yaml --json | (sleep 1; cat)`;
		const run = spawnSync("bash", ["-c", command], {
			cwd: folder,
			env: cleanEnvironment(),
			encoding: "utf8",
			maxBuffer: 2 ** 28,
		});
		expect(run.stdout).toBe(whole);
	});
});

describe("CSV", () => {
	it.each([
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50 --csv", /^hardware,precision,stack/],
		[`${PLAN} --csv`, /^rank,/],
	])("farthing %s has as many cells in each line as in its head", (line, head) => {
		const { stdout, code } = farthing(line);
		expect(code).toBe(0);
		expect(stdout).toMatch(head);
		const lines = stdout.trimEnd().split("\r\n");
		expect(lines.length).toBeGreaterThan(5);
		const cells = (text: string): number => text.replaceAll(/"[^"]*"/g, "").split(",").length;
		expect(new Set(lines.map(cells)).size).toBe(1);
		expect(stdout.endsWith("\r\n")).toBe(true);
	});

	it("is kept for why, and with -o, like any other answer", () => {
		const folder = folderWith({}, { scenarios: true });
		expect(farthing(`${PLAN} --csv -o plan.json`, { cwd: folder }).code).toBe(0);
		expect(JSON.parse(textOf(folder, "plan.json")).command).toBe("plan");
		expect(farthing("why 1", { cwd: folder }).code).toBe(0);
	});
});

describe("the same question gives the same bytes", () => {
	const RANGED = `version: 1
name: ranged
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 4B to 6B}
supply: {hardware: [b200]}
cost: {rates: {b200: 1.85 to 2.60 USD/GPU-hr}}
`;

	it("holds the command that asks again, with every flag, and a report prints it", () => {
		const cwd = folderWith({ "ranged.yaml": RANGED });
		const flags = ["--demand", "8B to 9B", "--interactivity", "40", "--whole-hosts", "off", "--seed", "3"];
		expect(farthing(["plan", "ranged.yaml", ...flags, "-o", "saved.json", "--quiet"], { cwd }).code).toBe(0);
		const line = "farthing plan ranged.yaml --demand '8B to 9B' --interactivity 40 --whole-hosts off --seed 3";
		expect(JSON.parse(textOf(cwd, "saved.json")).command_line).toBe(line);
		const words = line.split(/ (?=(?:[^']*'[^']*')*[^']*$)/).map((word) => word.replaceAll("'", ""));
		expect(farthing([...words.slice(1), "-o", "again.json", "--quiet"], { cwd }).code).toBe(0);
		expect(textOf(cwd, "again.json")).toBe(textOf(cwd, "saved.json"));
		expect(farthing("report saved.json --format md -o out --quiet", { cwd }).code).toBe(0);
		expect(textOf(cwd, "out/board.md")).toContain(line);
	});

	it.each([
		PRICE,
		"frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50",
		"plan ranged.yaml",
		"claim",
		"catalog show b200",
	])("farthing %s --json", (line) => {
		const once = farthing(`${line} --json -o saved.json`, { cwd: folderWith({ "ranged.yaml": RANGED }) });
		const again = folderWith({ "ranged.yaml": RANGED });
		expect(farthing(`${line} --json -o saved.json`, { cwd: again }).stdout).toBe(once.stdout);
		expect(once.code).toBe(0);
	});

	it("another seed moves the ends of a range by its error, and nothing else", () => {
		const folder = folderWith({ "ranged.yaml": RANGED });
		const delivered = (flags: string): { value: number; p10: number } =>
			resultOf(`plan ranged.yaml --json --quiet ${flags}`, { cwd: folder })["options"]?.[0]?.["delivered"] as never;
		const [one, two] = [delivered("--seed 1"), delivered("--seed 2")];
		expect(two.value).toBe(one.value);
		expect(two.p10).not.toBe(one.p10);
		expect(Math.abs(two.p10 / one.p10 - 1)).toBeLessThan(0.05);
		expect(delivered("--seed 1")).toEqual(one);
	});

	it("wherever it is asked: the folder does not enter a result", () => {
		const a = farthing(`${PLAN} --json`, { cwd: folderWith({}, { scenarios: true }) });
		const b = farthing(`${PLAN} --json`, { cwd: folderWith({ "sub/x": "" }, { scenarios: true }) });
		expect(a.stdout).toBe(b.stdout);
		expect(a.stdout).not.toContain(process.cwd());
	});

	it("in another language, time zone and width of terminal too", () => {
		const env = { LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati", COLUMNS: "20" };
		expect(farthing(`${PLAN} --json`, { env }).stdout).toBe(farthing(`${PLAN} --json`).stdout);
		expect(farthing(PLAN, { env }).stdout).toBe(farthing(PLAN).stdout);
	});
});

describe("flag before environment before scenario", () => {
	const PRICED = "price --hardware b200 --tokens-per-second 2497 --json";
	const node = (line: string, env: Record<string, string>): string =>
		resultOf(line, { env })["gpu_hour"]?.["node"] as unknown as string;
	const rateOf = (line: string, env: Record<string, string> = {}): string =>
		resultOf(`${line} --row ix-255cede9 --json`, { env })["rate"] as unknown as string;
	const SCENARIO = "plan scenarios/prototype-to-5b.yaml";

	it("FARTHING_CARD and FARTHING_TIER", () => {
		expect(node(PRICED, {})).toBe("rate.2026-09.own_neocloud.b200-sxm");
		expect(node(PRICED, { FARTHING_CARD: "2026-07" })).toBe("rate.2026-07.own_neocloud.b200-sxm");
		expect(node(PRICED, { FARTHING_TIER: "rent_3yr" })).toBe("rate.2026-09.rent_3yr.b200-sxm");
		const both = { FARTHING_CARD: "2026-07", FARTHING_TIER: "rent_3yr" };
		expect(node(`${PRICED} --card 2025-08 --tier own_hyperscaler`, both)).toBe("rate.2025-08.own_hyperscaler.b200-sxm");
		expect(rateOf(SCENARIO)).toBe("rate card 2026-07, tier own_neocloud");
		expect(rateOf(SCENARIO, { FARTHING_CARD: "2026-09" })).toBe("rate card 2026-09, tier own_neocloud");
		expect(rateOf(`${SCENARIO} --card 2025-08`, both)).toBe("rate card 2025-08, tier rent_3yr");
	});

	it("leave alone a scenario that has rates of its own", () => {
		const text =
			"version: 1\nname: own\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 5B}\ncost: {rates: {b200: 2 USD/GPU-hr}}\n";
		const cwd = folderWith({ "own.yaml": text });
		const env = { FARTHING_CARD: "2026-09", FARTHING_TIER: "rent_3yr" };
		expect(farthing("plan own.yaml --json", { cwd, env }).stdout).toBe(
			farthing("plan own.yaml --json", { cwd }).stdout,
		);
		const told = refusal("plan own.yaml --card 2026-09", 2, { cwd });
		expect(told).toContain("--tier");
	});

	it("FARTHING_AS_OF", () => {
		const asOf = (line: string, env: Record<string, string> = {}): unknown =>
			answerOf(`${line} --json`, { env })["as_of"];
		expect(asOf(PRICE, { FARTHING_AS_OF: "2026-10-01" })).toBe("2026-10-01");
		expect(asOf(`${PRICE} --as-of 2026-11-01`, { FARTHING_AS_OF: "2026-10-01" })).toBe("2026-11-01");
		const line = "plan scenarios/prototype-to-5b.yaml";
		const early = { FARTHING_AS_OF: "2026-03-01" };
		const byVariable = resultOf(`${line} --json`, { env: early });
		expect(byVariable).toEqual(resultOf(`${line} --as-of 2026-03-01 --json`));
		for (const option of byVariable["options"] as unknown as { deployment: { measured_on: string } }[])
			expect(option.deployment.measured_on <= "2026-03-01").toBe(true);
	});

	it("FARTHING_SEED", () => {
		const seed = (line: string, env: Record<string, string> = {}): unknown =>
			answerOf(`${line} --json`, { env })["seed"];
		expect(seed(PRICE)).toBe(1);
		expect(seed(PRICE, { FARTHING_SEED: "7" })).toBe(7);
		expect(seed(`${PRICE} --seed 9`, { FARTHING_SEED: "7" })).toBe(9);
	});

	it.each([
		{ FARTHING_SEED: "many" },
		{ FARTHING_SEED: "-1" },
		{ FARTHING_AS_OF: "yesterday" },
		{ FARTHING_AS_OF: "2026-02-30" },
	])("a variable that makes no sense ends with 2: %j", (env) => {
		refusal(PRICE, 2, { env: env as unknown as Record<string, string> });
	});

	it("an unknown card or tier in the environment ends with 3", () => {
		refusal("price --hardware b200 --tokens-per-second 9", 3, { env: { FARTHING_CARD: "2031-01" } });
		refusal(SCENARIO, 3, { env: { FARTHING_TIER: "cheap" } });
	});
});

describe("colour and notes", () => {
	it("there is no colour in a pipe, with NO_COLOR, or with --no-color", () => {
		for (const run of [farthing(PLAN), farthing(PLAN, { env: { NO_COLOR: "1" } }), farthing(`${PLAN} --no-color`)]) {
			// eslint-disable-next-line no-control-regex
			expect(run.stdout).not.toMatch(/\u001b/);
		}
	});

	it("notes go to stderr, and --quiet leaves them out", () => {
		const loud = farthing(PLAN);
		expect(loud.stderr).toMatch(/^note: rate card 2026-07 .* 114 days old/);
		const quiet = farthing(`${PLAN} --quiet`);
		expect(quiet.stderr).toBe("");
		expect(quiet.stdout).toBe(loud.stdout);
	});
});

describe("in Chinese", () => {
	const numbersOf = (text: string): string[] => (text.match(/\d[\d.,]*\d|\d/g) ?? []).sort();

	it("plans, comparisons and explanations say the same numbers, and JSON is the same to the byte", () => {
		const folder = folderWith({}, { scenarios: true });
		for (const command of [PLAN, "why 1", PLAN.replace("plan", "compare").replace(/ --rows.*/, " --by hardware")]) {
			const english = farthing(command, { cwd: folder });
			const chinese = farthing(command, { cwd: folder, env: { FARTHING_LANGUAGE: "zh" } });
			expect(chinese.code, chinese.stderr).toBe(0);
			expect(chinese.stdout).toMatch(/结果|出自/);
			expect(`${chinese.stdout}${chinese.stderr}`).not.toMatch(/rate card|delivered cost per|days old/);
			expect(numbersOf(chinese.stdout)).toEqual(numbersOf(english.stdout));
		}
		const asked = `${PLAN} --json`;
		expect(farthing(`${asked} --language zh`, { cwd: folder }).stdout).toBe(farthing(asked, { cwd: folder }).stdout);
	});

	it("the flag goes before the environment, and a tag that there is not ends with 2", () => {
		const env = { FARTHING_LANGUAGE: "zh" };
		expect(farthing(`${PRICE} --language en`, { env }).stdout).toBe(farthing(PRICE).stdout);
		expect(refusal(PRICE, 2, { env: { FARTHING_LANGUAGE: "tlh" } })).toContain("expected: en, zh");
		for (const [command, says] of [
			["plan nothing.yaml", "错误：nothing.yaml: 没有文件 nothing.yaml\n  应为：场景文件\n"],
			[`${PRICE} --seed x`, "错误：--seed 应为 0 至 4294967295 的整数，而不是“x”\n  应为：0 至 4294967295 的整数\n"],
			["price --gpu-hours 2", "错误：没有选项“--gpu-hours”\n  可以试试：(Did you mean --gpu-hour?)\n"],
			["claim gb300-36x --json", ""],
		] as const)
			expect(farthing(command, { env }).stderr, command).toBe(says);
		expect(farthing("claim gb300-36x --json", { env }).stdout).toBe(farthing("claim gb300-36x --json").stdout);
	});
});

describe("the first run", () => {
	it("writes its files, the same bytes each time, and the screen fits a terminal", () => {
		const [one, two] = [folderWith(), folderWith()];
		const first = farthing("first-run --once", { cwd: one });
		expect(first.code, first.stderr).toBe(0);
		expect(farthing("first-run --once", { cwd: two }).code).toBe(0);
		const names = ["plan.csv", "plan.html", "plan.json", "row-checks.csv"];
		expect(readdirSync(join(one, "out")).sort()).toEqual(names);
		for (const name of names) expect(textOf(one, "out", name), name).toBe(textOf(two, "out", name));
		expect(textOf(one, ".farthing/last.json")).toBe(textOf(one, "out/plan.json"));
		const saved = JSON.parse(textOf(one, "out/plan.json"));
		expect(first.stdout).toContain(`$${saved.result.options[0].delivered.value.toFixed(3)} delivered`);
		expect(first.stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(27);
		for (const line of first.stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(110);
		expect(farthing("why 1", { cwd: one }).stdout).toMatch(/^\$0\.\d+\/M tok {2}cost per delivered token/);
	});

	it("writes where --out says", () => {
		const folder = folderWith();
		expect(farthing("first-run --once --out elsewhere", { cwd: folder }).code).toBe(0);
		expect(existsSync(join(folder, "elsewhere/plan.html"))).toBe(true);
		expect(existsSync(join(folder, "out"))).toBe(false);
	});
});
