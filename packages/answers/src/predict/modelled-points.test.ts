import { describe, expect, it } from "vitest";
import { asking, cardRates, catalogue } from "../../test-support/questions.ts";
import { frontier } from "../frontier.ts";
import { modelledWarning, withModelledPoints } from "./modelled-points.ts";

const question = { model: "qwen3-235b-a22b", isl: 1000, osl: 500, asOf: catalogue.releaseDate };
const seen = withModelledPoints(catalogue, question);
const added = seen.benchmarks.filter(({ isModelled }) => isModelled === true);

describe("modelled rows", () => {
	it("stand behind the measured ones, which stay as they are", () => {
		expect(seen.benchmarks.slice(0, catalogue.benchmarks.length)).toEqual(catalogue.benchmarks);
		expect(added.length).toBeGreaterThan(20);
		expect(modelledWarning(seen).message).toContain(`${added.length} modelled rows (grade D)`);
	});

	it("do not speak over a group that was measured", () => {
		const measured = { model: "deepseek-r1", isl: 8192, osl: 1024, asOf: catalogue.releaseDate };
		const key = (of: { hardware: string; stack: string; precision: string }) =>
			`${of.hardware}|${of.stack}|${of.precision}`;
		const known = new Set(
			catalogue.benchmarks
				.filter(({ model, isl, osl }) => model === measured.model && isl === 8192 && osl === 1024)
				.map(key),
		);
		const modelled = withModelledPoints(catalogue, measured).benchmarks.filter(({ isModelled }) => isModelled === true);
		expect(modelled.length).toBeGreaterThan(0);
		expect(modelled.filter((point) => known.has(key(point)))).toEqual([]);
	});

	it("come out as modelled, grade D, wherever a frontier is read", () => {
		const filter = { model: question.model, isl: question.isl, osl: question.osl };
		const rates = cardRates("2026-07", "own_neocloud");
		for (const at of [undefined, 40]) {
			const asked = { filter, window: {}, ...(at === undefined ? {} : { at }) };
			const { result } = frontier(seen, asked, rates, asking("frontier"));
			expect(result.rows.length).toBeGreaterThan(3);
			for (const row of result.rows) {
				expect(row.state).toBe("modelled");
				expect(row.unit_cost.total).toMatchObject({ grade: "D" });
			}
		}
	});
});
