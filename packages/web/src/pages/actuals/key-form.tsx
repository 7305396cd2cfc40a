import type { ReactNode } from "react";
import { useId, useState } from "react";
import { signInPath } from "../../shell/account.tsx";
import { useWords } from "../../words/words.ts";

/** A key never stands in the URL and is never stored. */
export function KeyForm({
	onKey,
	canSignIn,
}: {
	readonly onKey: (key: string) => void;
	/** People sign in at this server; a key is the other way. */
	readonly canSignIn: boolean;
}): ReactNode {
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
			{canSignIn ? (
				<p>
					{say("key.noSession")} <a href={signInPath()}>{say("key.signIn")}</a>
				</p>
			) : null}
			<p>{canSignIn ? say("key.orKey") : say("key.lead")}</p>
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
