/**
 * What a server finds where it is to run, told by the flags that it is started with: its ledger, what waits, the disk,
 * keys, targets of scrapes, copies, and the server itself. Nothing is changed, and a ledger that a server has open is left
 * to it.
 */
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { formatQuantity } from "@farthing/engine";
import { readText } from "../files.ts";
import { withoutPassword } from "../ledger-file.ts";
import type { DoctorCheck } from "./doctor.ts";
import { modesCheck, spoolOf } from "./doctor-modes.ts";

export interface DeploymentFlags {
	readonly ledger?: string;
	readonly keys?: string;
	readonly listen?: string;
	readonly scrapes?: string;
	readonly backups?: string;
	readonly server?: string;
}

const GIGABYTE = 1024 ** 3;
const LEAST_FREE = GIGABYTE;
const BACKUP_OLD_DAYS = 2;
const CLOCK_OFF_SECONDS = 30;
const WITHIN_MS = 5000;

export async function deploymentChecks(flags: DeploymentFlags, store: CatalogueStore): Promise<DoctorCheck[]> {
	const { ledger, keys, listen, scrapes, backups, server } = flags;
	return [
		clockCheck(store.manifest().releaseDate, ledger),
		...(ledger === undefined ? [] : [await ledgerCheck(ledger), ...(await spoolChecks(ledger))]),
		...(keys === undefined && listen === undefined ? [] : [await keysCheck(keys, listen)]),
		...(scrapes === undefined ? [] : await scrapeChecks(scrapes)),
		...(backups === undefined ? [] : [backupCheck(backups)]),
		...(await modesCheck(flags)),
		...(server === undefined ? [] : await serverChecks(server)),
	];
}

async function ledgerCheck(ledger: string): Promise<DoctorCheck> {
	const name = "ledger";
	const { inspectLedger, storeFileOf } = await import("@farthing/ledger/store");
	const file = storeFileOf(ledger);
	const path = file ?? withoutPassword(ledger);
	const none = { name, state: "ok", detail: `none at ${path} yet: the server makes it` } as const;
	if (file !== undefined && !existsSync(file)) return none;
	try {
		const { form, present, requests } = await inspectLedger(ledger);
		if (form === 0) return none;
		const told = `${path} opens: form ${form}, ${formatQuantity(requests, "")} requests`;
		if (form === present) return { name, state: "ok", detail: told };
		if (form > present) {
			const fix = "use the farthing that wrote it, or a later one";
			return { name, state: "broken", detail: `${told}; this farthing knows form ${present}`, fix };
		}
		const fix = `copy it first: it is brought to form ${present} when it is next written to, and there is no way back`;
		return { name, state: "warning", detail: told, fix };
	} catch (error) {
		const { code, message, hint } = error as Error & { code?: string; hint?: string };
		if (code === "store-locked") return { name, state: "ok", detail: `${path} is open: a server or an import has it` };
		return { name, state: "broken", detail: message, ...(hint === undefined ? {} : { fix: hint }) };
	}
}

async function spoolChecks(ledger: string): Promise<DoctorCheck[]> {
	const folder = await spoolOf(ledger);
	return folder === undefined ? [] : [await spoolCheck(folder), await diskCheck(ledger, folder)];
}

async function spoolCheck(folder: string): Promise<DoctorCheck> {
	const { SPOOL_CAP_BYTES } = await import("@farthing/ledger/store");
	const name = "spool";
	const bytes = existsSync(folder)
		? readdirSync(folder).reduce(
				(sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
				0,
			)
		: 0;
	const detail = `${megabytes(bytes)} of ${megabytes(SPOOL_CAP_BYTES)} wait for the ledger`;
	if (bytes <= SPOOL_CAP_BYTES / 2) return { name, state: "ok", detail };
	const fix = "look why the ledger does not take them in: its disk, its log; beyond the limit nothing is accepted";
	return { name, state: bytes > 0.9 * SPOOL_CAP_BYTES ? "broken" : "warning", detail, fix };
}

/** A copy of the ledger needs as much room as the ledger. */
async function diskCheck(ledger: string, spool: string): Promise<DoctorCheck> {
	const name = "disk";
	const { storeFileOf } = await import("@farthing/ledger/store");
	const file = storeFileOf(ledger);
	const folder = nearestFolder(dirname(resolve(file ?? spool)));
	const { bavail, bsize } = statfsSync(folder);
	const free = bavail * bsize;
	const size = file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
	const detail = `${gigabytes(free)} free at ${folder}, ${file === undefined ? "for what waits" : `the ledger has ${gigabytes(size)}`}`;
	if (free < LEAST_FREE)
		return { name, state: "broken", detail, fix: "make room: events are refused when the disk is full" };
	if (free >= size) return { name, state: "ok", detail };
	return {
		name,
		state: "warning",
		detail,
		fix: "copies go elsewhere (--backups), or make room: one is as large as the ledger",
	};
}

function clockCheck(releaseDate: string, ledger: string | undefined): DoctorCheck {
	const name = "clock";
	const now = new Date();
	const detail = now.toISOString();
	const fix = "set the clock: events of wrong years are set aside, and days end at the wrong time";
	if (now.toISOString().slice(0, 10) < releaseDate)
		return { name, state: "broken", detail: `${detail} is before the release of the catalogue`, fix };
	const written = ledger === undefined ? undefined : statSync(ledger, { throwIfNoEntry: false })?.mtime;
	if (written !== undefined && written.getTime() > now.getTime() + 60_000)
		return { name, state: "warning", detail: `${detail}, and the ledger was written at ${written.toISOString()}`, fix };
	return { name, state: "ok", detail };
}

async function keysCheck(file: string | undefined, listen: string | undefined): Promise<DoctorCheck> {
	const name = "keys";
	const { isLoopbackAddress, LOOPBACK, parseKeyFile } = await import("@farthing/server");
	const address = listen ?? LOOPBACK;
	if (file === undefined) {
		if (isLoopbackAddress(address)) return { name, state: "ok", detail: `none needed on ${address}` };
		const fix = "farthing serve --keys keys.json --add-key NAME --scopes read, and start it with --keys keys.json";
		return { name, state: "broken", detail: `${address} is open to others, and there are no keys`, fix };
	}
	try {
		const keys = parseKeyFile(readText(file, "a file of API keys"), file).filter(
			({ revoked }) => revoked === undefined,
		);
		const scopes = [...new Set(keys.flatMap((key) => key.scopes))].sort();
		const detail = `${keys.length} in ${file} for ${address}, with ${scopes.join(", ") || "no scope"}`;
		if (keys.length === 0) {
			const fix = `farthing serve --keys ${file} --add-key NAME --scopes read`;
			return { name, state: isLoopbackAddress(address) ? "warning" : "broken", detail, fix };
		}
		return { name, state: "ok", detail };
	} catch (error) {
		return {
			name,
			state: "broken",
			detail: (error as Error).message,
			fix: `farthing serve --keys ${file} --add-key NAME --scopes read`,
		};
	}
}

async function scrapeChecks(file: string): Promise<DoctorCheck[]> {
	const { parseScrapeConfig, tryTarget } = await import("@farthing/server");
	const name = "scrape";
	let config: ReturnType<typeof parseScrapeConfig>;
	try {
		config = parseScrapeConfig(readText(file, "a list of scrapes"), file);
	} catch (error) {
		return [{ name, state: "broken", detail: (error as Error).message, fix: "mend the file: docs/server.md has one" }];
	}
	return Promise.all(
		config.targets.map(async (target): Promise<DoctorCheck> => {
			const { url, job } = target;
			try {
				const bytes = await tryTarget(target, config.allowed, process.env);
				return { name, state: "ok", detail: `${job} ${url.href}: ${formatQuantity(bytes, "")} bytes` };
			} catch (error) {
				const detail = `${job} ${url.href}: ${(error as Error).message}`;
				return {
					name,
					state: "warning",
					detail,
					fix: "GPU time and tokens of that target are missing until it answers",
				};
			}
		}),
	);
}

function backupCheck(folder: string): DoctorCheck {
	const name = "backups";
	const fix = "POST /v1/backups, by a schedule";
	const newest = existsSync(folder)
		? readdirSync(folder)
				.filter((file) => file.startsWith("ledger-") && file.endsWith(".duckdb"))
				.sort()
				.at(-1)
		: undefined;
	if (newest === undefined) return { name, state: "warning", detail: `no copy of a ledger in ${folder}`, fix };
	const days = (Date.now() - statSync(join(folder, newest)).mtimeMs) / 86_400_000;
	const detail = `newest is ${newest}, ${days < 1 ? "less than a day" : `${Math.floor(days)} days`} old`;
	return days <= BACKUP_OLD_DAYS ? { name, state: "ok", detail } : { name, state: "warning", detail, fix };
}

async function serverChecks(url: string): Promise<DoctorCheck[]> {
	const name = "server";
	const fix = "start it: farthing serve";
	if (!/^https?:\/\//i.test(url)) {
		return [{ name, state: "broken", detail: `${url} is no address of a server`, fix: `--server http://${url}` }];
	}
	try {
		const asked = Date.now();
		const answer = await fetch(new URL("/healthz", url), {
			redirect: "manual",
			signal: AbortSignal.timeout(WITHIN_MS),
		});
		const took = Date.now() - asked;
		if (answer.status !== 200) return [{ name, state: "broken", detail: `${url} answers ${answer.status}`, fix }];
		const { catalogue, ledger } = (await answer.json()) as { catalogue?: unknown; ledger?: unknown };
		const has = ledger === true ? "with a ledger" : "without a ledger";
		const detail = `${url} answers, catalogue ${String(catalogue)}, ${has}`;
		return [{ name, state: "ok", detail }, serverClock(answer.headers.get("date"), asked + took / 2)];
	} catch (error) {
		const { message, cause } = error as Error;
		const why = cause instanceof Error ? cause.message : message;
		return [{ name, state: "broken", detail: `${url} does not answer: ${why}`, fix }];
	}
}

function serverClock(date: string | null, now: number): DoctorCheck {
	const name = "clock of the server";
	const off = date === null ? Number.NaN : Math.abs(Date.parse(date) - now) / 1000;
	if (Number.isNaN(off)) return { name, state: "warning", detail: "it does not say what time it is" };
	const detail = off < 2 ? "the same as here" : `${Math.round(off)} s from the one here`;
	if (off <= CLOCK_OFF_SECONDS) return { name, state: "ok", detail };
	return { name, state: "warning", detail, fix: "set both clocks by NTP" };
}

function nearestFolder(folder: string): string {
	return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1024 ** 2)} MB`;
}

function gigabytes(bytes: number): string {
	return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}
