/** A question without an answer: what was wrong, where, what was expected, and what to try. */
import type { ReactNode } from "react";
import type { Refusal } from "../engine/protocol.ts";
import { useWords } from "../words/words.ts";

export function ErrorBox({ refusal }: { readonly refusal: Refusal }): ReactNode {
	const say = useWords("common");
	const { exit, message, detail } = refusal;
	const { file, line, field, expected, hint, nearest } = detail;
	const where = [field, file === undefined ? undefined : `${file}${line === undefined ? "" : `:${line}`}`].filter(
		Boolean,
	);
	return (
		<div className="error" role="alert" data-code={refusal.code}>
			<p>
				<strong>{exit === 70 ? say("error.internal") : say("error.title")}</strong>
			</p>
			<p>{message}</p>
			<ul>
				{where.length === 0 ? null : <li>{say("error.where", { where: where.join(say("comma")) })}</li>}
				{expected === undefined ? null : <li>{say("error.expected", { expected })}</li>}
				{hint === undefined ? null : <li>{say("error.hint", { hint })}</li>}
				{nearest === undefined || nearest.length === 0 ? null : (
					<li>{say("error.nearest", { nearest: nearest.join(say("comma")) })}</li>
				)}
			</ul>
			<button type="button" className="button" onClick={() => history.back()}>
				{say("error.undo")}
			</button>
		</div>
	);
}
