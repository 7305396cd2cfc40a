import { readFileSync } from "node:fs";
import { parseScenario } from "@farthing/scenario";
import { expect, test } from "vitest";
import { initialState } from "../../state/app-state.ts";
import { scenarioFile } from "../../state/cli-command.ts";
import { simulateCommand } from "./traffic-words.ts";
import { fromHash, toHash } from "../../state/url.ts";
import { hoursIn, peakOfHours, withHours } from "./hourly.ts";

const day = Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 1 : 3.5));

test("hours that are typed are read where they are of a day or of a week", () => {
	expect(hoursIn(day.join(", "))).toEqual(day);
	expect(hoursIn(`${day.join(" ")} `.repeat(7))).toHaveLength(168);
	for (const text of [
		"",
		"1, 2, 3",
		day.map(() => 0).join(","),
		day.map(() => "x").join(","),
		`-1,${day.slice(1).join()}`,
	])
		expect(hoursIn(text)).toBeUndefined();
});

test("they stand in the URL and in the saved scenario with the peak that follows, and are taken back together", () => {
	const changes = withHours({ "traffic.weekend": 0.4 }, day);
	expect(changes).toMatchObject({ "traffic.weekend": 0.4, "demand.peak_to_mean": peakOfHours(day) });
	expect(fromHash(toHash({ ...initialState, changes })).state.changes).toEqual(changes);
	expect(withHours(changes, undefined)).toEqual({ "traffic.weekend": 0.4 });
	expect(
		withHours(
			changes,
			Array.from({ length: 168 }, () => 2),
		),
	).not.toHaveProperty("traffic.weekend");
	const text = readFileSync(new URL("../../../../../scenarios/prototype-to-5b.yaml", import.meta.url), "utf8");
	const resolve = () => ({ file: "prototype-to-5b.yaml", text });
	const asked = { ...initialState, changes: withHours({}, day) };
	const parsed = parseScenario(scenarioFile(asked, simulateCommand(asked), {}), { file: "scenario.yaml", resolve });
	if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
	expect(parsed.scenario.traffic?.hourly).toHaveLength(24);
});
