/** What a program imports from `farthing` wherever it runs: questions, facts, the scenario file, and the engine by name. */
export * from "@farthing/answers";
export * from "@farthing/catalogue";
export * from "@farthing/scenario";
export * as engine from "@farthing/engine";

// Names that two of them have: those of questions and scenarios are the nearer ones here.
export type { MemberChange } from "@farthing/answers";
export type { Issue as CatalogueIssue } from "@farthing/catalogue";
export type { Issue, TtftStatistic } from "@farthing/scenario";
