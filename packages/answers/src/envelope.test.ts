import { canonicalJson, sha256Hex } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, sixRows } from "../test-support/questions.ts";
import type { Asking } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { plan } from "./whole-plan.ts";

const asked: Asking = asking("price", { arguments: { gpuHour: "1.95", tokensPerSecond: "28724.2" } });

describe("envelope", () => {
	it("names schema, command, day, catalogue, definitions and seed", () => {
		expect(envelope(asked, { x: 1 }, [])).toEqual({
			schema: "farthing/1",
			command: "price",
			id: expect.stringMatching(/^[0-9a-f]{16}$/),
			as_of: "2026-11-22",
			catalogue: `2026.11.0+${catalogue.hash.slice(0, 12)}`,
			definitions: "1",
			seed: 1,
			warnings: [],
			result: { x: 1 },
		});
	});

	it("has as id the first 16 digits of the hash of all that decides the answer", () => {
		const decides = {
			command: "price",
			arguments: asked.arguments,
			scenario: null,
			catalogue: catalogue.hash,
			definitions: "1",
			seed: 1,
			as_of: "2026-11-22",
		};
		expect(idOf({})).toBe(sha256Hex(canonicalJson(decides)).slice(0, 16));
		expect(idOf({})).toBe(idOf({}));
	});

	it("keeps its id whatever the order of the arguments, the result and the warnings", () => {
		expect(idOf({ arguments: { tokensPerSecond: "28724.2", gpuHour: "1.95" } })).toBe(idOf({}));
		const other = envelope(asked, { y: 2 }, [{ code: "a", message: "b" }]).id;
		expect(other).toBe(idOf({}));
	});

	it.each<[string, Partial<Asking>]>([
		["command", { command: "plan" }],
		["an argument", { arguments: { gpuHour: "1.96", tokensPerSecond: "28724.2" } }],
		["one argument more", { arguments: { ...asked.arguments, util: "60%" } }],
		["scenario", { scenario: { version: 1 } }],
		["catalogue", { catalogue: { ...catalogue, hash: "0".repeat(64) } }],
		["seed", { seed: 2 }],
		["day", { asOf: "2026-11-21" }],
	])("changes its id with the %s", (_, change) => {
		expect(idOf(change)).not.toBe(idOf({}));
	});

	it("says a warning once", () => {
		const warning = { code: "stale-price", message: "old" };
		expect(envelope(asked, {}, [warning, { ...warning }, { ...warning, message: "older" }]).warnings).toHaveLength(2);
	});

	it("takes the scenario of a plan as read, overrides applied, and not where it stands", () => {
		const idWith = (over: Record<string, string>, name = "prototype-to-5b.yaml") =>
			plan(catalogue, exampleScenario(name, over), asking("plan"), { rows: sixRows() }).id;
		expect(idWith({})).toBe(idWith({}));
		expect(idWith({ "demand.tokens_per_day": "6B" })).not.toBe(idWith({}));
	});
});

function idOf(change: Partial<Asking>): string {
	return envelope({ ...asked, ...change }, {}, []).id;
}
