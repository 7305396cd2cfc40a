/** Answers whose numbers open into a tree: each gives the whole envelope, with its graph. Add a line for a new one. */
import { savedClaim } from "./claim.ts";
import { savedCompare } from "./compare.ts";
import { savedFrontier } from "./frontier.ts";
import { savedPlan } from "./plan.ts";
import { savedTrain } from "./train.ts";
import { savedYears } from "./years.ts";

export const explained = {
	at: savedFrontier,
	claim: savedClaim,
	compare: savedCompare,
	frontier: savedFrontier,
	plan: savedPlan,
	train: savedTrain,
	years: savedYears,
};

export type ExplainedKind = keyof typeof explained;
