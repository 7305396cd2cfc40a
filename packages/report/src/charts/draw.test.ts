import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { chartSvg } from "./draw.ts";
import type { VolumeChart, WaterfallChart } from "./chart.ts";
import { markStyle } from "./mark-style.ts";
import { NARROW, WIDE } from "./svg-plot.ts";

const waterfall: WaterfallChart = {
	kind: "waterfall",
	axis: "USD",
	bars: [
		{ role: "start", label: "Slide price", from: 0, to: 0.2, text: "$0.20" },
		{ role: "step", label: "Peak sizing", from: 0.2, to: 0.5, text: "+$0.30" },
		{
			role: "step",
			label: "A cause whose name is far longer than the room there is",
			from: 0.5,
			to: 0.4,
			text: "−$0.10",
		},
		{ role: "end", label: "Delivered", from: 0, to: 0.4, text: "$0.40" },
	],
};

const volumes = (crossovers: readonly number[]): VolumeChart => ({
	kind: "volumes",
	xAxis: "x",
	yAxis: "y",
	curves: [
		{
			style: 0,
			letter: "A",
			points: [
				{ x: 1e8, y: 4 },
				{ x: 1e12, y: 0.1 },
			],
		},
	],
	crossovers: crossovers.map((x) => ({ x, label: `${x / 1e9}B` })),
	regions: ["A", ...crossovers.map(() => "B")],
	levels: [],
});

const documentOf = (svg: string): Document => parseHTML(`<body>${svg}</body>`).document;

describe.each([
	["wide", WIDE],
	["narrow", NARROW],
])("%s", (_, size) => {
	test("bars begin where the one before ends, and lengths are to scale", () => {
		const bars = [...documentOf(chartSvg(waterfall, size)).querySelectorAll("rect")].map((bar) => ({
			x: Number(bar.getAttribute("x")),
			width: Number(bar.getAttribute("width")),
		}));
		const [start, rise, fall, end] = bars as [(typeof bars)[0], (typeof bars)[0], (typeof bars)[0], (typeof bars)[0]];
		expect(rise.x).toBeCloseTo(start.x + start.width, 1);
		expect(fall.x + fall.width).toBeCloseTo(rise.x + rise.width, 1);
		expect(end.x + end.width).toBeCloseTo(fall.x, 1);
		expect(rise.width / start.width).toBeCloseTo(1.5, 2);
	});

	test("a label too long for its place is cut, and every bar has its value", () => {
		const words = [...documentOf(chartSvg(waterfall, size)).querySelectorAll("text")].map(
			({ textContent }) => textContent,
		);
		expect(words.some((word) => word?.endsWith("…"))).toBe(true);
		for (const { text } of waterfall.bars) expect(words).toContain(text);
	});

	test("labels of crossovers close together stand in different lines", () => {
		const svg = documentOf(chartSvg(volumes([1e10, 1.1e10, 1.2e10]), size));
		const heights = [...svg.querySelectorAll("text")]
			.filter(({ textContent }) => /^1[01.2]*B$/.test(textContent ?? "") && textContent !== "1B")
			.map((text) => text.parentElement?.getAttribute("transform"));
		expect(new Set(heights).size).toBeGreaterThanOrEqual(3);
	});

	test("no style sheet of its own, no id, no script, coordinates to a hundredth", () => {
		const svg = chartSvg(waterfall, size);
		expect(svg).not.toMatch(/<style|<script| id=/);
		expect(svg).not.toMatch(/\d\.\d{3}/);
		expect(svg).toContain('aria-hidden="true"');
	});
});

test("the first 64 series look different from each other, by shape or by filling and not by colour alone", () => {
	const looks = Array.from({ length: 64 }, (_, i) => markStyle(i));
	expect(new Set(looks.map(({ color, symbol, hollow }) => `${color} ${symbol} ${hollow}`)).size).toBe(64);
	expect(new Set(looks.slice(0, 16).map(({ symbol, hollow }) => `${symbol} ${hollow}`)).size).toBe(16);
});
