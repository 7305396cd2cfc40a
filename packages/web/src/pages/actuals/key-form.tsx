import type { ReactNode } from "react";
import { useId, useState } from "react";
import { useWords } from "../../words/words.ts";

/** A key never stands in the URL and is never stored. */
export function KeyForm({ onKey }: { readonly onKey: (key: string) => void }): ReactNode {
	const say = useWords("actuals");
	const id = useId();
	const [typed, setTyped] = useState("");
	return (
		<form
			className="actuals-key"
			onSubmit={(event) => {
				event.preventDefault();
				if (typed.trim() !== "") onKey(typed.trim());
			}}
		>
			<p>{say("key.lead")}</p>
			<div className="field">
				<label htmlFor={id}>{say("key.label")}</label>
				<input
					id={id}
					className="input"
					type="password"
					autoComplete="off"
					spellCheck={false}
					value={typed}
					onChange={({ target }) => setTyped(target.value)}
				/>
			</div>
			<button type="submit" className="button">
				{say("key.send")}
			</button>
		</form>
	);
}
