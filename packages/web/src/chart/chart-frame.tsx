/** The frame of every chart: drawing or table, what can be saved of it, and a text that says what it finds. */
import type { Envelope } from "@farthing/answers";
import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { useConversion } from "../quantity/conversion.ts";
import { rateText } from "../quantity/quantity.tsx";
import { CopyButton } from "../controls/copy-button.tsx";
import { fileToSave, SAVED_FILE } from "../state/cli-command.ts";
import { linkWith } from "../state/link.ts";
import { setView, useAppState } from "../state/store.ts";
import { useAskedLine } from "../shell/asked.tsx";
import { useWords } from "../words/words.ts";
import { type ChartTable, csvText } from "./chart-table.ts";
import { type PictureText, pngBlob, saveFile, svgText } from "./save-file.ts";
import { ScenarioButton } from "./scenario-button.tsx";
import { useWidth } from "./use-width.ts";

export interface ChartSize {
	readonly width: number;
	readonly height: number;
	/** Below the width of a tablet. */
	readonly isNarrow: boolean;
}

/** What pins the numbers of an answer; without warnings where they are not known yet. */
export type Pins = Omit<Envelope<unknown>, "result" | "graph" | "warnings"> &
	Partial<Pick<Envelope<unknown>, "result" | "warnings">>;

export interface ChartFrameProps {
	/** Short, for the URL and for names of files. */
	readonly name: string;
	readonly title: string;
	/** What the chart shows, in a sentence with its numbers: the text in place of the drawing. */
	readonly finding: string;
	readonly table: ChartTable;
	/** Answer the chart is drawn from: what pins its numbers goes into the metadata. */
	readonly envelope: Pins;
	/** Command that gives the same numbers. */
	readonly command: string;
	/** What it leaves to another command. */
	readonly commandNote?: string;
	/** Request to the server of the pages that gives the same numbers, where there is one. */
	readonly request?: string | undefined;
	/** The chart is of costs per token that stay in money where tokens for a dollar are chosen, which is then said. */
	readonly staysInMoney?: boolean;
	readonly height: number | ((width: number) => number);
	readonly legend?: ReactNode;
	/** Marks, drawn in a box of this size. */
	readonly children: (size: ChartSize) => ReactNode;
}

const NARROW = 520;

export function ChartFrame(props: ChartFrameProps): ReactNode {
	const { name, title, finding, table, envelope, command, commandNote, request, legend, children } = props;
	const say = useWords("common");
	const state = useAppState();
	const { currency } = state.display;
	const conversion = useConversion();
	const asked = useAskedLine();
	const box = useRef<HTMLDivElement>(null);
	const svg = useRef<SVGSVGElement>(null);
	const width = useWidth(box);
	const headId = useId();
	const height = typeof props.height === "number" ? props.height : props.height(width);
	const isTable = state.view[tableKey(name)] === "table";
	const toggle = (): void => setView(tableKey(name), isTable ? undefined : "table");
	const file = `farthing-${name}`;
	const read = fileToSave(command, state);
	const pictureText = (): PictureText => ({
		title,
		...(asked === undefined ? {} : { asked }),
		finding,
		source: [
			say("chart.source", { catalogue: envelope.catalogue, date: envelope.as_of }),
			...(conversion === undefined ? [] : [rateText(conversion, say)]),
			say("attribution.chart"),
		],
	});
	const metadata = (): string => `${JSON.stringify(metadataOf(props), null, "\t")}\n`;
	return (
		<figure className="chart" aria-labelledby={headId} data-chart={name}>
			<figcaption className="chart-head">
				<h2 id={headId}>{title}</h2>
				<p className="chart-finding">{finding}</p>
			</figcaption>
			<div className="chart-tools" role="group" aria-label={title}>
				<button type="button" className="button-quiet" data-chart-toggle={name} aria-pressed={isTable} onClick={toggle}>
					{isTable ? say("chart.picture") : say("chart.table")}
				</button>
				<details className="menu">
					<summary className="button-quiet">{say("chart.save")}</summary>
					<div className="menu-items">
						{isTable ? null : (
							<>
								<button
									type="button"
									onClick={() => {
										if (svg.current === null) return;
										void pngBlob(svg.current, pictureText()).then((blob) => saveFile(`${file}.png`, "image/png", blob));
									}}
								>
									{say("chart.png")}
								</button>
								<button
									type="button"
									onClick={() => {
										if (svg.current === null) return;
										void svgText(svg.current, pictureText()).then((text) =>
											saveFile(`${file}.svg`, "image/svg+xml", text),
										);
									}}
								>
									{say("chart.svg")}
								</button>
							</>
						)}
						<button type="button" onClick={() => saveFile(`${file}.csv`, "text/csv", csvText(table))}>
							{say("chart.csv")}
						</button>
						<button
							type="button"
							data-save-metadata=""
							onClick={() => saveFile(`${file}.metadata.json`, "application/json", metadata())}
						>
							{say("chart.metadata")}
						</button>
						<CopyButton className="menu-item" text={() => linkWith(envelope.catalogue)} label={say("chart.link")} />
						{read === undefined ? null : (
							<ScenarioButton command={command} label={say("chart.scenario", { file: SAVED_FILE })} />
						)}
						<CopyButton className="menu-item" text={command} label={say("chart.command")} />
						{read === undefined ? null : (
							<small className="menu-note">
								{state.text === undefined
									? say("chart.scenarioBeside", { file: read, base: state.base })
									: say("chart.scenarioFirst", { file: read })}
							</small>
						)}
						{commandNote === undefined ? null : <small className="menu-note">{commandNote}</small>}
						{request === undefined ? null : (
							<CopyButton className="menu-item" text={request} label={say("chart.request")} />
						)}
					</div>
				</details>
			</div>
			<div ref={box} className="chart-box">
				{isTable ? (
					<PlainTable table={table} title={title} />
				) : (
					<svg
						ref={svg}
						role="group"
						aria-label={finding}
						aria-describedby={`${headId}-keys`}
						width={width}
						height={height}
						viewBox={`0 0 ${width} ${height}`}
					>
						{children({ width, height, isNarrow: width < NARROW })}
					</svg>
				)}
			</div>
			{isTable ? null : legend}
			{props.staysInMoney === true && state.display.isPerDollar ? (
				<p className="chart-note">{say("chart.money")}</p>
			) : null}
			<p id={`${headId}-keys`} className="hidden">
				{say("chart.keys")}
			</p>
		</figure>
	);

	function metadataOf({ title: name, finding: found, table: { columns, rows } }: ChartFrameProps): object {
		const { id, as_of, catalogue, definitions, seed, warnings } = envelope;
		return {
			title: name,
			...(asked === undefined ? {} : { asked }),
			finding: found,
			columns,
			rows: rows.length,
			result: { id, as_of, catalogue, definitions, seed },
			warnings,
			...(currency === undefined
				? {}
				: {
						currency: {
							code: currency.code,
							per_dollar: currency.perDollar,
							date: currency.date,
							...(conversion?.rate === undefined
								? { basis: "typed by the reader" }
								: { basis: "catalogue", source: conversion.rate.source }),
							grade: conversion?.grade,
						},
					}),
			command,
			link: linkWith(catalogue),
			attribution: say("attribution.chart"),
		};
	}
}

function tableKey(name: string): string {
	return `as.${name}`;
}

function PlainTable({
	table: { columns, rows },
	title,
}: {
	readonly table: ChartTable;
	readonly title: string;
}): ReactNode {
	return (
		<div className="scroll" tabIndex={0} role="region" aria-label={title}>
			<table>
				<thead>
					<tr>
						{columns.map(({ name, unit }) => (
							<th key={name} scope="col" className={unit === undefined ? "" : "number"}>
								{name}
								{unit === undefined ? "" : <small> {unit}</small>}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, i) => (
						// Rows of a chart have no name of their own.
						// oxlint-disable-next-line react/no-array-index-key
						<tr key={i}>
							{row.map((cell, j) => (
								<td key={columns[j]?.name} className={typeof cell === "number" ? "number" : ""}>
									{cell === undefined ? "–" : cell}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
