/**
 * Tools for agents (Model Context Protocol): read-only, the answers of the command line. Every reply is the envelope with
 * its numbers' grade and date; lists are cut to what an agent can read, and say how much was left out.
 */
import { CLAIM_MEMBERS, FRONTIER_MEMBERS, PLAN_MEMBERS } from "@farthing/answers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Asker } from "../asker.ts";
import { problemOf, RefusalError } from "../problem.ts";
import { memberShape, membersNamed, required, wordsFrom } from "../questions/member-schema.ts";
import type { Question } from "../questions/question.ts";
import type { ResultShelf } from "../results.ts";
import { cut } from "./cut.ts";

const TENANT = "agent";
const READ_ONLY: ToolAnnotations = {
	readOnlyHint: true,
	destructiveHint: false,
	idempotentHint: true,
	openWorldHint: false,
};
/** What each tool takes of its question: few members, since an agent reads them all. */
const ESTIMATE = membersNamed(PLAN_MEMBERS, ["scenario", "demand", "interactivity", "hardware"]);
const FIND = {
	...membersNamed(FRONTIER_MEMBERS, ["model", "at", "hardware", "precision", "stack", "ttft"]),
	...required(membersNamed(FRONTIER_MEMBERS, ["isl", "osl"])),
};
const CHECK = membersNamed(CLAIM_MEMBERS, ["id", "usdPerMtok", "tokens", "hardware", "model"]);
const scenario = z.string().min(1).max(2_000_000).describe("text of a farthing scenario file (YAML), version: 1");

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
			const answered = await asker.ask(question);
			if (answered.whole !== "") results.keep(TENANT, answered);
			return replyOf(JSON.parse(answered.shown) as object);
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
			inputSchema: memberShape(ESTIMATE, "body"),
			annotations: READ_ONLY,
		},
		(said) => ask({ kind: "plan", words: wordsFrom(ESTIMATE, said) }),
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
			if (kept !== undefined) return ask({ kind: "why", saved: kept.whole, node });
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
			inputSchema: memberShape(FIND, "body"),
			annotations: READ_ONLY,
		},
		(said) => ask({ kind: "frontier", words: wordsFrom(FIND, said) }),
	);
	server.registerTool(
		"check_claim",
		{
			title: "Check a claim",
			description:
				"A headline of the field by id, or a claim of your own by its price, hardware and model: what it needs, what reproduces it, what breaks it, verdict. Without members: all headlines.",
			inputSchema: memberShape(CHECK, "body"),
			annotations: READ_ONLY,
		},
		(said) => ask({ kind: "claim", words: wordsFrom(CHECK, said) }),
	);
	server.registerTool(
		"diff_scenarios",
		{
			title: "Compare two scenarios",
			description: "Why two scenarios cost differently, as causes that sum exactly.",
			inputSchema: { before: scenario, after: scenario, ...memberShape({}, "body") },
			annotations: READ_ONLY,
		},
		({ before, after, ...said }) =>
			ask({
				kind: "diff",
				before: { scenario: before },
				after: { scenario: after },
				words: wordsFrom({}, said),
			}),
	);
	return server;
}

function replyOf(answer: object): CallToolResult {
	const structuredContent = cut(answer) as Record<string, unknown>;
	return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
}

function refusalOf(error: unknown): CallToolResult {
	const problem = problemOf(error);
	return { isError: true, content: [{ type: "text", text: JSON.stringify(problem) }] };
}
