/** What the audit log says of one change: who, what, when; and the hash that ties it to the entry before it. */
import { createHash } from "node:crypto";

export const AUDIT_ACTIONS = [
	"key.made",
	"key.revoked",
	"sign-in",
	"sign-in.refused",
	"sign-out",
	"catalog.updated",
	"catalog.rolled-back",
	"catalog.in-use",
	"import",
	"ingest.capacity",
	"ingest.prices",
	"ingest.charges",
	"ledger.backed-up",
	"ledger.retained",
	"ledger.restored",
	"budget.set",
	"budget.dropped",
	"report.made",
	"log.mended",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `user`: somebody at this machine; `schedule`: the server by itself, as it was told at its start. */
export interface AuditWho {
	readonly kind: "key" | "person" | "user" | "schedule";
	readonly id: string;
	readonly name?: string;
}

export interface AuditNote {
	readonly tenant: string;
	readonly who: AuditWho;
	readonly action: AuditAction;
	/** What was changed: the id of a key, a file's name, a ledger. */
	readonly of?: string;
	readonly detail?: AuditDetail;
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * `begun` stands before a change is made and `done` or `failed` after it, so that no change is without an entry,
 * whenever the process dies.
 */
export interface AuditEntry extends AuditNote {
	readonly v: 1;
	readonly seq: number;
	readonly at: string;
	readonly state: "begun" | "done" | "failed";
	/** `seq` of the entry that says that it began. */
	readonly begun?: number;
	/** `hash` of the entry before; of the first, zeros. */
	readonly before: string;
	/** SHA-256 of this entry as it stands, without `hash`. */
	readonly hash: string;
}

export const NO_ENTRY: string = "0".repeat(64);

export function sealed(entry: Omit<AuditEntry, "v" | "hash">): AuditEntry {
	const { tenant, who, action, of, detail, seq, at, state, begun, before } = entry;
	const open = {
		v: 1 as const,
		seq,
		at,
		tenant: withoutSecrets(tenant),
		who: {
			kind: who.kind,
			id: withoutSecrets(who.id),
			...(who.name === undefined ? {} : { name: withoutSecrets(who.name) }),
		},
		action,
		...(of === undefined ? {} : { of: withoutSecrets(of) }),
		...(detail === undefined ? {} : { detail: detailWithoutSecrets(detail) }),
		state,
		...(begun === undefined ? {} : { begun }),
		before,
	};
	return { ...open, hash: hashOf(open) };
}

/** As it stands in the file: members in their order, so that the text is what is hashed. */
export function hashOf(open: Omit<AuditEntry, "hash">): string {
	return createHash("sha256").update(JSON.stringify(open)).digest("hex");
}

function detailWithoutSecrets(detail: AuditDetail): AuditDetail {
	return Object.fromEntries(
		Object.entries(detail).map(([name, value]) => [
			name,
			typeof value === "string" ? withoutSecrets(value) : Array.isArray(value) ? value.map(withoutSecrets) : value,
		]),
	);
}

const LONGEST = 2000;

/** Keys, tokens and passwords of URLs: nobody should put them there, and a log is where they would stay. */
function withoutSecrets(text: string): string {
	return text
		.slice(0, LONGEST)
		.replaceAll(/\bfk_[\w-]{8,}/g, "fk_…")
		.replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "eyJ…")
		.replaceAll(/:\/\/[^/@\s]+@/g, "://…@");
}
