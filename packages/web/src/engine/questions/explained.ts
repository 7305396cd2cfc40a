/**
 * Answers whose numbers open into a tree: each gives the whole envelope, with its graph, and is loaded when one of its numbers
 * is asked about. Add a line for a new one.
 */
export const explained = {
	at: async () => (await import("./frontier.ts")).savedFrontier,
	claim: async () => (await import("./claim.ts")).savedClaim,
	compare: async () => (await import("./compare.ts")).savedCompare,
	frontier: async () => (await import("./frontier.ts")).savedFrontier,
	plan: async () => (await import("./plan.ts")).savedPlan,
	simulate: async () => (await import("./simulate.ts")).savedSimulate,
	train: async () => (await import("./train.ts")).savedTrain,
	years: async () => (await import("./years.ts")).savedYears,
};

export type ExplainedKind = keyof typeof explained;
