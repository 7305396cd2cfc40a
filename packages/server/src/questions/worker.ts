/** A worker thread of the pool: one catalogue, and an answer to each question it is handed. */
import type { MessagePort } from "node:worker_threads";
import { FarthingError } from "@farthing/answers";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import { answer } from "./answer.ts";
import type { Question, ReportOrder } from "./question.ts";
import { makeReport, type MadeReport } from "./report.ts";

/** What crosses back where there is no answer: texts, since an Error loses its class on the way. */
export interface WorkerRefusal {
	readonly ok: false;
	readonly exit: FarthingError["exit"];
	readonly code: string;
	readonly given: FarthingError["given"];
}

export type WorkerReply =
	| { readonly ok: true; readonly id: string; readonly shown: string; readonly whole: string }
	| WorkerRefusal;

export type WorkerReport = ({ readonly ok: true } & MadeReport) | WorkerRefusal;

/** Long work, and where to tell how far it is. */
export interface LongWork {
	readonly question: Question;
	readonly port: MessagePort;
}

const store = catalogueInUse().store;

export function reply(question: Question): Promise<WorkerReply> {
	return refusing(async () => shownAnswer(await answer(store, question)));
}

export async function replyTelling({ question, port }: LongWork): Promise<WorkerReply> {
	try {
		return await refusing(async () =>
			shownAnswer(await answer(store, question, (progress) => port.postMessage(progress))),
		);
	} finally {
		port.close();
	}
}

export function report(order: ReportOrder): Promise<WorkerReport> {
	return refusing(async () => ({ ok: true, ...(await makeReport(store, order)) }));
}

function shownAnswer(answered: Awaited<ReturnType<typeof answer>>): WorkerReply {
	const { graph, command_line: _, ...shown } = answered;
	const whole = graph === undefined ? "" : JSON.stringify(answered);
	return { ok: true, id: answered.id, shown: JSON.stringify(shown), whole };
}

async function refusing<T>(work: () => Promise<T>): Promise<T | WorkerRefusal> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof FarthingError)) throw error;
		const { exit, code, given } = error;
		return { ok: false, exit, code, given };
	}
}
