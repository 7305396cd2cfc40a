/** What was asked, on paper above a page and in the pictures of its charts: neither has fields to tell it. */
import { createContext, type ReactNode, useContext } from "react";
import { useAnswer } from "../engine/use-answer.ts";
import { useNames } from "../engine/use-names.ts";
import { changeText } from "../state/url.ts";
import { useScenario } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";
import { type Asked, askedLine } from "./asked-words.ts";

const Line = createContext<string | undefined>(undefined);

/** Undefined on pages that ask nothing that one line would tell. */
export function useAskedLine(): string | undefined {
	return useContext(Line);
}

/** Of a page of the scenario. */
export function AskedOfScenario({ children }: { readonly children: ReactNode }): ReactNode {
	const { current } = useScenario();
	const model = current("model");
	return (
		<AskedOf
			model={model === undefined ? undefined : changeText(model)}
			demand={current("demand.tokens_per_day")}
			input={current("workload.input")}
			output={current("workload.output")}
			peak={current("demand.peak_to_mean")}
			speed={current("slo.tokens_per_s_per_user")}
			ttft={current("slo.ttft")}
			tier={current("cost.card.tier")}
		>
			{children}
		</AskedOf>
	);
}

export function AskedOf({ children, ...asked }: Omit<Asked, "date"> & { readonly children: ReactNode }): ReactNode {
	const say = useWords("common");
	const names = useNames();
	const { answer: catalogue } = useAnswer("catalogue", null);
	const model = asked.model === undefined ? undefined : names("models", asked.model);
	const line = askedLine({ ...asked, model, date: catalogue?.manifest.releaseDate }, say);
	return (
		<Line value={line}>
			<p className="asked">{line}</p>
			{children}
		</Line>
	);
}
