import { expect, it } from "vitest";
import { membersOf } from "./entry-members.ts";

it("members of members are lines with their path, lists are one line, figures are left to their table", () => {
	const entry = {
		id: "b200-sxm",
		names: ["b200", "b200-hgx"],
		figures: { memory: { value: 192, unit: "GB", confidence: "vendor", source: "sheet", asOf: "2026" } },
		latency: { ttft: { median: 7.99 } },
		isMultinode: false,
		note: undefined,
		layers: [{ kind: "moe", count: 3 }],
		empty: [],
	};
	expect(membersOf(entry)).toEqual([
		["id", "b200-sxm"],
		["names", "b200, b200-hgx"],
		["latency.ttft.median", "7.99"],
		["isMultinode", "false"],
		["layers.0.kind", "moe"],
		["layers.0.count", "3"],
	]);
});
