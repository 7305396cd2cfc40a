import { serveStdio } from "@farthing/server";

/** Ends when the agent closes its end of standard input. */
export async function runMcp(): Promise<void> {
	await serveStdio();
}
