import type { RolledUp } from "../query/usage-query.ts";
import { instant, type Instant } from "../../records/units.ts";
import type { Cell, ClickHouseServers } from "./connection.ts";

/** What the roll-ups hold as of one commit, however many come after it. */
export interface RollUpState {
	/** Of the last commit; zero where there was none. */
	readonly commit: bigint;
	/** Segments that no roll-up holds yet. */
	readonly pending: readonly string[];
	/** From when on events are kept; undefined where none were dropped. */
	readonly keptSince: Instant | undefined;
}

/** Clocks of servers differ, and a row of a segment may be on its way for a while: only what is older than this is taken for settled. */
export const SETTLED_AFTER = "INTERVAL 1 DAY";

export async function rollUpState(servers: ClickHouseServers): Promise<RollUpState> {
	const [[commit = "0", settled = "0", kept = "0"] = []] = await servers.rows(
		`SELECT max(commit_no), toUnixTimestamp64Micro(max(settled_before)), (${KEPT_SINCE}) FROM roll_up`,
	);
	const since = `fromUnixTimestamp64Micro(toInt64(${settled}), 'UTC')`;
	const pending = await servers.rows(
		`SELECT DISTINCT no FROM segment WHERE loaded_at >= ${since} AND no NOT IN (
			SELECT segment_no FROM roll_up WHERE is_day = 0 AND commit_no <= ${commit} AND built_at >= ${since}
		) ORDER BY no`,
	);
	return {
		commit: BigInt(commit as string),
		pending: pending.map(([no]) => String(no)),
		keptSince: asInstant(kept),
	};
}

export async function keptSince(servers: ClickHouseServers): Promise<Instant | undefined> {
	const [[kept = "0"] = []] = await servers.rows(KEPT_SINCE);
	return asInstant(kept);
}

/** Zero where nothing was ever dropped: nobody has events of 1970. */
const KEPT_SINCE = "SELECT toUnixTimestamp64Micro(max(kept_since)) FROM retention";

function asInstant(micros: Cell): Instant | undefined {
	return Number(micros) === 0 ? undefined : instant(Number(micros));
}

/** The conditions of questions; undefined where no roll-up was ever made. */
export function rolledUp({ commit, pending }: Omit<RollUpState, "keptSince">): RolledUp | undefined {
	if (commit === 0n) return undefined;
	const list = pending.join(", ");
	return {
		held: () => (pending.length === 0 ? "1 = 1" : `segment_no NOT IN (${list})`),
		after: () => (pending.length === 0 ? "1 = 0" : `segment_no IN (${list})`),
		rows: `(toDate(t0), build_no) IN (${liveBuilds(commit)})`,
	};
}

/** Day and number of each build whose rows count as of a commit. */
export function liveBuilds(commit: bigint): string {
	return `SELECT day, build_no FROM roll_up WHERE is_day = 1 AND commit_no <= ${commit} GROUP BY day, build_no HAVING max(is_retired) = 0`;
}
