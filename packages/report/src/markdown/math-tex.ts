/** Mathematics of a formula in TeX, as Markdown readers draw it. */
import type { FormulaMath } from "../report-model.ts";

export function mathTex(math: FormulaMath): string {
	switch (math.kind) {
		case "symbol":
		case "words":
			return `\\text{${escapedTex(math.text)}}`;
		case "number":
			return escapedTex(math.text);
		case "operator":
			return OPERATORS[math.text] ?? escapedTex(math.text);
		case "row":
			return math.items.map(mathTex).join(" ");
		case "brackets":
			return `\\left${bracket(math.open)} ${mathTex(math.of)} \\right${bracket(math.close)}`;
		case "fraction":
			return `\\frac{${mathTex(math.over)}}{${mathTex(math.under)}}`;
		case "power":
			return `{${mathTex(math.base)}}^{${mathTex(math.exponent)}}`;
		case "indexed":
			return `{${mathTex(math.of)}}_{${mathTex(math.index)}}`;
		case "call":
			return `\\operatorname{${escapedTex(math.name)}}\\left(${math.args.map(mathTex).join(", ")}\\right)`;
		case "cases":
			return `\\begin{cases} ${math.cases
				.map(
					({ value, when }) =>
						`${mathTex(value)} & ${when === undefined ? "\\text{otherwise}" : `\\text{if } ${mathTex(when)}`}`,
				)
				.join(" \\\\ ")} \\end{cases}`;
	}
}

const OPERATORS: Readonly<Record<string, string>> = {
	"×": "\\times",
	"·": "\\cdot",
	"≤": "\\le",
	"≥": "\\ge",
	"−": "-",
	Σ: "\\sum",
};

function bracket(text: string): string {
	return { "⌈": "\\lceil", "⌉": "\\rceil", "⌊": "\\lfloor", "⌋": "\\rfloor" }[text] ?? text;
}

function escapedTex(text: string): string {
	return text.replace(/[\\{}$&#^_~%]/g, (letter) =>
		letter === "\\" || letter === "^" || letter === "~" ? " " : `\\${letter}`,
	);
}
