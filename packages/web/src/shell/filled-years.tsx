/** What was filled in from the example: every figure with a field of its own, and what else of it may be taken. */
import type { ReactNode } from "react";
import { QuantityField } from "../controls/quantity-field.tsx";
import type { Refusal } from "../engine/protocol.ts";
import { addedPaths, exampleMembers, missingMembers, YEARS_MEMBERS } from "../state/example-members.ts";
import { update, useAppState } from "../state/store.ts";
import { useScenario } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";
import { ON_DEMAND, useExampleFigures } from "./example-figures.ts";

export function FilledYears({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("common");
	const { changes } = useAppState();
	const values = useScenario();
	const example = useExampleFigures();
	const { scenario } = values;
	if (scenario === undefined || example === undefined) return null;
	const paths = addedPaths(changes, scenario.document, YEARS_MEMBERS);
	if (paths.length === 0) return null;
	const { lists } = exampleMembers(example.document, YEARS_MEMBERS);
	const figures = example.of(YEARS_MEMBERS);
	const others = missingMembers(changes, scenario.document, YEARS_MEMBERS);
	const taken = new Set(paths.map((path) => path.split(".")[0]));
	const left = lists.filter((path) => taken.has(path.split(".")[0]));
	const order = Object.keys(figures);
	const { offer } = example;
	const hintOf = (path: string): string => {
		if (changes[path] !== figures[path]) return say("filled.own");
		if (path !== ON_DEMAND || offer === undefined) return say("filled.example");
		return say("filled.catalogue", { provider: offer.provider, source: offer.source, date: offer.asOf });
	};
	const place = (path: string): number => (order.includes(path) ? order.indexOf(path) : order.length);
	return (
		<details className="filled">
			<summary>{say("filled.title", { count: paths.length })}</summary>
			<p className="field-note">
				{say("filled.lead")}
				{say("gap")}
				{left.length === 0 ? null : say("filled.lists", { lists: left.join(say("comma")) })}
			</p>
			<div className="filled-fields">
				{[...paths]
					.sort((a, b) => place(a) - place(b))
					.map((path) => (
						<QuantityField key={path} path={path} label={path} hint={hintOf(path)} values={values} refusal={refusal} />
					))}
			</div>
			<p className="filled-more">
				{others.map((member) => (
					<button
						key={member}
						type="button"
						className="button-link"
						data-fill={member}
						onClick={() => update({ changes: { ...example.of([member]), ...changes } })}
					>
						{say("filled.more", { member })}
					</button>
				))}
				<button
					type="button"
					className="button-link"
					onClick={() =>
						update({ changes: Object.fromEntries(Object.entries(changes).filter(([path]) => !paths.includes(path))) })
					}
				>
					{say("filled.away")}
				</button>
			</p>
		</details>
	);
}
