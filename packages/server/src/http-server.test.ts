import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
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
	it("is refused in part, evenly, more while late and none when it is over", () => {
		const shed = loadShed();
		const share = (): number => Array.from({ length: 1000 }, () => shed.refuses()).filter(Boolean).length / 1000;
		const turns = (count: number, lateMs: number): number => {
			for (let turn = 0; turn < count; turn++) {
				share();
				shed.turn(lateMs);
			}
			return share();
		};
		expect(share()).toBe(0);
		expect(turns(5, 200)).toBeCloseTo(0.5, 2);
		expect(turns(50, 200)).toBeCloseTo(0.95, 2);
		expect(turns(20, 0)).toBe(0);
	});

	it("is not what makes a process late to which little comes", () => {
		const shed = loadShed();
		for (let turn = 0; turn < 50; turn++) {
			for (let i = 0; i < 20; i++) expect(shed.refuses()).toBe(false);
			shed.turn(1000);
		}
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
