/** Newer facts: signed, taken into use from a file and from a server, used in every answer, and given up again. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerOf, bin, cleanEnvironment, farthing, folderWith, type Json, root } from "./farthing.ts";

let folder: string;
let data: Readonly<Record<string, string>>;
let servers: Server[] = [];
const today = new Date().toISOString().slice(0, 10);

beforeAll(() => {
	folder = folderWith({}, { scenarios: true });
	data = { FARTHING_DATA: join(folder, "data"), FARTHING_CATALOGUE: "" };
	cpSync(join(root, "catalogue"), join(folder, "facts"), { recursive: true });
	edit("catalogue.yaml", /^version: .*\nreleased: .*$/m, `version: 2030.1.0\nreleased: ${today}`);
	edit("rate-cards.yaml", /(id: "2026-07"[\s\S]*?b200-sxm:[\s\S]*?own_neocloud: )2\.07/, "$12.3");
	expect(run("catalog new-key facts").code).toBe(0);
	expect(run("catalog sign facts --key facts.pem -o signed.json").stdout).toContain("2030.1.0");
	answer("plan scenarios/prototype-to-5b.yaml -o before.json --as-of 2026-11-22");
});

afterAll(() => {
	for (const server of servers) server.close();
	servers = [];
});

describe("catalog update", () => {
	it("shows the change, and what it does to a saved result and to a scenario, and installs nothing on a dry run", () => {
		const against = "--against before.json,scenarios/prototype-to-5b.yaml";
		const { result } = answer(
			`catalog update signed.json --trust facts.pub.pem --dry-run ${against} --as-of 2026-11-22`,
		);
		expect(result.installed).toBe(false);
		expect(result.changes).toEqual([
			{
				change: "changed",
				collection: "rateCards",
				id: "2026-07",
				path: "rates.b200-sxm.own_neocloud",
				before: expect.objectContaining({ value: 2.07, unit: "USD/GPU-hr", as_of: "2026-07-31" }),
				after: expect.objectContaining({ value: 2.3, unit: "USD/GPU-hr", source: "inferencex-card-2026-07" }),
			},
		]);
		const [effect] = result.effects as readonly Json[];
		// the bill is 40 GPUs at the rate: it moves by the share that the rate moves by
		expect(effect.to.value).toBeCloseTo((effect.from.value * 2.3) / 2.07, 12);
		expect(effect.changes).toHaveLength(1);
		expect(effect.changes[0].figure).toBe("rate-cards/2026-07/b200-sxm/own_neocloud");
		expect(effect.changes[0].delta.value).toBeCloseTo(effect.to.value - effect.from.value, 12);
		const [diff] = result.replanned as readonly Json[];
		expect([diff.from.value, diff.to.value]).toEqual([effect.from.value, expect.closeTo(effect.to.value, 12)]);
		expect(existsSync(join(folder, "data"))).toBe(false);
		expect(answer("catalog list").catalogue).not.toContain("2030.1.0");
	});

	it("takes it into use: every answer names it from then on, over HTTP too, until it is rolled back", async () => {
		const { result } = answer("catalog update signed.json --trust facts.pub.pem");
		const name = `2030.1.0+${(result.to.hash as string).slice(0, 12)}`;
		expect(result.installed).toBe(true);
		const planned = answer("plan scenarios/prototype-to-5b.yaml --as-of 2026-11-22");
		expect(planned.catalogue).toBe(name);
		expect(planned.result.options[0].delivered.value).toBeCloseTo((0.39744 * 2.3) / 2.07, 9);
		expect(await overHttp("/v1/catalog")).toMatchObject({ catalogue: name });
		expect(answer("catalog update signed.json --trust facts.pub.pem").result.installed).toBe(false);
		expect(run("doctor").stdout).toContain("2030.1.0");
		const id = (result.to.hash as string).slice(0, 12);
		expect(answer("catalog list", { FARTHING_CATALOGUE: "built-in" }).catalogue).not.toContain("2030.1.0");
		expect(answer("catalog rollback").result.id).toBe("built-in");
		expect(answer("catalog list").catalogue).not.toContain("2030.1.0");
		expect(answer("catalog list", { FARTHING_CATALOGUE: id }).catalogue).toBe(name);
		expect(answer(`catalog rollback --to ${id}`).catalogue).toBe(name);
		expect(answer("catalog rollback").result.id).toBe("built-in");
		expect(run("catalog rollback --to 0123456789ab").code).toBe(2);
		const log = answer(`audit --log ${join(folder, "data/catalogues.audit")}`).result.entries as readonly Json[];
		expect(log.map(({ action, state }) => `${action} ${state}`).reverse()).toEqual([
			...["begun", "done"].map((state) => `catalog.updated ${state}`),
			...["begun", "done", "begun", "done", "begun", "done", "begun", "failed"].map(
				(state) => `catalog.rolled-back ${state}`,
			),
		]);
		expect(log.at(-1)).toMatchObject({ of: name, detail: { source: "signed.json" }, who: { kind: "user" } });
	});

	it("copies the facts in use out, as they were signed", () => {
		expect(run("catalog copy copied").code).toBe(0);
		for (const path of readdirSync(join(root, "catalogue"), { recursive: true, encoding: "utf8" }))
			if (/\.(?:yaml|csv)$/.test(path))
				expect(readFileSync(join(folder, "copied", path), "utf8")).toBe(
					readFileSync(join(root, "catalogue", path), "utf8"),
				);
		expect(run("catalog copy copied").code).toBe(2);
	});

	it("refuses what is older, unsigned, of others or not valid, and leaves what is in use", () => {
		edit("catalogue.yaml", /^released: .*$/m, "released: 2020-01-02");
		run("catalog sign facts --key facts.pem -o older.json");
		edit("catalogue.yaml", /^released: .*$/m, "released: 2130-01-02");
		run("catalog sign facts --key facts.pem -o ahead.json");
		edit("catalogue.yaml", /^version: .*\nreleased: .*$/m, `version: 2026.9.10\nreleased: ${releasedHere()}`);
		run("catalog sign facts --key facts.pem -o same-day.json");
		edit("catalogue.yaml", /^version: .*\nreleased: .*$/m, `version: 2030.1.0\nreleased: ${today}`);
		run("catalog new-key others");
		const refused = (args: string): readonly [number | null, string] => {
			const { code, stderr } = run(`catalog update ${args}`);
			return [code, stderr];
		};
		expect(refused("older.json --trust facts.pub.pem")).toEqual([2, expect.stringContaining("2020-01-02")]);
		expect(refused("ahead.json --trust facts.pub.pem --allow-older")).toEqual([
			2,
			expect.stringMatching(/released on 2130-01-02, and that day is yet to come/),
		]);
		expect(refused("same-day.json --trust facts.pub.pem")).toEqual([
			2,
			expect.stringMatching(/it is version 2026\.9\.10, the one in use 2026\.\d+\.\d+, both released on/),
		]);
		expect(refused("signed.json --trust others.pub.pem")).toEqual([
			2,
			expect.stringMatching(/not among those trusted/),
		]);
		expect(refused("before.json --trust facts.pub.pem")).toEqual([2, expect.stringMatching(/no signed catalogue/)]);
		expect(refused("signed.json")).toEqual([2, expect.stringMatching(/--trust/)]);
		expect(refused("signed.json --trust facts.pem")).toEqual([2, expect.stringMatching(/private key/)]);
		expect(existsSync(join(folder, "data/in-use.json"))).toBe(true);
		expect(answer("catalog list").catalogue).not.toContain("2030");
		const others = run("catalog new-key others");
		expect([others.code, others.stderr]).toEqual([2, expect.stringMatching(/others\.pem is there already/)]);
	});

	it("is told where the data folder is damaged, and how to go on", () => {
		const broken = { FARTHING_DATA: join(folder, "broken"), FARTHING_CATALOGUE: "" };
		answer("catalog update signed.json --trust facts.pub.pem", broken);
		writeFileSync(join(folder, "broken/in-use.json"), "{");
		const said = farthing("catalog list", { cwd: folder, env: broken });
		expect([said.code, said.stderr]).toEqual([2, expect.stringMatching(/in-use\.json[\s\S]*try: remove/)]);
		const doctor = farthing("doctor --json", { cwd: folder, env: broken });
		const checks = (JSON.parse(doctor.stdout) as Json).result.checks as readonly Json[];
		expect(doctor.code).toBe(1);
		expect(checks.find(({ name }) => name === "catalogue")).toMatchObject({
			state: "broken",
			detail: expect.stringContaining("in-use.json"),
			fix: expect.stringMatching(/^remove/),
		});
		expect(checks.length).toBeGreaterThan(3);

		const [id = ""] = readdirSync(join(folder, "broken/catalogues"));
		writeFileSync(join(folder, "broken/in-use.json"), JSON.stringify({ id, before: ["built-in"] }));
		const facts = join(folder, "broken/catalogues", id, "facts.json");
		writeFileSync(facts, readFileSync(facts, "utf8").replace('"value":2.3', '"value":1.3'));
		const fix = /rollback --to built-in, then farthing catalog update \S+signed\.json --trust KEY/;
		for (const args of ["price --gpu-hour 2 --tokens-per-second 1000", "serve --port 0", "mcp"]) {
			const edited = farthing(args, { cwd: folder, env: broken });
			expect([edited.code, edited.stderr], args).toEqual([
				2,
				expect.stringMatching(/facts\.json is not as it was installed/),
			]);
			expect(edited.stderr).toMatch(fix);
		}
		const told = JSON.parse(farthing("doctor --json", { cwd: folder, env: broken }).stdout) as Json;
		expect((told.result.checks as readonly Json[]).find(({ name }) => name === "catalogue")).toMatchObject({
			state: "broken",
			detail: expect.stringContaining("facts.json"),
			fix: expect.stringMatching(fix),
		});
		expect(farthing("catalog rollback", { cwd: folder, env: broken }).code).toBe(0);
		const back = farthing(`catalog rollback --to ${id}`, { cwd: folder, env: broken });
		expect([back.code, back.stderr]).toEqual([2, expect.stringContaining("facts.json")]);
		expect(answer("catalog update signed.json --trust facts.pub.pem", broken).result.installed).toBe(true);
		expect(answer("catalog list", broken).catalogue).toContain("2030.1.0");

		// making a folder there with those above it would never end
		const nowhere = { FARTHING_DATA: "/proc/farthing/data", FARTHING_CATALOGUE: "" };
		const refused = farthing("catalog update signed.json --trust facts.pub.pem", { cwd: folder, env: nowhere });
		expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("FARTHING_DATA names another folder")]);
	});
});

describe("catalog update from a server", () => {
	it("takes it, and refuses what is sent on, missing, endless, or not from this machine without TLS", async () => {
		const signed = readFileSync(join(folder, "signed.json"));
		const url = await serving((path) => {
			if (path === "/signed.json") return { status: 200, body: signed };
			if (path === "/elsewhere") return { status: 302, headers: { location: "/signed.json" } };
			return path === "/endless" ? { status: 200, endless: true } : { status: 404 };
		});
		const update = async (from: string): Promise<readonly [number | null, string]> => {
			const { code, output } = await child(["catalog", "update", from, "--trust", "facts.pub.pem", "--dry-run"]);
			return [code, output];
		};
		expect(await update(`${url}/signed.json`)).toEqual([0, expect.stringContaining("2030.1.0")]);
		expect(await update(`${url}/elsewhere`)).toEqual([2, expect.stringMatching(/sends on to \/signed\.json/)]);
		expect(await update(`${url}/missing`)).toEqual([2, expect.stringMatching(/answered 404/)]);
		expect(await update(`${url}/endless`)).toEqual([2, expect.stringMatching(/larger than 64 MB/)]);
		expect(await update("http://farthing.invalid/x")).toEqual([
			2,
			expect.stringMatching(/https, or http on this machine/),
		]);
		expect(await update("file:///etc/hosts")).toEqual([2, expect.stringMatching(/it is file:/)]);
	});
});

function run(args: string): ReturnType<typeof farthing> {
	return farthing(args, { cwd: folder, env: data });
}

function answer(args: string, env: Readonly<Record<string, string>> = {}): Json {
	return answerOf(`${args} --json`, { cwd: folder, env: { ...data, ...env } });
}

function edit(file: string, old: RegExp, now: string): void {
	const path = join(folder, "facts", file);
	const text = readFileSync(path, "utf8");
	expect(text).toMatch(old);
	writeFileSync(path, text.replace(old, now));
}

/** Not a synchronous child: the server that it asks runs in this process. */
function child(args: readonly string[]): Promise<{ code: number | null; output: string }> {
	return new Promise((resolve) => {
		const started = spawn(process.execPath, [bin, ...args], { cwd: folder, env: { ...cleanEnvironment(), ...data } });
		let output = "";
		for (const stream of [started.stdout, started.stderr]) stream.on("data", (part) => (output += part));
		started.on("close", (code) => resolve({ code, output }));
	});
}

async function overHttp(path: string): Promise<unknown> {
	const server = spawn(process.execPath, [bin, "serve", "--port", "0"], {
		cwd: folder,
		env: { ...cleanEnvironment(), ...data },
	});
	try {
		let output = "";
		let notes = "";
		server.stderr.on("data", (part) => (notes += part));
		for await (const part of server.stdout) {
			output += part;
			const url = /answers at (\S+)\/v1 /.exec(output)?.[1];
			if (url === undefined) continue;
			const answered: unknown = await (await fetch(`${url}${path}`)).json();
			expect(notes).toContain(
				"note: /v1 answers with catalogue 2030.1.0; the pages compute with that of this farthing",
			);
			return answered;
		}
		throw new Error(output);
	} finally {
		server.kill("SIGTERM");
	}
}

interface Reply {
	readonly status: number;
	readonly headers?: Record<string, string>;
	readonly body?: Buffer;
	readonly endless?: boolean;
}

async function serving(replyTo: (path: string) => Reply): Promise<string> {
	const server = createServer((request, response) => {
		const { status, headers = {}, body, endless } = replyTo(request.url ?? "");
		response.writeHead(status, headers);
		if (endless !== true) {
			response.end(body);
			return;
		}
		const part = Buffer.alloc(1 << 20, 32);
		const write = (): void => {
			while (!response.destroyed && response.write(part));
			if (!response.destroyed) response.once("drain", write);
		};
		write();
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The day on which the catalogue that comes with farthing was released. */
function releasedHere(): string {
	return /^released: (\S+)$/m.exec(readFileSync(join(root, "catalogue/catalogue.yaml"), "utf8"))?.[1] ?? "";
}
