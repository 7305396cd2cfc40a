import type { ReactNode } from "react";
import { saveFile } from "../../chart/save-file.ts";
import { fileToSave, SAVED_FILE, scenarioFile } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { simulateCommand } from "./traffic-words.ts";

/** The file that the command reads, where flags do not say all that was changed. */
export function SaveScenario(): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	if (fileToSave(simulateCommand(state), state) === undefined) return null;
	return (
		<p>
			<button
				type="button"
				className="button"
				onClick={() => saveFile(SAVED_FILE, "application/yaml", state.text ?? scenarioFile(state))}
			>
				{say("file.save")}
			</button>{" "}
			{state.text === undefined ? <small>{say("file.note", { base: state.base })}</small> : null}
		</p>
	);
}
