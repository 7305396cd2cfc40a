import { COLLECTION_NAMES } from "@farthing/catalogue";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { useAnswer } from "../../engine/use-answer.ts";
import { update, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

/** Shown first. */
export const FIRST = "benchmarks";

/** Which collection, with how many entries each has. */
export function CollectionChoice({ collection }: { readonly collection: string }): ReactNode {
	const say = useWords("catalogue");
	const { view } = useAppState();
	const { answer } = useAnswer("catalogue", null);
	if (answer === undefined) return null;
	const { manifest } = answer;
	const counts = manifest.counts as Readonly<Record<string, number>>;
	const choose = (next: string): void => {
		const { collection: _, entry: __, ...others } = view;
		update({ view: next === FIRST ? others : { ...others, collection: next } });
	};
	return (
		<>
			<p className="lead-small">
				{say("release", {
					version: manifest.version,
					date: manifest.releaseDate,
					rows: formatQuantity(counts["benchmarks"] ?? 0, ""),
					sources: formatQuantity(counts["sources"] ?? 0, ""),
				})}
			</p>
			<label className="field catalogue-choice">
				<span className="field-name">{say("collection")}</span>
				<select className="input" data-collection value={collection} onChange={({ target }) => choose(target.value)}>
					{Object.entries(COLLECTION_NAMES).map(([key, name]) => (
						<option key={key} value={name}>
							{say("option", { name: say.named("collection.", name), count: formatQuantity(counts[key] ?? 0, "") })}
						</option>
					))}
				</select>
			</label>
		</>
	);
}
