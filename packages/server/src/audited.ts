/** What callers change, written down before it is answered. */
import type { AuditDetail, AuditLog, AuditNote, AuditWho } from "@farthing/ledger/audit";
import { AuditError } from "@farthing/ledger/audit";
import type { Caller } from "./access/keys.ts";
import { RefusalError } from "./problem.ts";

export type Change = Pick<AuditNote, "action" | "of" | "detail">;

/** Where there is no log the change is made all the same. Throws RefusalError where the log cannot be written to. */
export async function audited<T>(
	log: AuditLog | undefined,
	caller: Caller,
	change: Change,
	work: () => Promise<T>,
	told?: (result: T) => AuditDetail,
): Promise<T> {
	if (log === undefined) return work();
	return refusing(() => log.during({ tenant: caller.tenant, who: whoOf(caller), ...change }, work, told));
}

/** What has happened already. */
export async function noted(log: AuditLog | undefined, caller: Caller, change: Change): Promise<void> {
	await refusing(async () => log?.note({ tenant: caller.tenant, who: whoOf(caller), ...change }));
}

function whoOf({ key, name, isSingleUser }: Caller): AuditWho {
	if (isSingleUser === true) return { kind: "user", id: key };
	return name === undefined ? { kind: "key", id: key } : { kind: "person", id: key, name };
}

/** What is said of a log that cannot be written to. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof AuditError)) throw error;
		const { code, message, hint } = error;
		throw new RefusalError(code === "log-locked" ? 503 : 507, code, message, 5, hint === undefined ? {} : { hint });
	}
}
