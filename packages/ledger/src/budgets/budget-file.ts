/** The budgets of a ledger, in a file beside it that is written whole, by one process at a time. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { withLock } from "../audit/audit-lock.ts";
import { makeFolder } from "../folder.ts";
import { readRecord } from "../records/record-shape.ts";
import { besideStore } from "../store/store-folder.ts";
import { type Budget, budgetShape } from "./budget.ts";

export class BudgetError extends Error {
	readonly code: "malformed-budgets" | "malformed-budget";
	readonly field: string;
	readonly expected: string;

	constructor(code: BudgetError["code"], message: string, field: string, expected: string) {
		super(message);
		this.name = "BudgetError";
		this.code = code;
		this.field = field;
		this.expected = expected;
	}
}

/** Throws StoreError where a URL names no ledger. */
export function budgetFileOf(ledger: string): string {
	return besideStore(ledger, ".budgets.json");
}

/** None where there is no file. Throws BudgetError with the first fault. */
export function readBudgetFile(file: string): Budget[] {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw error;
	}
	const malformed = (what: string, field = "file"): BudgetError =>
		new BudgetError(
			"malformed-budgets",
			`${file}: ${what}`,
			field,
			'what farthing budget has written: {"version": 1, "budgets": […]}',
		);
	let content: { readonly version?: unknown; readonly budgets?: unknown };
	try {
		content = JSON.parse(text) as typeof content;
	} catch (error) {
		throw malformed(`no JSON: ${(error as Error).message}`);
	}
	if (content?.version !== 1 || !Array.isArray(content.budgets)) throw malformed("no list of budgets");
	return content.budgets.map((value: unknown, i) => {
		const read = readRecord(budgetShape, value);
		if (read.ok) return read.record;
		const [first] = read.issues;
		throw malformed(`budgets[${i}].${first?.path}: ${first?.message}`, `budgets[${i}].${first?.path}`);
	});
}

/** A budget from parsed JSON. Throws BudgetError. */
export function readBudget(value: unknown): Budget {
	const read = readRecord(budgetShape, value);
	if (read.ok) return read.record;
	const [first] = read.issues;
	const { path = "", message = "no budget", expected = "" } = first ?? {};
	throw new BudgetError("malformed-budget", path === "" ? message : `${path}: ${message}`, path || "budget", expected);
}

export function budgetJson(budget: Budget): object {
	return budgetShape.write(budget) as object;
}

/** Into a file that is written whole; nothing where there are none. Throws BudgetError where they cannot be read. */
export function copyBudgets(from: string, to: string): void {
	if (existsSync(from)) writeBudgets(to, readBudgetFile(from));
}

/** Reads, changes and writes, with no other between; gives what `change` gives. */
export async function changeBudgets<T>(
	file: string,
	change: (budgets: readonly Budget[]) => { readonly budgets: readonly Budget[]; readonly result: T },
): Promise<T> {
	makeFolder(dirname(file));
	return withLock(`${file}.lock`, () => {
		const { budgets, result } = change(readBudgetFile(file));
		writeBudgets(file, budgets);
		return result;
	});
}

function writeBudgets(file: string, budgets: readonly Budget[]): void {
	makeFolder(dirname(file));
	const draft = `${file}.tmp`;
	const descriptor = openSync(draft, "w", 0o600);
	try {
		writeSync(descriptor, `${JSON.stringify({ version: 1, budgets: budgets.map(budgetJson) }, null, "\t")}\n`);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
	renameSync(draft, file);
}

export function isSame(a: Pick<Budget, "id" | "tenant">, b: Pick<Budget, "id" | "tenant">): boolean {
	return a.id === b.id && a.tenant === b.tenant;
}
