import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { instant, type Instant } from "@farthing/ledger";
import { openStore } from "@farthing/ledger/store";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openIntake } from "../intake.ts";
import { addressRefusal, allowedOf, isNamed, refusalOf } from "./allowed.ts";
import { parseScrapeConfig } from "./config.ts";
import { fetchText, type Resolver } from "./fetch-text.ts";
import { startScrapes } from "./schedule.ts";

const never = (entry: string): never => {
	throw new Error(entry);
};
const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

async function serving(listener: RequestListener): Promise<{ port: number; asked: string[] }> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		listener(request, response);
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { port: (server.address() as AddressInfo).port, asked };
}

describe("where a scrape may go", () => {
	const all = allowedOf(["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"], never);

	it.each([
		"http://169.254.169.254/latest/meta-data/",
		"http://[::ffff:169.254.169.254]/",
		"http://[64:ff9b::a9fe:a9fe]/",
		"http://[fd00:ec2::254]/",
		"http://[fe80::1]/",
		"http://0xa9fea9fe/",
		"http://2852039166/",
		"http://169.254.169.254./",
		"http://100.100.100.200/",
		"http://168.63.129.16/",
		"http://0.0.0.0:9090/",
		"http://metadata.google.internal/",
		"http://METADATA.google.internal./",
		"file:///etc/passwd",
		"gopher://10.0.0.1/",
		"http://user:secret@10.0.0.1/",
	])("%s is never one of them", (url) => {
		expect(refusalOf(new URL(url), all)).toBeDefined();
	});

	it("is what the list says, by address, network or name", () => {
		const allowed = allowedOf(["10.1.0.0/16", "192.168.7.9", "fd12::/16", "vllm:8000", "gpu.internal"], never);
		const says = (address: string) => addressRefusal(address, allowed, false) === undefined;
		expect(["10.1.255.1", "192.168.7.9", "fd12::7", "::ffff:10.1.2.3"].map(says)).toEqual([true, true, true, true]);
		expect(["10.2.0.1", "192.168.7.8", "127.0.0.1", "::1", "fd13::7"].some(says)).toBe(false);
		const named = (url: string) => isNamed(new URL(url), allowed);
		expect([named("http://vllm:8000/metrics"), named("https://GPU.internal/x")]).toEqual([true, true]);
		expect([named("http://vllm:8001/metrics"), named("http://gpu.internal.evil.example/")]).toEqual([false, false]);
		expect(addressRefusal("169.254.169.254", allowed, true)).toBeDefined();
	});

	it("a list that cannot be read, and a target that could never be reached, name their member", () => {
		const with_ = (over: object) =>
			JSON.stringify({
				version: 1,
				allow: ["10.0.0.0/8"],
				scrapes: [{ job: "a", targets: ["http://10.0.0.1/"] }],
				...over,
			});
		expect(parseScrapeConfig(with_({}), "s.json").targets[0]).toMatchObject({ everyMs: 30_000, withinMs: 10_000 });
		expect(() => parseScrapeConfig("{", "s.json")).toThrow("s.json is not JSON");
		expect(() => parseScrapeConfig(with_({ allow: ["10.0.0.0/40"] }), "s.json")).toThrow('allow: "10.0.0.0/40"');
		expect(() => parseScrapeConfig(with_({ alow: [] }), "s.json")).toThrow("alow");
		const wrong = { scrapes: [{ job: "a", targets: ["http://10.0.0.1/", "http://11.0.0.1/"] }] };
		expect(() => parseScrapeConfig(with_(wrong), "s.json")).toThrow("scrapes.0.targets.1: 11.0.0.1 is not in the list");
	});
});

describe("the text of a scrape", () => {
	const local = allowedOf(["127.0.0.0/8"], never);
	const limits = { withinMs: 5000, maxBytes: 1000 };
	const fetched = (url: string, over: object = {}, resolver?: Resolver) =>
		fetchText(new URL(url), local, { ...limits, ...over }, resolver === undefined ? {} : { resolver }).then((bytes) =>
			Buffer.from(bytes).toString(),
		);
	const to = (...addresses: string[]): Resolver => {
		return (_, found) =>
			found(
				null,
				addresses.map((address) => ({ address, family: 4 })),
			);
	};

	it("comes plain or packed, from the address that was checked", async () => {
		const { port } = await serving((request, response) => {
			if (request.url === "/packed") response.setHeader("content-encoding", "gzip").end(gzipSync("up 1\n"));
			else response.end("up 1\n");
		});
		expect(await fetched(`http://127.0.0.1:${port}/metrics`)).toBe("up 1\n");
		expect(await fetched(`http://127.0.0.1:${port}/packed`)).toBe("up 1\n");
		expect(await fetched(`http://any.example:${port}/metrics`, {}, to("127.0.0.1"))).toBe("up 1\n");
	});

	it("a name that leads to a place not allowed is not connected to, also as one of several or the second time", async () => {
		const { port, asked } = await serving((_, response) => response.end("up 1\n"));
		const url = `http://rebound.example:${port}/`;
		await expect(fetched(url, {}, to("169.254.169.254"))).rejects.toThrow("link-local");
		await expect(fetched(url, {}, to("127.0.0.1", "169.254.169.254"))).rejects.toThrow("link-local");
		await expect(fetched(url, {}, to("10.0.0.1"))).rejects.toThrow("not in the list");
		let times = 0;
		const rebinding: Resolver = (host, found) => to(times++ === 0 ? "127.0.0.1" : "169.254.169.254")(host, found);
		expect(await fetched(url, {}, rebinding)).toBe("up 1\n");
		await expect(fetched(url, {}, rebinding)).rejects.toThrow("link-local");
		expect(asked).toHaveLength(1);
	});

	it("follows nothing, waits for nothing that hangs, and holds nothing that does not end", async () => {
		const elsewhere = await serving((_, response) => response.end("secret 1\n"));
		const { port } = await serving((request, response) => {
			if (request.url === "/away") response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
			else if (request.url === "/slow") response.write("up");
			else if (request.url === "/bomb")
				response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(1_000_000)));
			else response.end("x".repeat(2000));
		});
		await expect(fetched(`http://127.0.0.1:${port}/away`)).rejects.toThrow("redirects are not followed");
		expect(elsewhere.asked).toEqual([]);
		await expect(fetched(`http://127.0.0.1:${port}/slow`, { withinMs: 100 })).rejects.toThrow();
		await expect(fetched(`http://127.0.0.1:${port}/large`)).rejects.toThrow("more than 1000 bytes");
		await expect(fetched(`http://127.0.0.1:${port}/bomb`)).rejects.toThrow("more than 1000 bytes");
	});
});

describe("scheduled scrapes", () => {
	it("of an engine become usage of their tenant; what fails is counted and tried again", async () => {
		vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
		const folder = mkdtempSync(join(tmpdir(), "farthing-scrape-"));
		const path = join(folder, "ledger.duckdb");
		const intake = await openIntake(path, { loadEveryMs: 3_600_000 });
		try {
			let now = Date.parse("2026-11-28T10:00:00Z");
			let scraped = 0;
			const { port } = await serving((request, response) => {
				if (request.url === "/broken") return void response.writeHead(500).end();
				// 100 tokens out and 400 in a second, as vLLM counts them
				const seconds = (now - Date.parse("2026-11-28T10:00:00Z")) / 1000;
				scraped++;
				response.end(
					[
						"# TYPE vllm:prompt_tokens_total counter",
						`vllm:prompt_tokens_total{model_name="m"} ${400 * seconds}`,
						"# TYPE vllm:generation_tokens_total counter",
						`vllm:generation_tokens_total{model_name="m"} ${100 * seconds}`,
						"",
					].join("\n"),
				);
			});
			const at = `http://127.0.0.1:${port}`;
			const config = parseScrapeConfig(
				JSON.stringify({
					version: 1,
					allow: ["127.0.0.1"],
					scrapes: [{ job: "vllm", targets: [`${at}/metrics`, `${at}/broken`], every_seconds: 60, tenant: "finance" }],
				}),
				"s.json",
			);
			const schedule = startScrapes(config, intake, { now: () => now, environment: {} });
			const [good, broken] = schedule.tallies;
			for (let minute = 0; minute <= 12; minute++) {
				await vi.waitFor(() => expect([good?.ok, broken?.failed]).toEqual([minute + 1, minute + 1]));
				now += 60_000;
				vi.advanceTimersByTime(60_000);
			}
			await schedule.stop();
			expect(scraped).toBe(14);
			expect(broken?.problem).toBe("it answered with status 500");
			await intake.close();
			const store = await openStore(path);
			const [from, to] = [10, 11].map((hour) => instant(Date.UTC(2026, 10, 28, hour) * 1000)) as [Instant, Instant];
			const found = await store.windows({ from, to, by: ["org"] });
			await store.close();
			// From the first sample on, and the last window is not over: 10:00 to 10:10, 600 s of 100 tokens.
			expect(found.map(({ keys, sums }) => [keys.org, Number(sums.out_total.sum)])).toEqual([["finance", 60_000]]);
		} finally {
			vi.useRealTimers();
			rmSync(folder, { recursive: true });
		}
	});
});
