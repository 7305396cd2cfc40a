/** A training run: of one's own, or one that was published. */
import type { AskedAt, Envelope, TrainResult, TrainWords } from "@farthing/answers";
import { answerTrain, FarthingError } from "@farthing/answers";
import type { Host } from "../host.ts";
import { questionContext } from "../question-context.ts";

export type TrainAsked = TrainWords & AskedAt;
export type TrainAnswer = Omit<Envelope<TrainResult>, "graph">;

export async function answer(words: TrainAsked, host: Host): Promise<TrainAnswer> {
	const { graph: _, ...shown } = await savedTrain(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedTrain(words: TrainAsked, host: Host): Promise<Envelope<TrainResult>> {
	return host.kept(`train ${JSON.stringify(words)}`, async () => {
		const { asOf: _, seed: __, ...asked } = words;
		const reply = await answerTrain(asked, await questionContext(host, {}, words));
		if (reply.of === "run") return reply.answer;
		throw new FarthingError(2, "wrong-type", "the page shows one run", { field: "--mlperf" });
	});
}
