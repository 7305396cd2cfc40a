/**
 * Every page: its place in the menu, and its code and words, loaded when it is first opened. To add one: a folder
 * `pages/NAME/` with its component, a file `messages/en/NAME.ts`, a line here, and the section in `words/words.ts`.
 */
import type { ComponentType } from "react";
import { addWords } from "../words/words.ts";

export interface PageEntry {
	readonly id: PageId;
	readonly group: PageGroup;
	/** Gives the component, after adding the words of the page. */
	readonly load: () => Promise<ComponentType>;
	/** It begins with the plan of the scenario. */
	readonly showsPlan?: true;
	/** Its numbers are of the scenario, which paper and pictures tell in a line. */
	readonly isOfScenario?: true;
}

export type PageGroup = "answer" | "explore" | "money" | "evidence";
export type PageId =
	| "start"
	| "answer"
	| "frontier"
	| "delivered"
	| "fleet"
	| "traffic"
	| "years"
	| "ways"
	| "margin"
	| "training"
	| "actuals"
	| "claims"
	| "catalogue"
	| "compare";

export const GROUPS: readonly PageGroup[] = ["answer", "explore", "money", "evidence"];

export const pages: readonly PageEntry[] = [
	{
		id: "start",
		group: "answer",
		showsPlan: true,
		load: async () => {
			const [{ StartPage }, { start }] = await Promise.all([
				import("./start/start-page.tsx"),
				import("../messages/en/start.ts"),
			]);
			addWords("start", start);
			return StartPage;
		},
	},
	{
		id: "answer",
		isOfScenario: true,
		group: "answer",
		showsPlan: true,
		load: async () => {
			const [{ AnswerPage }, { answer }] = await Promise.all([
				import("./answer/answer-page.tsx"),
				import("../messages/en/answer.ts"),
			]);
			addWords("answer", answer);
			return AnswerPage;
		},
	},
	{
		id: "delivered",
		isOfScenario: true,
		group: "explore",
		showsPlan: true,
		load: async () => {
			const [{ DeliveredPage }, { delivered }] = await Promise.all([
				import("./delivered/delivered-page.tsx"),
				import("../messages/en/delivered.ts"),
			]);
			addWords("delivered", delivered);
			return DeliveredPage;
		},
	},
	{
		id: "fleet",
		isOfScenario: true,
		group: "explore",
		showsPlan: true,
		load: async () => {
			const [{ FleetPage }, { fleet }] = await Promise.all([
				import("./fleet/fleet-page.tsx"),
				import("../messages/en/fleet.ts"),
			]);
			addWords("fleet", fleet);
			return FleetPage;
		},
	},
	{
		id: "traffic",
		isOfScenario: true,
		group: "explore",
		load: async () => {
			const [{ TrafficPage }, { traffic }] = await Promise.all([
				import("./traffic/traffic-page.tsx"),
				import("../messages/en/traffic.ts"),
			]);
			addWords("traffic", traffic);
			return TrafficPage;
		},
	},
	{
		id: "years",
		isOfScenario: true,
		group: "money",
		load: async () => {
			const [{ YearsPage }, { years }] = await Promise.all([
				import("./years/years-page.tsx"),
				import("../messages/en/years.ts"),
			]);
			addWords("years", years);
			return YearsPage;
		},
	},
	{
		id: "ways",
		isOfScenario: true,
		group: "money",
		load: async () => {
			const [{ WaysPage }, { ways }] = await Promise.all([
				import("./ways/ways-page.tsx"),
				import("../messages/en/ways.ts"),
			]);
			addWords("ways", ways);
			return WaysPage;
		},
	},
	{
		id: "margin",
		isOfScenario: true,
		group: "money",
		load: async () => {
			const [{ MarginPage }, { margin }] = await Promise.all([
				import("./margin/margin-page.tsx"),
				import("../messages/en/margin.ts"),
			]);
			addWords("margin", margin);
			return MarginPage;
		},
	},
	{
		id: "frontier",
		group: "explore",
		load: async () => {
			const [{ FrontierPage }, { frontier }] = await Promise.all([
				import("./frontier/frontier-page.tsx"),
				import("../messages/en/frontier.ts"),
			]);
			addWords("frontier", frontier);
			return FrontierPage;
		},
	},
	{
		id: "training",
		group: "money",
		load: async () => {
			const [{ TrainingPage }, { training }] = await Promise.all([
				import("./training/training-page.tsx"),
				import("../messages/en/training.ts"),
			]);
			addWords("training", training);
			return TrainingPage;
		},
	},
	{
		id: "actuals",
		group: "evidence",
		load: async () => {
			const [{ ActualsPage }, { actuals }] = await Promise.all([
				import("./actuals/actuals-page.tsx"),
				import("../messages/en/actuals.ts"),
			]);
			addWords("actuals", actuals);
			return ActualsPage;
		},
	},
	{
		id: "claims",
		group: "evidence",
		load: async () => {
			const [{ ClaimsPage }, { claims }] = await Promise.all([
				import("./claims/claims-page.tsx"),
				import("../messages/en/claims.ts"),
			]);
			addWords("claims", claims);
			return ClaimsPage;
		},
	},
	{
		id: "catalogue",
		group: "evidence",
		load: async () => {
			const [{ CataloguePage }, { catalogue }] = await Promise.all([
				import("./catalogue/catalogue-page.tsx"),
				import("../messages/en/catalogue.ts"),
			]);
			addWords("catalogue", catalogue);
			return CataloguePage;
		},
	},
	{
		id: "compare",
		isOfScenario: true,
		group: "evidence",
		load: async () => {
			const [{ ComparePage }, { compare }] = await Promise.all([
				import("./compare/compare-page.tsx"),
				import("../messages/en/compare.ts"),
			]);
			addWords("compare", compare);
			return ComparePage;
		},
	},
];

export function isPage(id: string): boolean {
	return pages.some((page) => page.id === id);
}
