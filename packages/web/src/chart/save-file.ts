/** Files out of a chart: drawing, picture, data. */
import { type PictureFont, pictureFont } from "./picture-font.ts";
import { wrapped } from "./wrapped.ts";

export function saveFile(name: string, type: string, content: BlobPart): void {
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** What a picture says around its drawing. */
export interface PictureText {
	readonly title: string;
	/** The question that the drawing answers. */
	readonly asked?: string;
	readonly finding: string;
	/** Where its numbers are from, and of when. */
	readonly source: readonly string[];
}

/** The drawing with its styles written into it, so that it looks the same outside the page, and with its words around it. */
export async function svgText(svg: SVGSVGElement, text: PictureText): Promise<string> {
	const font = await pictureFont(getComputedStyle(svg.closest(".chart") ?? svg).fontFamily);
	const copy = svg.cloneNode(true) as SVGSVGElement;
	const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
	const to = [copy, ...copy.querySelectorAll<SVGElement>("*")];
	to.forEach((element, i) => writeStyles(from[i] as SVGElement, element, font));
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	for (const name of ["class", "aria-label", "aria-labelledby", "tabindex"]) copy.removeAttribute(name);
	frameWords(svg, copy, text, font);
	copy.prepend(
		...(font.face === undefined ? [] : [textElement("style", font.face)]),
		textElement("title", text.title),
		textElement("desc", text.finding),
		ground(getComputedStyle(svg.closest(".chart") ?? svg).getPropertyValue("background-color")),
	);
	return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

export async function pngBlob(svg: SVGSVGElement, text: PictureText, scale = 2): Promise<Blob> {
	const url = URL.createObjectURL(new Blob([await svgText(svg, text)], { type: "image/svg+xml" }));
	try {
		const image = new Image();
		image.src = url;
		await image.decode();
		const { naturalWidth: width, naturalHeight: height } = image;
		const canvas = document.createElement("canvas");
		canvas.width = width * scale;
		canvas.height = height * scale;
		canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
		return await new Promise((resolve, reject) =>
			canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture was made")) : resolve(blob)), "image/png"),
		);
	} finally {
		URL.revokeObjectURL(url);
	}
}

const STYLES = [
	"fill",
	"fill-opacity",
	"stroke",
	"stroke-width",
	"stroke-dasharray",
	"stroke-opacity",
	"stroke-linejoin",
	"paint-order",
	"opacity",
	"font-size",
	"font-weight",
	"font-variant-numeric",
	"text-anchor",
	"dominant-baseline",
	"visibility",
];

function writeStyles(from: SVGElement, to: SVGElement, { family }: PictureFont): void {
	const style = getComputedStyle(from);
	for (const name of STYLES) {
		const value = style.getPropertyValue(name);
		if (value !== "") to.setAttribute(name, value);
	}
	if (to.tagName === "text") to.setAttribute("font-family", family);
	for (const name of ["class", "tabindex", "role", "aria-label"]) if (to.tagName !== "svg") to.removeAttribute(name);
}

const EDGE = 12;
const LINE = 17;

/** Title, finding and legend above the drawing, source below it; the drawing moves down for them. */
function frameWords(
	svg: SVGSVGElement,
	copy: SVGSVGElement,
	{ title, asked = "", finding, source }: PictureText,
	{ family }: PictureFont,
): void {
	const drawing = svg.viewBox.baseVal;
	const width = drawing.width + 2 * EDGE;
	const style = getComputedStyle(svg.closest(".chart") ?? svg);
	const letters = Math.floor((width - 2 * EDGE) / LETTER);
	const words: SVGElement[] = [];
	let y = EDGE;
	const write = (text: string, look: Readonly<Record<string, string>> = {}, x = EDGE): void => {
		words.push(drawn("text", { x, y, fill: style.color, "font-family": family, "font-size": 12, ...look }, text));
	};
	for (const line of wrapped(title, Math.floor(letters * 0.7))) {
		y += 20;
		write(line, { "font-size": "16", "font-weight": "620" });
	}
	for (const line of wrapped(asked, letters)) {
		y += LINE;
		write(line, { "fill-opacity": "0.75" });
	}
	for (const line of wrapped(finding, letters)) {
		y += LINE;
		write(line);
	}
	let x = width;
	for (const item of svg.closest(".chart")?.querySelectorAll<HTMLElement>(".chart-legend > *") ?? []) {
		const name = item.textContent.trim();
		const room = 32 + widthOf(name, `12px ${family}`) + 16;
		if (x + room > width - EDGE) {
			x = EDGE;
			y += LINE + 2;
		}
		words.push(...sampleOf(item, x, y - 4));
		write(name, {}, x + 32);
		x += room;
	}
	const top = y + 8;
	const moved = drawn("g", { transform: `translate(${EDGE} ${top})` });
	moved.append(...copy.childNodes);
	y = top + drawing.height;
	for (const line of source.flatMap((each) => wrapped(each, letters))) {
		y += LINE;
		write(line, { "font-size": "11", "fill-opacity": "0.75" });
	}
	copy.append(moved, ...words);
	const whole = Math.ceil(y + EDGE);
	copy.setAttribute("width", String(width));
	copy.setAttribute("height", String(whole));
	copy.setAttribute("viewBox", `0 0 ${width} ${whole}`);
}

/** Width of a letter of the small text, a little more than the mean. */
const LETTER = 6.4;

/** Width in which a name of a legend fits, in the letters that it is written in. */
function widthOf(text: string, font: string): number {
	const context = document.createElement("canvas").getContext("2d");
	if (context === null) return text.length * LETTER;
	context.font = font;
	return context.measureText(text).width;
}

/** The piece of line, the square or the dot that a legend shows before a name. */
function sampleOf(item: HTMLElement, x: number, y: number): SVGElement[] {
	const line = item.querySelector<SVGElement>("svg line, svg path");
	if (line !== null) {
		const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(line);
		return [
			drawn("line", {
				x1: x,
				x2: x + 24,
				y1: y,
				y2: y,
				stroke,
				"stroke-width": strokeWidth,
				"stroke-dasharray": strokeDasharray,
			}),
		];
	}
	const square = { x: x + 12, y: y - 6, width: 11, height: 11 };
	const rect = item.querySelector<SVGElement>("svg rect");
	if (rect !== null) return [drawn("rect", { ...square, fill: getComputedStyle(rect).fill })];
	const box = item.querySelector<HTMLElement>("span");
	if (box !== null) {
		const { backgroundColor: fill, borderTopColor: stroke } = getComputedStyle(box);
		return [drawn("rect", { ...square, fill, stroke })];
	}
	const { content, backgroundColor: fill } = getComputedStyle(item, "::before");
	return content === "none" ? [] : [drawn("circle", { cx: x + 18, cy: y, r: 4.5, fill })];
}

function drawn(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): SVGElement {
	const element = textElement(name, text);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
	return element;
}

function textElement(name: string, text: string): SVGElement {
	const element = document.createElementNS("http://www.w3.org/2000/svg", name);
	element.textContent = text;
	return element;
}

function ground(color: string): SVGElement {
	const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
	rect.setAttribute("width", "100%");
	rect.setAttribute("height", "100%");
	rect.setAttribute("fill", color);
	return rect;
}
