/** What the answers rest on: every collection of facts as a table, every entry with its figures and sources. */
import type { ListedEntry } from "@farthing/catalogue";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { FactsAnswer } from "../../engine/questions/facts.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { shownNumber } from "../../quantity/show-quantity.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { setView, useAppState } from "../../state/store.ts";
import { type DataColumn, DataTable } from "../../table/data-table.tsx";
import { useWords } from "../../words/words.ts";
import { CollectionChoice, FIRST } from "./collection-choice.tsx";
import { EntryDetail } from "./entry-detail.tsx";

export function CataloguePage(): ReactNode {
	const say = useWords("catalogue");
	const { view } = useAppState();
	const collection = view["collection"] ?? FIRST;
	const entry = view["entry"];
	const words = useMemo(() => ({ collection, ...(entry === undefined ? {} : { entry }) }), [collection, entry]);
	const { answer, refusal, isWaiting } = useAnswer("facts", words);
	return (
		<div className="page catalogue-page" aria-busy={isWaiting}>
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<CollectionChoice collection={collection} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined ? null : (
				<div className={isWaiting ? "stale" : ""}>
					{answer.shown === undefined ? null : <EntryDetail shown={answer.shown.result} />}
					<Entries list={answer.list} />
				</div>
			)}
		</div>
	);
}

function Entries({ list: { result } }: Pick<FactsAnswer, "list">): ReactNode {
	const say = useWords("catalogue");
	const { display } = useAppState();
	const columns: readonly DataColumn<ListedEntry>[] = useMemo(
		() => [
			{
				id: "id",
				name: say("id"),
				value: ({ id }) => id,
				cell: ({ id }) => (
					<button
						type="button"
						className="button-link"
						aria-label={say("open", { id })}
						data-entry={id}
						onClick={() => setView("entry", id)}
					>
						{id}
					</button>
				),
			},
			{ id: "summary", name: say("summary"), value: ({ summary }) => summary },
			{ id: "asOf", name: say("asOf"), value: ({ asOf }) => asOf },
			{
				id: "age",
				name: say("age"),
				unit: "",
				savedUnit: "day",
				value: ({ ageInDays }) => ageInDays,
				cell: ({ ageInDays }) => (ageInDays === undefined ? "–" : shownNumber(ageInDays, "", display)),
			},
			{ id: "stale", name: say("stale"), unit: "", value: ({ stalePrices }) => stalePrices },
			{ id: "sources", name: say("sources"), value: ({ sources }) => sources.join(", "), isHidden: true },
		],
		[say, display],
	);
	return (
		<DataTable
			key={result.collection}
			name={result.collection}
			label={say("entries", { name: say.named("collection.", result.collection) })}
			columns={columns}
			rows={result.entries}
			rowKey={({ id }) => id}
		/>
	);
}
