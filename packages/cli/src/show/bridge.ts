import type { PlanOption } from "@farthing/answers";
import { planWords } from "../messages/plan.ts";
import { columnsOf, dim, padded } from "../print.ts";
import { bare } from "./words.ts";

const WIDTH = 40;

/** The bridge from headline to delivered cost, one step a line, as bars that start where the step before ended. */
export function bridgeLines({ headline, bridge, delivered }: PlanOption): string[] {
	const words = planWords.bridge;
	const end = delivered.value ?? 0;
	const sums = bridge.reduce<number[]>(
		(all, { delta }) => [...all, (all[all.length - 1] as number) + (delta.value ?? 0)],
		[headline.value ?? 0],
	);
	const scale = WIDTH / Math.max(end, ...sums);
	const steps = bridge.map(({ cause, delta }, i) => {
		const value = delta.value ?? 0;
		return {
			name: `${value < 0 ? "−" : "+"} ${words.causes[cause] ?? cause}`,
			text: bare({ ...delta, value: Math.abs(value) }),
			bar: bar(sums[i] as number, sums[i + 1] as number, scale),
		};
	});
	const lines = [
		{ name: words.headline, text: bare(headline), bar: bar(0, headline.value ?? 0, scale) },
		...steps,
		{ name: words.delivered, text: bare(delivered), bar: bar(0, end, scale) },
	];
	const nameWidth = Math.max(...lines.map(({ name }) => columnsOf(name)));
	const textWidth = Math.max(...lines.map(({ text }) => text.length));
	return lines.map((line) =>
		`  ${padded(line.name, nameWidth)}  ${line.text.padStart(textWidth)}  ${dim(line.bar)}`.trimEnd(),
	);
}

/** From one value to another; what is too small to draw is a hairline, and nothing is nothing. */
function bar(from: number, to: number, scale: number): string {
	if (from === to) return "";
	const [low, high] = [Math.min(from, to) * scale, Math.max(from, to) * scale];
	const start = Math.round(low);
	const length = Math.round(high) - start;
	return `${" ".repeat(start)}${length === 0 ? "▏" : "█".repeat(length)}`;
}
