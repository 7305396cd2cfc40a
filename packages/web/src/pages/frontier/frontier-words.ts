/** What the page asks, from the options in its URL. */
import { commandLine, FarthingError, frontierLimits } from "@farthing/answers";
import type { FrontierAsked } from "../../engine/questions/frontier.ts";
import type { AppState } from "../../state/app-state.ts";

export const DEFAULTS = {
	model: "deepseek-r1",
	lengths: "8192/1024",
	tier: "own_neocloud",
	ttft: "5 s",
	at: "50",
	hardware: "",
	precision: "",
	stack: "",
} as const;

export type FrontierOption = keyof typeof DEFAULTS;

export function chosen(view: AppState["view"], option: FrontierOption): string {
	return view[option] ?? DEFAULTS[option];
}

/** All points of the frontiers, inside the box of what is good enough and outside of it. */
export function frontierWords(view: AppState["view"]): FrontierAsked {
	const [isl = "", osl = ""] = chosen(view, "lengths").split("/");
	const until = view["until"];
	const one = (option: "hardware" | "precision" | "stack"): object => {
		const value = chosen(view, option);
		return value === "" ? {} : { [option]: [value] };
	};
	return {
		model: chosen(view, "model"),
		isl,
		osl,
		tier: chosen(view, "tier"),
		ttft: chosen(view, "ttft"),
		...one("hardware"),
		...one("precision"),
		...one("stack"),
		...(until === undefined ? {} : { rowsBetween: `${FIRST_DAY},${until}` }),
	};
}

/** Every frontier read at the speed of the box, up to its cost. */
export function frontierWordsInBox(view: AppState["view"]): FrontierAsked {
	const { most } = view;
	return { ...frontierWords(view), at: chosen(view, "at"), ...(most === undefined ? {} : { unitCost: most }) };
}

/** Sides of the box. */
export interface Box {
	/** Least speed, tokens per second and user. */
	readonly at: number;
	/** Highest cost, USD per million total tokens. */
	readonly most: number | undefined;
}

/** The box as the question reads it, with or without units; undefined where it refuses a side. */
export function boxOf(view: AppState["view"]): Box | undefined {
	try {
		const { at, unitCost } = frontierLimits(frontierWordsInBox(view));
		return { at: at as number, most: unitCost };
	} catch (error) {
		if (error instanceof FarthingError) return undefined;
		throw error;
	}
}

/** Before any row. */
const FIRST_DAY = "2023-01-01";

export function frontierCommand(words: FrontierAsked): string {
	return `npx ${commandLine("frontier", words)}`;
}
