/** A member of the scenario as people write it: `5B`, `4B to 7B`, `5 s`, `any`. */
import type { ReactNode } from "react";
import { useId } from "react";
import type { Refusal } from "../engine/protocol.ts";
import type { Change } from "../state/app-state.ts";
import { changedWith } from "../state/example-members.ts";
import { changeOf, changeText } from "../state/url.ts";
import { setChange, update, useAppState } from "../state/store.ts";
import type { ScenarioValues } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";
import { Choice, type ChoiceOption } from "./choice.tsx";
import { TypedField } from "./typed-field.tsx";

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
	const { changes } = useAppState();
	const current = values.current(path);
	const original = values.original(path);
	const commit = (value: string): void => {
		const isTakenBack = value === "" || (original !== undefined && value === changeText(original));
		update({ changes: changedWith(changes, [path, isTakenBack ? undefined : changeOf(value)], beside) });
	};
	const canReset = path in changes && original !== undefined;
	return (
		<TypedField
			label={label}
			text={current === undefined ? "" : changeText(current)}
			of={{ "data-path": path }}
			refusal={refusal?.detail.field === path ? refusal : undefined}
			onCommit={commit}
			keepsNote
			note={
				canReset ? (
					<button type="button" className="button-link" onClick={() => setChange(path, undefined)}>
						{say("input.reset", { value: changeText(original) })}
					</button>
				) : (
					hint
				)
			}
		>
			{children}
		</TypedField>
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
