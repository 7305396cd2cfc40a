const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Counts of FLOP below this are written out. */
const FROM = 1e15;

/** `3.80 × 10²⁵ FLOP`: counts of FLOP are read by their power of ten. Undefined where the number is written out. */
export function powerOfTen(value: number, unit: string): string | undefined {
	if (unit !== "FLOP" || !(value >= FROM) || !Number.isFinite(value)) return undefined;
	const [digits, exponent] = value.toExponential(2).split("e+") as [string, string];
	return `${digits} × 10${exponent.replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? digit)} ${unit}`;
}
