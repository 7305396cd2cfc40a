/** The box of what is good enough: a speed at least, a cost at most. Its two sides are sliders, for hand and keyboard. */
import type { ScaleContinuousNumeric } from "d3-scale";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { setView } from "../../state/store.ts";

type Scale = ScaleContinuousNumeric<number, number>;

export interface SloBoxProps {
	readonly x: Scale;
	readonly y: Scale;
	/** Least speed, tokens per second and user. */
	readonly at: number;
	/** Highest cost, USD per million tokens; none while the side stands at the top. */
	readonly most: number | undefined;
	/** From USD per million tokens to the unit of the axis, and back. */
	readonly shown: (usd: number) => number;
	readonly usdOf: (shown: number) => number;
	readonly labels: { readonly at: string; readonly most: string };
	readonly texts: { readonly at: string; readonly most: string };
}

/** Sides move by this factor at a press of an arrow key. */
const STEP = 1.02;
const GRIP = 12;

export function SloBox({ x, y, at, most, shown, usdOf, labels, texts }: SloBoxProps): ReactNode {
	const [left, right] = x.range() as [number, number];
	const [bottom, top] = [Math.max(...y.range()), Math.min(...y.range())];
	const [dear, cheap] = [usdOf(y.invert(top)), usdOf(y.invert(bottom))];
	const edgeX = within(x(at), left, right);
	const edgeY = most === undefined ? top : within(y(shown(most)), top, bottom);
	const setAt = (value: number, isPassing: boolean): void => setView("at", digits(value), { isPassing });
	const setMost = (value: number, isPassing: boolean): void => {
		setView("most", value >= dear * 0.999 ? undefined : digits(Math.max(cheap, value)), { isPassing });
	};
	return (
		<g className="slo">
			<rect className="slo-outside" x={left} y={top} width={Math.max(0, edgeX - left)} height={bottom - top} />
			<rect className="slo-outside" x={edgeX} y={top} width={right - edgeX} height={Math.max(0, edgeY - top)} />
			<rect className="slo-box" x={edgeX} y={edgeY} width={right - edgeX} height={bottom - edgeY} />
			<Side
				name="at"
				label={labels.at}
				text={texts.at}
				value={at}
				range={x.domain() as [number, number]}
				line={{ x1: edgeX, x2: edgeX, y1: edgeY, y2: bottom }}
				onMove={(px, _, isPassing) => setAt(x.invert(within(px, left, right)), isPassing)}
				onStep={(factor) => setAt(at * factor, false)}
			/>
			<Side
				name="most"
				label={labels.most}
				text={texts.most}
				value={most ?? dear}
				range={[cheap, dear]}
				line={{ x1: edgeX, x2: right, y1: edgeY, y2: edgeY }}
				onMove={(_, py, isPassing) => setMost(usdOf(y.invert(within(py, top, bottom))), isPassing)}
				onStep={(factor) => setMost((most ?? dear) * factor, false)}
			/>
		</g>
	);
}

interface SideProps {
	readonly name: "at" | "most";
	readonly label: string;
	readonly text: string;
	readonly value: number;
	readonly range: readonly [number, number];
	readonly line: { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };
	onMove(x: number, y: number, isPassing: boolean): void;
	onStep(factor: number): void;
}

function Side({ name, label, text, value, range: [low, high], line, onMove, onStep }: SideProps): ReactNode {
	const move = (event: PointerEvent<SVGGElement>, isPassing: boolean): void => {
		if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
		const svg = event.currentTarget.ownerSVGElement;
		if (svg === null) return;
		const box = svg.getBoundingClientRect();
		onMove(event.clientX - box.left, event.clientY - box.top, isPassing);
	};
	const press = (event: KeyboardEvent): void => {
		const factor = FACTORS[event.key];
		if (factor === undefined) return;
		event.preventDefault();
		onStep(factor);
	};
	return (
		<g
			className={`slo-side slo-side-${name}`}
			data-slo={name}
			role="slider"
			tabIndex={0}
			aria-label={label}
			aria-orientation={name === "at" ? "horizontal" : "vertical"}
			aria-valuemin={low}
			aria-valuemax={high}
			aria-valuenow={value}
			aria-valuetext={text}
			onKeyDown={press}
			onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
			onPointerMove={(event) => move(event, true)}
			onPointerUp={(event) => move(event, false)}
		>
			<line className="slo-grip" strokeWidth={2 * GRIP} {...line} />
			<line className="slo-line" {...line} />
		</g>
	);
}

const FACTORS: Readonly<Record<string, number>> = {
	ArrowRight: STEP,
	ArrowUp: STEP,
	ArrowLeft: 1 / STEP,
	ArrowDown: 1 / STEP,
	PageUp: STEP ** 10,
	PageDown: STEP ** -10,
};

function within(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}

/** As a person would write it: three digits, never in scientific notation. */
function digits(value: number): string {
	const decimals = Math.max(0, 2 - Math.floor(Math.log10(value)));
	return value.toFixed(Math.min(12, decimals));
}
