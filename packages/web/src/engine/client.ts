/** The page's side of the worker: a question out, a promise back. Answers already given are kept. */
import type { AnswerOf, QuestionKind, WordsOf } from "./questions/registry.ts";
import type { Asked, PartAsked, PartReply, Refusal, Reply } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";

export class RefusedError extends Error {
	override readonly name = "RefusedError";
	readonly refusal: Refusal;
	constructor(refusal: Refusal) {
		super(refusal.message);
		this.refusal = refusal;
	}
}

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (fault: Error) => void;
	readonly progress?: ((share: number) => void) | undefined;
}

const KEPT = 24;
const kept = new Map<string, unknown>();
const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let asked = 0;

/** Rejects with RefusedError. */
export function ask<Kind extends QuestionKind>(
	kind: Kind,
	words: WordsOf<Kind>,
	progress?: (share: number) => void,
): Promise<AnswerOf<Kind>> {
	const key = keyOf(kind, words);
	if (kept.has(key)) return Promise.resolve(kept.get(key) as AnswerOf<Kind>);
	asked += 1;
	const id = asked;
	return new Promise<unknown>((resolve, reject) => {
		waiting.set(id, { resolve, reject, progress });
		send({ id, kind, words } satisfies Asked);
	}).then((value) => {
		kept.set(key, value);
		for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
		return value as AnswerOf<Kind>;
	});
}

/** The answer, if it was given before. */
export function known<Kind extends QuestionKind>(kind: Kind, words: WordsOf<Kind>): AnswerOf<Kind> | undefined {
	return kept.get(keyOf(kind, words)) as AnswerOf<Kind> | undefined;
}

export function keyOf(kind: QuestionKind, words: unknown): string {
	return `${kind} ${JSON.stringify(words)}`;
}

function send(message: Asked | PartReply): void {
	worker ??= listening(startWorker());
	worker.postMessage(message);
}

function listening(started: Worker): Worker {
	started.addEventListener("message", ({ data }: MessageEvent<Reply | PartAsked>) => {
		if ("wants" in data) void handPart(data.wants);
		else settle(data);
	});
	started.addEventListener("error", ({ message }) => failAll(message || "the worker could not be started"));
	return started;
}

function settle(reply: Reply): void {
	const each = waiting.get(reply.id);
	if (each === undefined) return;
	if ("progress" in reply) return each.progress?.(reply.progress);
	waiting.delete(reply.id);
	if ("value" in reply) each.resolve(reply.value);
	else each.reject(new RefusedError(reply.refusal));
}

function failAll(message: string): void {
	for (const { reject } of waiting.values())
		reject(new RefusedError({ exit: 70, code: "internal", message, detail: {} }));
	waiting.clear();
}

/** In pages from disk: parts come as scripts, since nothing can be fetched there. */
async function handPart(part: string): Promise<void> {
	const { loadPartScript } = await import("./part-script.ts");
	try {
		send({ part, text: await loadPartScript(part) });
	} catch (error) {
		send({ part, fault: (error as Error).message });
	}
}
