/** The tree under a number: formula by formula down to benchmark rows and prices. */
import type { WhyNode } from "@farthing/engine";
import type { ReactNode } from "react";
import { useEffect, useMemo, useRef } from "react";
import type { WordsOf } from "../engine/questions/registry.ts";
import { useSource } from "../engine/sources.ts";
import { useAnswer } from "../engine/use-answer.ts";
import { ErrorBox } from "../shell/error-box.tsx";
import { closeWhy, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { WhyBranch } from "./why-branch.tsx";

export function WhyDrawer(): ReactNode {
	const say = useWords("common");
	const { why } = useAppState();
	const source = useSource(why?.kind);
	const words = useMemo(
		() =>
			why === undefined || source === undefined
				? undefined
				: ({
						of: why.kind,
						words: source,
						node: why.node,
						...(why.month === undefined ? {} : { month: why.month }),
					} as WordsOf<"why">),
		[why, source],
	);
	const { answer, refusal, isWaiting } = useAnswer("why", words);
	const drawer = useRef<HTMLElement>(null);
	const cameFrom = useRef<Element | null>(null);
	const isOpen = why !== undefined;

	useEffect(() => {
		if (isOpen) {
			cameFrom.current = document.activeElement;
			drawer.current?.focus();
		} else if (cameFrom.current instanceof HTMLElement) {
			cameFrom.current.focus();
			cameFrom.current = null;
		}
	}, [isOpen]);

	if (why === undefined) return null;
	return (
		<aside
			className="why"
			aria-label={say("why.title")}
			ref={drawer}
			tabIndex={-1}
			onKeyDown={(event) => {
				if (event.key === "Escape") closeWhy();
			}}
		>
			<header className="why-head">
				<h2>{say("why.title")}</h2>
				<button type="button" className="button-quiet" onClick={closeWhy}>
					{say("why.close")}
				</button>
			</header>
			{source === undefined ? <p>{say("why.noSource")}</p> : null}
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{isWaiting && answer === undefined ? <p className="waiting">{say("why.waiting")}</p> : null}
			{answer === undefined || refusal !== undefined ? null : <WhyTree root={answer} key={answer.node} />}
		</aside>
	);
}

function WhyTree({ root }: { readonly root: WhyNode }): ReactNode {
	return (
		<ul className="why-tree">
			<WhyBranch node={root} depth={0} />
		</ul>
	);
}
