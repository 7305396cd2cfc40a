import { expect, test } from "vitest";
import { realSource } from "../test-support/real-answers.ts";
import { smallGraph } from "../test-support/small-plan.ts";
import { assumptionRegister } from "./assumption-register.ts";

test("inputs and measured rows, conditions first, in the unit they are shown in", () => {
	const rows = assumptionRegister(smallGraph());
	expect(rows.map(({ id, kind }) => [id, kind])).toEqual([
		["load", "condition"],
		["question.speed", "condition"],
		["rate.b200", "evidence"],
		["frontier.b200.row-1", "measured"],
		["frontier.b200.row-2", "measured"],
	]);
	expect(rows[0]).toEqual({
		id: "load",
		label: "share of capacity that is used",
		value: { kind: "range", low: 0.3, high: 0.6 },
		unit: "fraction",
		source: "scenario small",
		as_of: "2026-11-22",
		grade: "E",
		owner: "platform team",
		note: "from last year",
		kind: "condition",
	});
	expect(rows[2]?.value).toEqual({ kind: "point", value: 2.07 });
	expect(rows[2]?.at).toBe("rate-cards/2026-07/b200");
	expect(rows[3]).toMatchObject({
		value: { kind: "point", value: 2400 },
		unit: "tok/s/GPU",
		place: { value: 50, unit: "tok/s/user" },
		at: "row-1",
		grade: "B",
	});
});

test("a real result: every leaf once, none without source, date and grade", () => {
	const { plan, register } = realSource();
	const inputs = (plan.graph?.nodes ?? []).filter((node) => node["op"] === "input").map((node) => node["id"]);
	const listed = new Set(register.map(({ id }) => id));
	expect(listed.size).toBe(register.length);
	for (const id of inputs) expect(listed).toContain(id);
	for (const row of register) {
		expect(row.source, row.id).not.toBe("");
		expect(row.as_of, row.id).toMatch(/^\d{4}/);
		expect(row.grade, row.id).toMatch(/^[A-E]$/);
	}
});
