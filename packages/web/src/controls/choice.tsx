/** A list to choose from; what is chosen stands below it in full where the list has no room for it. */
import type { ReactNode, SelectHTMLAttributes } from "react";
import { useEffect, useRef, useState } from "react";
import { useWidth } from "../chart/use-width.ts";

export interface ChoiceOption {
	readonly value: string;
	readonly name: string;
	/** What it stands under in the list; those of a group follow one another. */
	readonly group?: string;
	readonly isDisabled?: boolean;
}

export function Choice({
	choices,
	onChoose,
	...select
}: Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> & {
	readonly value: string;
	readonly choices: readonly ChoiceOption[];
	readonly onChoose: (value: string) => void;
	readonly "data-view"?: string;
	readonly "data-path"?: string;
	readonly "data-switch"?: string;
}): ReactNode {
	const box = useRef<HTMLSelectElement>(null);
	const width = useWidth(box, 0);
	const name = choices.find(({ value }) => value === select.value)?.name ?? "";
	const [isCut, setCut] = useState(false);
	useEffect(() => setCut(box.current !== null && hasNoRoom(name, box.current)), [name, width]);
	return (
		<>
			<select ref={box} className="input" {...select} onChange={({ target }) => onChoose(target.value)}>
				{groupsOf(choices).map(([group, members]) =>
					group === undefined ? (
						members.map(optionOf)
					) : (
						<optgroup key={group} label={group}>
							{members.map(optionOf)}
						</optgroup>
					),
				)}
			</select>
			<p className="field-note">{isCut ? name : ""}</p>
		</>
	);
}

function groupsOf(choices: readonly ChoiceOption[]): [string | undefined, readonly ChoiceOption[]][] {
	return [...new Set(choices.map(({ group }) => group))].map((name) => [
		name,
		choices.filter(({ group }) => group === name),
	]);
}

function optionOf({ value, name, isDisabled }: ChoiceOption): ReactNode {
	return (
		<option key={value} value={value} disabled={isDisabled === true}>
			{name}
		</option>
	);
}

/** Of the arrow beside the text. */
const ARROW = 24;

function hasNoRoom(text: string, select: HTMLSelectElement): boolean {
	const context = document.createElement("canvas").getContext("2d");
	if (context === null) return false;
	// `font` is empty in Chromium where letters have features of their own, as those of these pages.
	const { fontStyle, fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(select);
	context.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
	const room = select.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight) - ARROW;
	return room > 0 && context.measureText(text).width > room;
}
