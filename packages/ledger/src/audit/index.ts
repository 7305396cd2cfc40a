export {
	AUDIT_ACTIONS,
	type AuditAction,
	type AuditDetail,
	type AuditEntry,
	type AuditNote,
	type AuditWho,
} from "./audit-entry.ts";
export { AuditError, type AuditErrorCode } from "./audit-error.ts";
export { auditFileOf, auditLog, type AuditLog } from "./audit-log.ts";
export { askAudit, auditFolderOf, type AuditResult } from "./ask-audit.ts";
export { type AuditAnswer, type AuditQuestion, auditTenants, readAudit } from "./read-audit.ts";
