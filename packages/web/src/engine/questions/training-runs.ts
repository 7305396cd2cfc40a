/** Published training runs, each with its cost per million tokens where its hours can be priced. */
import type { NamedId } from "@farthing/catalogue";
import type { QuantityJson } from "@farthing/engine";
import type { Host } from "../host.ts";
import { answer as train, type TrainAnswer } from "./train.ts";

export interface TrainingRuns {
	readonly runs: readonly NamedId[];
	/** Each with what pins its number. */
	readonly priced: readonly {
		readonly id: string;
		readonly name: string;
		readonly cost: QuantityJson;
		readonly answer: Omit<TrainAnswer, "result">;
	}[];
}

export async function answer(_words: null, host: Host): Promise<TrainingRuns> {
	const { trainingRuns } = await host.catalogue({});
	const answers: TrainAnswer[] = [];
	for (const { id } of trainingRuns) answers.push(await train({ run: id }, host));
	return {
		runs: trainingRuns.map(({ id, name }) => ({ id, name })),
		priced: answers.flatMap(({ result: { run, cost_per_mtok: cost }, ...answer }) =>
			run === undefined || cost === undefined ? [] : [{ id: run.id, name: run.name, cost, answer }],
		),
	};
}
