/** A server from start to a stop that loses nothing: no new connections, open requests end, then threads and the ledger are closed. */
import type { AddressInfo } from "node:net";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import type { AuditLog } from "@farthing/ledger/audit";
import { budgetFileOf } from "@farthing/ledger/budgets";
import type { LiveOptions } from "@farthing/ledger/store";
import type { Access, Limits } from "./access/gate.ts";
import type { SignOnConfig } from "./access/sign-on/config.ts";
import { asker } from "./asker.ts";
import type { BesideOfServer } from "./http/actuals-routes.ts";
import { budgetDesk } from "./budget-desk.ts";
import { noteCatalogue } from "./catalogue-noted.ts";
import { createApp } from "./http/app.ts";
import { siteFolder } from "./http/site-routes.ts";
import { httpServer, SOCKET_LIMITS } from "./http-server.ts";
import { openIntake } from "./intake.ts";
import { jobBoard } from "./jobs.ts";
import { loadShed } from "./load-shed.ts";
import { packDesk, type PackPlan } from "./pack-desk.ts";
import { fileShelf } from "./report-shelf.ts";
import { resultShelf } from "./results.ts";
import type { ScrapeConfig } from "./scrape/config.ts";
import { startScrapes } from "./scrape/schedule.ts";

export interface ListenOptions {
	readonly port: number;
	/** Address to bind to; 127.0.0.1 unless given. */
	readonly address?: string;
	readonly access?: Access;
	/** Identity provider that people sign in with; then callers without a key or a session are refused. */
	readonly signOn?: SignOnConfig;
	/** File that their sessions are kept in, so that they outlive the server; none are unless given. */
	readonly sessions?: string;
	readonly limits?: Limits;
	readonly threads?: number;
	readonly waiting?: number;
	/** Ledger to take events into, by path or URL. This process alone opens it. */
	readonly ledger?: string;
	/** Monthly packs of that ledger, and how they are made. */
	readonly packs?: PackPlan;
	/** Folder of the log of who changed what; none is kept unless given. */
	readonly audit?: string;
	/** Days before today whose events that ledger keeps; all unless given. */
	readonly retainDays?: number;
	/** Folder that copies of it are written to on request, and how many are kept. */
	readonly backups?: { readonly folder: string; readonly keep?: number };
	/** Told of samples that are left out of it. */
	readonly warn?: (message: string) => void;
	/** What is scraped into that ledger, and when. */
	readonly scrapes?: ScrapeConfig;
	/** Exchange rates and benchmarks that actuals of it are worked out with. */
	readonly beside?: BesideOfServer;
	/** Flags by which `farthing actuals` reads that ledger with the same. */
	readonly besideFlags?: readonly string[];
}

export interface Listening {
	readonly url: string;
	/** Resolves when every open request was answered and all is closed. */
	stop(): Promise<void>;
}

export const LOOPBACK = "127.0.0.1";
const LIMITS: Limits = { perSecond: 5000, burst: 10_000 };
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const ANSWER_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
/** Connections that wait to be taken: one more is tried again by its side after a second, then two, then four. */
const BACKLOG = 4096;

/**
 * Throws where the address is not loopback and no keys are demanded, as others could ask; StoreError where the ledger
 * cannot be opened.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
	const {
		port,
		address = LOOPBACK,
		access: keys = { kind: "single-user" },
		limits = LIMITS,
		threads = 1,
		waiting = 32,
		ledger,
		retainDays,
	} = options;
	const isLoopback = isLoopbackAddress(address);
	const access = await withSignOn(keys, options.signOn, options.sessions);
	if (!isLoopback && access.kind === "single-user") {
		throw new Error("beyond loopback the server needs API keys");
	}
	const { version, hash } = catalogueInUse().store.manifest();
	const audit = options.audit === undefined ? undefined : await openAudit(options.audit);
	if (audit !== undefined) await noteCatalogue(audit, `${version}+${hash.slice(0, 12)}`);
	const intake =
		ledger === undefined
			? undefined
			: await openIntake(ledger, {
					...(options.warn === undefined ? {} : { warn: options.warn }),
					...(retainDays === undefined ? {} : { retainDays }),
					...(audit === undefined ? {} : { retaining: retainingTold(audit, ledger) }),
				});
	const scraping =
		intake === undefined || options.scrapes === undefined
			? undefined
			: startScrapes(options.scrapes, intake, { now: () => Date.now(), environment: process.env });
	const site = siteFolder();
	const asking = asker({ threads, waiting });
	const jobs = jobBoard(asking.askLong);
	const shed = loadShed();
	const budgets =
		intake === undefined || ledger === undefined
			? undefined
			: budgetDesk(budgetFileOf(ledger), intake, asking, options.beside ?? {});
	const packs =
		intake === undefined || options.packs === undefined ? undefined : packDesk(options.packs, intake.reads, audit);
	const app = createApp({
		shed,
		asker: asking,
		results: resultShelf(),
		reports: fileShelf(),
		jobs,
		access,
		limits,
		isLoopback,
		clock: () => performance.now(),
		maxBodyBytes: MAX_BODY_BYTES,
		answerWithinMs: ANSWER_WITHIN_MS,
		catalogue: `${version}+${hash.slice(0, 12)}`,
		...(intake === undefined ? {} : { intake }),
		...(options.backups === undefined ? {} : { backups: { ...options.backups, now: () => new Date() } }),
		...(scraping === undefined ? {} : { scrapes: scraping.tallies }),
		...(audit === undefined ? {} : { audit }),
		...(budgets === undefined ? {} : { budgets }),
		...(packs === undefined ? {} : { packs }),
		...(options.beside === undefined ? {} : { beside: options.beside }),
		...(options.besideFlags === undefined ? {} : { besideFlags: options.besideFlags }),
		...(site === undefined ? {} : { site }),
	});
	const server = httpServer(app.fetch, SOCKET_LIMITS, shed);
	try {
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen({ port, host: address, backlog: BACKLOG }, resolve);
		});
	} catch (error) {
		await scraping?.stop();
		await packs?.stop();
		await asking.close();
		await intake?.close();
		throw error;
	}
	const bound = server.address() as AddressInfo;
	const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
	return {
		url: `http://${host}:${bound.port}`,
		async stop() {
			jobs.close();
			const scraped = scraping?.stop();
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeIdleConnections();
			const late = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
			await closed;
			clearTimeout(late);
			await scraped;
			await packs?.stop();
			await asking.close();
			await intake?.close();
		},
	};
}

async function openAudit(folder: string): Promise<AuditLog> {
	const { auditLog } = await import("@farthing/ledger/audit");
	return auditLog(folder);
}

/** What the server drops by itself, as it was told at its start. */
function retainingTold(audit: AuditLog, ledger: string): NonNullable<LiveOptions["retaining"]> {
	return (since, drop) => {
		const detail = { kept_since: new Date(since / 1000).toISOString() };
		const note = { tenant: "local", who: { kind: "schedule", id: "retain" }, action: "ledger.retained" } as const;
		return audit.during({ ...note, of: ledger, detail }, drop, ({ dropped }) => ({ dropped }));
	};
}

/** What speaks to providers is loaded where there is one. */
async function withSignOn(
	access: Access,
	config: SignOnConfig | undefined,
	sessions: string | undefined,
): Promise<Access> {
	if (config === undefined) return access;
	const { signOn } = await import("./access/sign-on/sign-on.ts");
	const { sessionFile } = await import("./access/sign-on/session-file.ts");
	const now = (): number => Date.now();
	const file = sessions === undefined ? undefined : sessionFile(sessions, config, now());
	return {
		kind: "keys",
		get keys() {
			return access.kind === "keys" ? access.keys : [];
		},
		signOn: signOn(config, now, file),
	};
}

export function isLoopbackAddress(address: string): boolean {
	return address === "localhost" || address === "::1" || /^127(?:\.\d{1,3}){3}$/.test(address);
}
