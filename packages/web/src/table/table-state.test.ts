import { expect, test } from "vitest";
import { hiddenOf, sortingOf, sortingText } from "./table-state.ts";

test("sorting is a word of the URL", () => {
	expect(sortingText(sortingOf("-cost,name"))).toBe("-cost,name");
	expect(sortingOf("-cost")).toEqual([{ id: "cost", desc: true }]);
	expect(sortingText([])).toBeUndefined();
});

test("hidden columns: those of the table until somebody chose", () => {
	const columns = [{ id: "a" }, { id: "b", isHidden: true }];
	expect(hiddenOf(undefined, columns)).toEqual(["b"]);
	expect(hiddenOf("none", columns)).toEqual([]);
	expect(hiddenOf("a,gone", columns)).toEqual(["a"]);
});
