// One thread of the bench: a share of the draws of the same run, again and again as it is asked.
import { parentPort } from "node:worker_threads";
import { sample } from "@farthing/engine";
import { fiveYearModel, KEEP, MONTHS } from "./model.mjs";

const model = fiveYearModel();
parentPort.on("message", ({ first, draws, seed }) => {
	const { values } = sample(model, { first, draws, seed, months: MONTHS, keep: KEEP });
	parentPort.postMessage(Object.fromEntries(values));
});
