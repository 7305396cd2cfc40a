/** Reading and writing files: clear errors, no half-written results. */
import {
	chmodSync,
	closeSync,
	openSync,
	readSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { FarthingError, type GivenFile, type Said, saidIn, STANDARD_INPUT } from "@farthing/answers";
import { makeFolder } from "@farthing/ledger/folder";

const LARGEST_TEXT = 64 * 1024 * 1024;

/** What a file is expected to be. */
export const FILE_KINDS = {
	scenario: { en: "a scenario file", zh: "场景文件" },
	scenarioOrResult: { en: "a scenario file, or a result written by farthing", zh: "场景文件，或 farthing 写出的结果" },
	rows: { en: "a list of benchmark rows", zh: "基准测试行的列表" },
	result: { en: "a result written by farthing", zh: "farthing 写出的结果" },
	plan: { en: "a result of farthing plan", zh: "farthing plan 的结果" },
	policies: { en: "a file of policies", zh: "策略文件" },
	template: { en: "a template", zh: "模板" },
	rates: { en: "a file of exchange rates", zh: "汇率文件" },
} as const;

/** Files that this run has read: none of them is written over. */
const read = new Set<string>();

/** Text of a file, or of standard input for `-`. Exit 2 names what is wrong. */
export function readText(path: string, what: Said): string {
	if (path === "-") return decoded(boundedBytes(0, STANDARD_INPUT, what), STANDARD_INPUT);
	let descriptor: number;
	try {
		if (statSync(path).isDirectory())
			throw new FarthingError(
				2,
				"not-a-file",
				{ en: `${path} is a folder`, zh: `${path} 是文件夹` },
				{ file: path, expected: what },
			);
		descriptor = openSync(path, "r");
		rememberRead(path);
	} catch (error) {
		throw error instanceof FarthingError ? error : unreadable(path, what, error);
	}
	try {
		return decoded(boundedBytes(descriptor, path, what), path);
	} finally {
		closeSync(descriptor);
	}
}

/** A file of a question, under the name that messages give it. */
export function givenFile(path: string, what: Said): GivenFile {
	return { name: path === "-" ? STANDARD_INPUT : path, text: readText(path, what) };
}

/** `extends: base.yaml` is looked for beside the file that names it. */
export function resolveBeside(name: string, from: string): { file: string; text: string } | undefined {
	const file = isAbsolute(name) ? name : join(dirname(from), name);
	try {
		return { file, text: readText(file, FILE_KINDS.scenario) };
	} catch (error) {
		if (error instanceof FarthingError && error.code === "no-such-file") return undefined;
		throw error;
	}
}

/** A file that this run reads by other means. */
export function rememberRead(path: string): void {
	read.add(realpathSync(path));
}

/** Writes by rename, so that a reader sees the old file or the new one; makes the folder where there is none. */
export function writeWhole(path: string, content: string | Uint8Array, mode?: number): void {
	const folder = dirname(path);
	const draft = join(folder, `.${basename(path)}.${process.pid}.tmp`);
	try {
		makeFolder(folder);
		writeFileSync(draft, content, mode === undefined ? {} : { mode });
		// What the process masks is not asked about a mode that was chosen.
		if (mode !== undefined) chmodSync(draft, mode);
		renameSync(draft, path);
	} catch (error) {
		removed(draft);
		throw unwritable(path, error);
	}
}

/** The same for what is this user's alone, unless whoever runs it has let others in. */
export function writeOwn(path: string, content: string): void {
	writeWhole(path, content, (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777);
}

/** A file that is written part by part and has its name when it is whole. */
export interface GrowingFile {
	add(text: string): void;
	/** Its path. */
	keep(): string;
	drop(): void;
}

export function growingFile(path: string): GrowingFile {
	const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
	let descriptor: number | undefined;
	const tried = <T>(work: () => T): T => {
		try {
			return work();
		} catch (error) {
			removed(draft);
			throw unwritable(path, error);
		}
	};
	const opened = (): number => {
		makeFolder(dirname(path));
		descriptor ??= openSync(draft, "w");
		return descriptor;
	};
	return {
		add: (text) => tried(() => writeFileSync(opened(), text)),
		keep: () =>
			tried(() => {
				closeSync(opened());
				renameSync(draft, path);
				return path;
			}),
		drop: () => {
			if (descriptor !== undefined) closeSync(descriptor);
			removed(draft);
		},
	};
}

/**
 * Writes where somebody asked for it with `-o`. What this run has read is not written over, folders are not made, a link
 * is followed, and a pipe or device is written to, not replaced.
 */
export function writeOutput(path: string, text: string): void {
	const found = pathKind(path);
	if (found === "pipe or device") {
		try {
			writeFileSync(path, text);
		} catch (error) {
			throw unwritable(path, error);
		}
		return;
	}
	if (found === "folder") {
		throw new FarthingError(
			2,
			"not-a-file",
			{ en: `${path} is a folder`, zh: `${path} 是文件夹` },
			{
				file: path,
				field: "-o",
				expected: { en: "the name of a file", zh: "文件名" },
				hint: `-o ${join(path, "result.json")}`,
			},
		);
	}
	if (found === "file") refuseOwnInput(path);
	if (found === "nothing" && pathKind(dirname(path)) !== "folder") {
		throw new FarthingError(
			2,
			"no-such-folder",
			{ en: `no folder ${dirname(path)}`, zh: `没有文件夹 ${dirname(path)}` },
			{
				file: path,
				field: "-o",
				expected: { en: "a file in a folder that is there", zh: "已有文件夹中的文件" },
			},
		);
	}
	writeWhole(found === "file" ? realpathSync(path) : path, text);
}

/** What this run has read is not written over. */
export function refuseOwnInput(path: string): void {
	if (pathKind(path) !== "file" || !read.has(realpathSync(path))) return;
	throw new FarthingError(
		2,
		"own-input",
		{
			en: `${path} is what this answer was made from: it is not written over`,
			zh: `${path} 是得出此答案的输入：不会被覆盖`,
		},
		{
			file: path,
			field: "-o",
			expected: { en: "another file", zh: "另一个文件" },
		},
	);
}

type PathKind = "nothing" | "file" | "folder" | "pipe or device";

function pathKind(path: string): PathKind {
	if (path.trim() === "") {
		throw new FarthingError(
			2,
			"missing-argument",
			{ en: "-o needs the name of a file", zh: "-o 需要文件名" },
			{
				field: "-o",
				expected: { en: "a file, or - for standard output", zh: "文件，或用 - 表示标准输出" },
				hint: "-o result.json",
			},
		);
	}
	try {
		const stat = statSync(path);
		if (stat.isFile()) return "file";
		return stat.isDirectory() ? "folder" : "pipe or device";
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") return "nothing";
		throw unwritable(path, error);
	}
}

function removed(draft: string): void {
	try {
		rmSync(draft, { force: true });
	} catch {
		// It was never made.
	}
}

function unwritable(path: string, error: unknown): FarthingError {
	return new FarthingError(
		2,
		"cannot-write",
		{ en: `cannot write ${path}: ${(error as Error).message}`, zh: `无法写入 ${path}：${(error as Error).message}` },
		{
			file: path,
			expected: { en: "a path that can be written", zh: "可以写入的路径" },
		},
	);
}

const PART = 1 << 20;

/** Everything up to the largest text; a device or pipe without end is given up there. */
function boundedBytes(descriptor: number, path: string, what: Said): Buffer {
	const parts: Buffer[] = [];
	let size = 0;
	for (;;) {
		const part = Buffer.allocUnsafe(PART);
		const got = bytesInto(part, descriptor, path, what);
		if (got === 0) return Buffer.concat(parts);
		parts.push(part.subarray(0, got));
		size += got;
		if (size > LARGEST_TEXT) {
			const limit = LARGEST_TEXT / 1024 / 1024;
			throw new FarthingError(
				2,
				"file-too-large",
				{ en: `${path} holds more than ${limit} MB`, zh: `${path} 超过 ${limit} MB` },
				{
					file: path,
					expected: {
						en: `${saidIn(what, "en")} of at most ${limit} MB`,
						zh: `${saidIn(what, "zh")}，不超过 ${limit} MB`,
					},
				},
			);
		}
	}
}

function bytesInto(part: Buffer, descriptor: number, path: string, what: Said): number {
	for (;;) {
		try {
			return readSync(descriptor, part);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "EOF") return 0;
			if (code !== "EAGAIN") throw unreadable(path, what, error);
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
		}
	}
}

function decoded(bytes: Buffer, path: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new FarthingError(
			2,
			"not-text",
			{ en: `${path} is not UTF-8 text`, zh: `${path} 不是 UTF-8 文本` },
			{
				file: path,
				line: 1,
				column: 1,
				expected: "UTF-8 text",
			},
		);
	}
}

function unreadable(path: string, what: Said, error: unknown): FarthingError {
	const { code } = error as NodeJS.ErrnoException;
	const message =
		code === "ENOENT"
			? { en: `no file ${path}`, zh: `没有文件 ${path}` }
			: { en: `cannot read ${path}: ${(error as Error).message}`, zh: `无法读取 ${path}：${(error as Error).message}` };
	return new FarthingError(2, code === "ENOENT" ? "no-such-file" : "cannot-read", message, {
		file: path,
		expected: what,
	});
}
