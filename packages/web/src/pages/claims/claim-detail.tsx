/** What a headline implies, what reproduces it, what breaks it. */
import type { TestOutcome } from "@farthing/answers";
import type { ReactNode } from "react";
import type { TestedClaim } from "../../engine/questions/claim.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useWords } from "../../words/words.ts";
import { RatioChart } from "./ratio-chart.tsx";

export function ClaimDetail({ id }: { readonly id: string }): ReactNode {
	const { answer, refusal, isWaiting } = useAnswer("claim", { id });
	if (refusal !== undefined) return <ErrorBox refusal={refusal} />;
	if (answer === undefined) return <div className="waiting" aria-busy />;
	return (
		<article className={isWaiting ? "stale" : ""} aria-busy={isWaiting}>
			<Said claim={answer} />
			<Tests tests={answer.result.tests} />
			<RatioChart claim={answer} />
			<Figures claim={answer} />
			<Lists claim={answer} />
			<Warnings warnings={answer.warnings} />
		</article>
	);
}

function Said({ claim: { result } }: { readonly claim: TestedClaim }): ReactNode {
	const say = useWords("claims");
	const { claim, verdict, origin, definition } = result;
	return (
		<>
			<h2 className="claims-said">
				{claim} <span className={`claims-verdict claims-${verdict}`}>{say.named("verdict.", verdict)}</span>
			</h2>
			<p className="lead-small">{say("claimed", { who: origin.who, date: origin.date })}</p>
			<dl className="claims-terms">
				<dt>{say("said")}</dt>
				<dd>{origin.conditions}</dd>
				<dt>{say("definition")}</dt>
				<dd>{definition}</dd>
			</dl>
		</>
	);
}

function Tests({ tests }: { readonly tests: readonly TestOutcome[] }): ReactNode {
	const say = useWords("claims");
	return (
		<section>
			<h2>{say("tests")}</h2>
			<ul className="plain-list">
				{tests.map(({ id, role, passed, words }) => {
					const outcome = passed === undefined ? "unknown" : passed ? "passed" : "failed";
					return (
						<li key={id} className="claims-test">
							<span className={`claims-verdict claims-test-${outcome}`}>{say(`outcome.${outcome}`)}</span>
							<span>
								{words} <small>{say(`test.${role}`)}</small>
							</span>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

function Figures({ claim: { result } }: { readonly claim: TestedClaim }): ReactNode {
	const say = useWords("claims");
	return (
		<section>
			<h2>{say("figures")}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={say("figures")}>
				<table>
					<thead>
						<tr>
							<th scope="col">{say("figure")}</th>
							<th scope="col" className="number">
								{say("value")}
							</th>
						</tr>
					</thead>
					<tbody>
						{Object.entries(result.figures).map(([name, of]) => (
							<tr key={name}>
								<td>{result.labels[name] ?? name}</td>
								<td className="number">
									<Quantity of={of} kind="claim" showsRange showsGrade />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function Lists({ claim: { result } }: { readonly claim: TestedClaim }): ReactNode {
	const say = useWords("claims");
	const lists = [
		{ name: say("leavesOut"), lines: result.leaves_out },
		{ name: say("gaps"), lines: [...new Set(Object.values(result.gaps))] },
	];
	return (
		<>
			{lists
				.filter(({ lines }) => lines.length > 0)
				.map(({ name, lines }) => (
					<section key={name}>
						<h2>{name}</h2>
						<ul className="plain-list">
							{lines.map((line) => (
								<li key={line}>{line}</li>
							))}
						</ul>
					</section>
				))}
			<details className="claims-sources">
				<summary>{say("sources", { count: result.sources.length })}</summary>
				<ul className="plain-list">
					{[...result.sources, result.attribution].map((line) => (
						<li key={line}>{line}</li>
					))}
				</ul>
			</details>
		</>
	);
}
