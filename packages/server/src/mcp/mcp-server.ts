/**
 * Tools for agents (Model Context Protocol): read-only, the answers of the command line. Every reply is the envelope with
 * its numbers' grade and date; lists are cut to what an agent can read, and say how much was left out.
 */
import { FarthingError } from "@farthing/answers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Asker } from "../asker.ts";
import { problemOf, RefusalError } from "../problem.ts";
import type { Question } from "../questions/answer.ts";
import type { ResultShelf } from "../results.ts";
import { cut } from "./cut.ts";

const TENANT = "agent";
const READ_ONLY: ToolAnnotations = {
	readOnlyHint: true,
	destructiveHint: false,
	idempotentHint: true,
	openWorldHint: false,
};
const name = z.string().min(1).max(200);
const scenario = z.string().min(1).max(2_000_000).describe("text of a farthing scenario file (YAML), version: 1");
const length = z.number().int().min(1).max(100_000_000);
const seed = z.number().int().min(0).max(0xffff_ffff).optional().describe("seed of the draws, 1 unless given");

export function mcpServer(asker: Asker, results: ResultShelf, version: string): McpServer {
	const server = new McpServer(
		{ name: "farthing", version },
		{
			instructions:
				"What a million tokens really cost. Numbers derived from InferenceX are unofficial: say so, with grade and date.",
		},
	);
	const ask = async (question: Question): Promise<CallToolResult> => {
		try {
			const { id, shown, whole } = await asker.ask(question);
			if (whole !== "") results.keep(TENANT, { id, shown, whole });
			return replyOf(JSON.parse(shown) as object);
		} catch (error) {
			return refusalOf(error);
		}
	};
	server.registerTool(
		"estimate_cost",
		{
			title: "Estimate cost",
			description:
				"A scenario to ranked fleets: delivered USD per million tokens with the bridge from the headline. Its id goes to explain_number.",
			inputSchema: { scenario, seed },
			annotations: READ_ONLY,
		},
		({ scenario: text, seed: drawn }) => ask({ kind: "plan", words: { scenario: text, seed: drawn } }),
	);
	server.registerTool(
		"explain_number",
		{
			title: "Explain a number",
			description:
				"The tree under any number of an earlier answer: formula, inputs, source, date and grade. Give the answer's id, and the `node` of the number, or the rank of an option.",
			inputSchema: { id: z.string().regex(/^[0-9a-f]{16}$/), node: z.string().min(1).max(500) },
			annotations: READ_ONLY,
		},
		({ id, node }) => {
			const kept = results.find(TENANT, id);
			if (kept !== undefined) return ask({ kind: "why", words: { saved: kept.whole, node } });
			return refusalOf(
				new RefusalError(404, "unknown-result", "no answer of that id in this session: ask for it again"),
			);
		},
	);
	server.registerTool(
		"find_benchmark",
		{
			title: "Find a benchmark",
			description:
				"Measured cost per million tokens by hardware, precision and serving stack, at lengths that were measured (1024/1024, 8192/1024 …) and, where given, at an interactivity in tokens a second and user.",
			inputSchema: {
				model: name,
				isl: length.describe("input tokens per request"),
				osl: length.describe("output tokens per request"),
				at: z.number().positive().optional().describe("interactivity, tok/s/user"),
				hardware: z.array(name).max(50).optional(),
				precision: z.array(name).max(50).optional(),
				stack: z.array(name).max(50).optional(),
			},
			annotations: READ_ONLY,
		},
		(words) => ask({ kind: "frontier", words }),
	);
	server.registerTool(
		"check_claim",
		{
			title: "Check a claim",
			description:
				"A headline of the field by id, or a claim of your own by its price, hardware and model: what it needs, what reproduces it, what breaks it, verdict. Without members: all headlines.",
			inputSchema: {
				id: name.optional(),
				usd_per_mtok: z.number().positive().optional(),
				tokens: z.enum(["total", "input", "output"]).optional(),
				hardware: name.optional(),
				model: name.optional(),
			},
			annotations: READ_ONLY,
		},
		(words) => {
			try {
				return ask(claimQuestion(words));
			} catch (error) {
				return refusalOf(error);
			}
		},
	);
	server.registerTool(
		"diff_scenarios",
		{
			title: "Compare two scenarios",
			description: "Why two scenarios cost differently, as causes that sum exactly.",
			inputSchema: { before: scenario, after: scenario, seed },
			annotations: READ_ONLY,
		},
		({ before, after, seed: drawn }) => ask({ kind: "diff", words: { before, after, seed: drawn } }),
	);
	return server;
}

interface ClaimWords {
	readonly id?: string | undefined;
	readonly usd_per_mtok?: number | undefined;
	readonly tokens?: "total" | "input" | "output" | undefined;
	readonly hardware?: string | undefined;
	readonly model?: string | undefined;
}

function claimQuestion({ id, usd_per_mtok, tokens, hardware, model }: ClaimWords): Question {
	const own = { usd_per_mtok, tokens, hardware, model };
	const given = Object.entries(own).flatMap(([member, value]) => (value === undefined ? [] : [member]));
	if (id !== undefined && given.length > 0) {
		throw new FarthingError(2, "contradiction", `id names a headline, and ${given.join(", ")} a claim of your own`, {
			field: "id",
		});
	}
	if (id !== undefined) return { kind: "claim", words: { id } };
	if (given.length === 0) return { kind: "claims", words: {} };
	if (usd_per_mtok !== undefined && hardware !== undefined && model !== undefined) {
		return { kind: "own-claim", words: { usd_per_mtok, hardware, model, tokens: tokens ?? "total" } };
	}
	const expected = "usd_per_mtok, hardware and model";
	throw new FarthingError(2, "missing-field", "a claim of your own needs its price, hardware and model", { expected });
}

function replyOf(answer: object): CallToolResult {
	const structuredContent = cut(answer) as Record<string, unknown>;
	return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
}

function refusalOf(error: unknown): CallToolResult {
	const problem = problemOf(error);
	return { isError: true, content: [{ type: "text", text: JSON.stringify(problem) }] };
}
