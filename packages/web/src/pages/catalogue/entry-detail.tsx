/** One entry: its figures with range, day and source, its other members, and the sources in full. */
import type { ShownEntry, ShownFigure, Source } from "@farthing/catalogue";
import { formatQuantity, formatRange } from "@farthing/engine";
import type { ReactNode } from "react";
import { setView } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { membersOf } from "./entry-members.ts";

export function EntryDetail({ shown }: { readonly shown: ShownEntry }): ReactNode {
	const say = useWords("catalogue");
	const members = membersOf(shown.entry);
	return (
		<section className="catalogue-entry" data-shown={shown.id}>
			<header className="catalogue-entry-head">
				<h2>{shown.id}</h2>
				<button type="button" className="button-quiet" onClick={() => setView("entry", undefined)}>
					{say("close")}
				</button>
			</header>
			{shown.figures.length === 0 ? null : <Figures figures={shown.figures} />}
			{members.length === 0 ? null : (
				<>
					<h3>{say("members")}</h3>
					<dl className="catalogue-members">
						{members.map(([path, value]) => (
							<div key={path}>
								<dt>{path}</dt>
								<dd>{value}</dd>
							</div>
						))}
					</dl>
				</>
			)}
			<h3>{say("from")}</h3>
			<ul className="plain-list">
				{shown.sources.map((source) => (
					<SourceLine key={source.id} source={source} />
				))}
			</ul>
		</section>
	);
}

function Figures({ figures }: { readonly figures: readonly ShownFigure[] }): ReactNode {
	const say = useWords("catalogue");
	return (
		<div className="scroll" tabIndex={0} role="region" aria-label={say("figures")}>
			<table>
				<thead>
					<tr>
						<th scope="col">{say("figure")}</th>
						<th scope="col" className="number">
							{say("value")}
						</th>
						<th scope="col" className="number">
							{say("range")}
						</th>
						<th scope="col">{say("confidence")}</th>
						<th scope="col">{say("date")}</th>
						<th scope="col">{say("source")}</th>
					</tr>
				</thead>
				<tbody>
					{figures.map(({ path, figure, stale }) => (
						<tr key={path}>
							<td>{path.replace(/^figures\./, "")}</td>
							<td className="number">
								<data value={figure.value}>{formatQuantity(figure.value, figure.unit)}</data>
							</td>
							<td className="number">
								{figure.low === undefined || figure.high === undefined
									? "–"
									: formatRange(figure.low, figure.high, figure.unit)}
							</td>
							<td>{figure.confidence}</td>
							<td>
								{figure.asOf} {stale ? <small>{say("isStale")}</small> : null}
							</td>
							<td>
								{figure.source} {figure.note === undefined ? null : <small>{figure.note}</small>}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function SourceLine({ source }: { readonly source: Source }): ReactNode {
	const say = useWords("catalogue");
	const { citation, publisher, date, licence, label, attribution, note, url } = source;
	return (
		<li>
			{say("sourceLine", { citation, publisher, date, licence })}
			{url === undefined ? null : (
				<>
					{" "}
					<a href={url}>{new URL(url).host}</a>
				</>
			)}
			{label === undefined ? null : <strong> ({label})</strong>}
			{[attribution, note].map((line) => (line === undefined ? null : <small key={line}> {line}</small>))}
		</li>
	);
}
