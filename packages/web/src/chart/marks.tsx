/** Marks that the keyboard can reach: one stop of the tab key for all, arrows between them, `w` opens why. */
import type { KeyboardEvent, ReactNode } from "react";
import { useRef, useState } from "react";
import { openWhy } from "../state/store.ts";

export interface Mark {
	readonly key: string;
	/** What it is and its number. */
	readonly label: string;
	/** Node of the number, where it opens into a tree. */
	readonly node?: string | undefined;
	readonly kind?: string;
}

export function Marks<M extends Mark>({
	marks,
	draw,
	onPick,
}: {
	readonly marks: readonly M[];
	readonly draw: (mark: M, isActive: boolean) => ReactNode;
	/** What a click or Enter does; opens why unless told. */
	readonly onPick?: (mark: M) => void;
}): ReactNode {
	const group = useRef<SVGGElement>(null);
	const [active, setActive] = useState(0);
	const [isFocused, setFocused] = useState(false);
	const stop = Math.min(active, marks.length - 1);
	const pick = (mark: M): void => {
		if (onPick !== undefined) onPick(mark);
		else if (mark.node !== undefined) openWhy({ kind: mark.kind ?? "plan", node: mark.node });
	};
	const move = (event: KeyboardEvent): void => {
		const step = STEPS[event.key];
		if (step === undefined) {
			const mark = marks[stop];
			if ((event.key === "Enter" || event.key === " ") && mark !== undefined) {
				event.preventDefault();
				pick(mark);
			}
			return;
		}
		event.preventDefault();
		const next = Number.isFinite(step) ? (stop + step + marks.length) % marks.length : step > 0 ? marks.length - 1 : 0;
		setActive(next);
		group.current?.querySelectorAll<SVGGElement>(":scope > [data-mark]")[next]?.focus();
	};
	return (
		<g ref={group}>
			{marks.map((mark, i) => (
				<g
					key={mark.key}
					className={`mark${onPick === undefined && mark.node === undefined ? "" : " mark-open"}`}
					data-mark={mark.key}
					{...(mark.node === undefined ? {} : { "data-node": mark.node, "data-kind": mark.kind ?? "plan" })}
					role={onPick === undefined && mark.node === undefined ? "img" : "button"}
					aria-label={mark.label}
					tabIndex={i === stop ? 0 : -1}
					onKeyDown={move}
					onFocus={() => {
						setActive(i);
						setFocused(true);
					}}
					onBlur={() => setFocused(false)}
					onClick={() => pick(mark)}
				>
					<title>{mark.label}</title>
					{draw(mark, isFocused && i === stop)}
				</g>
			))}
		</g>
	);
}

const STEPS: Readonly<Record<string, number>> = {
	ArrowRight: 1,
	ArrowDown: 1,
	ArrowLeft: -1,
	ArrowUp: -1,
	Home: -Infinity,
	End: Infinity,
};
