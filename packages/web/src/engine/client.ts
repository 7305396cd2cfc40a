/** The page's side of the workers: a question out, a promise back. Answers already given are kept. */
import type { AnswerOf, QuestionKind, WordsOf } from "./questions/registry.ts";
import { allFiles } from "./picked-files.ts";
import type { Asked, FileGiven, PartAsked, PartReply, PortGiven, Refusal, Reply } from "./protocol.ts";
import { startDrawsWorker, startWorker } from "./start-worker.ts";

export class RefusedError extends Error {
	override readonly name = "RefusedError";
	readonly refusal: Refusal;
	constructor(refusal: Refusal) {
		super(refusal.message);
		this.refusal = refusal;
	}
}

/** The worker of the question was ended. */
export class CancelledError extends Error {
	override readonly name = "CancelledError";
}

type Progress = (share: number) => void;

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (fault: Error) => void;
	readonly progress: Set<Progress>;
}

/** A question on its way, for all who ask it. */
interface Open {
	readonly answer: Promise<unknown>;
	readonly progress: Set<Progress>;
}

/** A worker with the questions it was asked. Simulations have one of their own, which can be ended without the rest. */
interface Desk {
	worker?: Worker;
	readonly waiting: Map<number, Waiting>;
}

const KEPT = 24;
const kept = new Map<string, unknown>();
const open = new Map<string, Open>();
const desks: Readonly<Record<"quick" | "lab", Desk>> = {
	quick: { waiting: new Map() },
	lab: { waiting: new Map() },
};
let asked = 0;
let drawsWorker: Worker | undefined;

/** Before the first question: the worker reads what most of them need. */
export function startWorking(): void {
	working(desks.quick);
}

/** Rejects with RefusedError, and CancelledError. */
export function ask<Kind extends QuestionKind>(
	kind: Kind,
	words: WordsOf<Kind>,
	progress?: Progress,
): Promise<AnswerOf<Kind>> {
	const key = keyOf(kind, words);
	if (kept.has(key)) return Promise.resolve(kept.get(key) as AnswerOf<Kind>);
	const asking = open.get(key) ?? opened(key, kind, words);
	if (progress !== undefined) asking.progress.add(progress);
	return asking.answer as Promise<AnswerOf<Kind>>;
}

function opened<Kind extends QuestionKind>(key: string, kind: Kind, words: WordsOf<Kind>): Open {
	asked += 1;
	const id = asked;
	const desk = desks[deskOf(kind, words)];
	const progress = new Set<Progress>();
	const answer = new Promise<unknown>((resolve, reject) => {
		desk.waiting.set(id, { resolve, reject, progress });
		send(desk, { id, kind, words } satisfies Asked);
		if (kind === "fan") startDrawing();
	})
		.then((value) => {
			kept.set(key, value);
			for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
			return value;
		})
		.finally(() => open.delete(key));
	const asking = { answer, progress };
	open.set(key, asking);
	return asking;
}

/** The answer, if it was given before. */
export function known<Kind extends QuestionKind>(kind: Kind, words: WordsOf<Kind>): AnswerOf<Kind> | undefined {
	return kept.get(keyOf(kind, words)) as AnswerOf<Kind> | undefined;
}

export function keyOf(kind: QuestionKind, words: unknown): string {
	return `${kind} ${JSON.stringify(words)}`;
}

/** Ends what is simulated at once, wherever it is. */
export function endSimulations(): void {
	const { lab } = desks;
	if (lab.waiting.size === 0) return;
	lab.worker?.terminate();
	delete lab.worker;
	const ended = [...lab.waiting.values()];
	lab.waiting.clear();
	for (const { reject } of ended) reject(new CancelledError("the simulation was ended"));
}

/** What explains a simulation is asked where it was simulated. */
function deskOf(kind: QuestionKind, words: unknown): keyof typeof desks {
	const of = kind === "why" ? (words as WordsOf<"why">).of : kind;
	return of === "simulate" ? "lab" : "quick";
}

function send(desk: Desk, message: Asked | PartReply): void {
	const worker = working(desk);
	if (desk === desks.lab) {
		for (const [key, file] of allFiles()) worker.postMessage({ key, file } satisfies FileGiven);
	}
	worker.postMessage(message);
}

/** With the first fan, so that those that follow a slider are drawn by two. */
function startDrawing(): void {
	if (drawsWorker !== undefined) return;
	drawsWorker = startDrawsWorker();
	const { port1, port2 } = new MessageChannel();
	drawsWorker.postMessage({ port: port1 } satisfies PortGiven, [port1]);
	working(desks.quick).postMessage({ port: port2 } satisfies PortGiven, [port2]);
}

function working(desk: Desk): Worker {
	desk.worker ??= listening(desk, startWorker());
	return desk.worker;
}

function listening(desk: Desk, started: Worker): Worker {
	started.addEventListener("message", ({ data }: MessageEvent<Reply | PartAsked>) => {
		if ("wants" in data) void handPart(desk, data.wants);
		else settle(desk, data);
	});
	started.addEventListener("error", ({ message }) => failAll(desk, message || "the worker could not be started"));
	return started;
}

function settle({ waiting }: Desk, reply: Reply): void {
	const each = waiting.get(reply.id);
	if (each === undefined) return;
	if ("progress" in reply) {
		for (const told of each.progress) told(reply.progress);
		return;
	}
	waiting.delete(reply.id);
	if ("value" in reply) each.resolve(reply.value);
	else each.reject(new RefusedError(reply.refusal));
}

function failAll({ waiting }: Desk, message: string): void {
	for (const { reject } of waiting.values())
		reject(new RefusedError({ exit: 70, code: "internal", message, detail: {} }));
	waiting.clear();
}

/** In pages from disk: parts come as scripts, since nothing can be fetched there. */
async function handPart(desk: Desk, part: string): Promise<void> {
	const { loadPartScript } = await import("./part-script.ts");
	try {
		send(desk, { part, text: await loadPartScript(part) });
	} catch (error) {
		send(desk, { part, fault: (error as Error).message });
	}
}
