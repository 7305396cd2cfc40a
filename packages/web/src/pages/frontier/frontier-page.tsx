/** Measured cost against interactivity, with the box of what is good enough, and every frontier read at its speed. */
import type { FrontierRow } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { useNames } from "../../engine/use-names.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { AskedOf } from "../../shell/asked.tsx";
import { shownNumber } from "../../quantity/show-quantity.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { FrontierChart } from "./frontier-chart.tsx";
import { FrontierInputs } from "./frontier-inputs.tsx";
import { FrontierTable } from "./frontier-table.tsx";
import { boxOf, frontierCommand, frontierWords, frontierWordsInBox } from "./frontier-words.ts";

export function FrontierPage(): ReactNode {
	const say = useWords("frontier");
	const { view } = useAppState();
	const box = boxOf(view);
	const words = useSame(frontierWords(view));
	const inBox = useSame(frontierWordsInBox(view));
	const all = useAnswer("frontier", words);
	const read = useAnswer("at", inBox);
	const refusal = all.refusal ?? read.refusal;
	const names = useNames();
	const { model, isl, osl, ttft, tier, hardware = [], precision = [], stack = [] } = words;
	const { until } = view;
	const only = [
		...hardware.map((id) => names("hardware", id)),
		...precision.map((id) => names("precisions", id)),
		...stack.map((id) => names("stacks", id)),
		...(until === undefined ? [] : [`${say("until")} ${until}`]),
	];
	return (
		<AskedOf
			model={model}
			input={isl}
			output={osl}
			speed={inBox.at}
			ttft={ttft}
			most={box?.most === undefined ? undefined : shownNumber(box.most, "USD/Mtok", { isPerDollar: false })}
			tier={tier}
			only={only}
		>
			<div className="page frontier-page" aria-busy={all.isWaiting || read.isWaiting}>
				<h1>{say("title")}</h1>
				<p className="lead">{say("lead")}</p>
				<FrontierInputs refusal={refusal} />
				{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
				{all.answer === undefined || all.refusal !== undefined ? null : (
					<div className={all.isWaiting ? "stale" : ""}>
						<FrontierChart
							answer={all.answer}
							read={read.refusal === undefined ? read.answer : undefined}
							words={words}
							box={box}
						/>
					</div>
				)}
				{read.answer === undefined || read.refusal !== undefined || box === undefined ? null : (
					<div>
						<FrontierTable
							answer={read.answer}
							points={all.answer?.result.rows ?? NONE}
							at={formatQuantity(box.at, "tok/s/user")}
							command={frontierCommand(inBox)}
						/>
						<Warnings warnings={read.answer.warnings} />
					</div>
				)}
			</div>
		</AskedOf>
	);
}

const NONE: readonly FrontierRow[] = [];

/** The same object while it says the same. */
function useSame<T>(of: T): T {
	const text = JSON.stringify(of);
	return useMemo(() => JSON.parse(text) as T, [text]);
}
