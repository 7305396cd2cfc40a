/** Whether the fleet keeps up, and the figures of the run. */
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { useNames } from "../../engine/use-names.ts";
import { centralNumber } from "../../controls/human-number.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useScenario } from "../../state/use-scenario.ts";
import { type Say, useWords } from "../../words/words.ts";

/** Why it is saturated or is not, which names its stretches one by one. */
function reasonWords(say: Say<"traffic">, reason: string): string {
	const stretches = / and more than it can (.+)$/.exec(reason)?.[1];
	if (stretches === undefined) return say.told("reason.", reason);
	const told = stretches.split(", ").map((stretch) => say.told("stretch.", stretch));
	return say.told("reason.", reason.replace(stretches, told.join(say("stretch.comma"))));
}

function machinesWords(say: Say<"traffic">, { replicas, instances }: SimulateAnswer["result"]["fleet"]): string {
	if (instances !== undefined) return say("instances.of", { ...instances });
	return replicas === 1 ? say("replica.one") : say("replica.many", { count: replicas });
}

export function Verdict({ answer: { result } }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const names = useNames();
	const { fleet, saturated, saturation, tpot } = result;
	const rest = fleet.gpus - fleet.replica_gpus;
	const isSplit = fleet.step_costs.length > 1;
	const demand = useScenario().current("demand.tokens_per_day");
	const middle = typeof demand === "string" && demand.includes(" to ") ? centralNumber(demand) : undefined;
	const ranged =
		middle === undefined
			? undefined
			: { range: String(demand), middle: formatQuantity(middle, "tok/day", { digits: 3 }) };
	const pair = (of: { readonly p50: QuantityJson; readonly p99: QuantityJson }): ReactNode => (
		<>
			<Quantity of={of.p50} kind="simulate" /> · <Quantity of={of.p99} kind="simulate" />
		</>
	);
	const share = (value: number): ReactNode => <Quantity of={{ value, unit: "fraction" }} />;
	const quantity = (of: QuantityJson): ReactNode => <Quantity of={of} kind="simulate" />;
	const { offered_load: load } = saturation;
	const bare = result.unit_cost_by_state["no_replica"];
	const facts: readonly (readonly [string, string, ReactNode])[] = [
		["ttft", say("fact.ttft"), pair(result.ttft)],
		...(tpot === undefined ? [] : [["tpot", say("fact.tpot"), pair(tpot)] as const]),
		["e2e", say("fact.e2e"), pair(result.e2e)],
		["queue", say("fact.queue"), pair(result.queue)],
		// A single request has no rate.
		...(load === 0 ? [] : [["load", say("fact.load"), share(load)] as const]),
		...(result.load_share === undefined
			? []
			: [["load_share", say("fact.loadShare", { gpus: fleet.gpus }), share(result.load_share)] as const]),
		["goodput", say("fact.goodput"), quantity(result.goodput)],
		["utilization", say("fact.utilization", { gpus: fleet.gpus }), quantity(result.utilization)],
		["idle", say("fact.idle"), quantity(result.idle_cost)],
		...(bare === undefined ? [] : [["no_replica", say("fact.noReplica"), quantity(bare)] as const]),
		...(result.energy === undefined ? [] : [["energy", say("fact.energy"), quantity(result.energy)] as const]),
	];
	return (
		<section>
			<p className={`traffic-verdict traffic-${saturated ? "saturated" : "calm"}`} role="status">
				{say(saturated ? "verdict.saturated" : "verdict.calm", { reason: reasonWords(say, saturation.reason) })}
			</p>
			<p className="traffic-sentence">
				{say.nodes("sentence", {
					replicas: machinesWords(say, fleet),
					hardware: names("hardware", fleet.hardware),
					gpus: fleet.gpus,
					requests:
						result.requests === 1
							? say("requests.one")
							: say("requests.many", { count: formatQuantity(result.requests, "") }),
					good: <data value={result.good_share}>{formatQuantity(result.good_share, "fraction")}</data>,
					cost: <Quantity of={result.unit_cost.total} kind="simulate" size="large" showsRange showsGrade />,
				})}
			</p>
			{isSplit ? <p className="chart-note">{say("instances")}</p> : null}
			{rest > 0 ? <p className="chart-note">{say("gpus.rest", { used: fleet.replica_gpus, rest })}</p> : null}
			{ranged === undefined ? null : <p className="chart-note">{say("range.middle", ranged)}</p>}
			<dl className="facts">
				{facts.map(([fact, name, value]) => (
					<div key={fact} data-fact={fact}>
						<dt>{value}</dt>
						<dd>{name}</dd>
					</div>
				))}
			</dl>
			<p className="chart-note">{say("shares")}</p>
		</section>
	);
}
