/** Round values on an axis, and their short labels. */

const LETTERS = [
	[1e12, "T"],
	[1e9, "B"],
	[1e6, "M"],
	[1e3, "k"],
] as const;

/** 1, 2 and 5 of each power of ten inside a range; only the powers where that gives more than `most`. */
export function logTicks(low: number, high: number, most: number): number[] {
	const exponents = range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)));
	const inside = (steps: readonly number[]): number[] =>
		exponents.flatMap((e) => steps.map((step) => Number(`${step}e${e}`))).filter((v) => v >= low && v <= high);
	for (const steps of [[1, 2, 5], [1, 3], [1]]) {
		const ticks = inside(steps);
		if (ticks.length <= most) return ticks;
	}
	return inside([1]);
}

/** A range of powers of ten widened to steps of 1, 2 and 5, so that the axis begins and ends on round numbers. */
export function roundedLogRange(low: number, high: number): readonly [number, number] {
	const steps = range(Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1).flatMap((e) =>
		[1, 2, 5].map((step) => Number(`${step}e${e}`)),
	);
	const below = steps.findLast((step) => (low === high ? step < low : step <= low)) ?? low;
	const above = steps.find((step) => (low === high ? step > high : step >= high)) ?? high;
	return [below, above];
}

/** At most `most` round values from 0 to `high`. */
export function linearTicks(high: number, most: number): number[] {
	const rough = high / most;
	const power = Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((s) => Number(`${s}e${power}`)).find((s) => s >= rough) as number;
	return range(0, Math.floor(high / step + 1e-9)).map((i) => Number((i * step).toPrecision(12)));
}

/** `$0.004`, `$0.05`, `$20`, `$5M`: one unit along the whole axis. */
export function dollarTick(value: number): string {
	if (value === 0) return "$0";
	if (value >= 1) return `$${countTick(value)}`;
	const decimals = Math.max(2, 2 - Math.floor(Math.log10(value)));
	return `$${value.toFixed(decimals).replace(/(\.\d\d+?)0+$/, "$1")}`;
}

/** `100M`, `1B`. */
export function countTick(value: number): string {
	const [power, letter] = LETTERS.find(([size]) => value >= size) ?? [1, ""];
	return `${decimal(value / power)}${letter}`;
}

/** At most `most` + 1 round values about a range that may begin below 0; the ends lie outside it or on it. */
export function steppedTicks(low: number, high: number, most: number): number[] {
	const rough = (high - low || 1) / most;
	const power = Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((s) => Number(`${s}e${power}`)).find((s) => s >= rough * (1 - 1e-9)) as number;
	const first = Math.floor(low / step + 1e-9);
	const last = Math.ceil(high / step - 1e-9);
	return range(first, last).map((i) => Number((i * step).toPrecision(12)));
}

/** A round value of any sign, short, since the axis names the unit. */
export function axisText(value: number, unit: string): string {
	const size = Math.abs(value);
	const sign = value < 0 ? "−" : "";
	if (unit.startsWith("USD")) return `${sign}${dollarTick(size)}`;
	if (unit === "fraction" || unit === "%") return `${sign}${decimal(unit === "%" ? size : size * 100)}%`;
	return `${sign}${size < 1 ? decimal(size) : countTick(size)}`;
}

function decimal(value: number): string {
	return String(Number(value.toPrecision(6)));
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
