/** Copies of the ledger while it takes events in, into a folder that the server was told at its start. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { envelope } from "@farthing/answers";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import type { AuditLog } from "@farthing/ledger/audit";
import { makeFolder } from "@farthing/ledger/folder";
import { StoreError } from "@farthing/ledger/store";
import { resultCsv } from "@farthing/report";
import { createRoute } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { audited } from "../audited.ts";
import type { Intake } from "../intake.ts";
import { RefusalError } from "../problem.ts";
import { contextOf } from "../questions/context.ts";
import { workQueue } from "../work-queue.ts";
import type { App } from "./app.ts";
import { backupName, backupsIn, sizeOf } from "./backup-folder.ts";
import { answerOf, REFUSALS, REFUSALS_OF_CHANGES } from "./descriptions.ts";
import { csvReply, formatQuery, jsonReply, NO_QUERY } from "./reply.ts";

export const BACKUP_PATH = "/v1/backups";

export interface BackupFolder {
	/** Where copies are written; the caller names no place. */
	readonly folder: string;
	/** Newest copies that are kept; all unless given. */
	readonly keep?: number;
	readonly now: () => Date;
}

export function backupRoutes(app: App, intake: Intake, { folder, keep, now }: BackupFolder, log?: AuditLog): void {
	// One at a time: each holds the store's writer while it lasts.
	const queue = workQueue(1, 1);
	const { store } = catalogueInUse();
	const asking = (command: string) => contextOf(store, {}).asking(command, {});
	const make = createRoute({
		method: "post",
		path: BACKUP_PATH,
		request: { query: NO_QUERY },
		summary: "a copy of the ledger as it is now, on the server's disk",
		middleware: [needs("admin")],
		responses: {
			...REFUSALS_OF_CHANGES,
			200: answerOf([], "its name and size; it holds each event that was acknowledged before"),
		},
	});
	app.openapi(make, async (context) => {
		const file = backupName(now());
		const made = await audited(log, context.get("caller"), { action: "ledger.backed-up", of: file }, () =>
			queue.run(async () => {
				makeFolder(folder);
				await told(() => intake.backup(join(folder, file)));
				const kept = backupsIn(folder);
				const dropped = keep === undefined ? [] : kept.slice(0, Math.max(0, kept.length - keep));
				for (const old of dropped) {
					for (const beside of ["", ".remote-write", ".budgets.json", ".sha256"])
						rmSync(join(folder, `${old.file}${beside}`), { recursive: true, force: true });
				}
				return { file, bytes: sizeOf(join(folder, file)), dropped: dropped.map((old) => old.file) };
			}),
		);
		context.header("cache-control", "no-store");
		return jsonReply(context, envelope(asking("ledger backup"), made, []), 200);
	});
	const list = createRoute({
		method: "get",
		path: BACKUP_PATH,
		request: { query: formatQuery },
		summary: "the copies there are, oldest first",
		middleware: [needs("admin")],
		responses: { ...REFUSALS, 200: answerOf([], "names and sizes") },
	});
	app.openapi(list, (context) => {
		context.header("cache-control", "no-store");
		const answer = envelope(asking("ledger backups"), { backups: backupsIn(folder) }, []);
		if (context.req.valid("query").format === "csv") return csvReply(context, resultCsv(answer), "backups");
		return jsonReply(context, answer, 200);
	});
}

async function told(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (error instanceof StoreError) throw new RefusalError(507, error.code, error.message, undefined, hintOf(error));
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw new RefusalError(507, "cannot-write", `the copy could not be written: ${message}`);
	}
}

function hintOf({ hint }: StoreError): { readonly hint?: string } {
	return hint === undefined ? {} : { hint };
}
