/** A field of cells, row by column, each coloured by its value: the darker, the more. */
import type { ReactNode } from "react";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";

export interface HeatCell extends Mark {
	readonly row: number;
	readonly column: number;
	/** From 0 to 1 of the deepest colour. */
	readonly share: number;
	/** Written into the cell where there is room. */
	readonly text: string;
}

const HEAD = 22;
const GAP = 1.5;

export function heatMapHeight(rows: number): number {
	return HEAD + rows * rowHeight + 6;
}

const rowHeight = 26;

export function HeatMap({
	cells,
	rows,
	columns,
	size: { width, isNarrow },
	onPick,
}: {
	readonly cells: readonly HeatCell[];
	readonly rows: readonly string[];
	/** Some may be empty, so that names do not run into each other. */
	readonly columns: readonly string[];
	readonly size: ChartSize;
	readonly onPick?: (cell: HeatCell) => void;
}): ReactNode {
	const left = isNarrow ? 40 : 92;
	const wide = (width - left - 4) / columns.length;
	const hasRoom = wide >= 30;
	return (
		<>
			<g className="axis" aria-hidden="true">
				{columns.map((name, i) => (
					// Columns have no name of their own where they are empty.
					// oxlint-disable-next-line react/no-array-index-key
					<text key={i} x={left + wide * (i + 0.5)} y={14} textAnchor="middle">
						{name}
					</text>
				))}
				{rows.map((name, i) => (
					<text key={name} x={left - 8} y={HEAD + rowHeight * (i + 0.5)} dy="0.34em" textAnchor="end">
						{isNarrow ? name.slice(0, 3) : name}
					</text>
				))}
			</g>
			<Marks
				marks={cells}
				{...(onPick === undefined ? {} : { onPick })}
				draw={({ row, column, share, text }, isActive) => {
					const [x, y] = [left + wide * column, HEAD + rowHeight * row];
					return (
						<>
							<rect
								className={`heat-cell${isActive ? " heat-active" : ""}`}
								x={x + GAP / 2}
								y={y + GAP / 2}
								width={wide - GAP}
								height={rowHeight - GAP}
								fillOpacity={0.06 + 0.94 * Math.min(1, Math.max(0, share))}
							/>
							<rect className="mark-area" x={x} y={y} width={wide} height={rowHeight} />
							{hasRoom ? (
								<text
									className={share > 0.55 ? "heat-text heat-text-deep" : "heat-text"}
									x={x + wide / 2}
									y={y + rowHeight / 2}
									dy="0.34em"
									textAnchor="middle"
								>
									{text}
								</text>
							) : null}
						</>
					);
				}}
			/>
		</>
	);
}
