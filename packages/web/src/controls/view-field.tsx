/** Fields for options of a page: what is chosen stands in the URL beside the scenario. */
import type { ReactNode } from "react";
import { useId, useState } from "react";
import type { Refusal } from "../engine/protocol.ts";
import { setView, useAppState } from "../state/store.ts";
import { Choice, type ChoiceOption } from "./choice.tsx";

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
	const { name, label, hint = "", otherwise, refusal, flag, faultOf, onFault } = props;
	const id = useId();
	const { view } = useAppState();
	const [typed, setTyped] = useState<string | undefined>();
	const shown = view[name] ?? otherwise;
	const [isRefused, setRefused] = useState(false);
	const own = isRefused || typed === undefined ? faultOf?.(typed ?? shown) : undefined;
	const fault = flag !== undefined && refusal?.detail.field === flag ? refusal : undefined;
	const isWrong = fault !== undefined || own !== undefined;
	const commit = (): void => {
		const text = typed?.trim();
		const isFaulty = text !== undefined && text !== "" && faultOf?.(text) !== undefined;
		setRefused(isFaulty);
		onFault?.(isFaulty);
		if (isFaulty) return;
		setTyped(undefined);
		if (text !== undefined && text !== shown) setView(name, text === "" || text === otherwise ? undefined : text);
	};
	return (
		<div className={`field${isWrong ? " field-wrong" : ""}`}>
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				data-view={name}
				className="input"
				value={typed ?? shown}
				spellCheck={false}
				autoComplete="off"
				aria-invalid={isWrong}
				aria-describedby={`${id}-note`}
				onChange={({ target }) => setTyped(target.value)}
				onBlur={commit}
				onKeyDown={({ key }) => {
					if (key === "Enter") commit();
					if (key !== "Escape") return;
					setTyped(undefined);
					setRefused(false);
					onFault?.(false);
				}}
			/>
			<p id={`${id}-note`} className="field-note">
				{own !== undefined ? (
					<span className="field-fault" role="alert">
						{own}
					</span>
				) : fault === undefined ? (
					hint
				) : (
					<span className="field-fault" role="alert">
						{fault.message}
						{fault.detail.expected === undefined ? "" : `: ${fault.detail.expected}`}
					</span>
				)}
			</p>
		</div>
	);
}

export function ViewChoice({
	name,
	label,
	otherwise,
	choices,
}: ViewFieldProps & { readonly choices: readonly ChoiceOption[] }): ReactNode {
	const id = useId();
	const { view } = useAppState();
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<Choice
				id={id}
				data-view={name}
				value={view[name] ?? otherwise}
				choices={choices}
				onChoose={(value) => setView(name, value === otherwise ? undefined : value)}
			/>
		</div>
	);
}
