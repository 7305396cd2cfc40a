/** The scenario that a copied command reads, as a file. */
import type { ReactNode } from "react";
import { useAnswer } from "../engine/use-answer.ts";
import { SAVED_FILE, scenarioFile } from "../state/cli-command.ts";
import { useAppState } from "../state/store.ts";
import { useScenarioWords } from "../state/use-scenario.ts";
import { saveFile } from "./save-file.ts";

export interface ScenarioButtonProps {
	readonly command: string;
	readonly label: string;
	readonly className?: string;
}

/** Nothing until the scenario is read, and where it cannot be. */
export function ScenarioButton({ command, label, className }: ScenarioButtonProps): ReactNode {
	const state = useAppState();
	const { answer, isWaiting } = useAnswer("scenario", useScenarioWords());
	if (answer === undefined || isWaiting) return null;
	return (
		<button
			type="button"
			className={className}
			data-save-scenario=""
			onClick={() => saveFile(SAVED_FILE, "application/yaml", scenarioFile(state, command, answer.document))}
		>
			{label}
		</button>
	);
}
