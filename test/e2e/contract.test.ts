/** What programs may rely on: the envelope, the shape of a quantity, and the members of each command's result. */
import { describe, expect, it } from "vitest";
import { answerOf, farthing, type Json, resultOf, shared } from "./farthing.ts";

const SIX = "plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml";

const COMMANDS: readonly (readonly [name: string, args: string])[] = [
	["price", "price --gpu-hour 1.95 --tokens-per-second 28724.2"],
	["price", "price --hardware b200 --tokens-per-second 2497 --util 45% --isl 8192 --osl 1024"],
	["price", "price --build-up hyperscaler --hardware gb200"],
	["frontier", "frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50"],
	["frontier", "frontier --model gpt-oss-120b --isl 1024 --osl 1024 --ttft any"],
	["frontier", "frontier --family mlperf --model deepseek-r1 --scenario server"],
	["plan", "plan scenarios/prototype-to-5b.yaml"],
	["plan", SIX],
	["plan", "plan scenarios/gpt-oss-120b.yaml"],
	["claim", "claim"],
	["claim", "claim gb300-35x"],
	["claim", "claim --usd-per-mtok 0.02 --tokens output --hardware b200 --model gpt-oss-120b"],
	["catalog list", "catalog list"],
	["catalog list", "catalog list hardware"],
	["catalog show", "catalog show b200"],
	["catalog diff", "catalog diff CATALOGUE"],
	["catalog validate", "catalog validate CATALOGUE"],
	["doctor", "doctor"],
];

const MEMBERS = ["schema", "command", "id", "as_of", "catalogue", "definitions", "seed", "warnings", "result"];

it.each(COMMANDS)("%s: one envelope, and quantities of one shape (farthing %s)", (command, line) => {
	const answer = answerOf(`${line.replace("CATALOGUE", catalogue())} --json`);
	expect(Object.keys(answer)).toEqual(MEMBERS);
	expect(answer["schema"]).toBe("farthing/1");
	expect(answer["command"]).toBe(command);
	expect(answer["id"]).toMatch(/^[0-9a-f]{16}$/);
	expect(answer["as_of"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
	expect(answer["catalogue"]).toMatch(/^\d{4}\.\d{2}\.\d+\+[0-9a-f]+$/);
	expect(answer["definitions"]).toBe("1");
	expect(answer["seed"]).toBe(1);
	for (const warning of answer["warnings"] as readonly Json[]) {
		expect(Object.keys(warning)).toEqual(["code", "message"]);
		expect(warning["code"]).toMatch(/^[a-z][a-z-]+$/);
	}
	expect(JSON.stringify(answer), "what is absent is left out, never null").not.toMatch(/:null\b/);
	for (const [path, quantity] of quantitiesIn(answer["result"] as Json, "result")) checkQuantity(path, quantity);
});

function catalogue(): string {
	return new URL("../../catalogue", import.meta.url).pathname;
}

/** Every object with a value and a unit. */
function quantitiesIn(of: Json, path: string): [string, Json][] {
	if (typeof of !== "object" || of === null) return [];
	const isQuantity = "unit" in of && ("value" in of || "state" in of) && !("confidence" in of);
	if (isQuantity) return [[path, of]];
	return Object.entries(of).flatMap(([key, member]) => quantitiesIn(member as Json, `${path}.${key}`));
}

const QUANTITY = {
	value: "number",
	unit: "string",
	tokens: /^(?:input|cached_input|output|reasoning|total)$/,
	basis: /^(?:headline|delivered|reserved|busy|marginal)$/,
	p10: "number",
	p50: "number",
	p90: "number",
	grade: /^[A-E]$/,
	as_of: /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/,
	currency_date: /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/,
	node: "string",
	coverage: "number",
	state: /^(?:measured|interpolated|clamped|modelled|unreachable|unknown)$/,
} as const;

function checkQuantity(path: string, quantity: Json): void {
	for (const [key, value] of Object.entries(quantity)) {
		const shape = QUANTITY[key as keyof typeof QUANTITY] as string | RegExp | undefined;
		expect(shape, `${path}.${key} is no member of a quantity`).toBeDefined();
		if (typeof shape === "string") expect(typeof value, `${path}.${key}`).toBe(shape);
		else expect(value, `${path}.${key}`).toMatch(shape as RegExp);
	}
	if (quantity["value"] === undefined) expect(["unreachable", "unknown"], path).toContain(quantity["state"]);
	else expect(Number.isFinite(quantity["value"]), path).toBe(true);
	if (quantity["p10"] !== undefined) {
		expect(quantity["p10"], path).toBeLessThanOrEqual(quantity["p50"] as number);
		expect(quantity["p50"], path).toBeLessThanOrEqual(quantity["p90"] as number);
	}
	if (quantity["unit"] !== "USD/Mtok") return;
	expect(quantity["tokens"], `${path}: which tokens`).toBeDefined();
	expect(quantity["basis"], `${path}: which basis`).toBeDefined();
	if (!path.includes(".bridge.")) {
		expect(quantity["grade"], `${path}: which grade`).toBeDefined();
		expect(quantity["as_of"], `${path}: which date`).toBeDefined();
	}
}

/** `value` in every place where a Q is promised. */
function isQuantity(of: Json, path: string): void {
	expect(of, path).toBeDefined();
	expect(typeof (of as Json)["unit"], path).toBe("string");
	expect(typeof (of as Json)["value"], path).toBe("number");
}

describe("members of the results", () => {
	it("price: unit_cost, and by_tokens where the split is known", () => {
		const plain = resultOf("price --gpu-hour 2 --tokens-per-second 2500 --json");
		isQuantity(plain["unit_cost"], "unit_cost");
		expect(plain["by_tokens"]).toBeUndefined();
		const split = resultOf("price --gpu-hour 2 --tokens-per-second 2500 --isl 8192 --osl 1024 --json");
		expect(Object.keys(split["by_tokens"] as Json)).toEqual(["input", "output", "total"]);
		for (const kind of ["input", "output", "total"]) {
			isQuantity((split["by_tokens"] as Json)[kind], kind);
			expect((split["by_tokens"] as Json)[kind]?.["tokens"]).toBe(kind);
		}
	});

	it("frontier: rows by cost, and what was left out with the reason", () => {
		const result = resultOf("frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50 --json");
		const rows = result["rows"] as readonly Json[];
		expect(rows.length).toBeGreaterThan(20);
		const costs = rows.map((row) => row["unit_cost"]?.["total"]?.["value"] as number);
		expect([...costs].sort((a, b) => a - b)).toEqual(costs);
		for (const row of rows) {
			for (const name of ["hardware", "precision", "stack", "speculative", "state", "ttft_state"])
				expect(typeof row[name], name).toBe("string");
			for (const name of ["interactivity", "tokens_per_gpu_second", "gpu_hour", "cost_per_request"])
				isQuantity(row[name], name);
			for (const kind of ["total", "input", "output"]) isQuantity(row["unit_cost"]?.[kind], kind);
			expect(row["isl"]).toBe(8192);
			expect(row["osl"]).toBe(1024);
			const own = row["nearest_row"]?.["interactivity"];
			expect(row["interactivity"]?.["value"]).toBe(row["state"] === "clamped" ? own : 50);
			expect((row["sources"] as readonly string[]).length).toBeGreaterThan(0);
			expect(row["nearest_row"]?.["id"]).toMatch(/^ix-[0-9a-f]{8}$/);
			if (row["state"] === "interpolated") expect(Object.keys(row["error_band"] as Json)).toContain("low");
			if (row["ttft_state"] === "known") expect(row["ttft"]?.["value"]).toBeLessThanOrEqual(5);
			else expect(row["ttft"]).toBeUndefined();
		}
		for (const left of result["unranked"] as readonly Json[]) expect(left["reason"]).not.toBe("");
	});

	it("frontier: a row without TTFT is left out under a TTFT limit, and ranked where that is asked for", () => {
		const line = "frontier --model gpt-oss-120b --isl 1024 --osl 1024 --at 60";
		const strict = resultOf(`${line} --json`);
		expect(strict["rows"]).toEqual([]);
		expect((strict["unranked"] as readonly Json[]).map(({ code }) => code)).toContain("ttft-unknown");
		const accepted = resultOf(`${line} --ttft-unknown accept --json`);
		expect((accepted["rows"] as readonly Json[]).length).toBeGreaterThan(0);
		for (const row of accepted["rows"] as readonly Json[]) {
			expect(row["ttft_state"]).toBe("unknown");
			expect(row["ttft"]).toBeUndefined();
		}
	});

	it("frontier: beyond the fastest row it is unreachable, never extrapolated", () => {
		const result = resultOf("frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 300 --ttft any --json");
		for (const row of result["rows"] as readonly Json[])
			expect(row["nearest_row"]?.["interactivity"]).toBeGreaterThan(0);
		const codes = new Set((result["unranked"] as readonly Json[]).map(({ code }) => code as string));
		expect(codes.has("unreachable")).toBe(true);
		const beyond = farthing("frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 5000 --ttft any --json");
		expect(beyond.code).toBe(3);
		expect(JSON.parse(beyond.stdout)).toMatchObject({ error: { code: "nothing-fits", field: "--at" } });
	});

	it("plan: ranked options with a bridge that sums", () => {
		const result = resultOf(`${SIX} --json`);
		const options = result["options"] as readonly Json[];
		expect(options.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
		for (const option of options) {
			for (const name of ["hardware", "precision", "stack", "speculative"]) expect(typeof option[name]).toBe("string");
			for (const name of ["utilization", "headline", "delivered", "cost_per_request"]) isQuantity(option[name], name);
			for (const name of ["replicas", "gpus"]) expect(Number.isInteger(option[name]), name).toBe(true);
			expect(option["feasible"]).toBe(true);
			expect(option["deployment"]?.["gpus_per_replica"]).toBeGreaterThan(0);
			expect(option["headline"]?.["basis"]).toBe("headline");
			expect(option["delivered"]?.["basis"]).toBe("delivered");
			const steps = option["bridge"] as readonly Json[];
			const sum = steps.reduce(
				(all, { delta }) => all + (delta["value"] as number),
				option["headline"]?.["value"] as number,
			);
			expect(sum).toBeCloseTo(option["delivered"]?.["value"] as number, 12);
			expect(steps.map(({ cause }) => cause)).toContain("peak sizing");
		}
		for (const name of ["unranked", "crossovers"]) expect(Array.isArray(result[name]), name).toBe(true);
		for (const crossover of result["crossovers"] as readonly Json[])
			isQuantity(crossover["tokens_per_day"], "crossover");
	});

	it("plan: says which measured rows it could not rank, and why", () => {
		const result = resultOf("plan scenarios/prototype-to-5b.yaml --json");
		const left = result["unranked"] as readonly Json[];
		expect(left.length).toBeGreaterThan(50);
		for (const row of left) {
			expect(row["row"]).toMatch(/^ix-[0-9a-f]{8}$/);
			expect(row["reason"]).toMatch(/\w+ \w+/);
		}
		const broken = left.filter(({ code, hardware }) => code === "failed-check" && hardware === "gb200-nvl72");
		expect(broken.length).toBeGreaterThan(0);
	});

	it("why: a tree whose leaves have source, date and grade", () => {
		answerOf(`${SIX} --json`);
		const root = resultOf("why 1 --json");
		expect(root["node"]).toBe("ix-255cede9.unit_cost.delivered.total");
		let leaves = 0;
		const walk = (node: Json): void => {
			expect(typeof node["label"]).toBe("string");
			isQuantity(node["value"], node["node"] as string);
			const inputs = node["inputs"] as readonly Json[];
			if (inputs.length === 0) {
				leaves++;
				const { source } = node;
				expect(source?.["source"], node["node"] as string).toBeTruthy();
				expect(source?.["as_of"], node["node"] as string).toMatch(/^\d{4}/);
				expect(source?.["grade"], node["node"] as string).toMatch(/^[A-E]$/);
			} else expect(node["formula"], node["node"] as string).toBeTruthy();
			inputs.forEach(walk);
		};
		walk(root);
		expect(leaves).toBeGreaterThan(8);
	});

	it("claim: the list has a verdict each, one claim has figures, conditions, origin and sources", () => {
		const list = resultOf("claim --json")["claims"] as readonly Json[];
		expect(list).toHaveLength(11);
		for (const each of list) expect(["holds", "conditional", "fails", "unverified"]).toContain(each["verdict"]);
		const one = resultOf("claim gb300-35x --json");
		expect(one["id"]).toBe("gb300-35x");
		for (const figure of Object.values(one["figures"] as Json)) isQuantity(figure as Json, "figure");
		expect((one["conditions"] as readonly string[]).length).toBeGreaterThan(0);
		expect(one["origin"]?.["who"]).toBeTruthy();
		expect((one["sources"] as readonly string[]).length).toBeGreaterThan(0);
	});

	it("claim: figures under the names that were promised", () => {
		const list = resultOf("claim --json")["claims"] as readonly Json[];
		for (const [id, names] of Object.entries(FIGURES)) {
			const figures = list.find((claim) => claim["id"] === id)?.["figures"];
			for (const name of names) isQuantity(figures?.[name], `${id}.${name}`);
		}
	});

	it("MLPerf rows keep their Public ID and say that MLCommons did not verify the cost", () => {
		const result = resultOf("frontier --family mlperf --model deepseek-r1 --json");
		for (const row of result["rows"] as readonly Json[]) {
			expect(row["public_id"]).toMatch(/^v?\d/);
			expect(row["label"]).toMatch(/not verified by MLCommons/);
		}
		expect(result["attribution"]).toMatch(/not verified by MLCommons/);
	});

	it("InferenceX rows are attributed and called unofficial", () => {
		for (const line of [
			"plan scenarios/prototype-to-5b.yaml",
			"frontier --model deepseek-r1 --isl 8192 --osl 1024",
			"claim gb300-35x",
		]) {
			const { attribution } = resultOf(`${line} --json`);
			expect(attribution).toMatch(/Data from InferenceX, SemiAnalysis, Apache-2\.0/);
			expect(attribution).toMatch(/unofficial/);
		}
	});
});

const FIGURES: Readonly<Record<string, readonly string[]>> = {
	"b200-gptoss-2c": ["unit_cost", "unit_cost_output", "required_tokens_per_gpu_second"],
	"gb300-35x": ["unit_cost_hopper", "unit_cost_blackwell", "cost_ratio"],
	"blackwell-15x-cost": ["throughput_ratio", "cost_ratio"],
	"gb200-15x-roi": ["implied_price"],
	"1b-day-tens-of-millions": ["annual_difference"],
	"gb300-50x-mw": ["ratio_card_2025_08", "ratio_card_2026_07"],
	"gb300-dsr1-4c": ["unit_cost_1k1k", "unit_cost_8k1k"],
	"inferencex-100x": ["throughput_ratio", "tokens_per_dollar_ratio"],
	"trtllm-5x-2mo": ["drift_per_90_days"],
	"power-network-equals-depreciation": ["capital_share", "power_share", "network_share"],
	"nvfp4-no-accuracy-loss": ["accuracy_difference"],
};

describe("ids of results", () => {
	const price = "price --hardware b200 --tokens-per-second 2497";
	const idOf = (line: string, env: Record<string, string> = {}): string =>
		answerOf(`${line} --json`, { env })["id"] as string;

	it("are those of the catalogue, whatever name was used", () => {
		const names = ["--hardware B200", "--hardware b200-sxm", "--hardware b200"];
		const ids = names.map((name) => resultOf(`price ${name} --tokens-per-second 9 --json`)["gpu_hour"]?.["node"]);
		expect(new Set(ids).size).toBe(1);
		const rows = resultOf(
			"frontier --model dsr1 --isl 8192 --osl 1024 --hardware b200 --stack trt --precision fp4 --json",
		);
		expect(rows["model"]).toBe("deepseek-r1");
		for (const row of rows["rows"] as readonly Json[]) {
			expect([row["hardware"], row["stack"], row["precision"]]).toEqual(["b200-sxm", "tensorrt-llm", "nvfp4"]);
		}
	});

	it("do not change with how the answer is printed", () => {
		const plan = "plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml";
		expect(idOf(`${plan} --top 3 --quiet`)).toBe(idOf(plan));
		expect(idOf(`${price} --no-color`)).toBe(idOf(price));
	});

	it("change with everything that decides the answer", () => {
		const ids = [
			idOf(price),
			idOf(`${price} --util 45%`),
			idOf(`${price} --tier rent_3yr`),
			idOf(`${price} --card 2026-07`),
			idOf(`${price} --seed 2`),
			idOf(`${price} --as-of 2026-10-01`),
		];
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("change with a card or tier that the environment chose", () => {
		expect(idOf(price, { FARTHING_TIER: "rent_3yr" })).not.toBe(idOf(price));
		expect(idOf(price, { FARTHING_TIER: "rent_3yr" })).toBe(idOf(`${price} --tier rent_3yr`));
	});
});

it("prints no graph, and keeps it in what is saved", () => {
	const run = farthing(`${SIX} --json`, { cwd: shared() });
	expect(run.stdout).not.toContain('"graph"');
});
