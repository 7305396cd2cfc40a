import type { ReactNode } from "react";
import { ScenarioButton } from "../../chart/scenario-button.tsx";
import { fileToSave } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { simulateCommand } from "./traffic-words.ts";

/** The file that the command reads, where flags do not say all that was changed. */
export function SaveScenario(): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	const command = simulateCommand(state);
	if (fileToSave(command, state) === undefined) return null;
	return (
		<p>
			<ScenarioButton className="button" command={command} label={say("file.save")} />{" "}
			{state.text === undefined ? <small>{say("file.note", { base: state.base })}</small> : null}
		</p>
	);
}
