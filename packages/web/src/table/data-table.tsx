/** A table that can be sorted, filtered and cut to some columns, with only the rows in sight drawn. Its state is in the URL. */
import {
	columnFilteringFeature,
	columnVisibilityFeature,
	createFilteredRowModel,
	createSortedRowModel,
	filterFn_includesString,
	globalFilteringFeature,
	rowSortingFeature,
	sortFn_alphanumeric,
	sortFn_basic,
	tableFeatures,
	useTable,
} from "@tanstack/react-table";
import { formatQuantity } from "@farthing/engine";
import type { ColumnDef, RowData } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode } from "react";
import { useId, useMemo, useRef } from "react";
import { csvText } from "../chart/chart-table.ts";
import { saveFile } from "../chart/save-file.ts";
import { CopyButton } from "../controls/copy-button.tsx";
import { setView, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { usePrinting } from "./use-printing.ts";
import { hiddenOf, sortingOf, sortingText } from "./table-state.ts";

export interface DataColumn<Row> {
	readonly id: string;
	readonly name: string;
	/** Unit of a column of numbers: their cells stand at the right. */
	readonly unit?: string;
	/** Unit of the values as they are saved, where each cell says its own. */
	readonly savedUnit?: string;
	/** What is sorted, filtered and saved. */
	readonly value: (row: Row) => string | number | undefined;
	/** What is shown; the value unless given. */
	readonly cell?: (row: Row) => ReactNode;
	/** Left out until somebody chooses it. */
	readonly isHidden?: boolean;
}

export interface DataTableProps<Row> {
	/** Short, for the URL and the name of the file. */
	readonly name: string;
	readonly label: string;
	readonly columns: readonly DataColumn<Row>[];
	readonly rows: readonly Row[];
	readonly rowKey: (row: Row) => string;
	readonly onPick?: (row: Row) => void;
	/** Command that gives the same rows. */
	readonly command?: string;
}

const features = tableFeatures({
	rowSortingFeature,
	columnFilteringFeature,
	globalFilteringFeature,
	columnVisibilityFeature,
	filteredRowModel: createFilteredRowModel(),
	sortedRowModel: createSortedRowModel(),
	filterFns: { includesString: filterFn_includesString },
	sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

const ROW_HEIGHT = 34;
const MOST_IN_SIGHT = 16;
const MOST_PRINTED = 500;

export function DataTable<Row extends RowData>({
	name,
	label,
	columns,
	rows,
	rowKey,
	onPick,
	command,
}: DataTableProps<Row>): ReactNode {
	const say = useWords("common");
	const id = useId();
	const { view } = useAppState();
	const scroll = useRef<HTMLDivElement>(null);
	const keys = { sort: `${name}.sort`, filter: `${name}.filter`, hide: `${name}.hide` };
	const sorting = useMemo(() => sortingOf(view[keys.sort]), [view, keys.sort]);
	const hidden = useMemo(() => hiddenOf(view[keys.hide], columns), [view, keys.hide, columns]);
	const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
	const filter = view[keys.filter] ?? "";
	const table = useTable({
		features,
		columns: definitions,
		data: rows as Row[],
		getRowId: rowKey,
		globalFilterFn: "includesString",
		state: {
			sorting,
			globalFilter: filter,
			columnVisibility: Object.fromEntries(columns.map((column) => [column.id, !hidden.includes(column.id)])),
		},
		onSortingChange: (change) => {
			const next = typeof change === "function" ? change(sorting) : change;
			setView(keys.sort, sortingText(next));
		},
	});
	const shown = table.getRowModel().rows;
	const virtual = useVirtualizer({
		count: shown.length,
		getScrollElement: () => scroll.current,
		estimateSize: () => ROW_HEIGHT,
		overscan: 8,
	});
	const isPrinting = usePrinting();
	const inSight = virtual.getVirtualItems();
	const before = isPrinting ? 0 : (inSight[0]?.start ?? 0);
	const after = isPrinting ? 0 : virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);
	// On paper nothing scrolls.
	const places = isPrinting ? shown.slice(0, MOST_PRINTED).map((_, i) => i) : inSight.map(({ index }) => index);
	const visible = columns.filter((column) => !hidden.includes(column.id));
	const byId = new Map(columns.map((column) => [column.id, column]));
	return (
		<div className="data-table" data-table={name}>
			<div className="data-table-tools">
				<label className="hidden" htmlFor={`${id}-filter`}>
					{say("table.filterAll")}
				</label>
				<input
					id={`${id}-filter`}
					className="input data-table-filter"
					type="search"
					placeholder={say("table.filter")}
					value={filter}
					onChange={(event) => setView(keys.filter, event.target.value || undefined, { isPassing: true })}
					onBlur={() => setView(keys.filter, filter || undefined)}
				/>
				<span className="data-table-count" role="status">
					{say("table.rows", { shown: formatQuantity(shown.length, ""), all: formatQuantity(rows.length, "") })}
				</span>
				<details className="menu">
					<summary className="button-quiet">{say("table.columns")}</summary>
					<div className="menu-items">
						{columns.map((column) => (
							<label key={column.id} className="menu-check">
								<input
									type="checkbox"
									checked={!hidden.includes(column.id)}
									onChange={() => {
										const next = hidden.includes(column.id)
											? hidden.filter((each) => each !== column.id)
											: [...hidden, column.id];
										setView(keys.hide, next.join(",") || "none");
									}}
								/>
								{column.name}
							</label>
						))}
					</div>
				</details>
				<button
					type="button"
					className="button-quiet"
					onClick={() =>
						saveFile(
							`farthing-${name}.csv`,
							"text/csv",
							csvText({
								columns: visible.map((column) => ({ name: column.name, ...savedUnitOf(column) })),
								rows: shown.map(({ original }) => visible.map(({ value }) => value(original))),
							}),
						)
					}
				>
					{say("chart.csv")}
				</button>
				{command === undefined ? null : (
					<CopyButton className="button-quiet" text={command} label={say("chart.command")} />
				)}
			</div>
			<div
				ref={scroll}
				className="data-table-scroll"
				tabIndex={0}
				role="region"
				aria-label={label}
				style={{ maxHeight: ROW_HEIGHT * (Math.min(shown.length, MOST_IN_SIGHT) + 2) + 8 }}
			>
				<table aria-rowcount={shown.length + 1}>
					<thead>
						{table.getHeaderGroups().map((group) => (
							<tr key={group.id}>
								{group.headers.map((header) => {
									const column = byId.get(header.id) as DataColumn<Row>;
									const sorted = header.column.getIsSorted();
									return (
										<th
											key={header.id}
											scope="col"
											className={column.unit === undefined ? "" : "number"}
											aria-sort={sorted === false ? "none" : sorted === "asc" ? "ascending" : "descending"}
										>
											<button
												type="button"
												className="sort"
												title={say("table.sort", { column: column.name })}
												onClick={header.column.getToggleSortingHandler()}
											>
												{column.name}
												{column.unit === undefined || column.unit === "" ? null : <small> {column.unit}</small>}
												<span className={`sort-sign sort-${sorted === false ? "none" : sorted}`} aria-hidden="true" />
											</button>
										</th>
									);
								})}
							</tr>
						))}
					</thead>
					<tbody>
						{before > 0 ? (
							<tr aria-hidden="true">
								<td colSpan={visible.length} style={{ height: before, padding: 0 }} />
							</tr>
						) : null}
						{places.map((place) => {
							const row = shown[place];
							if (row === undefined) return null;
							return (
								<tr
									key={row.id}
									aria-rowindex={place + 2}
									data-index={place}
									ref={virtual.measureElement}
									className={onPick === undefined ? "" : "row-open"}
									{...(onPick === undefined ? {} : { onClick: () => onPick(row.original) })}
								>
									{visible.map((column) => (
										<td key={column.id} className={column.unit === undefined ? "" : "number"}>
											{column.cell === undefined ? (column.value(row.original) ?? "–") : column.cell(row.original)}
										</td>
									))}
								</tr>
							);
						})}
						{after > 0 ? (
							<tr aria-hidden="true">
								<td colSpan={visible.length} style={{ height: after, padding: 0 }} />
							</tr>
						) : null}
					</tbody>
				</table>
				{isPrinting && shown.length > MOST_PRINTED ? (
					<p>{say("table.printed", { printed: MOST_PRINTED, all: formatQuantity(shown.length, "") })}</p>
				) : null}
				{shown.length === 0 ? <p className="data-table-empty">{say("table.empty")}</p> : null}
			</div>
		</div>
	);
}

function savedUnitOf<Row>({ unit, savedUnit = unit }: DataColumn<Row>): { readonly unit?: string } {
	return savedUnit === undefined ? {} : { unit: savedUnit };
}

function definitionOf<Row extends RowData>({
	id,
	name,
	unit,
	value,
}: DataColumn<Row>): ColumnDef<typeof features, Row> {
	return {
		id,
		header: name,
		accessorFn: value,
		sortFn: unit === undefined ? "alphanumeric" : "basic",
		sortUndefined: "last",
	} as ColumnDef<typeof features, Row>;
}
