import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { answerOf, bin, cleanEnvironment, farthing, folderWith, root, type Json } from "./farthing.ts";

const running: ChildProcess[] = [];
afterEach(() => {
	for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts `farthing serve` on a free port; resolves with its address when it answers. */
async function served(
	args: readonly string[] = [],
): Promise<{ url: string; ended: Promise<number | null>; child: ChildProcess }> {
	const child = spawn(process.execPath, [bin, "serve", "--port", "0", ...args], { env: cleanEnvironment(), cwd: root });
	running.push(child);
	const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
	const url = await new Promise<string>((resolve, reject) => {
		let text = "";
		const seen = (chunk: Buffer): void => {
			text += chunk;
			const found = /answers at (http:\S+)\/v1/.exec(text)?.[1];
			if (found !== undefined) resolve(found);
		};
		child.stdout?.on("data", seen);
		child.stderr?.on("data", seen);
		void ended.then((code) => reject(new Error(`serve ended with ${code}: ${text}`)));
	});
	return { url, ended, child };
}

describe("farthing serve", () => {
	it("gives the numbers of the command line, to the last digit, and ends with 0 after what it was asked", async () => {
		const { url, ended, child } = await served();
		const claim = (await (await fetch(`${url}/v1/claims/gb300-35x`)).json()) as Json;
		expect(claim.result).toEqual(answerOf("claim gb300-35x --json").result);
		const scenario = readFileSync(join(root, "scenarios/prototype-to-5b.yaml"), "utf8");
		const body = JSON.stringify({ scenario });
		const asked = fetch(`${url}/v1/plans`, { method: "POST", body, headers: { "content-type": "application/json" } });
		await new Promise((resolve) => setTimeout(resolve, 200));
		child.kill("SIGTERM");
		const plan = (await (await asked).json()) as Json;
		expect(plan.result.options).toEqual(answerOf("plan scenarios/prototype-to-5b.yaml --json").result.options);
		expect(await ended).toBe(0);
	});

	it("asks for a key where it is told to, and keeps no secret", async () => {
		const folder = folderWith();
		const keys = join(folder, "keys.json");
		const { code, stdout } = farthing(["serve", "--keys", keys, "--add-key", "ci", "--scopes", "read"]);
		expect(code).toBe(0);
		const secret = stdout.trim();
		expect(readFileSync(keys, "utf8")).not.toContain(secret.slice(3, 20));
		const { url } = await served(["--keys", keys]);
		expect((await fetch(`${url}/v1/catalog`)).status).toBe(401);
		expect((await fetch(`${url}/healthz`)).status).toBe(200);
		const known = await fetch(`${url}/v1/catalog`, { headers: { authorization: `Bearer ${secret}` } });
		expect(known.status).toBe(200);
	});

	it("refuses to be open to others, and says what to give", () => {
		const open = farthing("serve --listen 0.0.0.0 --port 0");
		expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/--keys/)]);
		expect(farthing("serve --port x").code).toBe(2);
		expect(farthing("serve --keys nothing.json").code).toBe(2);
	});
});
