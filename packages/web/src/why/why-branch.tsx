/** One number of the tree, with what is below it behind a button. */
import type { WhyNode } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { useState } from "react";
import { CopyButton } from "../controls/copy-button.tsx";
import { GradeBadge } from "../quantity/grade-badge.tsx";
import { describedQuantity } from "../quantity/quantity.tsx";
import { shownQuantity } from "../quantity/show-quantity.ts";
import { closeWhy, openWhy, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { inputPath } from "./input-paths.ts";

const OPEN_DEPTH = 2;

export function WhyBranch({ node, depth }: { readonly node: WhyNode; readonly depth: number }): ReactNode {
	const say = useWords("common");
	const { display } = useAppState();
	const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
	const { value, label, formula, source, share, inputs } = node;
	const shown = shownQuantity(value, display);
	const path = inputPath(node.node);
	const citation =
		source === undefined ? undefined : [source.source, source.at, source.as_of].filter(Boolean).join(", ");
	return (
		<li className={`why-node${depth === 0 ? " why-root" : ""}`}>
			<div className="why-line">
				{inputs.length === 0 ? (
					<span className="why-leaf" aria-hidden="true" />
				) : (
					<button
						type="button"
						className="why-toggle"
						aria-expanded={isOpen}
						aria-label={`${isOpen ? say("why.fold") : say("why.open")}: ${label}`}
						onClick={() => setOpen(!isOpen)}
					/>
				)}
				<strong className="why-value" title={describedQuantity(value, say)}>
					{shown?.text ?? say.named("state.", value.state ?? "unknown")}
				</strong>
				{shown?.range === undefined ? null : (
					<span className="why-range" title={say("quantity.range", { range: shown.range })}>
						{shown.range}
					</span>
				)}
				<span className="why-label">{label}</span>
				{inputs.length === 0 || depth === 0 ? <GradeBadge grade={source?.grade ?? value.grade} /> : null}
			</div>
			<div className="why-detail">
				{formula === undefined || inputs.length === 0 ? null : <code className="why-formula">{formula}</code>}
				{shown?.range === undefined || depth > 0 ? null : <p>{say("why.range", { range: shown.range })}</p>}
				{node.note === undefined ? null : <p>{node.note}</p>}
				{node.month === undefined ? null : <p>{say("why.month", { month: node.month })}</p>}
				{node.folded === true ? <p>{say("why.folded")}</p> : null}
				{source === undefined || inputs.length > 0 ? null : (
					<p className="why-source">
						{source.source}
						{source.at === undefined ? "" : ` · ${source.at}`} · {source.as_of}
						{source.note === undefined ? "" : ` · ${source.note}`}
					</p>
				)}
				{share === undefined ? null : <p>{say("why.share", { share: formatQuantity(Math.abs(share), "fraction") })}</p>}
				{inputs.length > 0 ? null : (
					<p className="why-actions">
						{citation === undefined ? null : <CopyButton text={citation} label={say("why.cite")} />}
						{path === undefined ? null : (
							<button
								type="button"
								className="button-link"
								onClick={() => {
									closeWhy();
									setTimeout(() => document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus(), 0);
								}}
							>
								{say("why.edit")}
							</button>
						)}
					</p>
				)}
			</div>
			{isOpen && inputs.length > 0 ? (
				<ul>
					{inputs.map((each, i) => (
						<WhyBranch key={`${each.node} ${each.month ?? ""} ${i}`} node={each} depth={depth + 1} />
					))}
				</ul>
			) : null}
		</li>
	);
}

/** Opens the tree under the number that has the focus, or under the first one of the page. */
export function openFocusedWhy(): boolean {
	const focused = document.activeElement?.closest<HTMLElement>("[data-node]");
	const found = focused ?? document.querySelector<HTMLElement>("main [data-node]");
	const { node, kind } = found?.dataset ?? {};
	if (node === undefined || kind === undefined) return false;
	openWhy({ kind, node });
	return true;
}
