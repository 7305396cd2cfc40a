import type { ReactNode } from "react";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { NameOf } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";
import { ApiCounts } from "../../shell/api-counts.tsx";
import { Attribution } from "../../shell/attribution.tsx";
import { stretchesOf, stretchList } from "../../shell/stretches.ts";

/** Where another fleet, or an API, becomes the cheaper way. */
export function WhatChanges({
	plan: { result },
	names,
}: {
	readonly plan: PlanAnswer;
	readonly names: NameOf;
}): ReactNode {
	const say = useWords("answer");
	const common = useWords("common");
	const optionOf = (id: string) => result.options.find((option) => option.id === id);
	const missed = Object.values(result.missed).reduce((sum, count) => sum + count, 0);
	const none = stretchesOf(result, -1);
	return (
		<section>
			<h2>{say("turns.title")}</h2>
			<ul className="plain-list">
				{result.crossovers.length > 0 ? null : (
					<li>
						{say(none.length === 0 ? "turns.none" : "turns.none.mostly", { stretches: stretchList(none, common) })}
					</li>
				)}
				{result.crossovers.map(({ tokens_per_day: volume, to }, i) => {
					const option = optionOf(to);
					const gaps = stretchesOf(result, i);
					return (
						<li key={`${to} ${volume.value}`}>
							{say.nodes(gaps.length === 0 ? "turns.crossover" : "turns.crossover.mostly", {
								volume: <Quantity of={volume} />,
								stretches: stretchList(gaps, common),
								hardware: option === undefined ? to : names("hardware", option.hardware),
								stack:
									option === undefined
										? to
										: [names("stacks", option.stack), option.deployment.layout].join(common("comma")),
							})}
						</li>
					);
				})}
				{result.api.map((offer) => {
					const { statistic, blended, self_hosting_cheaper_from: from } = offer;
					const between = offer.self_hosting_cheaper_between ?? [];
					const stretches = stretchList(between, common);
					return (
						<li key={statistic}>
							{say.nodes("turns.api", {
								statistic: common.named("statistic.", statistic),
								price: <Quantity of={blended} />,
							})}
							{common("gap")}
							{from !== undefined
								? say.nodes(between.length === 0 ? "turns.api.reached" : "turns.api.reachedAfter", {
										volume: <Quantity of={from} />,
										stretches,
									})
								: between.length === 0
									? null
									: say("turns.api.between", { stretches })}
						</li>
					);
				})}
				{missed === 0 ? null : <li>{say("slo.missed", { count: missed, considered: result.considered })}</li>}
			</ul>
			{result.api.length === 0 ? null : <ApiCounts breakEvens={result.break_evens} />}
			<Attribution of={result.attribution} />
		</section>
	);
}
