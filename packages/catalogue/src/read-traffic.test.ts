import { expect, it } from "vitest";
import { openCatalogue } from "./node.ts";

it("has shapes of real traces, with source, date and as many classes as lengths were cut into", () => {
	const { trafficShapes, sources } = openCatalogue().catalogue();
	expect(trafficShapes.map(({ id }) => id)).toEqual([
		"azure-2023-code",
		"azure-2023-conversation",
		"mooncake-2025-synthetic",
	]);
	for (const shape of trafficShapes) {
		expect(sources.map(({ id }) => id)).toContain(shape.source);
		expect(shape.cells).toHaveLength(8);
		expect(shape.requestsPerSecond).toBeCloseTo(shape.requests / shape.seconds, 1);
	}
	expect(trafficShapes.find(({ id }) => id === "mooncake-2025-synthetic")?.prefixReuse).toBeCloseTo(0.64, 2);
});
