import { once } from "node:events";
import type { Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testApp } from "../test-support/test-app.ts";
import { httpServer, SOCKET_LIMITS, type SocketLimits } from "./http-server.ts";
import { openIntake } from "./intake.ts";
import { type LoadShed, loadShed } from "./load-shed.ts";

const open: Server[] = [];
afterEach(() => {
	for (const server of open.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

const QUICK: SocketLimits = { requestWithinMs: 200, headersWithinMs: 200, checkEveryMs: 50 };

async function listening(shed?: LoadShed, limits = QUICK): Promise<{ port: number; bodies: string[] }> {
	const bodies: string[] = [];
	const server = httpServer(
		async (request) => {
			bodies.push(await request.text());
			return new Response("ok");
		},
		limits,
		shed,
	);
	open.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return { port: (server.address() as AddressInfo).port, bodies };
}

/** What comes back on a connection on which the pieces are sent as they are, until the other side ends it. */
async function told(port: number, ...pieces: readonly string[]): Promise<string> {
	const socket = connect(port, "127.0.0.1");
	for (const piece of pieces) socket.write(piece);
	let text = "";
	socket.on("data", (data) => (text += data.toString()));
	socket.on("error", () => undefined);
	await once(socket, "close");
	return text;
}

describe("a request that is slow to come", () => {
	it("is ended, be it in its headers or in its body, and reaches nobody", async () => {
		const { port, bodies } = await listening();
		const [headers, body] = await Promise.all([
			told(port, "GET / HTTP/1.1\r\nhost: localhost\r\n"),
			told(port, "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n", "{"),
		]);
		expect(headers).toMatch(/^HTTP\/1\.1 408 [\s\S]*application\/problem\+json[\s\S]*"code":"too-slow"/);
		expect(body).toMatch(/^HTTP\/1\.1 408 |^$/);
		expect(bodies).toEqual([]);
	});

	it("and one whose Host or path is none is told so by whoever answers, on loopback and beyond", async () => {
		for (const isLoopback of [true, false]) {
			const { app } = testApp({ isLoopback });
			const server = httpServer(app.fetch);
			open.push(server);
			server.listen(0, "127.0.0.1");
			await once(server, "listening");
			const { port } = server.address() as AddressInfo;
			for (const [host, path] of [
				["127.999.1.1", "/v1/catalog"],
				["localhost:99999", "/v1/catalog"],
				["localhost@evil.example", "/v1/catalog"],
				["localhost", "/v1\\catalog"],
			]) {
				const heard = await told(port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
				expect(heard).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed-request"/);
			}
		}
	});

	it("and one with two lengths, or a length and pieces, is none", async () => {
		const { port, bodies } = await listening();
		const smuggled =
			"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET";
		expect(await told(port, smuggled)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed-request"/);
		expect(bodies).toEqual([]);
	});
});

describe("a client that ends before its body is whole", () => {
	it("counts as its own fault on every path, hears `cut-off` where it still listens, and nothing is stored", async () => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-cut-off-"));
		const intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 3_600_000 });
		try {
			const { app, ask } = testApp({ intake });
			const server = httpServer(app.fetch);
			open.push(server);
			server.listen(0, "127.0.0.1");
			await once(server, "listening");
			const { port } = server.address() as AddressInfo;
			const typed = [
				["/v1/ingest/usage", "application/x-ndjson"],
				["/v1/imports", "application/octet-stream"],
				["/v1/ingest/prometheus/write", "application/x-protobuf"],
				["/v1/plans", "application/json"],
			] as const;
			const bodies = ['content-length: 500\r\n\r\n{"grain"', "transfer-encoding: chunked\r\n\r\n2\r\n{}"];
			const requests = typed.flatMap(([path, type]) =>
				bodies.map((body) => `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${type}\r\n${body}`),
			);
			for (const request of requests) {
				const socket = connect(port, "127.0.0.1");
				socket.on("error", () => undefined);
				await new Promise<void>((resolve) => socket.write(request, () => resolve()));
				await vi.waitFor(async () => expect(await connectionsOf(server)).toBe(1));
				socket.resetAndDestroy();
				await vi.waitFor(async () => expect(await connectionsOf(server)).toBe(0));
			}
			const half = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
			let heard = "";
			half.on("data", (data) => (heard += data.toString()));
			half.end(requests[0] as string);
			await once(half, "close");
			expect(heard).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"cut-off"/);
			await vi.waitFor(async () => {
				const metrics = await (await ask("/metrics")).text();
				const counted = [...metrics.matchAll(/requests_total\{route="\/v1.*",status="(\d+)"\} (\d+)/g)];
				expect(new Set(counted.map(([, status]) => status))).toEqual(new Set(["400"]));
				expect(counted.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(requests.length + 1);
			});
		} finally {
			await intake.close();
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

function connectionsOf(server: Server): Promise<number> {
	return new Promise((resolve, reject) =>
		server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
	);
}

describe("more than can be answered", () => {
	/**
	 * Clients that ask again as soon as they hear, over turns of an event loop: each answer and each refusal is work, and
	 * the wall clock runs so many times as long as the work.
	 */
	function flood({ clients = 512, turns = 2000, answerMs = 0.25, refusalMs = 0.05, slowedBy = 1 } = {}) {
		let used = 0;
		const due: (() => void)[] = [];
		const shed = loadShed({ now: () => used * slowedBy, used: () => used, nextTurn: (run) => void due.push(run) });
		let asking = clients;
		let [answered, longest, longestTurn] = [0, 0, 0];
		const ask = (): void => {
			const since = used;
			const heard = (workMs: number): void => {
				used += workMs;
				asking++;
			};
			shed.take(
				() => {
					heard(answerMs);
					answered++;
					longest = Math.max(longest, used - since);
				},
				() => heard(refusalMs),
			);
		};
		const turn = (): void => {
			const start = used;
			for (const run of due.splice(0)) run();
			longestTurn = Math.max(longestTurn, used - start);
		};
		for (let i = 0; i < turns; i++) {
			for (; asking > 0; asking--) ask();
			turn();
		}
		// Until all have heard, who ask no more.
		while (due.length > 0) turn();
		return { shed, answered, longest, longestTurn, asking };
	}

	it("waits in turn, and is refused after 60 ms of work, so that answers are in time and turns are short", () => {
		const { shed, answered, longest, longestTurn, asking } = flood();
		expect(shed.refused).toBeGreaterThan(answered);
		expect(answered).toBeGreaterThan(1000);
		expect(longest).toBeLessThan(70);
		// Eight answers, and refusals of those that came together.
		expect(longestTurn).toBeLessThan(8 * 0.25 + 512 * 0.05);
		expect(asking).toBe(512);
	});

	it("is none of 64 connections that ask again at once, and none when it is over", () => {
		const { shed, longest } = flood({ clients: 64 });
		expect(shed.refused).toBe(0);
		expect(longest).toBeLessThan(20);
		const over = flood({ turns: 200 });
		const before = over.shed.refused;
		let answered = 0;
		over.shed.take(
			() => answered++,
			() => undefined,
		);
		expect([answered, over.shed.refused]).toEqual([1, before]);
	});

	it("is not what few ask, however much work each is and however slowly the process is let run", () => {
		for (const clients of [1, 6, 8]) {
			expect(flood({ clients, turns: 100, answerMs: 400, slowedBy: 50 }).shed.refused).toBe(0);
		}
		// Beside others that have 49 of 50 parts of the machine, 64 wait for 800 ms and for 16 ms of work.
		expect(flood({ clients: 64, turns: 100, slowedBy: 50 }).shed.refused).toBe(0);
	});

	it("is a long queue that others make wait", () => {
		expect(flood({ clients: 150, turns: 100, answerMs: 0.1, slowedBy: 2 }).shed.refused).toBe(0);
		expect(flood({ clients: 150, turns: 100, answerMs: 0.1, slowedBy: 20 }).shed.refused).toBeGreaterThan(0);
	});

	it("has each of many answered or refused on the socket", async () => {
		const shed = loadShed();
		const { port, bodies } = await listening(shed, SOCKET_LIMITS);
		const asked = Array.from({ length: 100 }, (_, i) =>
			fetch(`http://127.0.0.1:${port}/v1/plans`, { method: "POST", body: String(i) }).then(({ status }) => status),
		);
		const answered = (await Promise.all(asked)).filter((status) => status === 200).length;
		expect(answered + shed.refused).toBe(100);
		expect(bodies).toHaveLength(answered);
	});

	it("hears 429 and when to come back; whether the server lives, and pages, are answered all the same", async () => {
		const all: LoadShed = { take: (_, refuse) => refuse(), refused: 0 };
		const { port } = await listening(all);
		const refused = await fetch(`http://127.0.0.1:${port}/v1/plans`, { method: "POST", body: "{}" });
		expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
		expect((await refused.json()) as object).toMatchObject({ status: 429, code: "busy" });
		for (const path of ["/healthz", "/", "/assets/main.js"]) {
			expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
		}
	});
});
