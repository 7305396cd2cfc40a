import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { keysInFile } from "./key-file.ts";
import { keyFileText, newKey, parseKeyFile } from "./keys.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-key-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a running server knows a new key and no revoked one within a second; a broken file changes nothing and is told once", async () => {
	const file = join(folder, "keys.json");
	const created = "2026-11-01T00:00:00.000Z";
	const [old, fresh] = ["old", "fresh"].map((id) => newKey({ id, tenant: "a", scopes: ["read"], created }));
	if (old === undefined || fresh === undefined) throw new Error("two keys were made");
	writeFileSync(file, keyFileText([old.stored]));
	let now = 0;
	const told: string[] = [];
	const read = () => parseKeyFile(readFileSync(file, "utf8"), file);
	const source = keysInFile(file, { read, now: () => now, told: (message) => told.push(message) });
	const access = {
		kind: "keys" as const,
		get keys() {
			return source();
		},
	};
	const http = testApp({ access });
	const statuses = async () =>
		Promise.all(
			[old, fresh].map(async ({ secret }) => {
				const { status } = await http.ask("/v1/catalog", { headers: { authorization: `Bearer ${secret}` } });
				return status;
			}),
		);
	expect(await statuses()).toEqual([200, 401]);
	writeFileSync(file, keyFileText([{ ...old.stored, revoked: created }, fresh.stored]));
	// It is looked at once a second, however many ask.
	expect(await statuses()).toEqual([200, 401]);
	now += 1000;
	expect(await statuses()).toEqual([401, 200]);
	for (const breaks of [() => writeFileSync(file, '{"version": 1, "keys": ['), () => unlinkSync(file)]) {
		breaks();
		for (let i = 0; i < 3; i++) {
			now += 1000;
			expect(await statuses()).toEqual([401, 200]);
		}
	}
	expect(told).toEqual([
		expect.stringMatching(/keys\.json is read anew: 2 keys, 1 of them revoked/),
		expect.stringMatching(/keys\.json is not JSON; the keys read before hold/),
		expect.stringMatching(/no such file.*; the keys read before hold/),
	]);
	now += 1000;
	writeFileSync(file, keyFileText([old.stored, fresh.stored]));
	expect(await statuses()).toEqual([200, 200]);
});
