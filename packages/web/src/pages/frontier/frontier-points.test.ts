import type { FrontierRow } from "@farthing/answers";
import { expect, it } from "vitest";
import { isInside, linesOf, partsOf, pointsOf, sidesOf } from "./frontier-points.ts";

function row(hardware: string, speed: number, cost: number | undefined, id: string): FrontierRow {
	const found = {
		hardware,
		precision: "fp8",
		stack: "vllm",
		speculative: "none",
		interactivity: { value: speed, unit: "tok/s/user" },
		unit_cost: { total: cost === undefined ? { unit: "USD/Mtok" } : { value: cost, unit: "USD/Mtok" } },
		nearest_row: { id },
	};
	return found as unknown as FrontierRow;
}

const rows = [row("h200-sxm", 60, 0.5, "b"), row("b200-sxm", 40, 0.2, "c"), row("h200-sxm", 20, 0.3, "a")];

it("lines go from slow to fast, each part has its colour, rows without a cost are no points", () => {
	const points = pointsOf([...rows, row("b200-sxm", 80, undefined, "d")], partsOf(rows), (cost) => 2 * cost);
	expect(points.map(({ cost }) => cost)).toEqual([1, 0.4, 0.6]);
	const lines = linesOf(points);
	expect(lines.map(({ key }) => key)).toEqual(["h200-sxm fp8 vllm none", "b200-sxm fp8 vllm none"]);
	expect(lines[0]?.points.map(({ speed }) => speed)).toEqual([20, 60]);
	expect(lines.map(({ series }) => series)).toEqual([1, 0]);
});

it("the box takes points on its sides", () => {
	const box = { at: 40, most: 0.5 };
	expect(isInside({ speed: 40, usd: 0.5 }, box)).toBe(true);
	expect(isInside({ speed: 39.9, usd: 0.5 }, box)).toBe(false);
	expect(isInside({ speed: 40, usd: 0.51 }, box)).toBe(false);
	expect(isInside({ speed: 40, usd: 9 }, { at: 40, most: undefined })).toBe(true);
});

it("rows on either side are those that a value is interpolated between, the slower first", () => {
	const measured = rows.map((each) => ({ ...each, tokens_per_gpu_second: { value: 1000, unit: "tok/s/GPU" } }));
	const read = { ...row("h200-sxm", 40, 0.4, "a"), state: "interpolated", sources: ["b", "a"] };
	expect(sidesOf(read, measured).map(({ speed }) => speed)).toEqual([20, 60]);
	expect(sidesOf({ ...read, state: "clamped", sources: ["a"] }, measured)).toEqual([]);
});
