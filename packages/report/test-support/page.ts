/** What a test reads from a report page. */
import { parseHTML } from "linkedom";
import type { PlanSource } from "../src/index.ts";

export function pageOf(html: string): Document {
	return parseHTML(html).document;
}

export interface NumberOnPage {
	readonly at: string;
	readonly value: number;
	readonly text: string;
}

/** Numbers that say which member of the results they are. */
export function numbersOn(page: Document): NumberOnPage[] {
	return [...page.querySelectorAll("data[data-at]")].map((element) => ({
		at: element.getAttribute("data-at") ?? "",
		value: Number(element.getAttribute("value")),
		text: element.textContent ?? "",
	}));
}

/** The number at `plan/result/…`, a quantity's value where there is a quantity. */
export function numberAt(source: PlanSource, at: string): unknown {
	const [root, ...steps] = at.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
	const start: unknown = source[root as "plan" | "frontier" | "claims"];
	const found = steps.reduce((of, step) => (of as Record<string, unknown>)[step], start);
	return typeof found === "object" ? (found as { value?: unknown } | null)?.value : found;
}

/** What a printed number says: `$0.397/M tok` is 0.397, `0.366 ¢` is 0.00366, `5.00B tok/day` is 5e9. */
export function readNumber(text: string): number {
	const [, sign = "", digits = "", letter = ""] = /^([+−-]?)\$?([\d,]*\.?\d+) ?([TBMk¢%]?)/.exec(text) ?? [];
	const scale = { T: 1e12, B: 1e9, M: 1e6, k: 1e3, "¢": 0.01, "%": 0.01, "": 1 }[letter] ?? 1;
	return Number(digits.replaceAll(",", "")) * scale * (sign === "−" || sign === "-" ? -1 : 1);
}
