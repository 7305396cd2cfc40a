import { expect, it } from "vitest";
import { farthing, folderWith } from "./farthing.ts";

const AZURE = [
	"TIMESTAMP,ContextTokens,GeneratedTokens",
	"2023-11-16 18:15:46.6805900,374,44",
	"2023-11-16 18:15:50.9951690,396,109",
];

interface Shown {
	readonly result: {
		readonly requests: number;
		readonly saturated: boolean;
		readonly tokens: Record<string, { readonly value: number }>;
		readonly trace: {
			readonly requests: number;
			readonly quarantined: number;
			readonly faults: readonly { readonly line: number; readonly code: string }[];
		};
	};
	readonly warnings: readonly { readonly code: string }[];
}

it("replays a trace, sets broken lines aside with their numbers, and ends with 4", () => {
	const broken = [
		...AZURE,
		"2023-11-16 18:15:49,1,1",
		"2023-11-16 18:15:52,0,7",
		"2023-11-16 18:15:52,-1,7",
		"garbage",
		"2023-11-16 18:15:53,5,6",
		"2023-11-16 18:15:54,5,6",
		"2023-11-16 18:15:55,5,6",
	];
	const cwd = folderWith({ "trace.csv": broken.join("\n") }, { scenarios: true });
	const run = farthing("simulate scenarios/prototype-to-5b.yaml --trace trace.csv --json", { cwd });
	expect(run.code).toBe(4);
	const { result, warnings } = JSON.parse(run.stdout) as Shown;
	expect(result.requests).toBe(5);
	expect(result.tokens["output"]?.value).toBe(44 + 109 + 3 * 6);
	expect(result.trace).toMatchObject({ requests: 5, quarantined: 4 });
	expect(result.trace.faults.map(({ line, code }) => [line, code])).toEqual([
		[4, "time-backwards"],
		[5, "empty-length"],
		[6, "empty-length"],
		[7, "malformed-line"],
	]);
	expect(warnings.map(({ code }) => code)).toContain("trace-quarantine");
});

it("takes a whole trace with exit code 0, the same from standard input", () => {
	const cwd = folderWith({ "trace.csv": AZURE.join("\n") }, { scenarios: true });
	const file = farthing("simulate scenarios/prototype-to-5b.yaml --trace trace.csv", { cwd });
	expect(file.code).toBe(0);
	expect(file.stdout).toContain("not saturated");
	const piped = farthing("simulate scenarios/prototype-to-5b.yaml --trace -", { cwd, input: AZURE.join("\n") });
	expect(piped.stdout.replace("trace -", "trace trace.csv")).toBe(file.stdout);
});

it("names the layouts it knows where a trace is none of them", () => {
	const cwd = folderWith(
		{ "trace.csv": "a,b\n1,2\n", "empty.csv": "", "head.csv": `${AZURE[0]}\n` },
		{ scenarios: true },
	);
	const unknown = farthing("simulate scenarios/prototype-to-5b.yaml --trace trace.csv", { cwd });
	expect(unknown.code).toBe(2);
	expect(unknown.stderr).toMatch(/trace\.csv:1:1:.*no known trace/);
	for (const [name, told] of [
		["empty.csv", "the trace has no line"],
		["head.csv", "the trace has a header and no request"],
	]) {
		const none = farthing(`simulate scenarios/prototype-to-5b.yaml --trace ${name}`, { cwd });
		expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining(`${name}: ${told}`) });
	}
	expect(farthing("simulate scenarios/prototype-to-5b.yaml --trace missing.csv", { cwd }).code).toBe(2);
	expect(farthing("simulate scenarios/prototype-to-5b.yaml --trace-rate 2", { cwd }).code).toBe(2);
});

it("merges many runs to the same bytes whatever the number of threads", () => {
	const asked = "simulate scenarios/prototype-to-5b.yaml --demand 100M --hours 0.2 --row ix-84573640 --runs 3 --json";
	const [one, three] = [1, 3].map((threads) => farthing(`${asked} --threads ${threads}`));
	expect(one?.stderr).toBe("");
	expect(three?.stdout).toBe(one?.stdout);
	const { result } = JSON.parse(one?.stdout ?? "") as {
		readonly result: {
			readonly runs: { readonly count: number; readonly figures: readonly Record<string, number | string>[] };
			readonly ttft: Record<string, { readonly value: number }>;
		};
	};
	const { runs, ttft } = result;
	expect(runs.count).toBe(3);
	const mean = runs.figures.find(({ figure }) => figure === "ttft.mean");
	expect(mean?.["least"]).toBeLessThanOrEqual(ttft["mean"]?.value ?? 0);
	expect(mean?.["largest"]).toBeGreaterThanOrEqual(ttft["mean"]?.value ?? 0);
	expect(mean?.["low"]).toBeLessThan(mean?.["mean"] as number);
});
