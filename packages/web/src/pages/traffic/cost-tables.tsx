/** What tokens of each kind cost in the run, idle GPUs on a line of their own, and what the GPU time went into. */
import type { QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

export function CostTables({ answer: { result } }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const { unit_cost: unit, unit_cost_by_state: byState, unit_cost_goodput: good, cost_per_request: request } = result;
	const { cost } = result;
	const kinds: readonly (readonly [string, QuantityJson | undefined])[] = [
		[say("cost.total"), unit.total],
		[say("cost.idle"), byState["warm_idle"]],
		[say("cost.noReplica"), byState["no_replica"]],
		[say("cost.input"), unit.input],
		[say("cost.output"), unit.output],
		[say("cost.good"), good],
		[say("cost.request"), request],
	];
	const states = Object.entries(result.gpu_seconds).filter(([, { value = 0 }]) => value > 0);
	return (
		<div className="traffic-costs">
			<section>
				<h2 id="traffic-cost">{say("cost.title")}</h2>
				<div className="scroll" tabIndex={0} role="region" aria-labelledby="traffic-cost">
					<table data-table="cost">
						<thead>
							<tr>
								<th scope="col">{say("cost.kind")}</th>
								<th scope="col" className="number">
									{say("cost.unit")}
								</th>
							</tr>
						</thead>
						<tbody>
							{kinds.map(([name, of]) =>
								of === undefined ? null : (
									<tr key={name}>
										<th scope="row">{name}</th>
										<td className="number">
											<Quantity of={of} kind="simulate" showsRange showsGrade />
										</td>
									</tr>
								),
							)}
						</tbody>
					</table>
				</div>
			</section>
			<section>
				<h2 id="traffic-bill">{say("bill.title")}</h2>
				<div className="scroll" tabIndex={0} role="region" aria-labelledby="traffic-bill">
					<table data-table="bill">
						<thead>
							<tr>
								<th scope="col">{say("bill.state")}</th>
								<th scope="col" className="number">
									{say("bill.time")}
								</th>
								<th scope="col" className="number">
									{say("bill.cost")}
								</th>
								<th scope="col" className="number">
									{say("bill.token")}
								</th>
							</tr>
						</thead>
						<tbody>
							{states.map(([state, time]) => (
								<tr key={state}>
									<th scope="row">{say.named("state.", state)}</th>
									<td className="number">
										<Quantity of={time} kind="simulate" />
									</td>
									<td className="number">
										<Quantity of={cost[state]} kind="simulate" />
									</td>
									<td className="number">
										<Quantity of={byState[state]} kind="simulate" />
									</td>
								</tr>
							))}
							<tr>
								<th scope="row">{say("bill.total")}</th>
								<td />
								<td className="number">
									<Quantity of={cost["total"]} kind="simulate" />
								</td>
								<td className="number">
									<Quantity of={unit.total} kind="simulate" />
								</td>
							</tr>
						</tbody>
					</table>
				</div>
			</section>
		</div>
	);
}
