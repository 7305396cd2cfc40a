// Real ClickHouse servers for tests: the engine of npm's `chdb`, started by Python; one alone, or a cluster of 2 shards with 2
// replicas each. Each server has a folder of its own, outlives `kill -9` with what it stored, and can be started again.
import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("launch.py", import.meta.url));
const LISTEN =
	"SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT sleepEachRow(3) FROM system.numbers SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 4000000 FORMAT Null";

/** One server. `hosts` is what goes into a ledger's URL. */
export async function startOne() {
	const folder = mkdtempSync(join(tmpdir(), "farthing-clickhouse-"));
	const server = new Server(join(folder, "1"), await freePort(), await freePort());
	const stop = async () => {
		await server.kill();
		rmSync(folder, { recursive: true, force: true });
	};
	await started([server], stop);
	return { servers: [server], hosts: server.host, query: "", stop };
}

/** Four servers: the first two replicas of one shard, the others of the other. */
export async function startCluster() {
	const folder = mkdtempSync(join(tmpdir(), "farthing-clickhouse-"));
	const servers = [];
	for (const name of ["1", "2", "3", "4"]) {
		servers.push(
			new Server(join(folder, name), await freePort(), await freePort(), join(folder, "cluster.xml"), await freePort()),
		);
	}
	const replica = ({ door }) => `<replica><host>127.0.0.1</host><port>${door}</port></replica>`;
	const shard = (some) =>
		`<shard><internal_replication>false</internal_replication>${some.map(replica).join("")}</shard>`;
	const shards = [servers.slice(0, 2), servers.slice(2)].map(shard).join("");
	writeFileSync(
		join(folder, "cluster.xml"),
		`<clickhouse><remote_servers replace="replace"><fleet>${shards}</fleet></remote_servers></clickhouse>`,
	);
	const stop = async () => {
		await Promise.all(servers.map((server) => server.kill()));
		rmSync(folder, { recursive: true, force: true });
	};
	await started(servers, stop);
	return { servers, hosts: servers.map(({ host }) => host).join(","), query: "?cluster=fleet", stop };
}

class Server {
	/** `door`: the port by which other servers come. */
	constructor(folder, http, tcp, config, door) {
		Object.assign(this, { folder, http, tcp, config, door, host: `127.0.0.1:${http}` });
	}

	async start() {
		mkdirSync(this.folder, { recursive: true });
		const config = this.config === undefined ? [] : ["--config-file", this.config];
		const place = [
			"--path",
			this.folder,
			"--listen_host=127.0.0.1",
			`--http_port=${this.http}`,
			`--tcp_port=${this.tcp}`,
		];
		const args = [launcher, library(), ...config, ...place, "--query", LISTEN];
		this.process = spawn("python3", args, { stdio: ["ignore", "ignore", "pipe"] });
		let said = "";
		this.process.stderr.on("data", (chunk) => (said += chunk));
		this.process.on("error", (error) => (said += error.message));
		for (let tries = 0; tries < 600; tries++) {
			if (this.process.exitCode !== null) break;
			const answer = await fetch(`http://${this.host}/ping`).catch(() => undefined);
			if (answer?.ok) return this.openDoor();
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		throw new Error(`the ClickHouse server did not start: ${said.slice(0, 2000)}`);
	}

	/**
	 * As a library the engine ends with an abort where another server resets a connection, as servers do when they need no more of an
	 * answer; a server proper only notes it. Whoever comes by the door is let go in peace.
	 */
	async openDoor() {
		if (this.door === undefined) return;
		this.listener = createServer({ allowHalfOpen: true }, (visitor) => {
			const inside = connect({ port: this.tcp, host: "127.0.0.1", allowHalfOpen: true });
			visitor.pipe(inside);
			inside.pipe(visitor);
			visitor.on("error", () => {
				inside.end();
				inside.resume();
			});
			inside.on("error", () => visitor.destroy());
			inside.on("close", () => visitor.destroy());
		});
		this.listener.listen(this.door, "127.0.0.1");
		await once(this.listener, "listening");
	}

	/** `kill -9`; resolves once it is gone. */
	async kill() {
		this.listener?.close();
		const { process: child } = this;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, "exit");
		child.kill("SIGKILL");
		await gone;
	}
}

async function started(servers, stop) {
	try {
		await Promise.all(servers.map((server) => server.start()));
	} catch (error) {
		await stop();
		throw error;
	}
}

function library() {
	if (spawnSync("python3", ["--version"]).error !== undefined) {
		throw new Error("python3 is missing, which starts the ClickHouse server: apt-get install -y python3");
	}
	const packages = fileURLToPath(new URL("../node_modules/@chdb/", import.meta.url));
	const found = (existsSync(packages) ? readdirSync(packages) : [])
		.map((name) => join(packages, name, "libchdb.so"))
		.find((path) => existsSync(path));
	if (found !== undefined) return found;
	throw new Error(
		`no ClickHouse engine for ${process.platform} ${process.arch} in test/real/node_modules/@chdb: run npm ci in test/real; there are engines for Linux with glibc and macOS`,
	);
}

/** Below the ports that the system gives to outgoing connections: one of those could be taken before the server is up. */
async function freePort() {
	for (let tries = 0; tries < 100; tries++) {
		const server = createServer();
		server.listen(randomInt(10_000, 32_000), "127.0.0.1");
		const isFree = await once(server, "listening").then(
			() => true,
			() => false,
		);
		if (!isFree) continue;
		const { port } = server.address();
		server.close();
		await once(server, "close");
		return port;
	}
	throw new Error("no port between 10000 and 32000 is free");
}
