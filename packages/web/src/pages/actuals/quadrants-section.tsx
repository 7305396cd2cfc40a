/** Who holds what share of the cost, and who uses it: above the diagonal more is used than held. */
import { formatQuantity } from "@farthing/engine";
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis, LeftAxis } from "../../chart/axis.tsx";
import { ChartFrame, type ChartSize } from "../../chart/chart-frame.tsx";
import { type Mark, Marks } from "../../chart/marks.tsx";
import { textWidth } from "../../chart/text-width.ts";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { actualsCommand, actualsRequest } from "./actuals-words.ts";
import { ownerName } from "./owner-name.ts";

interface Point extends Mark {
	readonly name: string;
	readonly x: number;
	readonly y: number;
}

const percent = (value: number): string => formatQuantity(value, "fraction");

export function Quadrants({ answer }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const state = useAppState();
	const { bases, by } = answer.result;
	if (bases === undefined) return null;
	const words = { none: say("unattributed"), all: say("all") };
	const points = bases.flatMap((row): Point[] => {
		const [x, y] = [row.reserved.share?.value, row.busy.share?.value];
		if (x === undefined || y === undefined) return [];
		const name = ownerName(row, by, words);
		const label = say("quadrants.mark", { name, reserved: percent(x), busy: percent(y) });
		return [{ key: name, name, x, y, label, node: row.reserved.share?.node, kind: "actuals" }];
	});
	const [first] = points;
	if (first === undefined) return <p className="notice">{say("quadrants.none")}</p>;
	const widest = points.reduce((a, b) => (Math.abs(b.x - b.y) > Math.abs(a.x - a.y) ? b : a), first);
	const told = { name: widest.name, reserved: percent(widest.x), busy: percent(widest.y) };
	const { unit } = shownValue(1, answer.result.currency, state.display);
	const money = (value: number | undefined): number | undefined =>
		value === undefined ? undefined : shownValue(value, answer.result.currency, state.display).value;
	return (
		<>
			<ChartFrame
				name="quadrants"
				title={say("quadrants.title")}
				finding={
					points.length === 1
						? say("quadrants.finding.one", { name: first.name })
						: percent(widest.x) === percent(widest.y)
							? say("quadrants.finding.none", { count: points.length })
							: say("quadrants.finding", { ...told, count: points.length })
				}
				table={{
					columns: [
						{ name: by.map((each) => say.named("by.", each)).join(say("group.comma")) || say("all") },
						{ name: say("column.reserved"), unit },
						{ name: say("column.busy"), unit },
						{ name: say("column.reservedShare"), unit: "fraction" },
						{ name: say("column.busyShare"), unit: "fraction" },
					],
					rows: bases.map((row) => [
						ownerName(row, by, words),
						money(row.reserved.cost.value),
						money(row.busy.cost.value),
						row.reserved.share?.value,
						row.busy.share?.value,
					]),
				}}
				envelope={answer}
				command={actualsCommand(state, answer)}
				request={actualsRequest(state, answer.result.window)}
				height={(width) => Math.min(440, Math.max(320, width * 0.6))}
			>
				{(size) => <Plot points={points} size={size} />}
			</ChartFrame>
			<BasesTable answer={answer} />
		</>
	);
}

const TOP = 26;
const FOOT = 46;
/** Above this many, names are left to the table and to the marks themselves. */
const MOST_NAMED = 14;
/** Width of a letter of a name, on average. */
const LETTER = 6.6;

function Plot({
	points,
	size: { width, height, isNarrow },
}: {
	readonly points: readonly Point[];
	readonly size: ChartSize;
}): ReactNode {
	const say = useWords("actuals");
	const left = isNarrow ? 54 : 58;
	// Room for half of the last label under the axis.
	const right = width - 24;
	const bottom = height - FOOT;
	const most = Math.min(1, 1.12 * Math.max(...points.flatMap(({ x, y }) => [x, y])));
	const x = scaleLinear().domain([0, most]).range([left, right]);
	const y = scaleLinear().domain([0, most]).range([bottom, TOP]);
	const even = 1 / points.length;
	const ticks = (scale: typeof x, count: number) =>
		scale.ticks(count).map((value) => ({ at: scale(value), label: percent(value) }));
	return (
		<>
			<LeftAxis ticks={ticks(y, 5)} x={left} right={right} label={say("quadrants.y")} top={TOP} />
			<BottomAxis ticks={ticks(x, isNarrow ? 3 : 6)} y={bottom} top={TOP} label={say("quadrants.x")} right={right} />
			<g aria-hidden="true">
				<line className="here-line" x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} />
				{points.length < 2 || even > most ? null : (
					<>
						<line className="level-line" x1={x(even)} x2={x(even)} y1={TOP} y2={bottom} />
						<line className="level-line" x1={left} x2={right} y1={y(even)} y2={y(even)} />
					</>
				)}
				{isNarrow ? null : (
					<>
						<text className="level-name" x={left + 6} y={TOP + 12}>
							{say("quadrants.low-high")}
						</text>
						<text className="level-name" x={right - 6} y={bottom - 8} textAnchor="end">
							{say("quadrants.high-low")}
						</text>
					</>
				)}
			</g>
			<Marks
				marks={points}
				draw={(point, isActive) => {
					// Away from the diagonal, where there is room.
					const room = textWidth(point.name) * LETTER + 11;
					const isRight = point.y >= point.x ? x(point.x) - room > left : x(point.x) + room > right;
					return (
						<>
							<circle className="mark-area" cx={x(point.x)} cy={y(point.y)} r={14} />
							<circle
								className={`point series-${point.y >= point.x ? 2 : 1}${isActive ? " point-active" : ""}`}
								cx={x(point.x)}
								cy={y(point.y)}
								r={isActive ? 8 : 6}
							/>
							{points.length > MOST_NAMED ? null : (
								<text
									className="actuals-point-name"
									x={x(point.x) + (isRight ? -11 : 11)}
									y={y(point.y)}
									dy="0.34em"
									textAnchor={isRight ? "end" : "start"}
								>
									{point.name}
								</text>
							)}
						</>
					);
				}}
			/>
		</>
	);
}

function BasesTable({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const { bases = [], by } = result;
	const title = say("quadrants.table");
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="bases">
					<thead>
						<tr>
							<th scope="col">{by.map((each) => say.named("by.", each)).join(say("group.comma")) || say("all")}</th>
							{(["reserved", "reservedShare", "busy", "busyShare"] as const).map((head) => (
								<th key={head} scope="col" className="number">
									{say(`column.${head}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{bases.map((row) => {
							const name = ownerName(row, by, { none: say("unattributed"), all: say("all") });
							return (
								<tr key={name}>
									<th scope="row">{name}</th>
									{[row.reserved.cost, row.reserved.share, row.busy.cost, row.busy.share].map((of, i) => (
										// The columns of the head, which have no other name.
										// oxlint-disable-next-line react/no-array-index-key
										<td key={i} className="number">
											<Quantity
												of={of}
												kind="actuals"
												showsGrade={i === 2}
												{...(i % 2 === 0 ? { cents: "shown" as const } : {})}
											/>
										</td>
									))}
								</tr>
							);
						})}
					</tbody>
				</table>
			</div>
		</section>
	);
}
