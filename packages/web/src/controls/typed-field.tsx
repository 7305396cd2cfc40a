/** A text that is typed and then committed: by Enter, or by leaving the field. Escape takes back what was typed. */
import type { ReactNode } from "react";
import { useId, useState } from "react";
import { toldRefusal } from "../engine/told-refusal.ts";
import { useLanguage } from "../words/language.ts";
import type { Refusal } from "../engine/protocol.ts";

export interface TypedFieldProps {
	readonly label: string;
	/** As it stands now. */
	readonly text: string;
	/** What the field is of, for whoever looks for it on the page. */
	readonly of: { readonly "data-path": string } | { readonly "data-view": string };
	/** Told with a text that differs from the one that stands, without blanks around it. */
	readonly onCommit: (text: string) => void;
	/** What is wrong with a text: it then stays in the field and goes nowhere. */
	readonly faultOf?: ((text: string) => string | undefined) | undefined;
	/** Told whether the field holds such a text. */
	readonly onFault?: ((isWrong: boolean) => void) | undefined;
	/** Refusal of a question that is about this field. */
	readonly refusal?: Refusal | undefined;
	/** Below the field; gives way to what is wrong unless it is kept. */
	readonly note?: ReactNode;
	readonly keepsNote?: boolean;
	/** Between the field and its note. */
	readonly children?: ReactNode;
}

export function TypedField(props: TypedFieldProps): ReactNode {
	const { label, text, of, onCommit, faultOf, onFault, refusal, note = "", keepsNote = false, children } = props;
	const id = useId();
	const [typed, setTyped] = useState<string | undefined>();
	const [isRefused, setRefused] = useState(false);
	// While it is typed nothing is wrong with it, unless it was committed once and refused.
	const own = isRefused || typed === undefined ? faultOf?.(typed ?? text) : undefined;
	const language = useLanguage();
	const fault = own ?? (refusal === undefined ? undefined : refusalText(toldRefusal(refusal, language)));
	const end = (isFaulty: boolean): void => {
		setRefused(isFaulty);
		onFault?.(isFaulty);
		if (!isFaulty) setTyped(undefined);
	};
	const commit = (): void => {
		const asked = typed?.trim();
		const isFaulty = asked !== undefined && asked !== "" && faultOf?.(asked) !== undefined;
		end(isFaulty);
		if (!isFaulty && asked !== undefined && asked !== text) onCommit(asked);
	};
	return (
		<div className={`field${fault === undefined ? "" : " field-wrong"}`}>
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				{...of}
				className="input"
				value={typed ?? text}
				spellCheck={false}
				autoComplete="off"
				aria-invalid={fault !== undefined}
				aria-describedby={`${id}-note`}
				onChange={({ target }) => setTyped(target.value)}
				onBlur={commit}
				onKeyDown={({ key }) => {
					if (key === "Enter") commit();
					if (key === "Escape") end(false);
				}}
			/>
			{children}
			<p id={`${id}-note`} className="field-note">
				{fault === undefined ? null : (
					<span className="field-fault" role="alert">
						{fault}
						{keepsNote ? " " : ""}
					</span>
				)}
				{fault === undefined || keepsNote ? note : null}
			</p>
		</div>
	);
}

export function refusalText({ message, detail: { expected } }: Pick<Refusal, "message" | "detail">): string {
	return expected === undefined ? message : `${message}: ${expected}`;
}
