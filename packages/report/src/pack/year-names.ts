/** Names of the years of a plan. */
import { fill } from "../messages/fill.ts";
import { plainText } from "../plain-text.ts";
import type { PackContext } from "./source.ts";

/** "Opening", "Year 1". */
export function yearName({ words }: PackContext, year: number): string {
	return year === 0 ? words.fleet.opening : plainText(fill(words.fleet.yearName, { year: String(year) }));
}
