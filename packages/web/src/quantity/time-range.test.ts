import { expect, test } from "vitest";
import { initialState } from "../state/app-state.ts";
import { wordsOf } from "../words/words.ts";
import { timeRange } from "./time-range.ts";

const say = wordsOf("common");
const shown = (of: object): string | undefined => timeRange({ unit: "month", ...of }, initialState.display, say);

test("a time that draws do not all reach has an open range, and says what share of them reach it", () => {
	const within = { looked_at: 60, coverage: 0.5703125 };
	expect(shown({ value: 60, p10: 41, p50: 60, ...within })).toBe(
		"41 months – not reached in 60 months; reached in 57.0% of draws",
	);
	expect(shown({ ...within, coverage: 0.04 })).toBe("not reached in 60 months; reached in 4.00% of draws");
	expect(shown({ p10: 20, p50: 30, p90: 58, looked_at: 60, coverage: 0.95 })).toBe(
		"20 months – 58 months; reached in 95.0% of draws",
	);
	expect(shown({ value: 20, p10: 10, p50: 20, p90: 30 })).toBeUndefined();
	expect(shown({ state: "unreachable" })).toBeUndefined();
});
