/** Answers in this thread what the server asks of its workers: the same function, without the thread. */
import { createHash } from "node:crypto";
import { openCatalogue } from "@farthing/catalogue/node";
import type { Answered, Asker } from "../src/asker.ts";
import { answer, type Between } from "../src/questions/answer.ts";
import type { Question } from "../src/questions/question.ts";
import { makeReport } from "../src/questions/report.ts";

const store = openCatalogue();

export function directAsker(): Asker {
	const ask = async (question: Question, between?: Between): Promise<Answered> => {
		const { graph, command_line: line, ...rest } = await answer(store, question, between);
		const shown = JSON.stringify(rest);
		const etag = `"${createHash("sha256").update(shown).digest("hex").slice(0, 32)}"`;
		return {
			id: rest.id,
			shown,
			whole: graph === undefined ? "" : JSON.stringify({ ...rest, command_line: line, graph }),
			etag,
		};
	};
	return {
		ask,
		askLong: (question, signal, tell) =>
			ask(question, async (progress) => {
				tell(progress);
				await new Promise((resolve) => setImmediate(resolve));
				signal.throwIfAborted();
			}),
		report: (order) => makeReport(store, { ...order, formats: withoutThreads(order.formats) }),
		depth: 0,
		close: async () => undefined,
	};
}

/** PDF and workbook are made by compiled threads, which sources do not have beside them. */
function withoutThreads(formats: readonly string[] = ["html", "pptx", "csv", "md"]): readonly string[] {
	const rest = formats.filter((format) => format !== "pdf" && format !== "xlsx");
	return rest.length === 0 ? ["md"] : rest;
}
