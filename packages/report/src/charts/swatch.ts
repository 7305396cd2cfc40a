/** The sample of a mark beside its name in a legend. */
import * as Plot from "@observablehq/plot";
import type { Swatch } from "../report-model.ts";
import { markStyle } from "./mark-style.ts";
import { svgText } from "./svg-plot.ts";

const WIDTH = 30;
const HEIGHT = 14;

export function swatchSvg(swatch: Swatch): string {
	return svgText(
		{ width: WIDTH, fontSize: 12 },
		{ height: HEIGHT, margin: 0, axis: null, x: { domain: [0, 1] }, y: { domain: [0, 1] }, marks: [sample(swatch)] },
	);
}

function sample(swatch: Swatch): Plot.Markish {
	const middle = [{ x: 0.5, y: 0.5 }];
	switch (swatch.kind) {
		case "dot": {
			const { color, symbol, hollow } = markStyle(swatch.style);
			return Plot.dot(middle, {
				x: "x",
				y: "y",
				symbol: symbol as Plot.SymbolType,
				r: 4.5,
				stroke: hollow ? color : "none",
				fill: hollow ? "none" : color,
			});
		}
		case "line": {
			const { color, dash } = markStyle(swatch.style);
			return across(color, 2.5, dash);
		}
		case "block":
			return Plot.rect([{ x1: 0.2, x2: 0.8, y1: 0.05, y2: 0.95 }], {
				x1: "x1",
				x2: "x2",
				y1: "y1",
				y2: "y2",
				fill: markStyle(swatch.style).color,
			});
		case "envelope":
			return across("var(--text)", 1.25, "none");
		case "level":
			return across("var(--muted)", 2, "1 3");
		case "faint":
			return across("var(--neutral)", 1, "none");
		case "outline":
			return Plot.dot(middle, { x: "x", y: "y", r: 3.5, stroke: "var(--muted)", strokeWidth: 1 });
		case "ring":
			return Plot.dot(middle, { x: "x", y: "y", r: 5.5, stroke: "var(--text)", strokeWidth: 1.75 });
		case "here":
			return Plot.dot(middle, { x: "x", y: "y", r: 5, fill: "var(--text)" });
	}
}

function across(stroke: string, strokeWidth: number, dash: string): Plot.Markish {
	const ends = [
		{ x: 0.03, y: 0.5 },
		{ x: 0.97, y: 0.5 },
	];
	return Plot.line(ends, {
		x: "x",
		y: "y",
		stroke,
		strokeWidth,
		...(dash === "none" ? {} : { strokeDasharray: dash }),
	});
}
