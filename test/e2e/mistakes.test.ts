/** First mistakes: the error names the flag, says what was expected, and what it tells to try works. */
import { describe, expect, it } from "vitest";
import { farthing, folderWith, refusal, refusalJson, resultOf } from "./farthing.ts";

const PRICE = ["price", "--gpu-hour", "2.07", "--tokens-per-second", "2497"];
const PLAN = ["plan", "scenarios/prototype-to-5b.yaml", "--row", "ix-255cede9"];
const FRONTIER = ["frontier", "--model", "deepseek-r1", "--isl", "8192", "--osl", "1024", "--at", "50"];
const OWN = ["claim", "--usd-per-mtok", "0.02", "--hardware", "b200", "--model", "gpt-oss-120b"];

/** The command with another value of a flag, which it may not have had. */
function withFlag(command: readonly string[], flag: string, value: string): string[] {
	const at = command.indexOf(flag);
	return at === -1 ? [...command, flag, value] : command.with(at + 1, value);
}

/** Words of a hint as a shell would split them. */
function words(hint: string): string[] {
	return [...hint.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
}

describe("a value that was meant well is refused with one that works", () => {
	const CASES: readonly (readonly [command: readonly string[], flag: string, value: string, expected: RegExp])[] = [
		[PRICE, "--gpu-hour", "2,07", /USD\/GPU-hr/],
		[PRICE, "--gpu-hour", "-1", /above 0/],
		[PRICE, "--gpu-hour", "0", /above 0/],
		[PRICE, "--gpu-hour", "cheap", /USD\/GPU-hr/],
		[PRICE, "--gpu-hour", "2.60 to 1.85", /low to high/],
		[PRICE, "--gpu-hour", "2 USD/kWh", /USD\/GPU-hr/],
		[PRICE, "--tokens-per-second", "0", /above 0/],
		[PRICE, "--tokens-per-second", "1e30", /at most/],
		[PRICE, "--tokens-per-second", "fast", /tok\/s\/GPU/],
		[PRICE, "--util", "60", /share/],
		[PRICE, "--util", "160%", /at most 100%/],
		[PRICE, "--util", "0%", /above 0%/],
		[PLAN, "--demand", "-5B", /tok\/day/],
		[PLAN, "--demand", "five", /tok\/day/],
		[PLAN, "--demand", "5B USD", /tok\/day/],
		[PLAN, "--peak", "0.5", /at least 1/],
		[PLAN, "--util", "60", /share/],
		[PLAN, "--interactivity", "fast", /tok\/s\/user/],
		[PLAN, "--availability", "99.9", /share/],
		[PLAN, "--spare", "-1", /0, 1, 2/],
		[FRONTIER, "--isl", "8k", /whole number of tokens/],
		[FRONTIER, "--osl", "1k", /whole number of tokens/],
		[FRONTIER, "--at", "fast", /tok\/s\/user/],
		[FRONTIER, "--at", "0", /above 0/],
		[OWN, "--usd-per-mtok", "-1", /above 0/],
		[OWN, "--usd-per-mtok", "0.01 to 0.02", /one price/],
	];

	it.each(CASES)("%j with %s %j", (command, flag, value, expected) => {
		const wrong = withFlag(command, flag, value);
		const told = refusal(wrong, 2);
		expect(told).toContain(flag);
		expect(told.match(/^ {2}expected: (.+)$/m)?.[1]).toMatch(expected);
		const hint = told.match(/^ {2}try: (.+)$/m)?.[1] as string;
		const [tried, example] = words(hint);
		expect(tried, hint).toBe(flag);
		const run = farthing(withFlag(command, flag, example as string));
		expect(run.code, `${hint}\n${run.stderr}`).toBe(0);
	});

	it.each([
		[PRICE, "--gpu-hour", "2,07"],
		[PLAN, "--demand", "five"],
		[FRONTIER, "--isl", "8k"],
	] as const)("with --json, %j with %s %j says the flag as its field, and no line", (command, flag, value) => {
		const error = refusalJson(withFlag(command, flag, value), 2);
		expect(error["field"]).toBe(flag);
		expect(error["file"]).toBeUndefined();
		expect(error["line"]).toBeUndefined();
	});
});

describe("what can only be meant one way is taken", () => {
	it.each([
		[PRICE, "--gpu-hour", "$2.07", "2.07"],
		[PRICE, "--gpu-hour", "2.07 USD", "2.07"],
		[PRICE, "--gpu-hour", "$1.85 to $2.60", "1.85 to 2.60"],
		[PRICE, "--tokens-per-second", "2.497k", "2497"],
		[PRICE, "--tokens-per-second", "2,497", "2497"],
		[PRICE, "--tokens-per-second", "2497 tok/s/GPU", "2497"],
		[PRICE, "--util", "0.6", "60%"],
		[FRONTIER, "--at", "50 tok/s/user", "50"],
		[FRONTIER, "--isl", "8,192", "8192"],
		[FRONTIER, "--model", "DSR1", "deepseek-r1"],
		[PLAN, "--demand", "5B/day", "5B"],
		[PLAN, "--demand", "5 B tokens/day", "5B"],
		[PLAN, "--demand", "5 billion tokens per day", "5B"],
		[PLAN, "--demand", "5,000,000,000", "5B"],
		[PLAN, "--ttft", "5", "5s"],
		[PLAN, "--hardware", "any", "b200"],
		[FRONTIER, "--hardware", "any", "h100,h200,b200,b300,gb200,gb300,mi300x,mi325x,mi355x"],
		[OWN, "--usd-per-mtok", "$0.02", "0.02"],
		[OWN, "--usd-per-mtok", "2c", "0.02"],
	])("%j: %s %j is %j", (command, flag, given, meant) => {
		const json = (value: string): unknown => {
			const { stdout, code } = farthing([...withFlag(command, flag, value), "--json"]);
			expect(code, stdout).toBe(0);
			return figures(JSON.parse(stdout).result);
		};
		expect(json(given)).toEqual(json(meant));
	});

	/** Numbers alone: labels quote what was typed. */
	function figures(of: unknown): unknown[] {
		if (typeof of === "number") return [of];
		return typeof of === "object" && of !== null ? Object.values(of).flatMap(figures) : [];
	}
});

describe("flags that would be passed over in silence are refused", () => {
	it.each([
		["price --gpu-hour 2 --hardware b200 --tokens-per-second 9", "--hardware"],
		["price --gpu-hour 2 --tier rent_3yr --tokens-per-second 9", "--tier"],
		["price --gpu-hour 2 --card 2026-07 --tokens-per-second 9", "--card"],
		["price --gpu-hour 2 --set life=5y --tokens-per-second 9", "--set"],
		["price --gpu-hour 2 --gpus 8 --tokens-per-second 9", "--gpus"],
		["price --build-up hyperscaler --hardware gb200 --tier rent_3yr", "--tier"],
		["price --gpu-hour 2 --tokens-per-second 9 --tokens output --isl 8192 --osl 1024", "--isl"],
		["price --hardware b200 --util 45%", "--tokens-per-second"],
		["plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml --row ix-255cede9", "--row"],
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --scenario server", "--scenario"],
		["frontier --family mlperf --model deepseek-r1 --at 50", "--at"],
		["claim --hardware b200", "--hardware"],
		["claim gb300-35x --card 2026-07", "--card"],
		["claim gb300-35x --usd-per-mtok 0.02", "--usd-per-mtok"],
	])("farthing %s", (line, flag) => {
		const told = refusal(line, 2);
		expect(told).toContain(flag);
		expect(told).toMatch(/^ {2}try: /m);
	});
});

it.each(["plan scenarios/prototype-to-5b.yaml", "frontier --model deepseek-r1 --isl 8192 --osl 1024"])(
	"farthing %s --csv --json is refused: one stdout cannot hold both",
	(line) => {
		expect(refusalJson(`${line} --csv`, 2)["field"]).toBe("--csv");
	},
);

describe("unknown names end with 3 and the nearest", () => {
	it.each([
		["price --hardware b20 --tokens-per-second 9", "unknown-hardware", "b200-sxm"],
		["price --hardware b200 --card 2026-08 --tokens-per-second 9", "unknown-card", "2026-07"],
		["price --hardware b200 --tier neocloud --tokens-per-second 9", "unknown-tier", "own_neocloud"],
		["price --build-up hyper --hardware gb200", "unknown-assumptions", "hyperscaler"],
		["frontier --model deepseek --isl 8192 --osl 1024", "unknown-model", "deepseek-r1"],
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --hardware h1000", "unknown-hardware", "h100-sxm"],
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --stack vlm", "unknown-stack", "vllm"],
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --precision fp9", "unknown-precision", "fp8"],
		["frontier --model deepseek-r1 --isl 8192 --osl 1024 --speculative mtpp", "unknown-speculative", "mtp"],
		["plan scenarios/prototype-to-5b.yaml --hardware b2000", "unknown-hardware", "b200-sxm"],
		["plan scenarios/prototype-to-5b.yaml --speculative medusa", "unknown-speculative", "mtp"],
		["claim b200-gptoss-2d", "unknown-claim", "b200-gptoss-2c"],
		["catalog list harware", "unknown-collection", "hardware"],
		["catalog show b2000", "unknown-entry", "b200-sxm"],
	])("farthing %s", (line, code, nearest) => {
		const error = refusalJson(line, 3);
		expect(error["code"]).toBe(code);
		expect(error["nearest"]).toContain(nearest);
	});

	it("in words too", () => {
		expect(refusal("claim b200-gptoss-2d", 3)).toMatch(/nearest: b200-gptoss-2c/);
	});

	it("an unknown row says where ids are listed", () => {
		const error = refusalJson("frontier --model deepseek-r1 --isl 8192 --osl 1024 --row ix-00000000", 3);
		expect(error).toMatchObject({ code: "unknown-row", field: "--row" });
	});

	it("lengths that nobody measured: those that were", () => {
		const error = refusalJson("frontier --model deepseek-r1 --isl 8192 --osl 1000", 3);
		expect(error["nearest"]).toContain("8192/1024");
	});

	it("a part without a rate: the way to give one", () => {
		const told = refusal("price --hardware l4 --tokens-per-second 100", 3);
		expect(told).toContain("--gpu-hour");
		const built = refusal("price --build-up hyperscaler --hardware b200", 3);
		const hint = built.match(/try: (.+)$/m)?.[1] as string;
		const run = farthing(["price", "--build-up", "hyperscaler", "--hardware", "b200", ...words(hint)]);
		expect(run.code, run.stderr).toBe(0);
	});
});

describe("too little", () => {
	it.each([
		["price", "--gpu-hour"],
		["price --gpu-hour 2", "--tokens-per-second"],
		["price --build-up hyperscaler", "--hardware"],
		["frontier --model deepseek-r1", "--isl"],
		["frontier --isl 8192 --osl 1024", "--model"],
		["plan", "scenario"],
		["claim --usd-per-mtok 0.02", "--hardware"],
		["claim --usd-per-mtok 0.02 --hardware b200", "--model"],
		["catalog show", "entry"],
		["price --gpu-hour 2 --tokens-per-second 9 -o", "--output"],
	])("farthing %s asks for %s", (line, wanted) => {
		const told = refusal(line, 2);
		expect(told).toContain(wanted);
		expect(told).toMatch(/^ {2}try: /m);
	});
});

describe("the wrong order", () => {
	it("why FILE NODE: the other way round", () => {
		const told = refusal("why out.json 1", 2);
		expect(told).toContain("farthing why 1 out.json");
	});

	it("why with no number, and with a place that is not there", () => {
		resultOf("plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml --json");
		expect(refusal("why", 2)).toContain("farthing why 1");
		expect(refusal("why 7", 3)).toContain("from 1 to 6");
		expect(refusal("why 0", 3)).toContain("from 1 to 6");
	});

	it("why 1 of a result without a ranking names its numbers; of any table it is the cost of that row", () => {
		resultOf("claim gb300-35x --json");
		expect(refusalJson("why 1", 3)["nearest"]).toContain("cost_ratio");
		resultOf("frontier --family mlperf --model deepseek-r1 --scenario server --json");
		expect(resultOf("why 1 --json")["node"]).toMatch(/^ml-[0-9a-f]{8}\.unit_cost\.headline\.output$/);
		resultOf("claim --usd-per-mtok 0.02 --hardware b200 --model gpt-oss-120b --json");
		expect(resultOf("why 2 --json")["node"]).toMatch(/^ix-[0-9a-f]{8}\.unit_cost\.headline\.total/);
		resultOf("frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50 --json");
		expect(resultOf("why 3 --json")["node"]).toMatch(/\.unit_cost\.headline\.total$/);
	});

	it("flags before and after the scenario mean the same", () => {
		const file = "scenarios/prototype-to-5b.yaml";
		const before = farthing(`plan --row ix-255cede9 --demand 5B ${file} --json`).stdout;
		expect(farthing(`plan ${file} --row ix-255cede9 --demand 5B --json`).stdout).toBe(before);
	});

	it("the throughput of a whole server is not that of a GPU", () => {
		const told = refusal([...PRICE.slice(0, 4), "19976 tok/s"], 2);
		expect(told).toContain("divide what the server gives by its GPUs");
	});
});

describe("absurd magnitudes", () => {
	it.each([
		["price --gpu-hour 2 --tokens-per-second 1e-308"],
		["price --gpu-hour 1e-308 --tokens-per-second 1e9"],
		["price --gpu-hour 2 --tokens-per-second 5 --util 1e-300"],
		["plan scenarios/prototype-to-5b.yaml --demand 1e-300"],
		["plan scenarios/prototype-to-5b.yaml --availability 1e-300"],
		["claim --usd-per-mtok 1e-308 --hardware b200 --model gpt-oss-120b"],
		["claim --usd-per-mtok 1e308 --hardware b200 --model gpt-oss-120b"],
		["frontier --model deepseek-r1 --isl 1e300 --osl 1024"],
	])("are refused, not reckoned with: %s", (command) => {
		refusal(command, 2);
	});

	it.each([
		['{"tput_per_gpu": 1e-320}'],
		['{"tput_per_gpu": 5, "isl": 1e308, "osl": 1e308}'],
		['{"tput_per_gpu": -5}'],
	])("of a benchmark result are refused: %s", (input) => {
		refusal("price --gpu-hour 2 --bench -", 2, { input });
	});
});

describe("why", () => {
	it("opens a GPU-hour that was built up, and a number by the id of its row", () => {
		const cwd = folderWith({}, { scenarios: true });
		farthing("price --build-up hyperscaler --hardware gb200", { cwd });
		expect(farthing("why 1 --depth 1", { cwd }).stdout).toContain("/GPU-hr");
		farthing(PLAN, { cwd });
		expect(farthing("why ix-255cede9", { cwd }).stdout).toBe(farthing("why 1", { cwd }).stdout);
		expect(farthing("why utilization", { cwd }).stdout).toContain("utilisation");
	});

	it("says of a damaged result that it is damaged", () => {
		const good = farthing([...PRICE, "-o", "-"]).stdout;
		for (const [from, to] of [
			['"spec":{', '"spac":{'],
			['"symbol":"USD/GPU-hr"', '"symbol":7'],
			['"op":"div"', '"op":"divide"'],
			['"result":{', '"rusult":{'],
		] as const) {
			const input = good.replace(from, to);
			expect(input).not.toBe(good);
			refusal("why 1 -", 2, { input });
		}
	});
});

describe("the cause that is told is the cause", () => {
	it.each([
		["FARTHING_AS_OF", "2026-13-01"],
		["FARTHING_SEED", "-1"],
		["FARTHING_SEED", "1.5"],
	])("a bad variable %s=%s is named, not a flag", (variable, value) => {
		const error = refusalJson(PRICE, 2, { env: { [variable]: value } });
		expect(error["field"]).toBe(variable);
		expect(error["message"]).not.toContain("--");
	});

	it("an empty variable says nothing, an empty flag is a mistake", () => {
		expect(farthing([...PRICE, "--json"], { env: { FARTHING_SEED: "", FARTHING_AS_OF: "" } }).code).toBe(0);
		expect(refusalJson([...PRICE, "--seed", ""], 2)["field"]).toBe("--seed");
		expect(refusalJson([...PRICE, "--as-of", ""], 2)["field"]).toBe("--as-of");
	});

	it.each([
		[[...PRICE, "--gpu-hour", "3"], "--gpu-hour"],
		[[...PRICE, "--tokens", "input", "--tokens", "output"], "--tokens"],
		[[...PLAN, "--demand", "1B", "--demand", "2B"], "--demand"],
		[[...FRONTIER, "--at", "60"], "--at"],
	])("a flag given twice with two values is refused: %j", (args, flag) => {
		expect(refusalJson(args, 2)).toMatchObject({ code: "repeated-flag", field: flag });
	});

	it("a flag that takes several values may be repeated", () => {
		const args = ["plan", "scenarios/prototype-to-5b.yaml", "--row", "ix-255cede9", "--row", "ix-59100d82", "--json"];
		expect(JSON.parse(farthing(args).stdout).result.options).toHaveLength(2);
	});

	it("a row of another model or other lengths is said to be just that", () => {
		const plan = (row: string) => refusalJson(["plan", "scenarios/prototype-to-5b.yaml", "--row", row], 3);
		expect(plan("ix-def9faf0")).toMatchObject({ code: "wrong-model", field: "--row" });
		const other = ["frontier", "--model", "deepseek-r1", "--isl", "1024", "--osl", "1024", "--row", "ix-255cede9"];
		expect(refusalJson(other, 3)).toMatchObject({ code: "wrong-lengths", field: "--row" });
	});

	it("a day before every rate card is said to be that", () => {
		const error = refusalJson([...FRONTIER, "--as-of", "2020-01-01"], 3);
		expect(error["message"]).toMatch(/2020-01-01/);
		expect(error["message"]).toMatch(/measured by|in force/);
	});

	it("farthing and farthing catalog alone show what there is", () => {
		for (const args of [[], ["catalog"]]) {
			const run = farthing(args);
			expect(run).toMatchObject({ code: 0, stderr: "" });
			expect(run.stdout).toMatch(/^Usage: farthing/);
		}
	});

	it("an unknown collection is told with a command that works", () => {
		const error = refusalJson("catalog list nosuch", 3);
		expect(farthing((error["hint"] as string).replace(/^farthing /, "")).code).toBe(0);
	});

	it("two days may be given with a comma or a blank", () => {
		const days = (between: readonly string[]): unknown =>
			JSON.parse(farthing([...FRONTIER, "--json", "--rows-between", ...between]).stdout).result;
		expect(days(["2025-12-01", "2025-12-31"])).toEqual(days(["2025-12-01,2025-12-31"]));
		const plan = ["plan", "--rows-between", "2025-12-01", "2025-12-31", "scenarios/prototype-to-5b.yaml"];
		expect(farthing(plan).code).toBe(0);
	});
});
