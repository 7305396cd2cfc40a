/** The handbook's formulas are those of the graphs: what a formula says in code is what the page says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { methodPage } from "../../scripts/method-formulas.mjs";
import { root } from "../e2e/farthing.ts";

it("docs/method.md holds the formulas as they are (node scripts/method-formulas.mjs writes them anew)", () => {
	const page = readFileSync(join(root, "docs/method.md"), "utf8");
	expect(methodPage(page)).toBe(page);
	expect(page.match(/```math/g)?.length).toBeGreaterThan(100);
}, 300_000);

it("a page that drifted is put right", () => {
	const page = "words\n<!-- formulas unit-cost -->\nsomething old\n<!-- end -->\nmore words\n";
	const written = methodPage(page);
	expect(written).toContain("\\frac{\\text{rate.gpu\\_hour}}");
	expect(written).not.toContain("something old");
	expect(written).toMatch(/^words\n[\s\S]*\nmore words\n$/);
});
