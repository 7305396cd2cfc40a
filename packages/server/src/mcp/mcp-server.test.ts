import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { beforeAll, describe, expect, it } from "vitest";
import { directAsker } from "../../test-support/direct-asker.ts";
import { resultShelf } from "../results.ts";
import { mcpServer } from "./mcp-server.ts";

const scenario = readFileSync(new URL("../../../../scenarios/prototype-to-5b.yaml", import.meta.url), "utf8");
const client = new Client({ name: "test", version: "1" });
const call = async (name: string, given: Record<string, unknown>) =>
	(await client.callTool({ name, arguments: given })) as CallToolResult;
// oxlint-disable-next-line typescript/no-explicit-any -- answers are read as JSON
const read = (result: CallToolResult): any => {
	const [content] = result.content;
	return JSON.parse(content?.type === "text" ? content.text : "null");
};

beforeAll(async () => {
	const [ours, theirs] = InMemoryTransport.createLinkedPair();
	await mcpServer(directAsker(), resultShelf(), "test").connect(ours);
	await client.connect(theirs);
});

describe("tools for agents, called by the official client", () => {
	it("are five, and only read", async () => {
		const { tools } = await client.listTools();
		expect(tools.map(({ name }) => name).sort()).toEqual([
			"check_claim",
			"diff_scenarios",
			"estimate_cost",
			"explain_number",
			"find_benchmark",
		]);
		expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
		for (const { inputSchema } of tools)
			for (const member of Object.values(inputSchema.properties ?? {}))
				expect(member).toHaveProperty("description", expect.stringMatching(/\w{2}/));
	});

	it("estimate and explain, with grade and date", async () => {
		const answer = read(await call("estimate_cost", { scenario }));
		const [best] = answer.result.options;
		expect(best.delivered).toMatchObject({ unit: "USD/Mtok", grade: "B", as_of: expect.any(String) });
		expect(answer.result.options_in_all).toBeGreaterThan(answer.result.options.length);
		const why = read(await call("explain_number", { id: answer.id, node: best.delivered.node }));
		expect(why.result.value.value).toBe(best.delivered.value);
	});

	it("find benchmarks, check claims, compare scenarios", async () => {
		const found = read(await call("find_benchmark", { model: "dsr1", isl: 8192, osl: 1024, at: 50 }));
		expect(found.result.rows[0].unit_cost.total.grade).toBeDefined();
		const most = found.result.rows[1].unit_cost.total.value;
		const capped = read(await call("find_benchmark", { model: "dsr1", isl: 8192, osl: 1024, at: 50, unit_cost: most }));
		const costs = capped.result.rows.map(
			(row: { unit_cost: { total: { value: number } } }) => row.unit_cost.total.value,
		);
		expect(costs.length).toBeGreaterThan(0);
		expect(Math.max(...costs)).toBeLessThanOrEqual(most);
		expect(costs.length).toBeLessThan(found.result.rows.length);
		expect(read(await call("check_claim", { id: "b200-gptoss-2c" })).result.verdict).toBeDefined();
		expect(read(await call("check_claim", {})).result.claims_in_all).toBe(11);
		const own = read(await call("check_claim", { usd_per_mtok: 0.02, hardware: "b200", model: "gpt-oss-120b" }));
		expect(own.result.required.length).toBeGreaterThan(0);
		const after = scenario.replace(/tokens_per_day: \S+/, "tokens_per_day: 10B");
		const [{ from, to, causes }] = read(await call("diff_scenarios", { before: scenario, after })).result.diffs;
		const sum = causes.reduce(
			(total: number, { delta }: { delta: { value: number } }) => total + delta.value,
			from.value,
		);
		expect(sum).toBe(to.value);
	});

	it("say where the numbers come from, also of the two sides of a difference", async () => {
		const asked: [string, Record<string, unknown>][] = [
			["estimate_cost", { scenario }],
			["find_benchmark", { model: "dsr1", isl: 8192, osl: 1024, at: 50 }],
			["check_claim", { usd_per_mtok: 0.02, hardware: "b200", model: "gpt-oss-120b" }],
			["diff_scenarios", { before: scenario, after: scenario.replace(/tokens_per_day: \S+/, "tokens_per_day: 10B") }],
		];
		for (const [tool, given] of asked) {
			const { sources } = read(await call(tool, given));
			const measured = expect.objectContaining({ source: expect.stringMatching(/InferenceX/), grade: "B" });
			expect([tool, sources]).toEqual([tool, expect.arrayContaining([measured])]);
		}
		const { after_id: id, result } = read(await call(...(asked[3] as [string, Record<string, unknown>])));
		const why = read(await call("explain_number", { id, node: result.diffs[0].to.node }));
		expect(why.result.value.value).toBe(result.diffs[0].to.value);
	});

	it("take no argument that they do not know", async () => {
		const misspelt = await call("find_benchmark", { model: "dsr1", isl: 8192, osl: 1024, hardwere: "b200" });
		const [content] = misspelt.content;
		expect([misspelt.isError, content?.type === "text" && content.text]).toEqual([
			true,
			expect.stringMatching(/hardwere/),
		]);
		const wrong = await call("find_benchmark", { model: "dsr1", isl: {}, osl: 1024 });
		expect(JSON.stringify(wrong.content)).toMatch(/expected a number or a text at isl/);
	});

	it("say what is wrong, and go on", async () => {
		const wrong = await call("estimate_cost", { scenario: "version: 1\nmodle: x" });
		expect([wrong.isError, read(wrong).line]).toEqual([true, expect.any(Number)]);
		expect(read(await call("explain_number", { id: "0123456789abcdef", node: "1" })).code).toBe("unknown-result");
		expect(read(await call("check_claim", { id: "x", model: "y" })).code).toBe("contradiction");
		expect(read(await call("check_claim", { model: "y" })).detail).toMatch(/needs usd_per_mtok/);
		expect(read(await call("check_claim", { id: "b200-gptoss-2d" })).nearest).toContain("b200-gptoss-2c");
	});
});
