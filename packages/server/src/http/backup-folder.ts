/** Copies of a ledger in their folder, each named by the moment at which it was asked for. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Backup {
	readonly file: string;
	readonly bytes: number;
}

const NAME = /^ledger-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z\.duckdb$/;

/** To the millisecond, so that names sort as the copies were made. */
export function backupName(at: Date): string {
	return `ledger-${at.toISOString().replace(/[-:.]/g, "")}.duckdb`;
}

/** Oldest first; none where there is no folder yet. */
export function backupsIn(folder: string): Backup[] {
	return namesIn(folder).map((file) => ({ file, bytes: sizeOf(join(folder, file)) }));
}

export function newestBackup(folder: string): Date | undefined {
	const [, year, month, day, hour, minute, second, milli] = NAME.exec(namesIn(folder).at(-1) ?? "") ?? [];
	return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
}

/** Of a store that is copied into a folder, the sum of what is in it. */
export function sizeOf(path: string): number {
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.size;
	return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder)
			.filter((name) => NAME.test(name))
			.sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw error;
	}
}
