/** The whole state of the pages: what stands in the URL, and nothing else. */
import type { ScenarioOverride } from "@farthing/scenario";

export type Change = ScenarioOverride["value"];

export interface AppState {
	readonly page: string;
	/** Example scenario that the changes are made over. */
	readonly base: string;
	/** Text of a scenario of one's own, in place of the example. */
	readonly text?: string;
	/** What differs from the scenario, by path as in its file. */
	readonly changes: Readonly<Record<string, Change>>;
	/** Options of the page that is shown, by names of its own. */
	readonly view: Readonly<Record<string, string>>;
	readonly display: Display;
	/** The number that the Why drawer explains. */
	readonly why?: WhyPlace;
	/** Catalogue a link was made with. */
	readonly catalogue?: string;
}

export interface Display {
	/** Tokens per dollar in place of dollars per token. */
	readonly isPerDollar: boolean;
	readonly currency?: Currency;
}

/** Another currency than the dollar, at a rate that somebody gave with its day. */
export interface Currency {
	readonly code: string;
	/** Units of the currency for one dollar. */
	readonly perDollar: number;
	readonly date: string;
}

export interface WhyPlace {
	/** Kind of the question that the number answers. */
	readonly kind: string;
	readonly node: string;
	readonly month?: number;
}

export const FIRST_PAGE = "start";
export const EXAMPLE = "prototype-to-5b";

export const initialState: AppState = {
	page: FIRST_PAGE,
	base: EXAMPLE,
	changes: {},
	view: {},
	display: { isPerDollar: false },
};
