/** The tools over standard input and output, for an agent that starts farthing itself. */
import { catalogueInUse } from "@farthing/catalogue/in-use";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { asker } from "../asker.ts";
import { resultShelf } from "../results.ts";
import { mcpServer } from "./mcp-server.ts";

/** Resolves when the agent closes its end. */
export async function serveStdio(): Promise<void> {
	const asking = asker({ threads: 1, waiting: 32 });
	const server = mcpServer(asking, resultShelf(), catalogueInUse().store.manifest().version);
	const closed = new Promise<void>((resolve) => {
		server.server.onclose = () => resolve();
		process.stdin.once("end", () => resolve());
	});
	await server.connect(new StdioServerTransport());
	await closed;
	await server.close();
	await asking.close();
}
