/** Measured cost against the speed a user sees: a whole frontier, or every frontier read at one speed. */
import type { AskedAt, Envelope, FrontierResult, FrontierWords } from "@farthing/answers";
import { answerFrontier, FarthingError } from "@farthing/answers";
import type { Host } from "../host.ts";
import { questionContext } from "../question-context.ts";

export type FrontierAsked = FrontierWords & AskedAt;
export type FrontierAnswer = Omit<Envelope<FrontierResult>, "graph">;

export async function answer(words: FrontierAsked, host: Host): Promise<FrontierAnswer> {
	const { graph: _, ...shown } = await savedFrontier(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedFrontier(words: FrontierAsked, host: Host): Promise<Envelope<FrontierResult>> {
	return host.kept(`frontier ${JSON.stringify(words)}`, async () => {
		const { asOf: _, seed: __, ...asked } = words;
		const context = await questionContext(host, { benchmarks: "all", tables: ["servingSample"] }, words);
		const reply = answerFrontier(asked, context);
		if (reply.family === "inferencex") return reply.answer;
		throw new FarthingError(2, "wrong-type", "the page shows rows of InferenceX", { field: "--family" });
	});
}
