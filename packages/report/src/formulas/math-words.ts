/** Mathematics of a formula on one line, where nothing can be set above or below. */
import type { FormulaMath } from "../report-model.ts";

export function mathWords(math: FormulaMath): string {
	switch (math.kind) {
		case "symbol":
		case "words":
		case "number":
			return math.text;
		case "operator":
			return ` ${math.text} `;
		case "row":
			return math.items
				.map((item) => (item.kind === "cases" && !defines(math.items) ? `(${mathWords(item)})` : mathWords(item)))
				.join("");
		case "brackets":
			return `${math.open}${mathWords(math.of)}${math.close}`;
		case "fraction":
			return `${inBrackets(math.over)} ÷ ${inBrackets(math.under)}`;
		case "power":
			return `${inBrackets(math.base)}^${inBrackets(math.exponent)}`;
		case "indexed":
			return `${mathWords(math.of)}[${mathWords(math.index)}]`;
		case "call":
			return `${math.name}(${math.args.map(mathWords).join(", ")})`;
		case "cases":
			return math.cases
				.map(({ value, when }) => `${mathWords(value)}${when === undefined ? "" : ` if ${mathWords(when)}`}`)
				.join(", otherwise ");
	}
}

/** `name = …`: nothing stands beside what follows. */
function defines(items: readonly FormulaMath[]): boolean {
	return items.some((item) => item.kind === "operator" && item.text === "=");
}

function inBrackets(math: FormulaMath): string {
	const plain = math.kind === "symbol" || math.kind === "number" || math.kind === "call" || math.kind === "brackets";
	return plain ? mathWords(math) : `(${mathWords(math)})`;
}
