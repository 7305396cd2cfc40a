import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, it } from "vitest";
import { answerOf, bin, type Json } from "./farthing.ts";

it("an agent's client starts farthing mcp, lists its tools, and gets the numbers of the command line", async () => {
	const client = new Client({ name: "test", version: "1" });
	await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, "mcp"], stderr: "ignore" }));
	try {
		expect((await client.listTools()).tools).toHaveLength(5);
		const { structuredContent } = await client.callTool({ name: "check_claim", arguments: { id: "gb300-35x" } });
		expect((structuredContent as Json).result.figures).toEqual(answerOf("claim gb300-35x --json").result.figures);
	} finally {
		await client.close();
	}
});
