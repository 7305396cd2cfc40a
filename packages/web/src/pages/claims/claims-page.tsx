/** Every headline of the catalogue with its verdict, and one of them taken apart. */
import type { ReactNode } from "react";
import { useAnswer } from "../../engine/use-answer.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { setView, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { ClaimDetail } from "./claim-detail.tsx";

/** Opened first: cost per token and throughput are told apart in it. */
const FIRST = "blackwell-15x-cost";

export function ClaimsPage(): ReactNode {
	const say = useWords("claims");
	const { view } = useAppState();
	const { answer, refusal, isWaiting } = useAnswer("claims", null);
	const id = view["claim"] ?? FIRST;
	return (
		<div className="page">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			<div className="claims-columns" aria-busy={isWaiting}>
				<nav aria-label={say("list")}>
					<ul className="claims-list">
						{answer?.result.claims.map((each) => (
							<li key={each.id}>
								<button
									type="button"
									className="claims-pick"
									data-claim={each.id}
									aria-pressed={each.id === id}
									onClick={() => setView("claim", each.id === FIRST ? undefined : each.id)}
								>
									<span>{each.claim}</span>
									<span className={`claims-verdict claims-${each.verdict}`}>{say.named("verdict.", each.verdict)}</span>
								</button>
							</li>
						))}
					</ul>
				</nav>
				<ClaimDetail id={id} />
			</div>
		</div>
	);
}
