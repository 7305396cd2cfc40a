// Threads that answer: one that works longer than a question may is ended, and documents do not wait for a simulation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

const { asker } = await import(new URL("../../packages/server/dist/asker.js", import.meta.url));
const text = readFileSync(new URL("../../scenarios/prototype-to-5b.yaml", import.meta.url), "utf8");
const scenario = { name: "scenario", text };
/** Minutes of work. */
const endless = { kind: "simulate", words: { scenario, hours: "8760" } };
const withinMs = 4000;
const asking = asker({ threads: 1, waiting: 4, withinMs });
const unhurried = asker({ threads: 1, waiting: 4 });
after(() => Promise.all([asking.close(), unhurried.close()]));

/** A thread that starts may take as long as a question may. */
async function patiently(ask) {
	for (let tries = 1; ; tries++) {
		try {
			return await ask();
		} catch (error) {
			if (error.code !== "too-slow" || tries === 10) throw error;
		}
	}
}
const price = (gpuHour) => patiently(() => asking.ask({ kind: "price", words: { gpuHour, tokensPerSecond: "100" } }));

it("a question that takes longer than it may is ended with its thread, and others are answered", async () => {
	await price("2");
	const began = Date.now();
	await assert.rejects(asking.ask(endless), { status: 503, code: "too-slow" });
	assert.ok(Date.now() - began >= withinMs - 50);
	assert.ok(JSON.parse((await price("3")).shown).result.unit_cost.value > 0);
	assert.equal(asking.depth, 0);
});

it("documents do not wait for a simulation", async () => {
	const stop = new AbortController();
	let told = 0;
	const long = unhurried.askLong(endless, stop.signal, () => told++);
	const ended = assert.rejects(long);
	for (let waited = 0; told === 0 && waited < 60_000; waited += 100) await sleep(100);
	assert.ok(told > 0, "the simulation runs");
	const made = await unhurried.report({ subject: { scenario: text }, formats: ["md"], words: {} });
	assert.deepEqual(
		made.files.map(({ format }) => format),
		["md"],
	);
	stop.abort();
	await ended;
});
