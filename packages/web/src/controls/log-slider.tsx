/** A slider over powers of ten for a member of the scenario: drags are passing steps, the end of one is kept. */
import type { ReactNode } from "react";
import type { Change } from "../state/app-state.ts";
import { setChange } from "../state/store.ts";
import { centralNumber, roundedText } from "./human-number.ts";

export interface LogSliderProps {
	readonly path: string;
	readonly label: string;
	readonly low: number;
	readonly high: number;
	readonly value: Change | undefined;
}

const STEPS = 400;

export function LogSlider({ path, label, low, high, value }: LogSliderProps): ReactNode {
	const now = value === undefined ? undefined : centralNumber(value);
	const span = Math.log(high / low);
	const at = now === undefined ? 0 : Math.min(1, Math.max(0, Math.log(now / low) / span));
	const textAt = (step: number): string => roundedText(low * Math.exp((span * step) / STEPS));
	return (
		<input
			type="range"
			className="slider"
			aria-label={label}
			aria-valuetext={value === undefined ? "" : String(value)}
			data-slider={path}
			min={0}
			max={STEPS}
			value={Math.round(at * STEPS)}
			onChange={({ target }) => setChange(path, textAt(Number(target.value)), { isPassing: true })}
			onPointerUp={({ currentTarget }) => setChange(path, textAt(Number(currentTarget.value)))}
			onKeyUp={({ currentTarget, key }) => {
				if (key.startsWith("Arrow") || key.startsWith("Page") || key === "Home" || key === "End")
					setChange(path, textAt(Number(currentTarget.value)));
			}}
		/>
	);
}
