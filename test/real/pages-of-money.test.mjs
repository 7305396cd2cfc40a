// The pages of money: what was spent, what years cost, and what is sold.
import { describe } from "node:test";
import { isOfMoney, pages, walk } from "./walk-pages.mjs";

describe("the pages of money", () => {
	walk(pages.filter(isOfMoney));
});
