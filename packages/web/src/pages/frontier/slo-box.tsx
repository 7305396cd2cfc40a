/**
 * The box of what is good enough: a speed at least, a cost at most. Its two sides are sliders, for hand and keyboard. While
 * one is dragged only the box is drawn, once a frame; the rest of the page follows when the hand rests or lets go.
 */
import type { ScaleContinuousNumeric } from "d3-scale";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
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
	/** What each side stands at, in words. */
	readonly texts: { at(speed: number): string; most(usd: number | undefined): string };
}

/** Sides move by this factor at a press of an arrow key. */
const STEP = 1.02;
const GRIP = 12;
/** A hand that stands still for so long wants to see what it means. */
const REST_MS = 100;

interface Place {
	readonly at: number;
	readonly most: number | undefined;
}

export function SloBox({ x, y, at: atGiven, most: mostGiven, shown, usdOf, labels, texts }: SloBoxProps): ReactNode {
	const [dragged, setDragged] = useState<Partial<Place>>({});
	const { at, most } = { at: atGiven, most: mostGiven, ...dragged };
	const [left, right] = x.range() as [number, number];
	const [bottom, top] = [Math.max(...y.range()), Math.min(...y.range())];
	const [dear, cheap] = [usdOf(y.invert(top)), usdOf(y.invert(bottom))];
	const edgeX = within(x(at), left, right);
	const edgeY = most === undefined ? top : within(y(shown(most)), top, bottom);
	const speedAt = (px: number): number => x.invert(within(px, left, right));
	const mostOf = (usd: number): number | undefined => (usd >= dear * 0.999 ? undefined : Math.max(cheap, usd));
	const mostAt = (py: number): number | undefined => mostOf(usdOf(y.invert(within(py, top, bottom))));
	const setAt = (value: number, isPassing: boolean): void => setView("at", digits(value), { isPassing });
	const setMost = (value: number | undefined, isPassing: boolean): void => {
		setView("most", value === undefined ? undefined : digits(value), { isPassing });
	};
	const settled = (set: () => void): void => {
		setDragged({});
		set();
	};
	return (
		<g className="slo">
			<rect className="slo-outside" x={left} y={top} width={Math.max(0, edgeX - left)} height={bottom - top} />
			<rect className="slo-outside" x={edgeX} y={top} width={right - edgeX} height={Math.max(0, edgeY - top)} />
			<rect className="slo-box" x={edgeX} y={edgeY} width={right - edgeX} height={bottom - edgeY} />
			<Side
				name="at"
				label={labels.at}
				text={texts.at(at)}
				value={at}
				range={x.domain() as [number, number]}
				line={{ x1: edgeX, x2: edgeX, y1: edgeY, y2: bottom }}
				onDrag={(px) => setDragged({ at: speedAt(px) })}
				onRest={(px) => setAt(speedAt(px), true)}
				onDrop={(px) => settled(() => setAt(speedAt(px), false))}
				onStep={(factor) => setAt(at * factor, false)}
			/>
			<Side
				name="most"
				label={labels.most}
				text={texts.most(most)}
				value={most ?? dear}
				range={[cheap, dear]}
				line={{ x1: edgeX, x2: right, y1: edgeY, y2: edgeY }}
				onDrag={(_, py) => setDragged({ most: mostAt(py) })}
				onRest={(_, py) => setMost(mostAt(py), true)}
				onDrop={(_, py) => settled(() => setMost(mostAt(py), false))}
				onStep={(factor) => setMost(mostOf((most ?? dear) * factor), false)}
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
	/** At most once a frame. */
	onDrag(x: number, y: number): void;
	/** The hand stands still, and has not let go. */
	onRest(x: number, y: number): void;
	onDrop(x: number, y: number): void;
	onStep(factor: number): void;
}

function Side(props: SideProps): ReactNode {
	const { name, label, text, value, line, onDrag, onRest, onDrop, onStep } = props;
	const [low, high] = props.range;
	const frame = useRef(0);
	const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
	const stop = (): void => {
		cancelAnimationFrame(frame.current);
		frame.current = 0;
		clearTimeout(rest.current);
	};
	useEffect(() => stop, []);
	const placeOf = (event: PointerEvent<SVGGElement>): (() => readonly [number, number]) | undefined => {
		const svg = event.currentTarget.ownerSVGElement;
		if (svg === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return undefined;
		const { clientX, clientY } = event;
		return () => {
			const box = svg.getBoundingClientRect();
			return [clientX - box.left, clientY - box.top];
		};
	};
	const move = (event: PointerEvent<SVGGElement>): void => {
		const place = placeOf(event);
		if (place === undefined) return;
		stop();
		frame.current = requestAnimationFrame(() => {
			flushSync(() => onDrag(...place()));
		});
		rest.current = setTimeout(() => onRest(...place()), REST_MS);
	};
	const drop = (event: PointerEvent<SVGGElement>): void => {
		const place = placeOf(event);
		if (place === undefined) return;
		stop();
		onDrop(...place());
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
			onPointerMove={move}
			onPointerUp={drop}
			onPointerCancel={drop}
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
