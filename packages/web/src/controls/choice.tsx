/** A list to choose from; what is chosen stands below it in full where the list has no room for it. */
import type { ReactNode, SelectHTMLAttributes } from "react";
import { useEffect, useId, useRef, useState } from "react";
import { useWidth } from "../chart/use-width.ts";
import type { Refusal } from "../engine/protocol.ts";
import { toldRefusal } from "../engine/told-refusal.ts";
import { useLanguage } from "../words/language.ts";
import { refusalText } from "./typed-field.tsx";

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
	refusal,
	...select
}: Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> & {
	readonly value: string;
	readonly choices: readonly ChoiceOption[];
	readonly onChoose: (value: string) => void;
	/** Of a question that is about what is chosen. */
	readonly refusal?: Refusal | undefined;
	readonly "data-view"?: string;
	readonly "data-path"?: string;
	readonly "data-switch"?: string;
}): ReactNode {
	const box = useRef<HTMLSelectElement>(null);
	const width = useWidth(box, 0);
	const name = choices.find(({ value }) => value === select.value)?.name ?? "";
	const [isCut, setCut] = useState(false);
	useEffect(() => setCut(box.current !== null && hasNoRoom(name, box.current)), [name, width]);
	const note = useId();
	const language = useLanguage();
	return (
		<>
			<select
				ref={box}
				className="input"
				aria-invalid={refusal !== undefined}
				aria-describedby={note}
				{...select}
				onChange={({ target }) => onChoose(target.value)}
			>
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
			<p id={note} className="field-note">
				{refusal === undefined ? null : (
					<span className="field-fault" role="alert">
						{refusalText(toldRefusal(refusal, language))}{" "}
					</span>
				)}
				{isCut ? name : ""}
			</p>
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
