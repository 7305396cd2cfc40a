/** One question, whatever its kind, to its reply. */
import { FarthingError } from "@farthing/answers";
import type { Host } from "./host.ts";
import type { Asked, Refusal, Reply } from "./protocol.ts";
import { questions, type QuestionKind } from "./questions/registry.ts";

export async function answerQuestion({ id, kind, words }: Asked, host: Host): Promise<Reply> {
	try {
		const load = questions[kind as QuestionKind] as (() => Promise<AnyQuestion>) | undefined;
		if (load === undefined) throw new Error(`there is no question of the kind "${kind}"`);
		const { answer } = await load();
		return { id, value: await answer(words, host) };
	} catch (error) {
		return { id, refusal: refusalOf(error) };
	}
}

interface AnyQuestion {
	readonly answer: (words: unknown, host: Host) => Promise<unknown>;
}

export function refusalOf(error: unknown): Refusal {
	if (error instanceof FarthingError) {
		const { exit, code, message, detail, given } = error;
		const isWritten = [given.message, given.detail.expected, given.detail.hint].some(
			(each) => typeof each === "object",
		);
		return { exit, code, message, detail, ...(isWritten ? { zh: error.toldIn("zh") } : {}) };
	}
	const message = error instanceof Error ? error.message : String(error);
	return { exit: 70, code: "internal", message, detail: {} };
}
