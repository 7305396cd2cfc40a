/**
 * Tools for agents (Model Context Protocol): read-only, the answers of the command line. Every reply is the envelope with
 * its numbers' grade and date; lists are cut to what an agent can read, and say how much was left out.
 */
import { CLAIM_MEMBERS, FRONTIER_MEMBERS, PLAN_MEMBERS } from "@farthing/answers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Answered, Asker } from "../asker.ts";
import { problemOf, RefusalError } from "../problem.ts";
import { memberSchema, membersNamed, required, wordsFrom } from "../questions/member-schema.ts";
import type { Question } from "../questions/question.ts";
import type { ResultShelf } from "../results.ts";
import { cut } from "./cut.ts";
import { sourcesOf } from "./sources.ts";

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
	...membersNamed(FRONTIER_MEMBERS, ["model", "at", "unitCost", "hardware", "precision", "stack", "ttft"]),
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
	const kept = async (question: Question): Promise<Answered> => {
		const answered = await asker.ask(question);
		if (answered.whole !== "") results.keep(TENANT, answered);
		return answered;
	};
	const ask = (question: Question): Promise<CallToolResult> =>
		told(async () => {
			const answered = await kept(question);
			return replyOf(answered, answered.whole === "" ? [] : [answered.whole]);
		});
	server.registerTool(
		"estimate_cost",
		{
			title: "Estimate cost",
			description:
				"A scenario to ranked fleets: delivered USD per million tokens with the bridge from the headline. Its id goes to explain_number.",
			inputSchema: memberSchema(ESTIMATE, "body"),
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
			inputSchema: z.strictObject({
				id: z
					.string()
					.regex(/^[0-9a-f]{16}$/)
					.describe("id of an answer of this session"),
				node: z.string().min(1).max(500).describe("node of one of its numbers, or the rank of an option"),
			}),
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
			inputSchema: memberSchema(FIND, "body"),
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
			inputSchema: memberSchema(CHECK, "body"),
			annotations: READ_ONLY,
		},
		(said) => ask({ kind: "claim", words: wordsFrom(CHECK, said) }),
	);
	server.registerTool(
		"diff_scenarios",
		{
			title: "Compare two scenarios",
			description: "Why two scenarios cost differently, as causes that sum exactly.",
			inputSchema: memberSchema({}, "body").extend({ before: scenario, after: scenario }),
			annotations: READ_ONLY,
		},
		({ before, after, ...said }) =>
			told(async () => {
				const words = wordsFrom({}, said);
				const sides = { before: { scenario: before as string }, after: { scenario: after as string } };
				const differing = await asker.ask({ kind: "diff", ...sides, words });
				// The plans of both sides: the numbers that are compared can be explained, and say where they come from.
				const plans = [before, after].map((text) =>
					kept({ kind: "plan", words: wordsFrom(ESTIMATE, { ...said, scenario: text }) }),
				);
				const [from, to] = (await Promise.all(plans)) as [Answered, Answered];
				return replyOf(differing, [from.whole, to.whole], { before_id: from.id, after_id: to.id });
			}),
	);
	return server;
}

async function told(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
	try {
		return await work();
	} catch (error) {
		return refusalOf(error);
	}
}

/** `whole`: the answers with the graph behind its numbers, which says where they come from. */
function replyOf({ shown }: Answered, whole: readonly string[], more: object = {}): CallToolResult {
	const reply = cut(JSON.parse(shown) as object) as Record<string, unknown>;
	const sources = sourcesOf(whole, reply);
	const told = sources.length === 0 ? {} : (cut({ sources }) as object);
	const structuredContent = { ...reply, ...more, ...told };
	return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
}

function refusalOf(error: unknown): CallToolResult {
	const problem = problemOf(error);
	return { isError: true, content: [{ type: "text", text: JSON.stringify(problem) }] };
}
