import type { QuantityJson } from "@farthing/engine";
import type { ActualsRow } from "@farthing/ledger";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { type DataColumn, DataTable } from "../../table/data-table.tsx";
import { useWords } from "../../words/words.ts";

/** What is shown of every row, and what its numbers are where they are saved. */
const FIGURES = {
	cost: (row) => row.cost,
	unit: (row) => row.unit_cost,
	input: (row) => row.by_tokens?.input,
	output: (row) => row.by_tokens?.output,
	inputTokens: (row) => row.tokens.input,
	cachedTokens: (row) => row.tokens.cached_input,
	outputTokens: (row) => row.tokens.output,
	gpuHours: (row) => row.gpu_hours,
	revenue: (row) => row.revenue,
	margin: (row) => row.margin,
} as const satisfies Readonly<Record<string, (row: ActualsRow) => QuantityJson | undefined>>;
type Figure = keyof typeof FIGURES;
const IN_CENTS: ReadonlySet<Figure> = new Set<Figure>(["cost", "revenue"]);

export function RowsTable({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const { rows, by } = result;
	const { display } = useAppState();
	const columns = useMemo((): DataColumn<ActualsRow>[] => {
		const owners = by.map(
			(dimension): DataColumn<ActualsRow> => ({
				id: dimension,
				name: say.named("by.", dimension),
				value: (row) => row[dimension] ?? say("unattributed"),
			}),
		);
		const figures = (Object.keys(FIGURES) as Figure[]).flatMap((figure): DataColumn<ActualsRow>[] => {
			const of = FIGURES[figure];
			const known = rows.find((row) => of(row) !== undefined);
			if (known === undefined) return [];
			const own = of(known)?.unit ?? "";
			// Cells and what is saved are in the unit that the reader chose, or none of them is.
			const shown = (value: number | undefined): number | undefined =>
				value === undefined ? undefined : shownValue(value, own, display).value;
			return [
				{
					id: figure,
					name: say(`rows.${figure}`),
					unit: "",
					savedUnit: shownValue(1, own, display).unit,
					value: (row) => shown(of(row)?.value),
					cell: (row) => <Quantity of={of(row)} kind="actuals" {...(IN_CENTS.has(figure) ? { cents: "shown" } : {})} />,
				},
			];
		});
		return [...owners, ...figures, { id: "grade", name: say("rows.grade"), value: ({ cost }) => cost.grade }];
	}, [rows, by, say, display]);
	const title = say("rows.title");
	return (
		<section>
			<h2>{title}</h2>
			<DataTable
				name="rows"
				label={title}
				columns={columns}
				rows={rows}
				rowKey={(row) => row.cost.node ?? JSON.stringify(row)}
			/>
		</section>
	);
}
