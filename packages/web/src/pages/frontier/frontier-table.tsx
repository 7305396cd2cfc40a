/** Every frontier read at the speed of the box, cheapest first. */
import type { FrontierRow } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { FrontierAnswer } from "../../engine/questions/frontier.ts";
import { useNames } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { type DataColumn, DataTable } from "../../table/data-table.tsx";
import { useWords } from "../../words/words.ts";
import { sidesOf } from "./frontier-points.ts";

type NumberColumn = "cost" | "throughput" | "ttft" | "input" | "output" | "request" | "flops";

export interface FrontierTableProps {
	readonly answer: FrontierAnswer;
	/** All measured rows of the frontiers. */
	readonly points: readonly FrontierRow[];
	/** Speed that the frontiers are read at, with its unit. */
	readonly at: string;
	readonly command: string;
}

export function FrontierTable({ answer, points, at, command }: FrontierTableProps): ReactNode {
	const say = useWords("frontier");
	const { rows, unranked } = answer.result;
	const names = useNames();
	const columns = useMemo((): readonly DataColumn<FrontierRow>[] => {
		const number = (
			id: NumberColumn,
			of: (row: FrontierRow) => FrontierRow["interactivity"] | undefined,
			more: Partial<DataColumn<FrontierRow>> = {},
		): DataColumn<FrontierRow> => ({
			id,
			name: say(`column.${id}`),
			// Cells say their unit, in the one the reader chose; what is saved is the answer as it is.
			unit: "",
			savedUnit: rows.map(of).find((each) => each !== undefined)?.unit ?? "",
			value: (row) => of(row)?.value,
			cell: (row) => <Quantity of={of(row)} kind="at" showsGrade={id === "cost"} />,
			...more,
		});
		return [
			{ id: "hardware", name: say("column.hardware"), value: ({ hardware }) => names("hardware", hardware) },
			{ id: "precision", name: say("column.precision"), value: ({ precision }) => names("precisions", precision) },
			{ id: "stack", name: say("column.stack"), value: ({ stack }) => names("stacks", stack) },
			{
				id: "speculative",
				name: say("column.speculative"),
				value: ({ speculative }) => say.named("speculative.", speculative),
			},
			number("cost", (row) => row.unit_cost.total),
			number("throughput", (row) => row.tokens_per_gpu_second, { isHidden: true }),
			number("ttft", (row) => row.ttft, {
				cell: (row) => (row.ttft === undefined ? say("ttft.unknown") : <Quantity of={row.ttft} kind="at" />),
			}),
			{
				id: "state",
				name: say("column.state"),
				value: (row) => say("state.at", { state: say.named("state.", row.state), at: measuredAt(row, points) }),
			},
			{
				id: "off",
				name: say("column.off"),
				unit: "",
				savedUnit: "fraction",
				value: (row) => row.error_band?.leave_one_out_median,
				cell: ({ error_band: band }) =>
					band?.leave_one_out_median === undefined ? "–" : formatQuantity(band.leave_one_out_median, "fraction"),
			},
			number("input", (row) => row.unit_cost.input, { isHidden: true }),
			number("output", (row) => row.unit_cost.output, { isHidden: true }),
			number("request", (row) => row.cost_per_request, { isHidden: true }),
			number("flops", (row) => row.flops_per_usd, { isHidden: true }),
			{
				id: "sides",
				name: say("column.sides"),
				unit: "tok/s/GPU",
				value: (row) =>
					sidesOf(row, points)
						.map(({ throughput }) => formatQuantity(throughput, ""))
						.join("–") || undefined,
				isHidden: true,
			},
			{ id: "row", name: say("column.row"), value: (row) => row.nearest_row.id, isHidden: true },
			{ id: "date", name: say("column.date"), value: (row) => row.nearest_row.date, isHidden: true },
		];
	}, [say, names, rows, points]);
	return (
		<section>
			<h2>{say("table", { at })}</h2>
			<DataTable
				name="frontiers"
				label={say("table", { at })}
				columns={columns}
				rows={rows}
				command={command}
				rowKey={({ hardware, precision, stack, speculative }) => `${hardware} ${precision} ${stack} ${speculative}`}
			/>
			<p className="frontier-legend">{say("table.legend")}</p>
			{unranked.length === 0 ? null : (
				<details>
					<summary>{say("unranked", { count: unranked.length })}</summary>
					<ul className="plain-list frontier-unranked">
						{unranked.map(({ hardware, precision, stack, reason }, i) => (
							// The same reason may stand for several rows of one kind.
							// oxlint-disable-next-line react/no-array-index-key
							<li key={i}>{say("unranked.line", { hardware, precision, stack, reason })}</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

/** Speeds of the measured rows that a line rests on, tok/s/user. */
function measuredAt(row: FrontierRow, points: readonly FrontierRow[]): string {
	const sides = sidesOf(row, points).map(({ speed }) => speed);
	const speeds = sides.length === 0 ? [row.interactivity.value as number] : sides;
	return speeds.map((speed) => formatQuantity(speed, "")).join("–");
}
