/** The font of the page, for drawings that leave it: where they are shown, nothing of the page is at hand. */

export interface PictureFont {
	/** Style sheet that brings the letters along; none where they cannot be had. */
	readonly face?: string;
	/** Families that the drawing is written and measured in. */
	readonly family: string;
}

/**
 * Pages from disk may not read their style sheet, so their drawings are written, and measured, in the next family of the
 * list: one that the reader's system has.
 */
export async function pictureFont(family: string): Promise<PictureFont> {
	const [own = "", ...others] = family.split(",").map((each) => each.trim());
	const found = faceOf(bare(own));
	if (found === undefined) return { family: others.length === 0 ? own : others.join(", ") };
	const { source, weight } = found;
	const url = source.startsWith("data:") ? source : await dataUrl(source);
	return {
		face: `@font-face { font-family: ${own}; font-weight: ${weight}; src: url(${url}) format("woff2"); }`,
		family,
	};
}

function faceOf(family: string): { readonly source: string; readonly weight: string } | undefined {
	for (const sheet of document.styleSheets) {
		for (const rule of rulesOf(sheet)) {
			if (!(rule instanceof CSSFontFaceRule) || bare(rule.style.getPropertyValue("font-family")) !== family) continue;
			const source = sourceOf(rule.style.getPropertyValue("src"));
			if (source === undefined) continue;
			const weight = rule.style.getPropertyValue("font-weight") || "normal";
			return { source: new URL(source, sheet.href ?? location.href).href, weight };
		}
	}
	return undefined;
}

function rulesOf(sheet: CSSStyleSheet): readonly CSSRule[] {
	try {
		return [...sheet.cssRules];
	} catch (error) {
		if (error instanceof DOMException && error.name === "SecurityError") return [];
		throw error;
	}
}

/** `url("inter.woff2") format("woff2")` */
export function sourceOf(text: string): string | undefined {
	return /url\(\s*(["']?)([^"')]+)\1\s*\)/.exec(text)?.[2];
}

async function dataUrl(url: string): Promise<string> {
	const reply = await fetch(url);
	if (!reply.ok) throw new Error(`the font of the page was not there: ${reply.status}`);
	const bytes = new Uint8Array(await reply.arrayBuffer());
	const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
	return `data:font/woff2;base64,${btoa(letters)}`;
}

function bare(family: string): string {
	return family.replace(/^["']|["']$/g, "");
}
