/** The surface as it is, asked without a socket; answers are computed in this thread. */
import type { App, AppOptions } from "../src/http/app.ts";
import { createApp } from "../src/http/app.ts";
import { jobBoard } from "../src/jobs.ts";
import { fileShelf } from "../src/report-shelf.ts";
import { resultShelf } from "../src/results.ts";
import { directAsker } from "./direct-asker.ts";

export interface Sent {
	readonly method?: string;
	readonly body?: string | Uint8Array;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApp {
	readonly app: App;
	ask(path: string, sent?: Sent): Promise<Response>;
	post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export function testApp(over: Partial<AppOptions> = {}): TestApp {
	const asker = over.asker ?? directAsker();
	const app = createApp({
		asker,
		results: resultShelf(),
		reports: fileShelf(),
		jobs: jobBoard(asker.askLong),
		access: { kind: "single-user" },
		limits: { perSecond: 100_000, burst: 100_000 },
		isLoopback: true,
		clock: () => 0,
		maxBodyBytes: 4_000_000,
		answerWithinMs: 60_000,
		catalogue: "test",
		...over,
	});
	const ask: TestApp["ask"] = async (path, { body, ...sent } = {}) =>
		app.request(`http://localhost${path}`, {
			...sent,
			...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
			headers: { host: "localhost", ...sent.headers },
		});
	return {
		app,
		ask,
		post: (path, body, headers = {}) =>
			ask(path, {
				method: "POST",
				body: JSON.stringify(body),
				headers: { "content-type": "application/json", ...headers },
			}),
	};
}
