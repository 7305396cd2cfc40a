/** What the charges are made of, and whether that is the bill: to the last billionth, with what is left as its own line. */
import type { ActualsResult } from "@farthing/ledger";
import type { ReactNode } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { moneyInCents } from "../../quantity/money-in-cents.ts";
import { shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { actualsCommand, actualsRequest } from "./actuals-words.ts";
import { ownerName } from "./owner-name.ts";
import { paidKinds, stepsTo } from "./paid-steps.ts";
import { StepChart } from "./step-chart.tsx";

export function BillSection({ answer }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const state = useAppState();
	const { result } = answer;
	if (result.reconciliation === undefined) return null;
	const { rows, lines, by, cost, bill, rated, residual, currency, reconciliation } = result;
	const money = (value: number | undefined): string => moneyInCents(value ?? 0, currency, state.display);
	const plain = (value: number | undefined): number => shownValue(value ?? 0, currency, state.display).value;
	const known = (value: number | undefined): number | undefined => (value === undefined ? undefined : plain(value));
	const { unit } = shownValue(1, currency, state.display);
	const words = { none: say("unattributed"), all: say("all") };
	const common = { cost: money(cost.value), residual: money(residual.value) };
	return (
		<>
			<StepChart
				name="bill"
				title={say("bill.title")}
				finding={
					bill === undefined
						? say("bill.finding.rated", { ...common, rated: money(rated.value) })
						: say("bill.finding", {
								...common,
								rows: reconciliation.rows,
								bill: money(bill.value),
								difference: money(reconciliation.difference.value),
							})
				}
				answer={answer}
				steps={stepsTo(cost, paidKinds(result))}
				nameOf={({ key }) => (key === "end" ? say("bill.all") : say.named("line.", key))}
				command={actualsCommand(state, answer)}
				request={actualsRequest(state, answer.result.window)}
				table={{
					columns: [{ name: say("column.kind") }, { name: say("bill.line") }, { name: say("bill.adds"), unit }],
					rows: [
						...rows.map((row) => [say("line.serving"), ownerName(row, by, words), known(row.cost.value)]),
						...lines.map(({ kind, model, label, cost: own }) => [
							say.named("line.", kind),
							[model, label].filter((each) => each !== undefined).join(", "),
							plain(own.value),
						]),
						[say("bill.all"), "", plain(cost.value)],
					],
				}}
			/>
			<Bills bills={reconciliation.bills} />
			<RatedAgainstBill pools={reconciliation.rated_against_bill} />
		</>
	);
}

type Reconciliation = ActualsResult["reconciliation"];

/** As the bill has it, in its own currency: what the reader chose to see amounts in does not touch it. */
function Bills({ bills }: { readonly bills: Reconciliation["bills"] }): ReactNode {
	const say = useWords("actuals");
	if (bills.length === 0) return null;
	const heads = ["billed", "effective", "counted"] as const;
	return (
		<Table
			name="bills"
			title={say("bills.title")}
			heads={[say("bills.currency"), ...heads.map((head) => say(`bills.${head}`))]}
			rows={bills.map((each) => [
				each.currency,
				...heads.map((head) => <Quantity key={head} of={each[head]} cents="own" />),
			])}
		/>
	);
}

function RatedAgainstBill({ pools }: { readonly pools: Reconciliation["rated_against_bill"] }): ReactNode {
	const say = useWords("actuals");
	if (pools.length === 0) return null;
	const heads = ["rated", "billed", "difference"] as const;
	return (
		<Table
			name="rated"
			title={say("rated.title")}
			heads={[say("rated.pool"), ...heads.map((head) => say(`rated.${head}`))]}
			rows={pools.map((each) => [
				each.pool,
				...heads.map((head) => <Quantity key={head} of={each[head]} cents="shown" />),
			])}
		/>
	);
}

function Table({
	name,
	title,
	heads,
	rows,
}: {
	readonly name: string;
	readonly title: string;
	readonly heads: readonly string[];
	readonly rows: readonly (readonly [string, ...ReactNode[]])[];
}): ReactNode {
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table={name}>
					<thead>
						<tr>
							{heads.map((head, i) => (
								<th key={head} scope="col" className={i === 0 ? "" : "number"}>
									{head}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map(([first, ...cells]) => (
							<tr key={first}>
								<th scope="row">{first}</th>
								{cells.map((cell, i) => (
									<td key={heads[i + 1]} className="number">
										{cell}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
