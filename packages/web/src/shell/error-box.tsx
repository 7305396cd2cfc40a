/** A question without an answer: what was wrong, where, what was expected, and what to try. */
import type { ScenarioChange } from "@farthing/answers";
import type { ReactNode } from "react";
import type { Refusal } from "../engine/protocol.ts";
import { useNames } from "../engine/use-names.ts";
import { update, useAppState } from "../state/store.ts";
import { toldRefusal } from "../engine/told-refusal.ts";
import { useLanguage } from "../words/language.ts";
import { useWords } from "../words/words.ts";

export function ErrorBox({ refusal }: { readonly refusal: Refusal }): ReactNode {
	const say = useWords("common");
	const { message, detail } = toldRefusal(refusal, useLanguage());
	const { exit } = refusal;
	const { file, line, field, expected, hint, nearest, changes = [] } = detail;
	const state = useAppState();
	const names = useNames();
	const nameOf = (change: ScenarioChange): string => {
		const [[member, value] = ["", ""]] = Object.entries(change);
		if (member === "workload.input")
			return say("error.change.workload", { input: value, output: change["workload.output"] ?? "" });
		if (member === "model") return say("error.change.model", { model: names("models", String(value)) });
		if (member === "slo.ttft" || member === "slo.ttft_unknown") return say(`error.change.${member}`);
		return say("error.change", { member, value });
	};
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
			<p className="error-ways">
				{changes.map((change) => (
					<button
						key={JSON.stringify(change)}
						type="button"
						className="button"
						data-change={Object.keys(change)[0]}
						onClick={() => update({ changes: { ...state.changes, ...change } })}
					>
						{nameOf(change)}
					</button>
				))}
				<button type="button" className="button" onClick={() => history.back()}>
					{say("error.undo")}
				</button>
			</p>
		</div>
	);
}
