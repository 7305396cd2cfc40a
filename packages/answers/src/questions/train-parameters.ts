/** `--params`: how many parameters work on a token. */
import { type Distribution, parameter } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { flagQuantity } from "./words.ts";

/** Fewer are a slip: `70` for `70B`. */
const LEAST_PARAMETERS = 1e6;

export function parametersFlag(typed: string): Distribution {
	const flag = "--params";
	const text = withoutWord(typed);
	const given = flagQuantity(flag, text, parameter, { bounds: { above: 0 } });
	if (given.kind !== "point") return flagQuantity(flag, text, parameter, { bounds: { min: LEAST_PARAMETERS } });
	if (given.value >= LEAST_PARAMETERS) return given;
	const meant = given.value < 1e4 ? `${given.value}B` : "1M";
	throw new FarthingError(
		2,
		"out-of-bounds",
		{
			en: `${flag}: "${typed}" is ${given.value} ${given.value === 1 ? "parameter" : "parameters"}; did you mean ${meant}?`,
			zh: `${flag}：“${typed}”是 ${given.value} 个参数；您是否指 ${meant}？`,
		},
		{
			field: flag,
			expected: { en: "a million parameters or more, such as 70B", zh: "一百万个参数或更多，例如 70B" },
			hint: `${flag} ${meant}`,
		},
	);
}

function withoutWord(text: string): string {
	return text.replace(/\s*(?:active\s+)?param(?:eter)?s?\s*$/i, "");
}
