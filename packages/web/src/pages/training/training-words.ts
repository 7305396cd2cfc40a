/** What the page asks, from the options in its URL. */
import { commandLine } from "@farthing/answers";
import type { TrainAsked } from "../../engine/questions/train.ts";
import type { AppState } from "../../state/app-state.ts";

export const DEFAULTS = {
	run: "",
	params: "70e9",
	tokens: "15e12",
	hardware: "b200-sxm",
	mfu: "35% to 45%",
	gpus: "1024",
	goodput: "90%",
	gpuHour: "",
	served: "",
	life: "",
} as const;

export type TrainingOption = keyof typeof DEFAULTS;

/** Members that a published run brings itself. */
const OWN: readonly TrainingOption[] = ["params", "tokens", "hardware", "mfu", "gpus", "goodput"];
const BOTH: readonly TrainingOption[] = ["gpuHour", "served", "life"];

export function chosen(view: AppState["view"], option: TrainingOption): string {
	return view[option] ?? DEFAULTS[option];
}

export function trainWords(view: AppState["view"]): TrainAsked {
	const run = chosen(view, "run");
	const asked = run === "" ? [...OWN, ...BOTH] : BOTH;
	const said = asked.flatMap((option) => {
		const text = chosen(view, option);
		return text === "" ? [] : [[option, text]];
	});
	return { ...(run === "" ? {} : { run }), ...Object.fromEntries(said) };
}

export function trainCommand(words: TrainAsked): string {
	return `npx ${commandLine("train", words)}`;
}
