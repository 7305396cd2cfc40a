/**
 * Monthly packs kept by period: a folder for each closed month with its documents, the answer that they are of, and what
 * changed since the period before, and why. A pack is made once, in a folder beside that takes its name when it is whole.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DiffResult, Envelope, ResultDiff } from "@farthing/answers";
import { answerDiff, FarthingError } from "@farthing/answers";
import type { LedgerReads } from "@farthing/ledger";
import { closedMonths } from "@farthing/ledger";
import { makeFolder } from "@farthing/ledger/folder";
import type { Format } from "@farthing/report/node";
import { questionContext } from "../context.ts";
import { writeWhole } from "../files.ts";
import { ledgerPath, withLedger } from "../ledger-file.ts";
import { diffMarkdown } from "../show/diff.ts";
import { monthlyPack } from "./monthly.ts";
import type { ReportFlags } from "./report-files.ts";

export interface Pack {
	readonly period: string;
	/** Period of the pack that it is compared with. */
	readonly before?: string;
	/** Why there is no difference, where there is a pack before. */
	readonly no_difference?: string;
	readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export interface KeptPacks {
	readonly folder: string;
	readonly made: readonly Pack[];
	/** Periods that were there already. */
	readonly kept: readonly string[];
}

export const PACK_FILE = "pack.json";

/** `reads`: a ledger that is open already. */
export async function keepPacks(
	folder: string,
	formats: readonly Format[],
	flags: ReportFlags,
	reads?: LedgerReads,
): Promise<KeptPacks> {
	if (reads === undefined) {
		return withLedger(ledgerPath(flags.store), (ledger) => keepPacks(folder, formats, flags, ledger), {
			create: false,
		});
	}
	makeFolder(folder);
	dropDrafts(folder);
	const there = keptPeriods(folder);
	const made: Pack[] = [];
	for (const period of await closedMonths(reads)) {
		if (there.includes(period)) continue;
		made.push(await makePack(folder, period, formats, flags, reads));
	}
	return { folder, made, kept: there };
}

/** Oldest first. */
export function keptPeriods(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => /^\d{4}-\d{2}$/.test(name) && existsSync(join(folder, name, PACK_FILE)))
		.sort();
}

async function makePack(
	folder: string,
	period: string,
	formats: readonly Format[],
	flags: ReportFlags,
	reads: LedgerReads,
): Promise<Pack> {
	const draft = join(folder, `.${period}.${process.pid}.tmp`);
	rmSync(draft, { recursive: true, force: true });
	mkdirSync(draft);
	const before = keptPeriods(folder)
		.filter((each) => each < period)
		.at(-1);
	let difference: Difference | undefined;
	let answer: Envelope<unknown> | undefined;
	await monthlyPack({ ...flags, window: period, output: draft }, formats, reads, (actuals) => {
		answer = actuals;
		difference = before === undefined ? undefined : differenceOf(folder, before, period, actuals, flags);
		return difference?.diffs === undefined ? undefined : { period: before as string, diff: difference.diffs.unit_cost };
	});
	writeWhole(join(draft, "actuals.json"), `${JSON.stringify(answer)}\n`);
	if (difference?.diffs !== undefined) {
		const { diffs, markdown } = difference;
		writeWhole(join(draft, "difference.json"), `${JSON.stringify({ before, period, ...diffs }, null, "\t")}\n`);
		writeWhole(join(draft, "difference.md"), markdown);
	}
	const pack: Pack = {
		period,
		...(before === undefined ? {} : { before }),
		...(difference?.none === undefined ? {} : { no_difference: difference.none }),
		files: readdirSync(draft)
			.sort()
			.map((name) => {
				const content = readFileSync(join(draft, name));
				return { name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
			}),
	};
	writeWhole(join(draft, PACK_FILE), `${JSON.stringify(pack, null, "\t")}\n`);
	try {
		renameSync(draft, join(folder, period));
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		// Another process was faster: its pack is of the same month.
		if (!keptPeriods(folder).includes(period)) throw error;
	}
	return pack;
}

type Difference =
	| {
			readonly diffs: { readonly unit_cost: ResultDiff; readonly cost: ResultDiff };
			readonly markdown: string;
			readonly none?: never;
	  }
	| { readonly none: string; readonly diffs?: never };

function differenceOf(
	folder: string,
	before: string,
	period: string,
	actuals: Envelope<unknown>,
	flags: ReportFlags,
): Difference {
	const saved = JSON.parse(readFileSync(join(folder, before, "actuals.json"), "utf8")) as Envelope<unknown>;
	const pair = [
		{
			before: { kind: "result", name: before, saved },
			after: { kind: "result", name: period, saved: actuals },
		},
	] as const;
	const of = (node: string): Envelope<DiffResult> => answerDiff(pair, { of: node }, questionContext(flags));
	try {
		const [unit, cost] = [of("unit_cost"), of("cost")];
		const markdown = [diffMarkdown(unit.result, unit), diffMarkdown(cost.result, cost)].join("\n");
		return {
			diffs: { unit_cost: unit.result.diffs[0] as ResultDiff, cost: cost.result.diffs[0] as ResultDiff },
			markdown,
		};
	} catch (error) {
		// Another currency or basis, or a month without a token: the packs stand all the same.
		if (error instanceof FarthingError) return { none: error.message };
		throw error;
	}
}

/** Of processes that died. */
function dropDrafts(folder: string): void {
	for (const name of readdirSync(folder)) {
		const id = /^\.\d{4}-\d{2}\.(\d+)\.tmp$/.exec(name)?.[1];
		if (id !== undefined && !isAlive(Number(id))) rmSync(join(folder, name), { recursive: true, force: true });
	}
}

function isAlive(id: number): boolean {
	try {
		process.kill(id, 0);
		return id !== process.pid;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
