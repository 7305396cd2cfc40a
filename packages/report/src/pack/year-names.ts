/** Names of the years of a plan. */
import type { PackContext } from "./source.ts";

/** "Opening", "Year 1". */
export function yearName({ words }: PackContext, year: number): string {
	return year === 0 ? words.fleet.opening : `${words.fleet.columns.year} ${year}`;
}
