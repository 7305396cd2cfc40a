import { openCatalogue } from "@farthing/catalogue/node";
import { expect, test } from "vitest";
import { benchmarkParts } from "../../packages/web/src/engine/benchmark-parts.ts";
import { benchmarkParts as writtenParts } from "../../scripts/bundle-web.mjs";

test("the bundler writes benchmark rows as the pages read them", () => {
	const rows = openCatalogue().benchmarks();
	expect([...writtenParts(rows)]).toEqual([...benchmarkParts(rows)]);
});
