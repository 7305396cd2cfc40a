/** From which volume, month and use on one way is cheaper than another, and stays so. */
import type { BreakEven } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

export function CrossingsTable({
	years: {
		result: { break_evens: pairs },
	},
}: {
	readonly years: YearsAnswer;
}): ReactNode {
	const say = useWords("ways");
	const [first] = pairs;
	if (first === undefined) return null;
	const title = say("crossings.title");
	const [low, high] = first.volume.looked_at;
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="crossings">
					<thead>
						<tr>
							<th scope="col">{say("table.way")}</th>
							{(["volume", "time", "utilisation"] as const).map((head) => (
								<th key={head} scope="col" className="number">
									{say(`crossings.${head}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{pairs.map((pair) => (
							<Pair key={`${pair.of} ${pair.against}`} pair={pair} />
						))}
					</tbody>
				</table>
			</div>
			<p className="ways-note">
				{say("crossings.note", { low: formatQuantity(low, "tok/day"), high: formatQuantity(high, "tok/day") })}
			</p>
		</section>
	);
}

function Pair({ pair: { of, against, volume, time, utilisation } }: { readonly pair: BreakEven }): ReactNode {
	const say = useWords("ways");
	const names = { of: say.named("strategy.", of), against: say.named("strategy.", against) };
	return (
		<tr>
			<th scope="row">{say("crossings.pair", names)}</th>
			<td className="number">
				<Crossing state={volume.state} of={volume.tokens_per_day} isLowest={volume.from_lowest === true} />
			</td>
			<td className="number">
				<Crossing state={time.state} of={time.months} />
			</td>
			<td className="number">
				{utilisation === undefined ? "–" : <Crossing state={utilisation.state} of={utilisation.utilisation} />}
			</td>
		</tr>
	);
}

function Crossing({
	state,
	of,
	isLowest = false,
}: {
	readonly state: BreakEven["time"]["state"];
	readonly of: QuantityJson | undefined;
	readonly isLowest?: boolean;
}): ReactNode {
	const say = useWords("ways");
	if (of === undefined || state === "not-reached") return say("crossings.not-reached");
	const value = <Quantity of={of} kind="years" />;
	if (state === "not-verified") return say.nodes("crossings.not-verified", { value });
	return isLowest ? say.nodes("crossings.fromLowest", { value }) : value;
}
