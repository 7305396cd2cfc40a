/** The answer to a question, as a component sees it while the question changes. */
import { useEffect, useRef, useState } from "react";
import { ask, CancelledError, keyOf, known, RefusedError } from "./client.ts";
import type { Refusal } from "./protocol.ts";
import type { AnswerOf, QuestionKind, WordsOf } from "./questions/registry.ts";
import { noteSource } from "./sources.ts";

export interface Answering<Kind extends QuestionKind> {
	/** The answer; that of the question before while the next one is computed. */
	readonly answer?: AnswerOf<Kind> | undefined;
	readonly refusal?: Refusal | undefined;
	/** The answer is not yet that of the question. */
	readonly isWaiting: boolean;
	/** From 0 to 1, for questions that tell. */
	readonly progress?: number | undefined;
}

interface Slot<Kind extends QuestionKind> {
	readonly key: string;
	readonly answer?: AnswerOf<Kind>;
	readonly refusal?: Refusal;
	readonly progress?: number;
}

/**
 * Asks again when the words change. While one question is computed, only the latest of those that follow is kept, so a
 * slider that is dragged never runs into a queue. No question while `words` is undefined.
 */
export function useAnswer<Kind extends QuestionKind>(kind: Kind, words: WordsOf<Kind> | undefined): Answering<Kind> {
	const key = words === undefined ? "" : keyOf(kind, words);
	const at = words === undefined ? undefined : known(kind, words);
	const [slot, setSlot] = useState<Slot<Kind>>(() => (at === undefined ? { key: "" } : { key, answer: at }));
	const busy = useRef(false);
	const next = useRef<{ key: string; words: WordsOf<Kind> } | undefined>(undefined);
	const isMounted = useRef(true);

	useEffect(() => {
		isMounted.current = true;
		return () => {
			isMounted.current = false;
		};
	}, []);

	useEffect(() => {
		if (words === undefined) return;
		noteSource(kind, words);
		next.current = { key, words };
		if (!busy.current) void run();

		async function run(): Promise<void> {
			busy.current = true;
			for (let job = next.current; job !== undefined && isMounted.current; job = next.current) {
				next.current = undefined;
				const { key: asked } = job;
				try {
					const answer = await ask(kind, job.words, (progress) => {
						if (isMounted.current) setSlot((last) => ({ ...last, progress }));
					});
					if (isMounted.current) setSlot({ key: asked, answer });
				} catch (error) {
					// Its worker was ended for another question: asked anew, unless something else is asked by now.
					if (error instanceof CancelledError) {
						next.current ??= job;
						continue;
					}
					if (!(error instanceof RefusedError)) throw error;
					if (isMounted.current) setSlot({ key: asked, refusal: error.refusal });
				}
			}
			busy.current = false;
		}
		// The key says all that the words say.
		// oxlint-disable-next-line react/exhaustive-deps
	}, [kind, key]);

	if (at !== undefined) return { answer: at, isWaiting: false };
	return {
		answer: slot.answer,
		refusal: slot.key === key ? slot.refusal : undefined,
		isWaiting: slot.key !== key && key !== "",
		progress: slot.progress,
	};
}
