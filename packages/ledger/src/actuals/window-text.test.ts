import { describe, expect, it } from "vitest";
import type { Instant } from "../records/units.ts";
import { formatInstant, parseInstant } from "../records/units.ts";
import { parseWindow } from "./window-text.ts";

it("takes times without seconds", () => {
	expect(parseWindow("2026-10-05T06:00Z..2026-10-05T12:30Z", () => 0 as Instant)).toEqual(
		parseWindow("2026-10-05T06:00:00Z..2026-10-05T12:30:00Z", () => 0 as Instant),
	);
});

describe("parseWindow", () => {
	it.each([
		["30d", "2026-10-02T00:00:00Z", "2026-11-01T00:00:00Z"],
		["36h", "2026-10-30T12:00:00Z", "2026-11-01T00:00:00Z"],
		["2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"],
		["2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
		["2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"],
		["2026-10-01..2026-10-08", "2026-10-01T00:00:00Z", "2026-10-08T00:00:00Z"],
		["2026-10-01T06:00:00+02:00..2026-10-01T07:30:00Z", "2026-10-01T04:00:00Z", "2026-10-01T07:30:00Z"],
	])("reads %s", (text, from, to) => {
		const span = parseWindow(text, () => parseInstant("2026-11-01T00:00:00Z") as Instant);
		expect([formatInstant(span?.from as Instant), formatInstant(span?.to as Instant)]).toEqual([from, to]);
	});

	it.each(["", "30", "0d", "last month", "2026-13", "2026-02-30", "2026-10-08..2026-10-01", "2026-10-01..", "99999d"])(
		"refuses %j",
		(text) => {
			expect(parseWindow(text, () => parseInstant("2026-11-01T00:00:00Z") as Instant)).toBeUndefined();
		},
	);
});
