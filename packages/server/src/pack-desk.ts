/** Makes the pack of each month that closes, at the start and every hour; what fails is tried again. */
import type { LedgerReads } from "@farthing/ledger";
import type { AuditLog } from "@farthing/ledger/audit";

/** How packs are made is not the server's own: whoever starts it says. */
export interface PackPlan {
	readonly folder: string;
	/** Makes those that are missing; gives their periods. */
	make(reads: LedgerReads): Promise<readonly string[]>;
}

export interface PackDesk {
	readonly folder: string;
	/** Why the last could not be made, until one is. */
	readonly failure: string | undefined;
	/** Ends when what is being made is made. */
	stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;

export function packDesk(
	plan: PackPlan,
	reads: LedgerReads,
	log: AuditLog | undefined,
	everyMs: number = HOUR_MS,
): PackDesk {
	let failure: string | undefined;
	let running: Promise<void> | undefined;
	const round = async (): Promise<void> => {
		try {
			for (const period of await plan.make(reads)) {
				const who = { kind: "schedule", id: "packs" } as const;
				await log?.note({ tenant: "local", who, action: "report.made", of: period, detail: { template: "monthly" } });
			}
			failure = undefined;
		} catch (error) {
			failure = (error as Error).message;
		}
	};
	const begin = (): void => {
		running ??= round().finally(() => {
			running = undefined;
		});
	};
	begin();
	const timer = setInterval(begin, everyMs);
	timer.unref();
	return {
		folder: plan.folder,
		get failure() {
			return failure;
		},
		async stop() {
			clearInterval(timer);
			await running;
		},
	};
}
