/** Which facts a server answers with, written down when they are others than at its last start. */
import { AuditError, type AuditLog, readAudit } from "@farthing/ledger/audit";

const TENANT = "local";

export async function noteCatalogue(log: AuditLog, catalogue: string): Promise<void> {
	try {
		const { entries } = await readAudit(log.folder, TENANT, { actions: ["catalog.in-use"], limit: 1 });
		if (entries[0]?.of === catalogue) return;
		const who = { kind: "schedule", id: "start" } as const;
		await log.note({ tenant: TENANT, who, action: "catalog.in-use", of: catalogue });
	} catch (error) {
		// Questions are answered without the log; each change is refused, with what is wrong with it.
		if (!(error instanceof AuditError)) throw error;
	}
}
