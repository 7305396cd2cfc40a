/** What came of the GPU time that was paid for: each kind a line with its hours and its cost. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { moneyInCents } from "../../quantity/money-in-cents.ts";
import { shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { actualsCommand, actualsRequest } from "./actuals-words.ts";
import { shortMoney } from "./short-money.ts";

/** Time that did no work, or whose work nobody got. */
const IDLE: readonly string[] = ["failed", "idle_held", "unallocated", "unmetered"];

export function IdleSection({ answer }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const state = useAppState();
	const { idle_ledger: kinds, currency } = answer.result;
	if (kinds === undefined) return null;
	if (kinds.length === 0) return <p className="notice">{say("idle.none")}</p>;
	const money = (value: number): string => moneyInCents(value, currency, state.display);
	const plain = (value: number): number => shownValue(value, currency, state.display).value;
	const { unit } = shownValue(1, currency, state.display);
	const sum = (of: typeof kinds): number => of.reduce((total, { cost }) => total + (cost.value ?? 0), 0);
	const [all, idle] = [sum(kinds), sum(kinds.filter(({ kind }) => IDLE.includes(kind)))];
	const share = (value: number): number | undefined => (all > 0 ? value / all : undefined);
	const bars = kinds.map(({ kind, cost, gpu_hours: hours }) => {
		const name = say(`idle.kind.${kind}`);
		const text = money(cost.value ?? 0);
		return {
			key: kind,
			name,
			value: plain(cost.value ?? 0),
			text,
			label: say("idle.mark", { kind: name, cost: text, hours: formatQuantity(hours.value ?? 0, "GPU-hr") }),
			series: IDLE.includes(kind) ? 1 : 2,
			node: cost.node,
			kind: "actuals",
		};
	});
	return (
		<>
			<ChartFrame
				name="idle"
				title={say("idle.title")}
				finding={say("idle.finding", {
					idle: money(idle),
					all: money(all),
					share: formatQuantity(share(idle) ?? 0, "fraction"),
				})}
				table={{
					columns: [
						{ name: say("column.kind") },
						{ name: say("column.hours"), unit: "GPU-hr" },
						{ name: say("column.cost"), unit },
						{ name: say("column.costShare"), unit: "fraction" },
					],
					rows: kinds.map(({ kind, gpu_hours: hours, cost }) => [
						say(`idle.kind.${kind}`),
						hours.value,
						plain(cost.value ?? 0),
						share(cost.value ?? 0),
					]),
				}}
				envelope={answer}
				command={actualsCommand(state, answer)}
				request={actualsRequest(state, answer.result.window)}
				height={barsHeight(bars.length)}
				legend={<p className="actuals-note">{say("idle.note")}</p>}
			>
				{(size) => <Bars bars={bars} size={size} tick={shortMoney} axis={say("bill.axis", { unit })} />}
			</ChartFrame>
			<section className="scroll" tabIndex={0} aria-label={say("idle.title")}>
				<table data-table="idle">
					<thead>
						<tr>
							<th scope="col">{say("column.kind")}</th>
							<th scope="col" className="number">
								{say("column.hours")}
							</th>
							<th scope="col" className="number">
								{say("column.cost")}
							</th>
							<th scope="col" className="number">
								{say("column.costShare")}
							</th>
						</tr>
					</thead>
					<tbody>
						{kinds.map(({ kind, gpu_hours: hours, cost }) => (
							<tr key={kind}>
								<th scope="row">{say(`idle.kind.${kind}`)}</th>
								<td className="number">
									<Quantity of={hours} kind="actuals" />
								</td>
								<td className="number">
									<Quantity of={cost} kind="actuals" showsGrade cents="shown" />
								</td>
								<td className="number">
									{share(cost.value ?? 0) === undefined
										? "–"
										: formatQuantity(share(cost.value ?? 0) as number, "fraction")}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</>
	);
}
