/** Files as they are at a git revision; git itself is asked, nothing is checked out. */
import { execFileSync } from "node:child_process";
import { posix } from "node:path";
import { FarthingError } from "@farthing/answers";
import { FILE_KINDS, readText } from "./files.ts";

/** Two states of the files of a repository: two revisions, or a revision and the files as they lie there now. */
export interface RevisionRange {
	readonly before: Revision;
	readonly after: Revision;
}

export interface Revision {
	/** As it was asked for: `main`, `HEAD~3`; `now` for the files as they lie there. */
	readonly name: string;
	/** Full name of the commit; absent for the files as they lie there. */
	readonly commit?: string;
}

/** `main..HEAD`, or `main..` for what is not committed yet; undefined for what is no range. Exit 2 for an unknown revision. */
export function rangeOf(text: string): RevisionRange | undefined {
	const found = /^([^./][^:]*?)\.\.(?!\.)([^:]*)$/.exec(text);
	if (found === null || text.includes("/..") || text.includes("../")) return undefined;
	const [, from, to] = found as unknown as [string, string, string];
	return { before: revision(from), after: to === "" ? { name: "now" } : revision(to) };
}

/** Scenario files that differ between the two, relative to this folder, in the order of their names. */
export function changedScenarios({ before, after }: RevisionRange): readonly string[] {
	const commits = [before.commit as string, ...(after.commit === undefined ? [] : [after.commit])];
	const listed = git(["diff", "--name-only", "--no-renames", "--relative", "-z", ...commits, "--", "*.yaml", "*.yml"]);
	const names = listed.split("\0").filter((name) => name !== "");
	return names.filter((name) => [before, after].some((each) => looksLikeScenario(textAt(each, name) ?? "")));
}

/** Text of a file at a revision; undefined where there is none. */
export function textAt({ commit }: Revision, path: string): string | undefined {
	if (commit === undefined) {
		try {
			return readText(path, FILE_KINDS.scenario);
		} catch (error) {
			if (error instanceof FarthingError && error.code === "no-such-file") return undefined;
			throw error;
		}
	}
	const inside = path.startsWith("/") ? posix.relative(process.cwd(), path) : path;
	const name = `${commit}:./${inside}`;
	if (run(["cat-file", "-e", name]).failed !== undefined) return undefined;
	return git(["show", "--end-of-options", name]);
}

/** What a file at a revision extends, at the same revision. */
export function resolveAt(of: Revision): (name: string, from: string) => { file: string; text: string } | undefined {
	return (name, from) => {
		const prefix = of.commit === undefined ? "" : `${of.name}:`;
		const file = posix.join(posix.dirname(from.slice(prefix.length)), name);
		const text = textAt(of, file);
		return text === undefined ? undefined : { file: `${prefix}${file}`, text };
	};
}

/** At least three of the members that every scenario has. */
function looksLikeScenario(text: string): boolean {
	const members = new Set(
		[...text.matchAll(/^(version|name|model|workload|demand|extends|cost):/gm)].map(([, name]) => name),
	);
	return members.size >= 3;
}

function revision(name: string): Revision {
	const { failed, text } = run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
	if (failed === undefined) return { name, commit: text.trim() };
	throw new FarthingError(
		2,
		"unknown-revision",
		`git knows no revision "${name}" here${failed === "" ? "" : `: ${failed}`}`,
		{
			expected: "two revisions of the repository of this folder, such as main..HEAD",
			hint: "farthing diff main..HEAD",
		},
	);
}

function git(args: readonly string[]): string {
	const { failed, text } = run(args);
	if (failed === undefined) return text;
	throw new FarthingError(2, "git-failed", `git ${args[0]} failed${failed === "" ? "" : `: ${failed}`}`, {
		expected: "a folder inside a git repository",
	});
}

function run(args: readonly string[]): { readonly text: string; readonly failed?: string } {
	try {
		const text = execFileSync("git", [...args], {
			encoding: "utf8",
			maxBuffer: 2 ** 28,
			stdio: ["ignore", "pipe", "pipe"],
		});
		return { text };
	} catch (error) {
		const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
		if (code === "ENOENT")
			throw new FarthingError(2, "no-git", "git is not installed, and revisions are its own", {
				expected: "git on the path",
				hint: "compare two files instead: farthing diff before.yaml after.yaml",
			});
		return { text: "", failed: (stderr ?? "").trim().split("\n")[0] ?? "" };
	}
}
