/** Labels, sources, reasons and warnings that a result carries in English, in the language of a report. */
import type { Language } from "@farthing/answers";
import { LABELS_ZH } from "./zh-labels.ts";
import { REASONS_ZH } from "./zh-reasons.ts";

export {
	BRIDGE_CAUSES_ZH,
	CHARGE_KINDS_ZH,
	LEFT_OUT_ZH,
	SOFTWARE_METHODS_ZH,
	STAGE_PARTS_ZH,
	UNIT_COST_CAUSES_ZH,
} from "./zh-names.ts";

/** A label in a language; as it is where nobody has written it there. */
export function labelIn(language: Language, label: string): string {
	if (language === "en") return label;
	for (const { pattern, places, text } of chinese()) {
		const found = pattern.exec(label);
		if (found !== null)
			return text.replace(/\{(\w+)\}/g, (_, place: string) => found[places.indexOf(place) + 1] as string);
	}
	return label;
}

/** The more particular before the more general: the first that fits is taken. */
export const WORDS_ZH: readonly (readonly [english: string, chinese: string])[] = [...REASONS_ZH, ...LABELS_ZH];

interface Known {
	readonly pattern: RegExp;
	readonly places: readonly string[];
	readonly text: string;
}

let known: readonly Known[] | undefined;

function chinese(): readonly Known[] {
	known ??= WORDS_ZH.map(([english, text]) => {
		const parts = english.split(/\{(\w+)\}/);
		const source = parts.map((part, i) => (i % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : "(.+)"));
		return { pattern: new RegExp(`^${source.join("")}$`), places: parts.filter((_, i) => i % 2 === 1), text };
	});
	return known;
}
