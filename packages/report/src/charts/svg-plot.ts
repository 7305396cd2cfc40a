/** Observable Plot on a server-side document: marks in, SVG text out. The only file that knows either library's DOM. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

export interface ChartSize {
	readonly width: number;
	readonly fontSize: number;
	readonly narrow: boolean;
	/** On half of a page of paper: as low as letters allow. */
	readonly short?: true;
}

/** Sizes in which a page carries each chart: for desks and paper, and for phones. */
export const WIDE: ChartSize = { width: 880, fontSize: 13, narrow: false };
export const NARROW: ChartSize = { width: 400, fontSize: 13, narrow: true };

/** Width of a letter or digit, about, in the widest of the usual fonts. */
export function letterWidth({ fontSize }: Pick<ChartSize, "fontSize">): number {
	return fontSize * 0.64;
}

/**
 * Text of one `<svg>`. It is hidden from screen readers: the alternative text stands on what holds it. Coordinates are
 * rounded to a hundredth of a pixel, which also hides the last digits in which engines differ.
 */
export function svgText(size: Pick<ChartSize, "width" | "fontSize">, options: Plot.PlotOptions): string {
	const { document } = parseHTML("<!doctype html><html><body></body></html>");
	const svg = Plot.plot({ ...options, document, width: size.width, className: "plot" });
	for (const style of svg.querySelectorAll("style")) style.remove();
	svg.setAttribute("font-size", String(size.fontSize));
	svg.setAttribute("aria-hidden", "true");
	svg.removeAttribute("font-family");
	svg.removeAttribute("style");
	for (const element of [svg, ...svg.querySelectorAll("*")]) tidy(element);
	return svg.outerHTML;
}

function tidy(element: Element): void {
	if (element.localName !== "svg") {
		element.removeAttribute("aria-label");
		element.removeAttribute("aria-hidden");
	}
	for (const name of GEOMETRY) {
		const value = element.getAttribute(name);
		if (value !== null) element.setAttribute(name, value.replace(/-?\d+\.\d+(e-?\d+)?/g, rounded));
	}
}

const GEOMETRY = ["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r", "points"];

function rounded(text: string): string {
	return String(Math.round(Number(text) * 100) / 100 + 0);
}
