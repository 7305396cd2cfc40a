import type { DiffPair, DiffSide, SavedResult, Warning } from "@farthing/answers";
import { diff, FarthingError } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver, savedResult } from "../context.ts";
import { readText } from "../files.ts";
import type { Revision, RevisionRange } from "../git-revisions.ts";
import { changedScenarios, rangeOf, resolveAt, textAt } from "../git-revisions.ts";
import { planOfText } from "../saved-or-scenario.ts";
import { scenarioOfText } from "../scenario-file.ts";
import { diffMarkdown, diffText } from "../show/diff.ts";
import { refuseBeside } from "./flag-words.ts";

export interface DiffFlags extends CommonFlags {
	readonly of?: string;
	readonly markdown?: boolean;
}

export async function runDiff(first: string, others: readonly string[], flags: DiffFlags): Promise<void> {
	if (flags.json === true)
		refuseBeside({ "--markdown": flags.markdown }, "and --json print the same: give one of them", "--json");
	const store = catalogueStore();
	const range = rangeOf(first);
	const { pairs, warnings } =
		range === undefined ? ofFiles(first, others, flags, store) : ofRange(range, others, flags, store);
	const results = pairs.map(({ before, after }) =>
		[before, after].map(({ name, saved }) => [name, (saved as { id?: string }).id]),
	);
	const asOf = flags.asOf ?? pairs.map(({ after }) => (after.saved as { as_of?: string }).as_of)[0];
	const asking = askingOf(
		"diff",
		{ of: flags.of, results },
		{ ...flags, ...(asOf === undefined ? {} : { asOf }) },
		store,
	);
	const answer = diff(pairs, flags.of === undefined ? {} : { of: flags.of }, asking);
	const told = { ...answer, warnings };
	deliver(told, flags, (result) =>
		flags.markdown === true
			? diffMarkdown(result, told)
			: diffText(result, told, range === undefined ? undefined : first),
	);
}

interface Found {
	readonly pairs: readonly DiffPair[];
	readonly warnings: readonly Warning[];
}

function ofFiles(first: string, others: readonly string[], flags: CommonFlags, store: CatalogueStore): Found {
	const [second, ...more] = others;
	if (second === undefined || more.length > 0) {
		throw new FarthingError(2, "missing-argument", "diff takes two files, or two revisions and scenario files", {
			expected: "two scenarios, two results, or revisions such as main..HEAD",
			hint: "farthing diff before.yaml after.yaml",
		});
	}
	const [before, after] = [first, second].map((path) => sideOfFile(path, flags, store)) as [Side, Side];
	return {
		pairs: [{ before: before.side, after: after.side }],
		warnings: withoutRepeats([...before.warnings, ...after.warnings]),
	};
}

interface Side {
	readonly side: DiffSide;
	readonly warnings: readonly Warning[];
}

function sideOfFile(path: string, flags: CommonFlags, store: CatalogueStore): Side {
	if (path.endsWith(".json")) {
		const saved = savedResult(path);
		return { side: { name: path, saved: saved as SavedResult }, warnings: saved.warnings };
	}
	return sideOfText(readText(path, "a scenario file, or a result written by farthing"), path, flags, store);
}

function sideOfText(
	text: string,
	name: string,
	flags: CommonFlags,
	store: CatalogueStore,
	resolve?: ReturnType<typeof resolveAt>,
): Side {
	const file = name === "-" ? "standard input" : name;
	const with_ = resolve === undefined ? {} : { resolve };
	const { scenario } = scenarioOfText(text, file, [], resolve);
	const saved = planOfText(text, file, flags, store, with_);
	return { side: { name: file, saved: saved as SavedResult, scenario }, warnings: saved.warnings };
}

/** The scenario files named, or all that changed. */
function ofRange(range: RevisionRange, named: readonly string[], flags: CommonFlags, store: CatalogueStore): Found {
	const warnings: Warning[] = [];
	const pairs = (named.length > 0 ? named : changedScenarios(range)).flatMap((path): DiffPair[] => {
		const [before, after] = [range.before, range.after].map((each) => textAt(each, path)) as [
			string | undefined,
			string | undefined,
		];
		if (before !== undefined && after !== undefined) {
			const [a, b] = [sideAt(range.before, path, before, flags, store), sideAt(range.after, path, after, flags, store)];
			warnings.push(...a.warnings, ...b.warnings);
			return [{ before: a.side, after: b.side }];
		}
		const missing = before === undefined ? range.before : range.after;
		if (named.length > 0) {
			throw new FarthingError(2, "no-such-file", `no file ${path} at ${missing.name}`, {
				file: path,
				expected: "a scenario file that both revisions have",
			});
		}
		const what = before === undefined ? "is new" : "is gone";
		warnings.push({ code: "one-sided", message: `${path} ${what}: there is nothing to compare it with` });
		return [];
	});
	return { pairs, warnings: withoutRepeats(warnings) };
}

function sideAt(at: Revision, path: string, text: string, flags: CommonFlags, store: CatalogueStore): Side {
	return sideOfText(text, at.commit === undefined ? path : `${at.name}:${path}`, flags, store, resolveAt(at));
}

function withoutRepeats(warnings: readonly Warning[]): Warning[] {
	return warnings.filter(({ message }, i) => warnings.findIndex((other) => other.message === message) === i);
}
