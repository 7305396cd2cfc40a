import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readZip } from "../../test-support/zip.ts";
import type { CategorySeries } from "../charts/chart.ts";
import { lightPalette } from "../charts/mark-style.ts";
import type { Report } from "../report-model.ts";
import { reportPptx } from "./report-pptx.ts";

const series: readonly CategorySeries[] = [
	{ name: "revenue", mark: "column", style: 0, values: [1, 2] },
	{ name: "cost", mark: "line", style: 3, values: [2, 1] },
	{ name: "cash", mark: "line", style: 8, values: [-1, undefined] },
	{ name: "tax", mark: "line", style: 2, values: [1, 1] },
];

const report: Report = {
	language: "en",
	title: ["A pack"],
	answer: ["It pays."],
	facts: [],
	attribution: "nobody",
	sections: [
		{
			id: "page-1",
			heading: "Money",
			blocks: [
				{
					kind: "figure",
					figure: {
						id: "money",
						caption: ["Money by year"],
						alternative: ["Money"],
						chart: {
							kind: "category",
							xAxis: "year",
							yAxis: "US dollars",
							unit: "USD",
							categories: ["Year 1", "Year 2"],
							stacked: false,
							series,
						},
						legend: [],
						table: { caption: [], columns: [{ heading: "Year", align: "start" }], rows: [[["Year 1"]], [["Year 2"]]] },
					},
				},
			],
		},
	],
};

describe("reportPptx", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["Date"] });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it("gives the same bytes at any time, and holds no date", async () => {
		vi.setSystemTime("2026-01-02T03:04:05Z");
		const one = await reportPptx(report);
		vi.setSystemTime("2031-06-07T08:09:10Z");
		const two = await reportPptx(report);
		expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
		const parts = readZip(one);
		expect(String(parts.get("docProps/core.xml"))).not.toMatch(/20\d\d-/);
		const sheet = [...parts].find(([path]) => path.endsWith(".xlsx"))?.[1] as Buffer;
		expect(String(readZip(sheet).get("docProps/core.xml"))).not.toMatch(/20\d\d-/);
	});

	it("draws each series in the colour, and each line with the mark and dash, of the other formats", async () => {
		const chart = String(readZip(await reportPptx(report)).get("ppt/charts/chart1.xml"));
		const drawn = [...chart.matchAll(/<c:ser>.*?<\/c:ser>/gs)].map(([xml]) => {
			const [name] = /(?<=<c:v>)[^<]+/.exec(xml) ?? [];
			// apart from labels
			const colors = new Set(
				[...xml.replace(/<c:dLbls>.*?<\/c:dLbls>/s, "").matchAll(/srgbClr val="(\w+)"/g)].map(([, c]) => c),
			);
			return [name, [...colors], /symbol val="(\w+)"/.exec(xml)?.[1], /prstDash val="(\w+)"/.exec(xml)?.[1]];
		});
		const color = (place: number): string => (lightPalette.series[place] as string).slice(1).toUpperCase();
		expect(drawn).toEqual([
			["revenue", [color(0)], undefined, undefined],
			["cost", [color(3)], "diamond", "dashDot"],
			["cash", [color(1)], "circle", "sysDot"],
			["tax", [color(2)], "triangle", "sysDot"],
		]);
	});

	it("names the parts of a tornado and of a waterfall in the language of the report", async () => {
		const tornado = {
			kind: "tornado",
			axis: "现值",
			unit: "USD",
			central: 3,
			bars: [{ label: "售价", atLow: 1, atHigh: 5, lowText: "10%", highText: "20%" }],
		} as const;
		const waterfall = {
			kind: "waterfall",
			axis: "美元",
			bars: [
				{ label: "宣传价", text: "$1", from: 0, to: 1, role: "start" },
				{ label: "故障", text: "+$1", from: 1, to: 2, role: "step" },
			],
		} as const;
		const [section] = report.sections;
		const [block] = section?.blocks ?? [];
		if (section === undefined || block?.kind !== "figure") throw new Error("no figure");
		const figures = [tornado, waterfall].map((chart) => ({ ...block, figure: { ...block.figure, chart } }));
		const chinese: Report = { ...report, language: "zh", sections: [{ ...section, blocks: figures }] };
		const parts = [...readZip(await reportPptx(chinese))].filter(([path]) => /charts\/chart\d+\.xml$/.test(path));
		const texts = parts.flatMap(([, xml]) => [...String(xml).matchAll(/(?<=<(?:c:v|a:t)>)[^<]*[a-z]{2}[^<]*/g)]);
		expect(parts).toHaveLength(2);
		expect(texts.map(([text]) => text)).toEqual([]);
	});
});
