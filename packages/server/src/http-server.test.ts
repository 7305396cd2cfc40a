import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { httpServer, type SocketLimits } from "./http-server.ts";
import { type LoadShed, loadShed } from "./load-shed.ts";

const open: Server[] = [];
afterEach(() => {
	for (const server of open.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

const QUICK: SocketLimits = { requestWithinMs: 200, headersWithinMs: 200, checkEveryMs: 50 };

async function listening(shed?: LoadShed): Promise<{ port: number; bodies: string[] }> {
	const bodies: string[] = [];
	const server = httpServer(
		async (request) => {
			bodies.push(await request.text());
			return new Response("ok");
		},
		QUICK,
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
		expect(headers).toMatch(/^HTTP\/1\.1 408 /);
		expect(body).toMatch(/^HTTP\/1\.1 408 |^$/);
		expect(bodies).toEqual([]);
	});

	it("and one with two lengths, or a length and pieces, is none", async () => {
		const { port, bodies } = await listening();
		const smuggled =
			"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET";
		expect(await told(port, smuggled)).toMatch(/^HTTP\/1\.1 400 /);
		expect(bodies).toEqual([]);
	});
});

describe("more than can be answered", () => {
	const connections = (count: number): object[] => Array.from({ length: count }, () => ({}));
	const share = (shed: LoadShed, on: readonly object[], requests = 1000): number =>
		Array.from({ length: requests }, (_, i) => shed.refuses(on[i % on.length] as object)).filter(Boolean).length /
		requests;
	const turns = (shed: LoadShed, on: readonly object[], count: number, lateMs: number): number => {
		for (let turn = 0; turn < count; turn++) {
			share(shed, on);
			shed.turn(lateMs);
		}
		return share(shed, on);
	};

	it("is refused in part, evenly, more while late and none when it is over", () => {
		const shed = loadShed();
		const many = connections(500);
		expect(share(shed, many)).toBe(0);
		expect(turns(shed, many, 5, 200)).toBeCloseTo(0.5, 2);
		expect(turns(shed, many, 50, 200)).toBeCloseTo(0.95, 2);
		expect(turns(shed, many, 20, 0)).toBe(0);
	});

	it("is not what a few connections ask, however much: each waits for its answer", () => {
		for (const on of [connections(1), connections(6), connections(50)]) expect(turns(loadShed(), on, 50, 1000)).toBe(0);
	});

	it("is not what makes a process late that others do not let run: its own work counts", async () => {
		const lates: number[] = [];
		const shed: LoadShed = { turn: (late) => void lates.push(late), refuses: () => false, refused: 0 };
		await listening(shed);
		// The thread stands still without work for 300 ms, then works for 300 ms.
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
		await vi.waitFor(() => expect(lates.length).toBeGreaterThan(0));
		const still = Math.max(...lates.splice(0));
		const { user } = process.cpuUsage();
		while (process.cpuUsage().user - user < 300_000);
		await vi.waitFor(() => expect(lates.length).toBeGreaterThan(0));
		expect(Math.max(...lates)).toBeGreaterThan(150);
		expect(still).toBeLessThan(150);
	});

	it("hears 429 and when to come back; whether the server lives, and pages, are answered all the same", async () => {
		const all: LoadShed = { turn: () => undefined, refuses: () => true, refused: 0 };
		const { port } = await listening(all);
		const refused = await fetch(`http://127.0.0.1:${port}/v1/plans`, { method: "POST", body: "{}" });
		expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
		expect((await refused.json()) as object).toMatchObject({ status: 429, code: "busy" });
		for (const path of ["/healthz", "/", "/assets/main.js"]) {
			expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
		}
	});
});
