import { afterEach, expect, it, vi } from "vitest";
import { readFileSync } from "node:fs";
import { directAsker } from "../test-support/direct-asker.ts";
import { testApp } from "../test-support/test-app.ts";
import type { Answered } from "./asker.ts";
import { JOB_LIMITS, jobBoard } from "./jobs.ts";
import { RefusalError } from "./problem.ts";

afterEach(() => void vi.useRealTimers());

it("a job may take as long as it may from when it runs, not from when it was asked", async () => {
	vi.useFakeTimers();
	const answered: Answered = { id: "0123456789abcdef", shown: "{}", whole: "", etag: "" };
	const jobs = jobBoard(
		(_, signal) =>
			new Promise((resolve, reject) => {
				signal.addEventListener("abort", () => reject(new Error("aborted")));
				setTimeout(() => resolve(answered), 80);
			}),
		{ ...JOB_LIMITS, withinMs: 100 },
	);
	const ids = ["1", "2", "3"].map((hours) => {
		return jobs.start("a", { kind: "simulate", words: { hours } }, () => undefined).id;
	});
	await vi.advanceTimersByTimeAsync(300);
	expect(ids.map((id) => jobs.find("a", id)?.state)).toEqual(["done", "done", "done"]);
});

it("why a job failed is told in the language of whoever asks", async () => {
	const asker = directAsker();
	const fault = new RefusalError(503, "too-slow", { en: "it took too long", zh: "用时过长" });
	const scenario = readFileSync(new URL("../../../scenarios/prototype-to-5b.yaml", import.meta.url), "utf8");
	const http = testApp({ asker, jobs: jobBoard(() => Promise.reject(fault)) });
	const { id } = JSON.parse(await (await http.post("/v1/simulations", { scenario, hours: 1 })).text());
	const told = async (path: string, language: string) =>
		(await http.ask(path, { headers: { "accept-language": language } })).text();
	const job = `/v1/simulations/${id}`;
	expect(JSON.parse(await told(job, "en"))).toMatchObject({ state: "failed", problem: { detail: "it took too long" } });
	expect(JSON.parse(await told(job, "zh"))).toMatchObject({ problem: { code: "too-slow", detail: "用时过长" } });
	expect(await told(`${job}/events`, "zh")).toMatch(/event: failed\ndata: .*用时过长/);
});
