/** Axes on d3 scales. */
import type { ReactNode } from "react";
import { textWidth } from "./text-width.ts";

/** Between the end of an axis and that of the drawing. */
export const END = 14;
/** Width of a digit at the size of these texts, rounded up. */
const LETTER = 7.6;

export interface Tick {
	readonly at: number;
	readonly label: string;
}

/** Ticks below, with lines up to the top. */
export function BottomAxis({
	ticks,
	y,
	top,
	label,
	right,
}: {
	readonly ticks: readonly Tick[];
	readonly y: number;
	readonly top: number;
	readonly label: string;
	readonly right: number;
}): ReactNode {
	return (
		<g className="axis" aria-hidden="true">
			{ticks.map(({ at, label: text }) => (
				<g key={at}>
					<line className="axis-grid" x1={at} x2={at} y1={top} y2={y} />
					<text x={Math.min(at, right + END - (textWidth(text) * LETTER) / 2)} y={y + 17} textAnchor="middle">
						{text}
					</text>
				</g>
			))}
			{/* Longer than the axis, it runs on into the room at its right. */}
			<text className="axis-label" x={Math.max(right, textWidth(label) * LETTER)} y={y + 36} textAnchor="end">
				{label}
			</text>
		</g>
	);
}

/** Ticks at the left, with lines to the right. */
export function LeftAxis({
	ticks,
	x,
	right,
	label,
	top,
}: {
	readonly ticks: readonly Tick[];
	readonly x: number;
	readonly right: number;
	readonly label: string;
	readonly top: number;
}): ReactNode {
	return (
		<g className="axis" aria-hidden="true">
			{ticks.map(({ at, label: text }) => (
				<g key={at}>
					<line className="axis-grid" x1={x} x2={right} y1={at} y2={at} />
					<text x={x - 8} y={at} dy="0.32em" textAnchor="end">
						{text}
					</text>
				</g>
			))}
			<text className="axis-label" x={0} y={top - 14} textAnchor="start">
				{label}
			</text>
		</g>
	);
}
