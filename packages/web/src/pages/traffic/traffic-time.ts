/** Times of a run in words. */

/** `06:30` into a run of at most a day, `Day 3, 06:30` into a longer one, seconds where minutes say too little. */
export function clockText(seconds: number, span: number): string {
	const whole = Math.floor(seconds);
	const two = (value: number): string => String(value).padStart(2, "0");
	const [day, hour, minute] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
	const clock = `${two(hour)}:${two(minute)}${span < 7200 ? `:${two(whole % 60)}` : ""}`;
	return span > 90_000 ? `d${day + 1} ${clock}` : clock;
}

/** Round times, few enough to be read, as far as there is room for their words. */
export function timeTicks(span: number, most: number): number[] {
	const step = STEPS.find((each) => span / each <= most) ?? Math.ceil(span / most / 86_400) * 86_400;
	return Array.from({ length: Math.floor((span * 0.97) / step) + 1 }, (_, i) => i * step);
}

const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800] as const;
