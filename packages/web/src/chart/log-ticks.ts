/** Powers of ten, and between them 2 and 5 where there is room. */
export function logTicks(low: number, high: number, most: number): number[] {
	if (!(low > 0) || !Number.isFinite(high)) throw new RangeError(`no logarithmic axis from ${low} to ${high}`);
	const steps = [[1, 2, 5], [1, 3], [1]];
	for (const step of steps) {
		const ticks: number[] = [];
		for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
			for (const factor of step) {
				const tick = Number(`${factor}e${power}`);
				if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
			}
		if (ticks.length <= most) return ticks;
	}
	const powers = logTicks(low, high, Infinity).filter((tick) =>
		Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6),
	);
	const every = Math.ceil(powers.length / most);
	return powers.filter((_, i) => i % every === 0);
}
