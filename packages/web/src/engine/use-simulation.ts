/** A simulation as the lab sees it: asked once the question stands still, ended when it changes or the reader says so. */
import { useEffect, useState } from "react";
import { ask, CancelledError, endSimulations, keyOf, known, RefusedError } from "./client.ts";
import type { Refusal } from "./protocol.ts";
import type { SimulateAnswer, SimulateWords } from "./questions/simulate.ts";
import { noteSource } from "./sources.ts";

export interface Simulating {
	/** That of the question before while the next one is computed. */
	readonly answer?: SimulateAnswer | undefined;
	readonly refusal?: Refusal | undefined;
	readonly isWaiting: boolean;
	/** From 0 to 1; undefined while the fleet is planned. */
	readonly progress?: number | undefined;
	readonly isEnded: boolean;
	end(): void;
	again(): void;
}

interface Slot {
	readonly key: string;
	readonly state: "waiting" | "done" | "ended";
	readonly answer?: SimulateAnswer | undefined;
	readonly refusal?: Refusal;
	readonly progress?: number;
}

/** A slider that is dragged starts nothing. */
const STILL_MS = 300;

export function useSimulation(words: SimulateWords | undefined): Simulating {
	const key = words === undefined ? "" : keyOf("simulate", words);
	const [slot, setSlot] = useState<Slot>({ key: "", state: "waiting" });
	const [round, setRound] = useState(0);

	useEffect(() => {
		if (words === undefined) return;
		noteSource("simulate", words);
		const before = known("simulate", words);
		if (before !== undefined) {
			setSlot({ key, state: "done", answer: before });
			return;
		}
		let isCurrent = true;
		const set = (state: Slot["state"], next: Partial<Slot> = {}): void => {
			if (isCurrent) setSlot((last) => ({ answer: last.answer, key, state, ...next }));
		};
		const timer = setTimeout(() => {
			set("waiting");
			ask("simulate", words, (progress) => set("waiting", { progress })).then(
				(answer) => set("done", { answer }),
				(error: unknown) => {
					if (error instanceof CancelledError) set("ended");
					else if (error instanceof RefusedError) set("done", { refusal: error.refusal });
					else throw error;
				},
			);
		}, STILL_MS);
		return () => {
			isCurrent = false;
			clearTimeout(timer);
			endSimulations();
		};
		// The key says all that the words say.
		// oxlint-disable-next-line react/exhaustive-deps
	}, [key, round]);

	const isCurrent = slot.key === key;
	return {
		answer: slot.answer,
		refusal: isCurrent ? slot.refusal : undefined,
		isWaiting: key !== "" && (!isCurrent || slot.state === "waiting"),
		progress: isCurrent ? slot.progress : undefined,
		isEnded: isCurrent && slot.state === "ended",
		end: endSimulations,
		again: () => setRound((last) => last + 1),
	};
}
