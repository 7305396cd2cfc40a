/** Fields for options of a page: what is chosen stands in the URL beside the scenario. */
import type { ReactNode } from "react";
import { useId } from "react";
import type { Refusal } from "../engine/protocol.ts";
import { setView, useAppState } from "../state/store.ts";
import { Choice, type ChoiceOption } from "./choice.tsx";
import { TypedField } from "./typed-field.tsx";

export interface ViewFieldProps {
	/** Name of the option in the URL. */
	readonly name: string;
	readonly label: string;
	readonly hint?: string;
	/** Shown where nothing was chosen. */
	readonly otherwise: string;
	/** Refusal of the question, told at the field whose flag it names. */
	readonly refusal?: Refusal | undefined;
	readonly flag?: string;
	/** What is wrong with a text: it then stays in the field and goes nowhere. */
	readonly faultOf?: (text: string) => string | undefined;
	/** Told whether the field holds such a text. */
	readonly onFault?: (isWrong: boolean) => void;
}

export function ViewField(props: ViewFieldProps): ReactNode {
	const { name, label, hint, otherwise, refusal, flag, faultOf, onFault } = props;
	const { view } = useAppState();
	return (
		<TypedField
			label={label}
			text={view[name] ?? otherwise}
			of={{ "data-view": name }}
			note={hint}
			refusal={flag !== undefined && refusal?.detail.field === flag ? refusal : undefined}
			faultOf={faultOf}
			onFault={onFault}
			onCommit={(text) => setView(name, text === "" || text === otherwise ? undefined : text)}
		/>
	);
}

/** A list; what the URL says that it does not have stands in it too, so that the list shows what is asked. */
export function ViewChoice({
	name,
	label,
	otherwise,
	choices,
	refusal,
	flag,
}: ViewFieldProps & { readonly choices: readonly ChoiceOption[] }): ReactNode {
	const id = useId();
	const { view } = useAppState();
	const chosen = view[name];
	const isOther = chosen !== undefined && !choices.some(({ value }) => value === chosen);
	const told = flag !== undefined && refusal?.detail.field === flag ? refusal : undefined;
	return (
		<div className={`field${told === undefined ? "" : " field-wrong"}`}>
			<label htmlFor={id}>{label}</label>
			<Choice
				id={id}
				data-view={name}
				value={chosen ?? otherwise}
				choices={isOther ? [{ value: chosen, name: chosen }, ...choices] : choices}
				refusal={told}
				onChoose={(value) => setView(name, value === otherwise ? undefined : value)}
			/>
		</div>
	);
}
