/** Coverage, laws, sources that disagree, and days that stand out. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

export function Evidence({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const { coverage, laws = [], sources = [], anomalies = [] } = result;
	return (
		<section>
			<h2>{say("evidence.title")}</h2>
			<ul className="plain-list">
				<li>{say("evidence.coverage", { coverage: formatQuantity(coverage, "fraction") })}</li>
				{laws.map(({ deployment, note }) => (
					<li key={deployment}>{say("evidence.law", { deployment, note })}</li>
				))}
				{sources.map(({ model, ofRecord: record, compared, direction, difference }) => (
					<li key={`${model} ${compared} ${direction}`}>
						{say("evidence.source", {
							model,
							record,
							compared,
							direction,
							difference: formatQuantity(difference, "fraction"),
						})}
					</li>
				))}
			</ul>
			{anomalies.length === 0 ? null : (
				<>
					<h3>{say("evidence.anomalies")}</h3>
					<ul className="plain-list">
						{anomalies.map(({ day, of, cost, expected }) => (
							<li key={`${day} ${of}`}>
								{say.nodes("evidence.anomaly", {
									day,
									of: of === "all" ? say("evidence.ofAll") : say.named("line.", of),
									cost: <Quantity of={cost} />,
									expected: <Quantity of={expected} />,
								})}
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}
