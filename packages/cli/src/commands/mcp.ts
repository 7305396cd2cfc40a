import { serveStdio } from "@farthing/server";
import { catalogueStore } from "../context.ts";

/** Ends when the agent closes its end of standard input. */
export async function runMcp(): Promise<void> {
	// What is wrong with installed facts is told before threads open them.
	catalogueStore();
	await serveStdio();
}
