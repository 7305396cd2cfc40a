/** Numbers as people write them in a scenario, for the place of a slider: what a number means is for the engine to say. */
import type { Change } from "../state/app-state.ts";

const POWERS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** The number, or the geometric mean of a range; undefined where there is none. */
export function centralNumber(value: Change): number | undefined {
	if (typeof value === "number") return value;
	if (typeof value !== "string") return undefined;
	const ends = value.split(" to ").map(numberOf);
	if (ends.some((end) => end === undefined) || ends.length > 2) return undefined;
	const [low, high = low] = ends as [number, number?];
	return low > 0 && (high as number) > 0 ? Math.sqrt(low * (high as number)) : low;
}

/** Two significant digits with a letter: `5B`, `1.2B`, `340M`. */
export function roundedText(value: number): string {
	const rounded = Number(value.toPrecision(2));
	const [letter, power] = Object.entries(POWERS).findLast(([, size]) => rounded >= size) ?? ["", 1];
	return `${Number((rounded / power).toPrecision(2))}${letter}`;
}

function numberOf(text: string): number | undefined {
	const [, digits, letter] = /^\s*\$?([\d.,]+)\s*([kMBT]?)/.exec(text) ?? [];
	const number = Number(digits?.replaceAll(",", ""));
	return digits === undefined || Number.isNaN(number) ? undefined : number * (POWERS[letter ?? ""] ?? 1);
}
