/** Mathematics of a formula in Typst. Words stand in string literals. */
import type { FormulaMath } from "../report-model.ts";
import { mathWords } from "../formulas/math-words.ts";
import { typstString } from "./typst-text.ts";

export function typstMath(math: FormulaMath): string {
	switch (math.kind) {
		case "symbol":
		case "words":
		case "number":
			return `upright(${typstString(math.text)})`;
		case "operator":
			return OPERATORS[math.text] ?? typstString(math.text);
		case "row":
			return math.items.map(typstMath).join(" ");
		case "brackets":
			return `lr(${typstString(math.open)} ${typstMath(math.of)} ${typstString(math.close)})`;
		case "fraction":
			return `frac(${typstMath(math.over)}, ${typstMath(math.under)})`;
		case "power":
			return `attach(${typstMath(math.base)}, t: ${typstMath(math.exponent)})`;
		case "indexed":
			return `attach(${typstMath(math.of)}, b: ${typstMath(math.index)})`;
		case "call":
			return `op(${typstString(math.name)}) lr("(" ${math.args.map(typstMath).join(` ${COMMA} `)} ")")`;
		case "cases":
			return `cases(${math.cases.map(typstCase).join(", ")})`;
	}
}

/** A long condition stands under its value. */
function typstCase({ value, when }: { readonly value: FormulaMath; readonly when?: FormulaMath }): string {
	const condition = when === undefined ? '"otherwise"' : `"if " ${typstMath(when)}`;
	const long = when !== undefined && mathWords(value).length + mathWords(when).length > LONG_CASE;
	return `display(${typstMath(value)})${long ? `, quad ${condition}` : ` & ${condition}`}`;
}

const LONG_CASE = 80;

const COMMA = '",""  "';

const OPERATORS: Readonly<Record<string, string>> = {
	"+": "+",
	"−": "-",
	"×": "times",
	"·": "dot.op",
	"=": "=",
	"<": "<",
	">": ">",
	"≤": "<=",
	"≥": ">=",
	Σ: "sum",
};
