/** A worker thread of the pool: one catalogue, and an answer to each question it is handed. */
import { FarthingError, type FarthingErrorDetail } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import type { Question } from "./question.ts";
import { answer } from "./answer.ts";

/** What crosses back: texts, since an Error loses its class on the way. */
export type WorkerReply =
	| { readonly ok: true; readonly id: string; readonly shown: string; readonly whole: string }
	| {
			readonly ok: false;
			readonly exit: FarthingError["exit"];
			readonly code: string;
			readonly message: string;
			readonly detail: FarthingErrorDetail;
	  };

const store = openCatalogue();

export async function reply(question: Question): Promise<WorkerReply> {
	try {
		const answered = await answer(store, question);
		const { graph, ...shown } = answered;
		return {
			ok: true,
			id: answered.id,
			shown: JSON.stringify(shown),
			whole: graph === undefined ? "" : JSON.stringify(answered),
		};
	} catch (error) {
		if (!(error instanceof FarthingError)) throw error;
		const { exit, code, message, detail } = error;
		return { ok: false, exit, code, message, detail };
	}
}
