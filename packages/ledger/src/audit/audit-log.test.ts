import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { type AuditNote, auditLog, auditTenants, readAudit } from "./index.ts";
import { withLock } from "./audit-lock.ts";

const root = mkdtempSync(join(tmpdir(), "farthing-audit-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;
const fresh = () => join(root, String(made++));
const note = (of: string, over: Partial<AuditNote> = {}): AuditNote => ({
	tenant: "finance",
	who: { kind: "person", id: "person:ada", name: "Ada" },
	action: "key.made",
	of,
	...over,
});
const ALL = { limit: 1000 };
const clock = () => Date.parse("2026-11-28T10:00:00Z");

describe("the audit log", () => {
	it("says who changed what, in a chain that holds, tenant by tenant", async () => {
		const log = auditLog(fresh(), clock);
		await log.note(note("a"));
		await log.note(note("b", { tenant: "search" }));
		await log.during(
			note("c", { action: "import" }),
			async () => 7,
			(records) => ({ records }),
		);
		const { entries, fault, unfinished, total } = await readAudit(log.folder, "finance", ALL);
		expect([fault, unfinished, total]).toEqual([undefined, [], 3]);
		expect(entries.map(({ seq, of, state, begun, detail }) => ({ seq, of, state, begun, detail }))).toEqual([
			{ seq: 3, of: "c", state: "done", begun: 2, detail: { records: 7 } },
			{ seq: 2, of: "c", state: "begun", begun: undefined, detail: undefined },
			{ seq: 1, of: "a", state: "done", begun: undefined, detail: undefined },
		]);
		expect(entries[2]).toMatchObject({ at: "2026-11-28T10:00:00.000Z", who: { name: "Ada" }, before: "0".repeat(64) });
		expect(auditTenants(log.folder)).toEqual(["finance", "search"]);
	});

	it("says of a change that failed that it failed, and of one in which the process died that it began", async () => {
		const log = auditLog(fresh(), clock);
		const failing = log.during(note("x"), () =>
			Promise.reject(Object.assign(new Error("secret"), { code: "disk-full" })),
		);
		await expect(failing).rejects.toThrow("secret");
		void log.during(note("y"), () => new Promise(() => undefined));
		await log.note(note("z"));
		const { entries, unfinished } = await readAudit(log.folder, "finance", ALL);
		expect(entries.find(({ state }) => state === "failed")).toMatchObject({ of: "x", detail: { reason: "disk-full" } });
		expect(unfinished).toHaveLength(1);
		expect(JSON.stringify(entries)).not.toContain("secret");
	});

	it.each([
		["a word changed", (text: string) => text.replace('"of":"b"', '"of":"B"'), 2],
		[
			"a line taken out",
			(text: string) =>
				text
					.split("\n")
					.filter((_, i) => i !== 1)
					.join("\n"),
			2,
		],
		[
			"two lines swapped",
			(text: string) =>
				text
					.split("\n")
					.map((line, i, all) => (i === 1 ? all[2] : i === 2 ? all[1] : line))
					.join("\n"),
			2,
		],
		["the first taken out", (text: string) => text.slice(text.indexOf("\n") + 1), 1],
		["a line that is none", (text: string) => text.replace("\n", "\n{}\n"), 2],
	])("tells %s", async (_, change, line) => {
		const log = auditLog(fresh(), clock);
		for (const of of ["a", "b", "c", "d"]) await log.note(note(of));
		const file = join(log.folder, "finance.jsonl");
		writeFileSync(file, change(readFileSync(file, "utf8")));
		expect((await readAudit(log.folder, "finance", ALL)).fault?.line).toBe(line);
	});

	it("mends an end that was never whole, and says so", async () => {
		const log = auditLog(fresh(), clock);
		await log.note(note("a"));
		appendFileSync(join(log.folder, "finance.jsonl"), '{"v":1,"seq":2,"at":"20');
		await log.note(note("b"));
		const { entries, fault } = await readAudit(log.folder, "finance", ALL);
		expect(fault).toBeUndefined();
		expect(entries.map(({ action, of, detail }) => [action, of, detail])).toEqual([
			["key.made", "b", undefined],
			["log.mended", undefined, { torn_bytes: 23 }],
			["key.made", "a", undefined],
		]);
	});

	it("holds no key, token or password, whatever it is given", async () => {
		const log = auditLog(fresh(), clock);
		const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
		const detail = { from: `https://ada:hunter2@id.test/${token}`, keys: ["fk_0123456789abcdef"] };
		await log.note(note("clickhouse://writer:hunter2@db:8123/x", { detail }));
		const text = readFileSync(join(log.folder, "finance.jsonl"), "utf8");
		for (const secret of ["hunter2", token, "fk_0123"]) expect(text).not.toContain(secret);
		expect((await readAudit(log.folder, "finance", ALL)).fault).toBeUndefined();
	});

	it.skipIf(process.platform !== "linux")(
		"says so where a file system takes no folders, and does not hang",
		async () => {
			await expect(auditLog("/proc/farthing/log.audit").note(note("a"))).rejects.toMatchObject({
				code: "log-unwritable",
			});
		},
	);

	it.skipIf(process.platform === "win32")("lets nobody else into the folders that it makes", async () => {
		const log = auditLog(join(fresh(), "log.audit"));
		await log.note(note("a"));
		expect(statSync(log.folder).mode & 0o777).toBe(0o700);
	});

	it("changes nothing where it cannot be written to", async () => {
		const blocked = fresh();
		writeFileSync(blocked, "a file where the folder would be");
		let changed = false;
		const work = async () => void (changed = true);
		await expect(auditLog(blocked).during(note("a"), work)).rejects.toMatchObject({ code: "log-unwritable" });
		expect(changed).toBe(false);
	});

	it("finds entries by time and action, the newest of them", async () => {
		let day = 1;
		const log = auditLog(fresh(), () => Date.UTC(2026, 10, day));
		for (; day <= 20; day++) await log.note(note(String(day), { action: day % 2 === 0 ? "import" : "key.made" }));
		const question = { from: "2026-11-05", to: "2026-11-15", actions: ["import"], limit: 3 } as const;
		const { entries, matching } = await readAudit(log.folder, "finance", question);
		expect([matching, entries.map(({ of }) => of)]).toEqual([5, ["14", "12", "10"]]);
	});
});

describe("several writers", () => {
	it("keep one chain", async () => {
		const folder = fresh();
		const logs = [auditLog(folder, clock), auditLog(folder, clock), auditLog(folder, clock)];
		await Promise.all(Array.from({ length: 60 }, (_, i) => logs[i % 3]?.note(note(String(i)))));
		const { fault, total } = await readAudit(folder, "finance", ALL);
		expect([fault, total]).toEqual([undefined, 60]);
	});

	it("do not wait for one that died, and wait for one that lives", async () => {
		const file = join(root, "lock");
		const { pid } = spawnSync(process.execPath, ["-e", ""]);
		writeFileSync(file, `${hostname()} ${pid}`);
		expect(await withLock(file, () => "mine", 5000)).toBe("mine");
		expect(existsSync(file)).toBe(false);
		for (const holder of [`${hostname()} ${process.pid}`, "another-machine 1", ""]) {
			writeFileSync(file, holder);
			await expect(withLock(file, () => "mine", 30)).rejects.toMatchObject({ code: "log-locked" });
		}
	});
});
