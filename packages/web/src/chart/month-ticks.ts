/** Months of an axis from its opening: whole years where there are many, quarters or single months where there are few. */
export function monthTicks(months: number): number[] {
	const step = STEPS.find((each) => months / each <= MOST) ?? (STEPS.at(-1) as number);
	return Array.from({ length: Math.floor(months / step) + 1 }, (_, i) => i * step);
}

const STEPS = [1, 3, 6, 12, 24] as const;
const MOST = 6;
