/** A member of the scenario as people write it: `5B`, `4B to 7B`, `5 s`, `any`. */
import type { ReactNode } from "react";
import { useId, useState } from "react";
import type { Refusal } from "../engine/protocol.ts";
import type { Change } from "../state/app-state.ts";
import { changedWith } from "../state/example-members.ts";
import { changeOf, changeText } from "../state/url.ts";
import { setChange, update, useAppState } from "../state/store.ts";
import type { ScenarioValues } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";
import { Choice, type ChoiceOption } from "./choice.tsx";

export interface FieldProps {
	/** Path of the member in the scenario file. */
	readonly path: string;
	readonly label: string;
	readonly hint?: string;
	readonly values: ScenarioValues;
	/** Refusal of the question, told at the field where it is about it. */
	readonly refusal?: Refusal | undefined;
	/** Members that this one cannot stand without, set with it where the scenario has none. */
	readonly beside?: Readonly<Record<string, Change>>;
}

export function QuantityField({
	path,
	label,
	hint,
	values,
	refusal,
	beside = {},
	children,
}: FieldProps & { readonly children?: ReactNode }): ReactNode {
	const say = useWords("common");
	const id = useId();
	const { changes } = useAppState();
	const current = values.current(path);
	const text = current === undefined ? "" : changeText(current);
	const [typed, setTyped] = useState<string | undefined>();
	const original = values.original(path);
	const fault = refusal?.detail.field === path ? refusal : undefined;
	const commit = (): void => {
		setTyped(undefined);
		const value = typed?.trim() ?? text;
		if (value === text) return;
		const isTakenBack = value === "" || (original !== undefined && value === changeText(original));
		update({ changes: changedWith(changes, [path, isTakenBack ? undefined : changeOf(value)], beside) });
	};
	return (
		<div className={`field${fault === undefined ? "" : " field-wrong"}`}>
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				data-path={path}
				className="input"
				value={typed ?? text}
				spellCheck={false}
				autoComplete="off"
				aria-invalid={fault !== undefined}
				aria-describedby={`${id}-note`}
				onChange={(event) => setTyped(event.target.value)}
				onBlur={commit}
				onKeyDown={(event) => {
					if (event.key === "Enter") commit();
					if (event.key === "Escape") setTyped(undefined);
				}}
			/>
			{children}
			<p id={`${id}-note`} className="field-note">
				{fault === undefined ? null : (
					<span className="field-fault" role="alert">
						{fault.message}
						{fault.detail.expected === undefined ? "" : `: ${fault.detail.expected}`}{" "}
					</span>
				)}
				{path in changes && original !== undefined ? (
					<button type="button" className="button-link" onClick={() => setChange(path, undefined)}>
						{say("input.reset", { value: changeText(original) })}
					</button>
				) : (
					(hint ?? "")
				)}
			</p>
		</div>
	);
}

export function ChoiceField({
	path,
	label,
	values,
	choices,
}: FieldProps & { readonly choices: readonly ChoiceOption[] }): ReactNode {
	const id = useId();
	const current = values.current(path);
	const original = values.original(path);
	const shown = current === undefined ? "" : changeText(current);
	const known = choices.some(({ value }) => value === shown) ? choices : [{ value: shown, name: shown }, ...choices];
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<Choice
				id={id}
				data-path={path}
				value={shown}
				choices={known}
				onChoose={(value) =>
					setChange(path, original !== undefined && value === changeText(original) ? undefined : changeOf(value))
				}
			/>
		</div>
	);
}
