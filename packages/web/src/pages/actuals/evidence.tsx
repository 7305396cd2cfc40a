/** Coverage, laws, sources that disagree, and days that stand out. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";

/** Days that stand out; the others fold. */
const MOST_SHOWN = 8;

export function Evidence({ answer: { result } }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const { coverage, laws = [], sources = [], anomalies = [], outlook_gaps: gaps = [] } = result;
	const items = anomalies.map(({ day, of, cost, expected }) => (
		<li key={`${day} ${of}`}>
			{say.nodes("evidence.anomaly", {
				day,
				of: of === "all" ? say("evidence.ofAll") : say.named("line.", of),
				cost: <Quantity of={cost} cents="shown" />,
				expected: <Quantity of={expected} cents="shown" />,
			})}
		</li>
	));
	const folded = items.slice(MOST_SHOWN);
	return (
		<section>
			<h2>{say("evidence.title")}</h2>
			<ul className="plain-list">
				<li>{say("evidence.coverage", { coverage: formatQuantity(coverage, "fraction") })}</li>
				{laws.map(({ deployment, note }) => (
					<li key={deployment}>{say("evidence.law", { deployment, note: say.told("law.", note) })}</li>
				))}
				{sources.map(({ model, ofRecord: record, compared, direction, difference }) => (
					<li key={`${model} ${compared} ${direction}`}>
						{say("evidence.source", {
							model,
							record: say.named("source.", record),
							compared: say.named("source.", compared),
							direction: say.named("direction.", direction),
							difference: formatQuantity(difference, "fraction"),
						})}
					</li>
				))}
				{gaps.map(({ of, reason }) => (
					<li key={of} data-gap={of}>
						{say(`evidence.gap.${of}`, { reason: say.told("gap.", reason) })}
					</li>
				))}
			</ul>
			{anomalies.length === 0 ? null : (
				<>
					<h3>{say("evidence.anomalies")}</h3>
					<ul className="plain-list">{items.slice(0, MOST_SHOWN)}</ul>
					{folded.length === 0 ? null : (
						<details>
							<summary>{say("evidence.more", { count: folded.length })}</summary>
							<ul className="plain-list">{folded}</ul>
						</details>
					)}
				</>
			)}
		</section>
	);
}
