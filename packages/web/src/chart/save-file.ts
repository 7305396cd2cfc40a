/** Files out of a chart: drawing, picture, data. */

export function saveFile(name: string, type: string, content: BlobPart): void {
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The drawing with its styles written into it, so that it looks the same outside the page. */
export function svgText(svg: SVGSVGElement, title: string, finding: string): string {
	const copy = svg.cloneNode(true) as SVGSVGElement;
	const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
	const to = [copy, ...copy.querySelectorAll<SVGElement>("*")];
	to.forEach((element, i) => writeStyles(from[i] as SVGElement, element));
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	for (const name of ["class", "aria-label", "aria-labelledby", "tabindex"]) copy.removeAttribute(name);
	copy.prepend(
		textElement("title", title),
		textElement("desc", finding),
		ground(getComputedStyle(svg.closest(".chart") ?? svg).getPropertyValue("background-color")),
	);
	return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

export async function pngBlob(svg: SVGSVGElement, title: string, finding: string, scale = 2): Promise<Blob> {
	const { width, height } = svg.viewBox.baseVal;
	const url = URL.createObjectURL(new Blob([svgText(svg, title, finding)], { type: "image/svg+xml" }));
	try {
		const image = new Image(width, height);
		image.src = url;
		await image.decode();
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
	"opacity",
	"font-family",
	"font-size",
	"font-weight",
	"font-variant-numeric",
	"text-anchor",
	"dominant-baseline",
	"visibility",
];

function writeStyles(from: SVGElement, to: SVGElement): void {
	const style = getComputedStyle(from);
	for (const name of STYLES) {
		const value = style.getPropertyValue(name);
		if (value !== "") to.setAttribute(name, value);
	}
	for (const name of ["class", "tabindex", "role", "aria-label"]) if (to.tagName !== "svg") to.removeAttribute(name);
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
