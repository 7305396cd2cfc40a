/** What a ledger holds, asked for from another thread: the connection stays where it was opened. */
import type { MessagePort } from "node:worker_threads";
import type { LedgerReads } from "@farthing/ledger";

type Method = Exclude<keyof LedgerReads, "requestRows">;
type RowsQuestion = Parameters<LedgerReads["requestRows"]>[0];
type Rows = AsyncIterator<unknown>;

type Ask =
	| { readonly method: Method; readonly given: readonly unknown[] }
	| { readonly method: "requestRows"; readonly given: readonly [RowsQuestion] }
	/** The next rows of an answer that was begun. */
	| { readonly method: "next" | "return"; readonly given: readonly [number] };

interface Asked {
	readonly no: number;
	readonly ask: Ask;
}

type Answer =
	| { readonly no: number; readonly value: unknown }
	| { readonly no: number; readonly error: { readonly name: string; readonly message: string; readonly more: object } };

const METHODS = [
	"requests",
	"windows",
	"capacity",
	"charges",
	"prices",
	"keptSince",
	"orgs",
	"crowded",
] as const satisfies readonly Method[];

/** On the side of the ledger: answers until the port is closed. */
export function answerReads(port: MessagePort, reads: LedgerReads): void {
	const begun = new Map<number, Rows>();
	const answered = async ({ method, given }: Ask, no: number): Promise<unknown> => {
		if (method === "requestRows") {
			begun.set(no, reads.requestRows(given[0])[Symbol.asyncIterator]());
			return no;
		}
		if (method === "next") return begun.get(given[0])?.next();
		if (method === "return") {
			await begun.get(given[0])?.return?.();
			return begun.delete(given[0]);
		}
		return (reads[method] as (...all: readonly unknown[]) => Promise<unknown>)(...given);
	};
	port.on("message", ({ no, ask }: Asked) => {
		answered(ask, no).then(
			(value) => port.postMessage({ no, value } satisfies Answer),
			(error: Error) => {
				const { name, message } = error;
				const more = Object.fromEntries(Object.entries(error));
				port.postMessage({ no, error: { name, message, more } } satisfies Answer);
			},
		);
	});
}

/** On the side of who asks. */
export function readsOver(port: MessagePort): LedgerReads {
	const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
	let last = 0;
	port.on("message", (answer: Answer) => {
		const asker = waiting.get(answer.no);
		waiting.delete(answer.no);
		if (!("error" in answer)) return asker?.resolve(answer.value);
		const { name, message, more } = answer.error;
		// Errors lose their class on the way; ours are told apart by name.
		return asker?.reject(Object.assign(new Error(message), more, { name }));
	});
	const ask = (method: Ask["method"], ...given: readonly unknown[]): Promise<unknown> =>
		new Promise((resolve, reject) => {
			const no = ++last;
			waiting.set(no, { resolve, reject });
			port.postMessage({ no, ask: { method, given } as Ask } satisfies Asked);
		});
	async function* requestRows(question: RowsQuestion): AsyncGenerator<unknown> {
		const no = (await ask("requestRows", question)) as number;
		try {
			for (;;) {
				const { done, value } = (await ask("next", no)) as IteratorResult<unknown>;
				if (done === true) return;
				yield value;
			}
		} finally {
			await ask("return", no);
		}
	}
	const methods = METHODS.map((method) => [method, (...given: readonly unknown[]) => ask(method, ...given)]);
	return { ...Object.fromEntries(methods), requestRows } as unknown as LedgerReads;
}
